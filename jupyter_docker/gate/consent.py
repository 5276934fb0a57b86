"""Consents: wishes that a person has allowed a notebook, kept in a folder of the user's that no notebook may name."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from platformdirs import user_state_path

from jupyter_docker.gate.wishes import Wish, WishKind
from jupyter_docker.values import APPLICATION


def consents_of(notebook: Path) -> frozenset[Wish]:
    """Return what was allowed the notebook at that place, links followed; nothing where that can't be read."""
    try:
        kept = json.loads(_file(notebook).read_text(encoding="utf-8"))
        pairs = [(each["kind"], each["value"]) for each in kept["allowed"]]
    except (OSError, ValueError, TypeError, KeyError):
        return frozenset()
    known = get_args(WishKind)
    return frozenset(Wish(kind=kind, value=value) for kind, value in pairs if kind in known and isinstance(value, str))


def allow(notebook: Path, wish: Wish) -> None:
    """Keep that a person has allowed ``wish``, as it is. Raises OSError where it can't be kept."""
    _write(notebook, consents_of(notebook) | {wish})


def withdraw(notebook: Path, wish: Wish) -> None:
    """Forget that a person has allowed ``wish``. Raises OSError where that can't be kept."""
    _write(notebook, consents_of(notebook) - {wish})


def _file(notebook: Path) -> Path:
    name = hashlib.sha256(os.fsencode(os.path.realpath(notebook))).hexdigest()
    return user_state_path(APPLICATION) / "consents" / f"{name}.json"


def _write(notebook: Path, wishes: Iterable[Wish]) -> None:
    file = _file(notebook)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    allowed = [
        {"kind": each.kind, "value": each.value} for each in sorted(wishes, key=lambda each: (each.kind, each.value))
    ]
    # A file that is made so is its owner's alone (0600), and another process sees it whole or not at all.
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as fresh:
        json.dump({"notebook": os.path.realpath(notebook), "allowed": allowed}, fresh, indent=1)
    Path(fresh.name).replace(file)
