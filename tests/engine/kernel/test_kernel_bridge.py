"""The kernelspec's own command, started as a client does that knows no provisioners: the kernel is in the container."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_docker.engine import Engine
from jupyter_docker.kernel.bridge import _own_socket
from tests.engine.kernel.kernels import Registered, await_nothing_left
from tests.engine.kernel.test_kernel_conformance import outcomes

pytestmark = pytest.mark.engine

_SECONDS = 60
_WHERE = "import os, socket; print(os.path.exists('/.dockerenv'), socket.gethostname(), os.getcwd())"


def command(kernel: str, file: str) -> list[str]:
    """The argv of the kernelspec, as any client fills it in."""
    argv = KernelSpecManager().get_kernel_spec(kernel).argv
    return [word.replace("{connection_file}", file) for word in argv]


@contextmanager
def by_hand(registered: Registered, folder: Path, *, prefix: Sequence[str] = ()) -> Iterator[tuple[Any, Any]]:
    """Start the kernelspec's command with a connection file; yields the process, and a client that is answered."""
    file, _ = write_connection_file(str(folder / "connection.json"), ip="127.0.0.1", key=b"a-key")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*prefix, *command(registered.kernel.name, file)], cwd=registered.notebook.parent, stderr=log
        )
    client = BlockingKernelClient(connection_file=file)
    client.load_connection_file()
    client.start_channels()
    try:
        await_answer(client)
        yield process, client
    finally:
        client.stop_channels()
        process.kill()
        process.wait()


def await_answer(client: BlockingKernelClient) -> None:
    """Wait for the kernel's first answer; the client's own wait takes a kernel that starts slowly for a dead one."""
    for _ in range(_SECONDS):
        client.kernel_info()
        with suppress(queue.Empty):
            client.get_shell_msg(timeout=1)
            return
    raise AssertionError("the kernel does not answer")


def printed(client: BlockingKernelClient, code: str) -> str:
    said: list[str] = []

    def hook(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    client.execute_interactive(code, timeout=_SECONDS, output_hook=hook)
    return "".join(said)


def test_twenty_kernels_of_twenty_are_in_their_containers(
    registered: Registered, engine: Engine, tmp_path: Path
) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        with by_hand(registered, folder) as (_, client):
            there, host, place = printed(client, _WHERE).split()
        assert (there, place) == ("True", "/app")
        assert host != socket.gethostname()
    await_nothing_left(engine, registered.label, os.getpid())


def test_it_passes_what_ipykernel_passes_here(
    registered: Registered, tmp_path_factory: pytest.TempPathFactory, data_folder: Path
) -> None:
    spec = json.loads((registered.kernel.folder / "kernel.json").read_text())
    bare = data_folder / "kernels" / "bare-bridge"
    bare.mkdir()
    (bare / "kernel.json").write_text(json.dumps({"argv": spec["argv"], "display_name": "bare", "language": "python"}))
    plain, bridged = outcomes("python3"), outcomes("bare-bridge")
    passed = {name for name, outcome in plain.items() if outcome == "passed"}
    assert len(passed) >= 20, plain
    assert {name: bridged.get(name) for name in passed} == dict.fromkeys(passed, "passed")


def test_an_interrupt_ends_the_cell_and_not_the_kernel(registered: Registered, tmp_path: Path) -> None:
    with by_hand(registered, tmp_path) as (process, client):
        code = "import time\nprint('begun')\nfor _ in range(600): time.sleep(0.1)"
        message = client.execute(code, stop_on_error=False)  # else what is sent soon after its end is aborted
        # An interrupt before the cell's own code would hit the kernel's.
        while "begun" not in client.get_iopub_msg(timeout=_SECONDS)["content"].get("text", ""):
            pass
        process.send_signal(signal.SIGINT)
        reply = client.get_shell_msg(timeout=_SECONDS)
        while reply["parent_header"].get("msg_id") != message:
            reply = client.get_shell_msg(timeout=_SECONDS)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert printed(client, "print(6 * 7)") == "42\n"


def test_a_shutdown_ends_all_of_it(registered: Registered, engine: Engine, tmp_path: Path) -> None:
    with by_hand(registered, tmp_path) as (process, client):
        client.shutdown()
        assert process.wait(timeout=_SECONDS) == 0
    await_nothing_left(engine, registered.label, os.getpid())


@pytest.mark.parametrize("killed", ["bridge", "parent"])
def test_nothing_outlives_a_kill(killed: str, registered: Registered, engine: Engine, tmp_path: Path) -> None:
    shell = (sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])")
    with by_hand(registered, tmp_path, prefix=shell if killed == "parent" else ()) as (process, client):
        assert printed(client, "print(1)") == "1\n"
        process.kill()
        process.wait()
        await_nothing_left(engine, registered.label, os.getpid())


def test_what_is_wrong_is_said_on_stderr(registered: Registered, tmp_path: Path) -> None:
    file, _ = write_connection_file(str(tmp_path / "connection.json"), ip="127.0.0.1", key=b"a-key")
    words = command(registered.kernel.name, file)
    nowhere = subprocess.run(
        words, env={**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none"}, capture_output=True, text=True, check=False
    )
    assert nowhere.returncode != 0
    assert nowhere.stderr.startswith("error: No container engine answers.")
    assert "Traceback" not in nowhere.stderr
    gone = subprocess.run([*words[:4], str(tmp_path), *words[5:]], capture_output=True, text=True, check=False)
    assert "is no kernel of a container" in gone.stderr


def test_many_bytes_pass_whole(registered: Registered, tmp_path: Path) -> None:
    with by_hand(registered, tmp_path) as (_, client):
        assert len(printed(client, "print('x' * 30_000_000)")) == 30_000_001


@pytest.mark.parametrize("planted", ["link", "file", "nothing"])
def test_only_a_socket_in_the_folder_is_reached(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "k-1"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "other"))
        if planted == "link":
            path.symlink_to(tmp_path / "other")
        elif planted == "file":
            path.touch()
        with pytest.raises(OSError), _own_socket(path):  # noqa: PT011
            pass
        with _own_socket(tmp_path / "other") as reached, socket.socket(socket.AF_UNIX) as caller:
            other.listen()
            caller.connect(reached)


def test_a_kernelspec_of_the_version_before_is_renewed(data_folder: Path, tmp_path: Path) -> None:
    from jupyter_docker.kernel import renew_kernel

    folder = tmp_path / "old-container"
    folder.mkdir()
    config = {"image": "old:1", "folder": str(tmp_path)}
    old = {
        "argv": ["/venv/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "old (container)",
        "language": "python",
        "metadata": {
            "debugger": True,
            "kernel_provisioner": {"provisioner_name": "containerize", "config": config},
            "containerize": {"notebook": str(tmp_path / "old.ipynb")},
        },
    }
    (folder / "kernel.json").write_text(json.dumps(old))
    renew_kernel(folder)
    renew_kernel(folder)
    new = json.loads((folder / "kernel.json").read_text())
    assert new["argv"][1:] == ["-P", "-m", "jupyter_docker.kernel.bridge", str(folder), "-f", "{connection_file}"]
    assert new["metadata"]["containerize"]["python"] == "/venv/bin/python"
    assert new["metadata"]["kernel_provisioner"] == old["metadata"]["kernel_provisioner"]  # type: ignore[index]
