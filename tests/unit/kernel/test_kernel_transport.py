"""An engine on another machine is refused at once: a kernel there could not be reached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.cells import opening
from jupyter_docker.cells.opening import CellContext, open_session
from jupyter_docker.commands.call import Call, perform
from jupyter_docker.commands.command_line import read_command
from jupyter_docker.commands.options.cell import read_cell_options
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.kernel.container.container import KernelContainer
from jupyter_docker.kernel.container.transport import check_reach
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.errors import EngineError, MountError
from jupyter_docker.values.events import Event
from tests.benchmarks.edited_notebook import write_notebook

REMOTE = ["ssh://ada@box", "tcp://box:2376", "tcp://10.0.0.7:2375", "https://box:2376", "tcp://[fe80::1]:2375"]
HERE = ["unix:///var/run/docker.sock", "npipe:////./pipe/docker_engine", "tcp://127.0.0.1:2375", "tcp://localhost:2375",
        "http://[::1]:2375"]  # fmt: skip


class Untouched:
    """A client that must not be asked for anything."""

    def close(self) -> None:
        pass


def engine_at(endpoint: str) -> Engine:
    client: Any = Untouched()
    return Engine(client=client, endpoint=endpoint, context="default", version="28", architecture="amd64", local=False)


@pytest.mark.parametrize("endpoint", HERE)
def test_an_engine_here_is_reached(endpoint: str) -> None:
    check_reach(engine_at(endpoint))


def a_kernel(engine: Engine, _folder: Path) -> None:
    KernelContainer(engine, RunSpec(image="any"), emit=lambda _: None).open()


def a_session(engine: Engine, folder: Path) -> None:
    place = CellContext(notebook=folder / "book.ipynb", defaults=Defaults(), emit=_no_step)
    open_session("default", read_cell_options([]), [], place)


def a_command(*words: str) -> Callable[[Engine, Path], None]:
    def act(engine: Engine, folder: Path) -> None:
        write_notebook(folder / "book.ipynb", ["x = 1"])
        command = read_command([words[0], str(folder / "book.ipynb"), *words[1:]])
        call = Call(
            args=command.args, request=command.request, has_terminal=False, defaults=Defaults(), emit=_no_step,
            confirm=lambda _: False,
        )  # fmt: skip
        perform(call)

    return act


def test_no_kernel_is_made_that_would_have_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(MountError, match="A kernel would have all of") as told:
        a_command("kernel")(engine_at(HERE[0]), tmp_path)
    assert "--project ." in told.value.hint


def _no_step(event: Event) -> None:
    pytest.fail(f"something was begun: {event}")


@pytest.mark.parametrize(
    "act",
    [a_kernel, a_session, a_command("kernel"), a_command("run", "--mode", "notebook")],
    ids=["kernel", "cell", "registering", "notebook mode"],
)
@pytest.mark.parametrize("endpoint", REMOTE)
def test_an_engine_elsewhere_is_refused_before_anything_is_built(
    endpoint: str, act: Callable[[Engine, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_at(endpoint)
    monkeypatch.setattr(opening, "connect", lambda _: engine)
    monkeypatch.setattr(Call, "connect", lambda _: engine)
    with pytest.raises(EngineError, match=f"'{endpoint.replace('[', '.')[:12]}.*is on another machine") as caught:
        act(engine, tmp_path)
    assert "Start Jupyter on that machine" in caught.value.hint
