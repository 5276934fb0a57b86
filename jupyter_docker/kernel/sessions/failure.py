"""An exception raised inside a container, as one that can be raised here."""

from __future__ import annotations

from jupyter_docker.kernel.sessions.messages import CellError
from jupyter_docker.values import ContainerizeError


class CellFailedError(ContainerizeError):
    """A cell raised inside the container; its class here has the name of the one there.

    IPython shows ``_render_traceback_`` in place of the place where it was raised.
    """

    def __init__(self, error: CellError) -> None:
        super().__init__(error.evalue)
        self.ename, self.evalue, self.traceback = error.ename, error.evalue, error.traceback

    def _render_traceback_(self) -> list[str]:
        return list(self.traceback)


class CellInterruptedError(CellFailedError, KeyboardInterrupt):
    """A cell was interrupted inside the container; it is a KeyboardInterrupt here too, so that nothing goes on."""


def as_exception(error: CellError) -> CellFailedError:
    """Return the exception to raise for ``error``: of a class with its name, which every frontend shows."""
    base = CellInterruptedError if error.ename == KeyboardInterrupt.__name__ else CellFailedError
    name = error.ename.replace("\0", "")
    named: type[CellFailedError] = type(name, (base,), {"__module__": __name__})
    return named(error)
