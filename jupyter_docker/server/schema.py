"""The schemas of openapi.yaml, which requests are held against."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from jupyter_docker.values import UsageError

_MAX_MESSAGE = 300


@cache
def document() -> dict[str, Any]:
    """Return the whole description of the API."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("openapi.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of the schema ``name``."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document()["components"]},
    )


def check(name: str, value: Any) -> None:
    """Raise UsageError where ``value`` is not as the schema ``name`` says."""
    error = best_match(validator(name).iter_errors(value))
    if error is None:
        return
    where = ".".join(str(part) for part in error.absolute_path)
    message = error.message if len(error.message) <= _MAX_MESSAGE else f"{error.message[:_MAX_MESSAGE]}…"
    raise UsageError(f"{where}: {message}" if where else f"{message}.", hint=f"It is no {name}; see openapi.yaml.")
