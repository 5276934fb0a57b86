"""What the user declared: requirements on install lines, in requirement files, and on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.errors import LockError
from jupyter_docker.events import Emit, Warned
from jupyter_docker.freeze.redaction import redacted_urls
from jupyter_docker.models import Declared


@dataclass(frozen=True, kw_only=True)
class DeclaredRequirement:
    """One requirement, parsed, and where it was declared."""

    requirement: Requirement
    why: str

    @property
    def name(self) -> str:
        """The distribution's normalized name."""
        return canonicalize_name(self.requirement.name)


def read_declared(declared: Iterable[Declared], emit: Emit) -> tuple[DeclaredRequirement, ...]:
    """Return the requirements, in order. Folders, files and URLs are left out with a warning: no index has them.

    Raises LockError where one can't be read.
    """
    read = []
    for each in declared:
        text, why = redacted_urls(each.requirement.strip()), redacted_urls(each.why)
        requirement = _parse(text)
        if requirement is not None and not requirement.url:
            read.append(DeclaredRequirement(requirement=requirement, why=why))
        elif requirement is not None or set(text) & set("/\\") or text.startswith((".", "-e")):
            emit(
                Warned(
                    step="freeze",
                    message=f"'{text}' ({why}) is not on a package index, so that line is left out.",
                    hint="What the code imports of it must be beside the notebook.",
                )
            )
        else:
            raise LockError(
                f"'{text}' ({why}) is not a requirement.", hint="Write a name, with or without a version: NAME==1.2"
            )
    return tuple(read)


def _parse(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
