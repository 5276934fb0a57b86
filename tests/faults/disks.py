"""Disks that are full: of the state folder, of the engine's data, of the folder that a run writes its output into."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.kills import failure, started
from tests.faults.observation import Observation
from tests.faults.phases import Phase, begun_by
from tests.faults.world import FILES, SIZE, World

_FULL, _ROOMY = "64k", "64m"


def fill(world: World) -> Iterator[Observation]:
    """Fill each of them; then make room, as the person is told to, and go on."""
    yield _full_state(world)
    yield _full_state_in_a_run(world)
    yield _full_output(world)
    for is_built in (False, True):
        yield _full_engine(world, is_built=is_built)


def _full_state(world: World) -> Observation:
    """Not all that a run wrote fits: the container is kept, and what is said gets at all of it."""
    with _disk(world.state):
        process, _ = started(world)
        token = world.token
        said, unclear = failure(process)
        _resize(world.state, _ROOMY)
        copied = _as_told(world, said)
        many = [path for path in copied.glob("many/*") if path.read_text() == token]
        lost = () if len(many) == FILES and (copied / "result.csv").exists() else ("files of the kept container",)
        world.next_run()
        left = world.left()
    return Observation(fault="full disk of the state", when="rescue", left=left, lost=lost, said=said, unclear=unclear)


def _as_told(world: World, said: str) -> Path:
    """Do what was said, word for word, and return the folder of the copies."""
    copy, remove = re.findall(r"`([^`]+)`", said)
    target = world.root / "copies"
    target.mkdir(exist_ok=True)
    for words in (copy.replace("FOLDER", str(target)), remove):
        subprocess.run(words, shell=True, check=True, env=world.environment, capture_output=True)  # noqa: S602
    return next(path.parent for path in target.rglob("result.csv"))


def _full_state_in_a_run(world: World) -> Observation:
    """The disk fills up while a run goes on: its log ends, its results are saved once there is room again."""
    with _disk(world.state, _ROOMY):
        process, name = started(world)
        token = world.token
        await_phase(process, "run")
        filler = world.state / "filler"
        _write_until_full(filler)
        said, unclear = failure(process)
        filler.unlink()
        world.command("rm", f"{name}-kept")
        lost = world.lost(name, all_files=False, token=token) if not said else ()
        world.next_run()
        left = world.left()
    return Observation(fault="full disk of the state", when="run", left=left, lost=lost, said=said, unclear=unclear)


def _full_output(world: World) -> Observation:
    """The script can't write its output: it fails as it would anywhere, and what it wrote elsewhere is saved."""
    with _disk(world.project / "output"):
        _write_until_full(world.project / "output/filler")
        process, name = started(world)
        token = world.token
        said, unclear = failure(process)
        world.next_run()
        saved = [path.read_text() for path in world.state.rglob(f"{name}-*-files/result.csv")]
        lost = () if saved == [token * 1000] else ("result.csv",)
        left = world.left()
    return Observation(fault="full disk of the output", when="run", left=left, lost=lost, said=said, unclear=unclear)


def _full_engine(world: World, *, is_built: bool) -> Observation:
    """The engine has no room for an image, or for a container of one that is built."""
    notebook = world.notebook()
    if is_built:
        world.command("build", notebook.name)
    data = world.engine.data
    _resize(data, str(shutil.disk_usage(data).used))
    said, unclear = failure(world.start("run", notebook.name, "--json"))
    _resize(data, SIZE)
    unclear = unclear if said else ("nothing was said",)
    world.next_run()
    when = "start" if is_built else "build"
    return Observation(fault="full disk of the engine", when=when, left=world.left(), said=said, unclear=unclear)


def await_phase(process: subprocess.Popen[str], phase: Phase) -> None:
    """Read the events of a run until that phase begins."""
    assert process.stdout is not None
    for begun in begun_by(process.stdout):
        if begun == phase:
            return


@contextmanager
def _disk(folder: Path, size: str = _FULL) -> Iterator[None]:
    """Put a small disk there for the time of the body, with what the folder has."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _resize(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def _write_until_full(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
