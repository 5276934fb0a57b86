"""A client, a container, a kernel or an engine that is killed at any moment leaves nothing, and it is said why.

Nothing: no container, no folder, no program.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from docker.errors import APIError

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.kernel.kernels import (
    TEST_LABEL,
    Registered,
    await_nothing_left,
    await_that,
    leftovers,
    watches,
)
from tests.engine.spare import SpareEngineFactory

if TYPE_CHECKING:
    from docker.models.containers import Container

pytestmark = pytest.mark.engine

# How many: `make test` has no time for more; `KERNEL_KILLS=50 pytest …` has.
KILLS = int(os.environ.get("KERNEL_KILLS", "10"))
CLEAR = r"^(?:The kernel (?:was killed|did not start)|The container engine went away|No container engine answers)"
_MAX_SECONDS = 4.0  # seconds: a start takes one or two, the rest is use


@dataclass(frozen=True, kw_only=True)
class Client:
    """A program that starts a kernel and runs cells in it."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, registered: Registered, environ: Mapping[str, str] = MappingProxyType({})) -> Client:
        words = [sys.executable, "-m", "tests.engine.kernel.client", registered.kernel.name]
        env = {**os.environ, **environ}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True, env=env)
        client = cls(process=process)
        assert client.says() == "begun\n"
        return client

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def last_words(self) -> str:
        """Wait for its end, and return what it printed of it."""
        printed, _ = self.process.communicate(timeout=60)
        return printed.rpartition("said: ")[2].strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_at_any_moment(registered: Registered, engine: Engine, number: int) -> None:
    """The client is killed, the container, or the kernel in it, while it starts or runs."""
    chance = random.Random(number)  # noqa: S311
    client = Client.start(registered)
    if number % 3 == 0:
        time.sleep(chance.uniform(0, _MAX_SECONDS))
        client.kill()
    else:
        container = await_container(engine, registered)
        time.sleep(chance.uniform(0, _MAX_SECONDS))
        kill = kill_container if number % 3 == 1 else kill_kernel
        kill(container)
        assert re.search(CLEAR, said := client.last_words()), said
    await_nothing_left(engine, registered.label, client.process.pid)


# docker-py leaves its socket open where nobody listens.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("number", range(KILLS // 10))
def test_an_engine_that_is_killed_at_any_moment(
    registered: Registered, engine: Engine, spare_engine: SpareEngineFactory, number: int
) -> None:
    private = spare_engine(size="1g", images=(registered.kernel.image,))
    client = Client.start(registered, {"DOCKER_HOST": private.engine.endpoint})
    if number % 2:
        assert client.says() == "ready\n"
    time.sleep(random.Random(number).uniform(0, _MAX_SECONDS))  # noqa: S311
    private.kill()
    assert re.search(CLEAR, said := client.last_words()), said
    await_nothing_left(engine, registered.label, client.process.pid)


def await_container(engine: Engine, registered: Registered) -> Container:
    found: list[Container] = []

    def look() -> bool:
        label = f"{TEST_LABEL}={registered.label}"
        found.extend(engine.client.containers.list(all=True, filters={"label": label}, ignore_removed=True))
        return bool(found)

    await_that(look, "no container was made")
    return found[0]


def kill_container(container: Container) -> None:
    container.remove(force=True)


def kill_kernel(container: Container) -> None:
    """Kill the kernel's process, as soon as there is one."""

    def kill() -> bool:
        with suppress(APIError):  # it does not run yet
            processes = container.top()["Processes"] or []
            kernels = [words[1] for words in processes if "ipykernel" in words[-1] and "supervise" not in words[-1]]
            for pid in kernels:
                os.kill(int(pid), signal.SIGKILL)
            return bool(kernels)
        return False

    await_that(kill, "no kernel ran")


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
    found = subprocess.run(
        ["pgrep", "--full", "engine/containers/watch.py"], capture_output=True, text=True, check=True
    ).stdout
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
