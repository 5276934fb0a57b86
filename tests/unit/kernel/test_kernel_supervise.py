"""The program that starts a kernel in its container, run here as it is there."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

from jupyter_docker.kernel.container import supervise
from tests.signals import heed_signals

LISTENING = {"listening": True}
KILLED = 137


@contextmanager
def supervised(folder: Path, *command: str, ready: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a command as a kernel; READY is there from the start unless another is given."""
    shutil.copy(supervise.__file__, folder / "supervise.py")
    words = [sys.executable, "-I", "-S", str(folder / "supervise.py"), ready or str(folder), *command]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words,
        text=True,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        preexec_fn=heed_signals,  # noqa: PLW1509
    ) as process:
        yield process


def said(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout is not None
    return dict(json.loads(process.stdout.readline()))


def test_it_says_how_the_kernel_ended(tmp_path: Path) -> None:
    with supervised(tmp_path, sys.executable, "-c", "print('words'); raise SystemExit(3)", ready="/nowhere") as process:
        assert said(process)["status"] == 3
        assert process.stderr is not None
        assert process.stderr.read() == "words\n"
        assert process.wait() == 3


def test_it_says_when_something_listens(tmp_path: Path) -> None:
    code = "import socket, sys; a = socket.socket(); a.bind(('', 0)); print(a.getsockname()[1], flush=True); a.listen()"
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}; sys.stdin.read()"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as listener:
        assert listener.stdout is not None
        port = listener.stdout.readline().strip()
        with supervised(tmp_path, "sleep", "600", ready=port) as process:
            assert said(process) == LISTENING
            process.kill()


def test_a_byte_is_a_signal_for_the_kernel_and_its_children(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"trap 'exit 4' INT; sleep 600 & touch '{ready}'; wait $!"
    with supervised(tmp_path, "sh", "-c", code, ready=str(ready)) as process:
        assert said(process) == LISTENING
        assert process.stdin is not None
        process.stdin.write(chr(signal.SIGINT))
        process.stdin.flush()
        assert said(process)["status"] == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_its_own_signals_go_to_the_kernel(tmp_path: Path, number: signal.Signals) -> None:
    with supervised(tmp_path, "sleep", "600") as process:
        assert said(process) == LISTENING
        process.send_signal(number)
        assert said(process)["status"] == -number
        assert process.wait() == 128 + number


def test_the_end_of_stdin_ends_the_kernel_and_its_children(tmp_path: Path) -> None:
    with supervised(tmp_path, "sh", "-c", "sleep 600 & echo $! >&2; wait") as process:
        assert said(process) == LISTENING
        assert process.stderr is not None
        child = Path("/proc") / process.stderr.readline().strip()
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == KILLED
        while not _is_gone(child):
            sleep(0.01)


def test_the_end_of_the_clients_lock_ends_it_too(tmp_path: Path) -> None:
    held = os.open(tmp_path / supervise.CLIENT, os.O_CREAT | os.O_RDONLY, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    with supervised(tmp_path, "sleep", "600") as process:
        assert said(process) == LISTENING
        os.close(held)
        assert process.wait() == KILLED


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with supervised(tmp_path, "no-such-program", ready="/nowhere") as process:
        assert said(process)["status"] == 127
        assert process.stderr is not None
        assert process.stderr.read() == "no-such-program: No such file or directory\n"


def test_a_module_beside_it_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    with supervised(tmp_path, "true", ready="/nowhere") as process:
        assert said(process)["status"] == 0


def _is_gone(process: Path) -> bool:
    """Whether it has ended; a container's init reaps it."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
