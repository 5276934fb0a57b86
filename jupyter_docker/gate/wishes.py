"""Wishes: what a notebook's metadata asks for, texts of somebody unknown until the gate has judged each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from jupyter_docker.values import UsageError

METADATA_KEY: Final = "containerize"

# "env" is a variable with its value, "variable" the name of one of the person's own.
WishKind: TypeAlias = Literal[
    "base", "apt", "no_apt", "requirements", "allow_build", "allow_mismatch", "mounts", "env", "variable", "ports",
    "memory", "cpus", "gpus", "network",
]  # fmt: skip
WISH_KINDS: Final[tuple[WishKind, ...]] = get_args(WishKind)
OF_THE_CONTAINER: Final[frozenset[WishKind]] = frozenset(
    {"mounts", "env", "variable", "ports", "memory", "cpus", "gpus", "network"}
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One value of the metadata: ``value`` is as the option of that name takes it."""

    kind: WishKind
    value: str


def read_wishes(metadata: object) -> tuple[Wish, ...]:
    """Return what the notebook's metadata ``containerize`` asks for; raises UsageError where it has another form."""
    if not isinstance(metadata, Mapping):
        hint = "Edit it in JupyterLab (Advanced tools, Notebook metadata); docs/how-to.md shows its form."
        raise UsageError("The notebook's metadata 'containerize' is not a list of names and values.", hint=hint)
    wishes: list[Wish] = []
    for key in WISH_KINDS:
        value = metadata.get(key) if key != "variable" else None
        for item in value if isinstance(value, list) else [value]:
            if item is not None or isinstance(value, list):
                wishes += _wish(key, item)
    return tuple(wishes)


def _wish(key: WishKind, item: object) -> list[Wish]:
    if item == "":
        return []
    # "--" would be the end of the options where it became a word.
    if not isinstance(item, str | int | float) or isinstance(item, bool) or item == "--" or "\0" in str(item):
        raise UsageError(f"The notebook's metadata: containerize.{key} holds {item!r}.", hint="Use plain text.")
    text = str(item)
    return [Wish(kind="variable" if key == "env" and "=" not in text else key, value=text)]
