"""The errors of a lock, from what uv printed."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from jupyter_docker.advice import diagnose
from jupyter_docker.values import LockError


class VersionMissingError(LockError):
    """The index does not have that version, or that distribution: ``name``, normalized."""

    name: str = ""


class SourceOnlyError(VersionMissingError):
    """The index has that distribution, but no wheel of it: it would have to be built."""


class IndexUnreachableError(LockError):
    """The index does not answer, or uv may not ask it."""


_ERRORS: dict[str, type[LockError]] = {
    "missing-version": VersionMissingError,
    "source-only": SourceOnlyError,
    "network": IndexUnreachableError,
    "offline": IndexUnreachableError,
}


def explain_failure(output: str) -> LockError:
    """Return the error that uv's ``output`` (credentials removed) tells of; what it does not know, it says in full."""
    found = diagnose(" ".join(output.split()), "lock")
    if not found:
        return LockError(f"uv could not lock the packages.\n{_shown(output)}", hint="The lines above are uv's own.")
    error = _ERRORS.get(found.kind, LockError)(
        f"{found.message}\n{_shown(output)}", hint=found.advice.hint, fixes=found.advice.fixes
    )
    if isinstance(error, VersionMissingError):
        error.name = canonicalize_name(found.name)
    return error


def _shown(output: str) -> str:
    lines = [line.rstrip() for line in output.strip().splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[-12:])
