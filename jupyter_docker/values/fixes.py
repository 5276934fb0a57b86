"""A choice that mends a failure, as a value: text says it to people, a button of the panel makes it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal, TypeAlias

Option: TypeAlias = Literal["--with", "--apt", "-v", "--allow-build", "--allow-mismatch"]


@dataclass(frozen=True, kw_only=True)
class Fix:
    """An option of the command and its value, as the notebook can keep it; ``label`` is the text of a button."""

    option: Option
    value: str
    label: str

    @property
    def arguments(self) -> str:
        """The arguments to add to the command: ``-v './my data:data:ro'``."""
        return f"{self.option} {shlex.quote(self.value)}"


def package_fix(requirement: str) -> Fix:
    """Return the fix that adds a distribution."""
    return Fix(option="--with", value=requirement, label=f"Add the package {requirement}")


def system_package_fix(name: str) -> Fix:
    """Return the fix that adds a Debian package."""
    return Fix(option="--apt", value=name, label=f"Add the system package {name}")


def build_fix(name: str) -> Fix:
    """Return the fix that has the image build a distribution from source, which runs its author's code."""
    return Fix(option="--allow-build", value=name, label=f"Allow building {name} from source")


def mismatch_fix(name: str) -> Fix:
    """Return the fix that takes the index's files of a distribution, though others are installed."""
    return Fix(option="--allow-mismatch", value=name, label=f"Take the index's files of {name}")


def mount_fix(source: str, target: str, *, read_only: bool) -> Fix:
    """Return the fix that mounts ``source``, which has no colon, at ``target``."""
    access = "read-only" if read_only else "writable"
    value = f"{source}:{target}{':ro' if read_only else ''}"
    return Fix(option="-v", value=value, label=f"Mount {source} at {target}, {access}")


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What to do about a failure: ``hint`` says it, ``fixes`` are the choices that it names. Empty, it is false."""

    hint: str = ""
    fixes: tuple[Fix, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hint)
