"""An error becomes the Failed event of a process, and that the same error in another one."""

from __future__ import annotations

import pytest

from jupyter_docker.commands.failure import failed, restored
from jupyter_docker.values import errors
from jupyter_docker.values.errors import CellPosition, ContainerizeError, ScriptFailedError, VerificationError
from jupyter_docker.values.events import Failed, from_json, to_json

CLASSES = [kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), ContainerizeError)]
PLAIN = [kind for kind in CLASSES if kind.__init__ is ContainerizeError.__init__]


@pytest.mark.parametrize(
    "error",
    [
        *(kind("It failed.", hint="Mend it.", position=CellPosition(cell=3, line=2)) for kind in PLAIN),
        VerificationError("No.", hint="Yes.", obstacle="file", position=CellPosition(cell=1)),
        ScriptFailedError("Status 3.", status=3),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_an_error_comes_through_a_process(error: ContainerizeError) -> None:
    event = from_json(to_json(failed(error), 1))
    assert isinstance(event, Failed)
    again = restored(event)
    assert type(again) is type(error)
    assert (again.message, again.hint, again.position) == (error.message, error.hint, error.position)


@pytest.mark.parametrize("name", ["KeyError", "CellPosition", "dataclass", "", "os"])
def test_what_is_no_error_of_ours_is_the_root(name: str) -> None:
    event = Failed(error=name, message="It failed.", hint="", exit_code=1, facts={})
    assert type(restored(event)) is ContainerizeError
