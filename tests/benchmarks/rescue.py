"""10,000 files that a run wrote outside its mounts, saved before its container is removed; beside `docker cp`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from jupyter_docker.engine import Engine, connect, remove, start_detached
from jupyter_docker.values import RunSpec, scratch_folder
from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.engine.spare import BASE

_FILES = 10_000
_MORE = 5.0  # seconds that the rescue may take beyond the copy
_CODE = f"for number in range({_FILES}): open(f'{{number}}.txt', 'w').write(str(number))"


def measure() -> Iterator[Measurement]:
    """Measure it: the look for what is new, the copy with its checks, the removal of the container."""
    with connect() as engine, scratch_folder() as folder:
        ours, copied = best_in_turns(3, lambda: _rescued(engine, folder), lambda: _copied(engine, folder))
    yield Measurement(what=f"rescue of {_FILES:,} files: docker cp", ours=ours, baseline=copied, limit=copied + _MORE)


def _ended(engine: Engine) -> str:
    """Return the name of a container that wrote the files."""
    spec = RunSpec(image=BASE, command=("python", "-c", _CODE), workdir="/app", user="0:0")
    started = start_detached(engine, spec, lambda _: None)
    subprocess.run(["docker", "wait", started.name], stdout=subprocess.DEVNULL, check=True)
    return started.name


def _rescued(engine: Engine, folder: Path) -> float:
    name = _ended(engine)
    began = perf_counter()
    remove(engine, name, log_folder=folder)
    seconds = perf_counter() - began
    _check([*folder.glob(f"{name}-*-files/*.txt")])
    return seconds


def _copied(engine: Engine, folder: Path) -> float:
    name = _ended(engine)
    began = perf_counter()
    subprocess.run(["docker", "cp", f"{name}:/app", str(folder / name)], stderr=subprocess.DEVNULL, check=True)
    subprocess.run(["docker", "rm", name], stdout=subprocess.DEVNULL, check=True)
    seconds = perf_counter() - began
    _check([*(folder / name).glob("*.txt")])
    return seconds


def _check(found: list[Path]) -> None:
    if len(found) != _FILES:
        raise SystemExit(f"{len(found)} files were copied, of {_FILES}")
