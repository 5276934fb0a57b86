"""Values of a registered kernel's variables: in a file of the user's own state, never in the kernelspec.

A kernelspec lies in a folder that others read, and is copied and shown. It has the names, and the number of the file;
who has no such file, as another user of a shared kernelspec, gives the values in the environment that Jupyter has.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from jupyter_docker.image import CACHE_FOLDER
from jupyter_docker.values import APPLICATION, UsageError, make_private_folder, write_private

_NUMBER = re.compile(r"[0-9a-f]{32}")


def split_values(env: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the variables that are this program's own, folders of the container, and those of a person's."""
    own = {name: value for name, value in env.items() if value.startswith(f"{CACHE_FOLDER}/")}
    return own, {name: value for name, value in env.items() if name not in own}


def new_number() -> str:
    """Return what a kernelspec names its file of values by."""
    return secrets.token_hex(16)


def keep_values(number: str, values: Mapping[str, str], kernel: Path) -> None:
    """Write the values of the kernelspec in the folder ``kernel``; raises OSError."""
    folder = make_private_folder(_folder())
    text = json.dumps({"kernel": str(kernel), "values": dict(values)})
    write_private(folder / f"{number}.json", text.encode())


def values_of(number: str, names: list[str], environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the values of the variables; raises UsageError where one is neither kept nor in the environment."""
    known = {**environ, **_kept(number).get("values", {})}
    missing = [name for name in names if name not in known]
    if missing:
        raise UsageError(
            f"The kernel's variable {', '.join(missing)} has no value here.",
            hint="Set it where Jupyter is started, or register the kernel again with -e NAME=VALUE.",
        )
    return {name: known[name] for name in names}


def sweep_values() -> None:
    """Remove the values of kernelspecs that are gone, or were registered anew."""
    for file in _folder().glob("*.json"):
        spec = Path(_kept(file.stem).get("kernel") or "/", "kernel.json")
        with suppress(OSError):
            if not spec.is_file() or file.stem not in spec.read_text(encoding="utf-8"):
                file.unlink(missing_ok=True)


def move_values(kernel: Path) -> None:
    """Take the values out of the kernelspec of an earlier version in the folder ``kernel``, where it may be written."""
    file = kernel / "kernel.json"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        spec = json.loads(file.read_text(encoding="utf-8"))
        config = spec["metadata"]["kernel_provisioner"]["config"]
        own, values = split_values({name: str(value) for name, value in (config.get("env") or {}).items()})
        if values and os.access(kernel, os.W_OK):
            number = new_number()
            keep_values(number, values, kernel)
            config |= {"env": own, "variables": sorted(values), "values": number}
            write_private(file, json.dumps(spec, indent=1).encode())


def _kept(number: str) -> dict[str, Any]:
    try:
        found = json.loads((_folder() / f"{number}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if _NUMBER.fullmatch(number) and isinstance(found, dict) else {}


def _folder() -> Path:
    return user_state_path(APPLICATION) / "kernels"
