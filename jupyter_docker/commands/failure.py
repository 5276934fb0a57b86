"""An exception → the Failed event that every face shows, and back."""

from __future__ import annotations

from errno import EDQUOT, EFBIG, ENOSPC

from jupyter_docker.values import (
    BuildError,
    ContainerizeError,
    Failed,
    InterruptedRunError,
    ScriptFailedError,
    UnresolvedImportError,
    UsageError,
    VerificationError,
    errors,
)

_FULL = {EDQUOT, EFBIG, ENOSPC}


def as_error(error: BaseException) -> ContainerizeError | None:
    """Return the error for people that ``error`` means, None where it is a defect of ours."""
    if isinstance(error, ContainerizeError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return InterruptedRunError("Interrupted.", hint="Nothing was left behind.")
    if isinstance(error, OSError) and error.errno in _FULL:
        where = f" ('{error.filename}')" if error.filename is not None else ""
        return ContainerizeError(f"The disk is full{where}: {error.strerror}.", hint="Free some space, and try again.")
    if isinstance(error, OSError) and error.filename is not None:
        reason = error.strerror or type(error).__name__
        return UsageError(f"'{error.filename}': {reason}.", hint="Check the path, and what you may do there.")
    return None


def failed(error: ContainerizeError) -> Failed:
    """Return the event that says what failed, where, and what to do next."""
    where = error.position
    message = error.message
    if isinstance(error, BuildError) and error.log_tail:
        message = f"{message}\n{error.log_tail}"
    return Failed(
        error=_public_name(error),
        message=message,
        hint=error.hint,
        exit_code=error.exit_code,
        cell=where.cell if where else None,
        line=where.line if where else None,
        facts={"log": error.log} if isinstance(error, ScriptFailedError | VerificationError) and error.log else {},
        fixes=error.fixes,
        is_located=error.is_located,
    )


def _public_name(error: ContainerizeError) -> str:
    """Return the name of its class in the tree of errors: some steps have classes of their own below those."""
    return next(each.__name__ for each in type(error).__mro__ if each.__name__ in errors.__all__)


def restored(event: Failed) -> ContainerizeError:
    """Return the error that `failed` made the event of, without what only its own class has."""
    classes: list[type] = [getattr(errors, name) for name in errors.__all__]
    known = {each.__name__: each for each in classes if issubclass(each, ContainerizeError)}
    kind = known.get(event.error, ContainerizeError)
    error = kind.__new__(kind)
    position = None if event.cell is None else errors.CellPosition(cell=event.cell, line=event.line)
    ContainerizeError.__init__(error, event.message, hint=event.hint, position=position, fixes=event.fixes)
    error.is_located = event.is_located
    return error


def brief(error: ContainerizeError) -> ContainerizeError:
    """Make IPython show one line in place of a traceback; the display has said the rest."""
    first = error.message.partition("\n")[0]
    is_located = error.is_located and not isinstance(error, UnresolvedImportError)  # which it says in later lines
    where = f" ({error.position})" if error.position and not is_located else ""
    vars(error)["_render_traceback_"] = lambda: [f"{type(error).__name__}: {first}{where}"]
    return error
