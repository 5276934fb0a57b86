"""A kernel in a container from start to end: what it is, interrupts, restarts, two at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.kernel.container.folder import PREFIX, base_folder
from jupyter_docker.values.container_spec import RunSpec
from tests.engine.kernel.kernels import Kernel, Registered, kernel_of, leftovers, running

pytestmark = pytest.mark.engine


@pytest.fixture
def kernel(engine: Engine, spec: RunSpec) -> Iterator[Kernel]:
    with running(kernel_of(engine, replace(spec, network="none"))) as one:
        yield one


def test_it_is_the_callers_and_has_no_rights(kernel: Kernel, caller: int) -> None:
    rights = "[line.split()[1] for line in open('/proc/self/status') if 'Cap' in line]"
    code = f"import os; print(os.getuid(), os.getcwd(), *{rights})"
    assert kernel.run(code).stdout == f"{caller} /app" + " 0000000000000000" * 5 + "\n"
    assert kernel.run("import socket; socket.create_connection(('1.1.1.1', 80), 1)").error[0] == "OSError"


def test_its_container_is_labelled_as_a_kernel(kernel: Kernel, engine: Engine) -> None:
    (found,) = [one for one in list_containers(engine) if one.id == kernel.container]
    assert found.labels["jupyter-containerize.role"] == "kernel"


def test_its_folder_is_for_its_user_alone(kernel: Kernel) -> None:
    (folder,) = base_folder().glob(f"{PREFIX}{os.getpid()}-*")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_uid == os.getuid()
    assert (folder / "connection.json").stat().st_mode & 0o777 == 0o600
    assert kernel.manager.transport == "ipc"
    assert len(f"{kernel.manager.ip}-5") <= 107


def test_what_is_left_of_a_killed_client_is_in_its_folder(kernel: Kernel) -> None:
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    file = Path(kernel.manager.connection_file)
    assert file.is_file()
    assert file.parent == Path(kernel.manager.ip).parent


def test_another_user_of_the_callers_choice(engine: Engine, spec: RunSpec) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    with running(kernel_of(engine, replace(spec, user="4321:4321", network="none"))) as kernel:
        assert kernel.run("import os; print(os.getuid())").stdout == "4321\n"


def test_rich_results(kernel: Kernel) -> None:
    assert kernel.run("6 * 7").result == "42"
    shown = kernel.run("from IPython.display import HTML, display; display(HTML('<b>bold</b>'))")
    assert shown.data[0]["text/html"] == "<b>bold</b>"
    assert kernel.run("1/0").error == ("ZeroDivisionError", "division by zero")


def test_input(kernel: Kernel) -> None:
    assert kernel.run("print(input('name? ') + '!')", answers=iter(["Ada"])).stdout == "Ada!\n"


BUSY = {
    "sleep": "import time; print('begun'); time.sleep(600)",
    "loop": "print('begun')\nwhile True: pass",
    "numpy": "import numpy; print('begun')\nwhile True: numpy.linalg.svd(numpy.ones((60, 60)))",
    "subprocess": "import subprocess; subprocess.run(['sh', '-c', 'echo begun; exec sleep 600'], check=True)",
    "shell": "!echo begun; sleep 600",
}


@pytest.mark.parametrize("code", BUSY.values(), ids=BUSY.keys())
def test_an_interrupt_ends_the_cell_and_not_the_kernel(kernel: Kernel, code: str) -> None:
    kernel.run("kept = 1")
    kernel.begin(code)
    kernel.manager.interrupt_kernel()
    assert kernel.finish().error[0] == ("" if code.startswith("!") else "KeyboardInterrupt")
    assert kernel.run("print(kept)").stdout == "1\n"
    assert "sleep" not in kernel.run("!cat /proc/[0-9]*/comm").stdout.split()


def test_an_interrupt_during_input(kernel: Kernel) -> None:
    kernel.client.allow_stdin = True
    message = kernel.client.execute("input('name? ')", allow_stdin=True, stop_on_error=False)
    kernel.client.get_stdin_msg(timeout=60)
    kernel.manager.interrupt_kernel()
    assert kernel.reply_to(message)["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(1)").stdout == "1\n"


@pytest.mark.parametrize("now", [False, True])
def test_a_restart_begins_anew_for_the_same_client(kernel: Kernel, now: bool) -> None:
    kernel.run("kept = 1")
    before = kernel.container
    kernel.manager.restart_kernel(now=now)
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.run("kept").error[0] == "NameError"
    assert kernel.container != before


def test_two_kernels_do_not_see_each_other(kernel: Kernel, engine: Engine, spec: RunSpec) -> None:
    with running(kernel_of(engine, spec)) as other:
        kernel.run("mine = 1")
        assert other.run("mine").error[0] == "NameError"
        assert other.container != kernel.container
    assert kernel.run("print(mine)").stdout == "1\n"


def test_over_published_ports(engine: Engine, spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_docker.kernel.container.container.transport_of", lambda *_: "tcp")
    with running(kernel_of(engine, spec)) as kernel:
        assert (kernel.manager.transport, kernel.manager.ip) == ("tcp", "127.0.0.1")
        assert kernel.run("print(1)").stdout == "1\n"
        ports = kernel.manager.ports
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=60)
        assert kernel.manager.ports == ports
        assert kernel.run("print(2)").stdout == "2\n"


def test_a_registered_kernel_begins_in_the_notebooks_folder(registered: Registered, engine: Engine) -> None:
    from jupyter_client.manager import KernelManager

    (registered.notebook.parent / "deeper").mkdir(exist_ok=True)
    for cwd, inside in ((registered.notebook.parent / "deeper", "/app/deeper"), (Path("/"), "/app")):
        manager = KernelManager(kernel_name=registered.kernel.name)
        try:
            manager.start_kernel(cwd=str(cwd))
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=60)
            kernel = Kernel(manager=manager, client=client)
            assert kernel.run("import os; print(os.getcwd())").stdout == f"{inside}\n"
            assert kernel.run("open('/app/made.txt', 'w').write('here')").status == "ok"
            client.stop_channels()
        finally:
            manager.shutdown_kernel(now=True)
        assert (registered.notebook.parent / "made.txt").read_text() == "here"
    assert leftovers(engine, registered.label, os.getpid()) == []
