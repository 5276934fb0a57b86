"""``kill -9`` of the client of a container's kernel, while it starts and while it runs cells."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from jupyter_docker.engine import connect
from jupyter_docker.pipeline import build_kernel_image
from jupyter_docker.values import BuildChoices, Defaults
from tests.engine.spare import copy_image
from tests.faults.observation import Observation
from tests.faults.world import World

_ROOT = Path(__file__).parents[2]
_SECONDS_OF_USE = 2.0
_REGISTER = """
import sys
from pathlib import Path
from jupyter_docker.kernel import register_kernel
from jupyter_docker.values import RunSpec
spec = RunSpec(image=sys.argv[1], network="none")
print(register_kernel("faults", spec, notebook=Path(sys.argv[2]), python=Path("python")).name)
"""


def kill_kernel_client(world: World, count: int, _: object) -> Iterator[Observation]:
    """Kill the client at moments of its start and of its use; there is nobody to say anything."""
    name = _registered(world)
    seconds = _seconds_to_start(world, name)
    for number in range(count):
        phase = "start" if number < count / 2 else "run"
        share = (number % (count / 2) + 0.5) / (count / 2)
        client = _client(world, name)
        _await(client, "begun" if phase == "start" else "ready")
        time.sleep(share * (seconds if phase == "start" else _SECONDS_OF_USE))
        client.kill()
        client.communicate()
        left = world.left()
        world.next_run()
        yield Observation(fault="`kill -9` of a kernel's client", when=phase, left=(*left, *world.left()))


def _registered(world: World) -> str:
    """Register a kernel whose image the engine of every day has built, and return its name."""
    notebook = world.notebook("print('a kernel')", name="faults-kernel")
    with connect() as own:
        _, image = build_kernel_image(BuildChoices(notebook=notebook), own, Defaults(), lambda _: None)
        copy_image(str(image.reference), own, world.engine.engine)
        own.client.api.remove_image(str(image.reference), force=True)
    words = [sys.executable, "-c", _REGISTER, str(image.reference), str(notebook)]
    done = subprocess.run(words, env=world.environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _client(world: World, name: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.engine.kernel.client", name]
    return subprocess.Popen(
        words, cwd=_ROOT, env=world.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _await(client: subprocess.Popen[str], word: str) -> None:
    assert client.stdout is not None
    while (line := client.stdout.readline()) and word not in line:
        pass
    if not line:
        raise AssertionError(f"the client ended before it said '{word}'")


def _seconds_to_start(world: World, name: str) -> float:
    client = _client(world, name)
    _await(client, "begun")
    began = time.monotonic()
    _await(client, "ready")
    seconds = time.monotonic() - began
    client.kill()
    client.communicate()
    return seconds
