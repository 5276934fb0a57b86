"""A client that is killed at any moment leaves nothing: no container, no folder, no program."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from jupyter_docker.engine import Engine
from tests.engine.kernel.kernels import Registered, await_nothing_left, leftovers, watches

pytestmark = pytest.mark.engine

# How many: `make test` has no time for more; `KERNEL_KILLS=50 pytest …` has.
KILLS = int(os.environ.get("KERNEL_KILLS", "10"))
_LONGEST = 4.0  # seconds: a start takes one or two, the rest is use


@dataclass(frozen=True, kw_only=True)
class Client:
    """A program that starts a kernel and runs cells in it."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, registered: Registered) -> Client:
        words = [sys.executable, "-m", "tests.engine.kernel.client", registered.kernel.name]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
        client = cls(process=process)
        assert client.says() == "begun\n"
        return client

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.parametrize("number", range(KILLS))
def test_a_client_that_is_killed(registered: Registered, engine: Engine, number: int) -> None:
    client = Client.start(registered)
    time.sleep(random.Random(number).uniform(0, _LONGEST))  # noqa: S311
    client.kill()
    await_nothing_left(engine, registered.label, client.process.pid)


def test_a_client_that_ends_without_a_shutdown(registered: Registered, engine: Engine) -> None:
    client = Client.start(registered)
    assert client.says() == "ready\n"
    assert leftovers(engine, registered.label, client.process.pid) != []
    client.process.send_signal(signal.SIGINT)
    client.process.communicate()
    await_nothing_left(engine, registered.label, client.process.pid)


def test_a_client_and_its_watch_killed_together(registered: Registered, engine: Engine) -> None:
    """As when a whole service is killed: the container ends by itself, and the next start clears the folder."""
    client = Client.start(registered)
    assert client.says() == "ready\n"
    found = subprocess.run(["pgrep", "--full", "kernel/watch.py"], capture_output=True, text=True, check=True).stdout
    ours = [pid for pid in found.split() if _parent(pid) == client.process.pid]
    assert len(ours) == len(watches(client.process.pid)) == 1
    os.kill(int(ours[0]), signal.SIGKILL)
    client.kill()
    second = Client.start(registered)
    assert second.says() == "ready\n"
    await_nothing_left(engine, registered.label + "-none", client.process.pid)
    second.kill()
    await_nothing_left(engine, registered.label, second.process.pid)


def _parent(pid: str) -> int:
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
        return int(file.read().rpartition(")")[2].split()[1])
