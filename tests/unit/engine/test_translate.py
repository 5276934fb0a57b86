"""What docker-py raises as this package's errors."""

from __future__ import annotations

from http.client import IncompleteRead

import pytest
import requests
from docker.errors import APIError, DockerException, NotFound
from urllib3.exceptions import ProtocolError

from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values.errors import (
    ContainerizeError,
    DiskFullError,
    EngineError,
    EngineLostError,
    EnginePermissionError,
    MissingError,
    MountError,
    NameTakenError,
    PortTakenError,
)


def answer(status: int, words: str, kind: type[APIError] = APIError) -> APIError:
    response = requests.Response()
    response.status_code = status
    return kind("refused", response=response, explanation=words)


# The words are the engine's own, 28.5.
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answer(404, "No such container: penguins", NotFound), MissingError),
        (answer(403, "authorization denied by plugin"), EnginePermissionError),
        (answer(500, "write /var/lib/docker/tmp/x: no space left on device"), DiskFullError),
        (answer(409, 'Conflict. The container name "/a" is already in use by container "b".'), NameTakenError),
        (answer(500, "Bind for 127.0.0.1:8080 failed: port is already allocated"), PortTakenError),
        (answer(500, "listen tcp4 127.0.0.1:80: bind: address already in use"), PortTakenError),
        (answer(400, 'invalid mount config for type "bind": bind source path does not exist: /x'), MountError),
        (answer(500, "something else"), EngineError),
        (requests.exceptions.ConnectionError("Connection aborted."), EngineLostError),
        (requests.exceptions.ReadTimeout("Read timed out."), EngineLostError),
        (ProtocolError("Connection broken", IncompleteRead(b"")), EngineLostError),
        (BrokenPipeError(32, "Broken pipe"), EngineLostError),
        (DockerException("odd"), EngineError),
    ],
)
def test_an_error_of_the_engine(error: Exception, kind: type[ContainerizeError]) -> None:
    with pytest.raises(kind) as caught, translated("stop 'penguins'"):
        raise error
    assert type(caught.value) is kind
    assert caught.value.message.startswith("Could not stop 'penguins': ")
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [KeyError("Id"), TypeError("None"), AttributeError("get"), ValueError("no JSON")])
def test_an_answer_that_can_not_be_read_is_an_error_of_the_engine(error: Exception) -> None:
    understood = pytest.raises(EngineError, match=r"can't be understood: could not stop 'penguins'\.$")
    with understood as caught, translated("stop 'penguins'"):
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("ours"), MissingError("ours")])
def test_what_is_not_the_engines_passes(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, translated("stop 'penguins'"):
        raise error
    assert caught.value is error
