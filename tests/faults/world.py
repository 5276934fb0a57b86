"""What the faults happen to: an engine of their own, a person's home and project, an index, and what is left of it."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from jupyter_docker.engine import connect
from jupyter_docker.values import CACHE_VOLUME_PREFIX
from tests.engine.spare import BASE, SpareEngine, copy_image, spare
from tests.hostile.index import add_wheel, logging_index

PASSWORD = "p4ssword" + secrets.token_hex(8)  # of the index: nowhere but where the person keeps it
VALUE = "v4lue" + secrets.token_hex(8)  # of a variable of the runs
VERSIONS = 150  # of the package: each build installs another, so that none finds its layers in the cache
SIZE = "3g"  # of the disk of the engine's data
FILES = 1000  # that a run writes outside its mounts
SECONDS_TO_CLEAR = 40.0  # for what clears up after a kill by itself
_HALF_WRITTEN = re.compile(r"^\.|\.partial$|\.tmp$|^tmp|~$")
# What a run says between its steps: the file before "begun" is finished then, and all of them at "done".
_CELLS = (
    "%pip install sound=={version}",
    """import sound, pathlib, time
pathlib.Path('result.csv').write_text('{token}' * 1000)
pathlib.Path('output/kept.csv').write_text('{token}' * 1000)
print('begun', flush=True)""",
    """time.sleep(1)
pathlib.Path('many').mkdir()
for number in range({files}):
    pathlib.Path('many', str(number)).write_text('{token}')
print('done', flush=True)""",
)


@dataclass(kw_only=True)
class World:
    """``engine`` is theirs alone; ``root`` has the ``home``, the ``project`` in it, and the folders of programs."""

    root: Path
    engine: SpareEngine
    made: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def project(self) -> Path:
        return self.home / "project"

    @property
    def state(self) -> Path:
        return self.home / ".local/state"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the person's programs."""
        return {
            "HOME": str(self.home), "TMPDIR": str(self.temporary), "XDG_RUNTIME_DIR": str(self.root / "run"),
            "UV_CACHE_DIR": str(self.root / "uv"), "DOCKER_HOST": self.engine.engine.endpoint, "API_KEY": VALUE,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LANG": "C.UTF-8", **self.extra,
        }  # fmt: skip

    def notebook(self, *cells: str, name: str = "") -> Path:
        """Write a notebook, of those cells or of one of the runs that are cut short, which differs from all others."""
        self.made += 1
        words = {"version": f"1.{self.made}", "token": self.token, "files": str(FILES)}
        texts = cells or tuple(re.sub(r"\{(\w+)\}", lambda found: words[found[1]], cell) for cell in _CELLS)
        path = self.project / f"{name or f'run{self.made}'}.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": _code(texts)}))
        return path

    @property
    def token(self) -> str:
        """What the files of the latest notebook are made of."""
        return f"<{self.made}>"

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start the command; what it says on stderr is in `said`."""
        with (self.root / "stderr").open("w") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "jupyter_docker", *words], cwd=self.project, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        """What the last command said on stderr."""
        return (self.root / "stderr").read_text(errors="replace")

    def command(self, *words: str) -> tuple[int, str]:
        """Run the command to its end; return its status and what it said, on both of its streams."""
        process = self.start(*words)
        out, _ = process.communicate()
        return process.returncode, f"{out}{self.said}"

    def next_run(self) -> str:
        """Run another notebook, as the person may do next, and return what was said; it must go through."""
        path = self.project / "next.ipynb"
        if not path.exists():
            self.notebook("print('next')", name="next")
        status, text = self.command("run", path.name)
        if status:
            raise AssertionError(f"the next run failed:\n{text}")
        return text

    def left(self) -> tuple[str, ...]:
        """Return what there is that should not be, once nothing changes any more."""
        until = time.monotonic() + SECONDS_TO_CLEAR
        while (found := self.left_now()) and time.monotonic() < until:
            time.sleep(0.2)
        return found

    def left_now(self) -> tuple[str, ...]:
        """Return what there is at this moment that should not be in the end."""
        client = self.engine.engine.client
        found = [f"container {one.name}" for one in client.containers.list(all=True, ignore_removed=True)]
        found += [f"volume {one.name}" for one in client.volumes.list() if not _is_cache(str(one.name))]
        found += [f"temporary {path.name}" for path in (*self.temporary.iterdir(), *(self.root / "run").iterdir())]
        found += [f"half-written {path.name}" for path in self._kept() if _is_half_written(path)]
        found += [f"secret in {path}" for path in self.files_with_secret()]
        found += [f"process {words}" for words in self._processes()]
        return tuple(found)

    def _kept(self) -> Iterator[Path]:
        """Yield what this program keeps for later: its state, its cache, and what it wrote into the project."""
        for top in (self.state, self.home / ".cache/jupyter-containerize", self.project):
            yield from top.rglob("*")

    def files_with_secret(self) -> Iterator[Path]:
        """Yield the files that have the secret, but for the person's own configuration of pip."""
        for top in (self.home, self.temporary, self.root / "run"):
            for path in top.rglob("*"):
                with suppress(OSError):
                    if path.name != "pip.conf" and path.is_file() and _has_secret(path.read_bytes()):
                        yield path

    def _processes(self) -> Iterator[str]:
        """Yield the programs that were started with the person's variables and still run, but for servers."""
        mark = f"HOME={self.home}\0".encode()
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if mark in Path(f"/proc/{process.pid}/environ").read_bytes() and "jupyter_server" not in (
                    words := " ".join(process.cmdline())
                ):
                    yield words[:150]

    def secrets_of_engine(self) -> tuple[str, ...]:
        """Return the files of the engine's own folder that have the secret."""
        # containerd's database has what a container was given until that page is used again.
        command = ["grep", "-rlF", "--exclude=meta.db", "-e", PASSWORD, "-e", VALUE, "."]
        found = subprocess.run(command, cwd=self.engine.data, capture_output=True, text=True, check=False)
        return tuple(found.stdout.splitlines())

    def lost(self, name: str, *, all_files: bool, token: str) -> tuple[str, ...]:
        """Return which finished results of the run ``name`` are nowhere: neither mounted nor saved beside its log."""
        saved = {path.name: path for path in self.state.rglob(f"{name}-*-files/result.csv")}
        many = [path for path in self.state.rglob(f"{name}-*-files/many/*") if path.read_text() == token]
        missing = [] if any(path.read_text() == token * 1000 for path in saved.values()) else ["result.csv"]
        missing += ["kept.csv"] if (self.project / "output/kept.csv").read_text() != token * 1000 else []
        return (*missing, *([f"{FILES - len(many)} of many"] if all_files and len(many) != FILES else []))


def _code(texts: tuple[str, ...]) -> list[Mapping[str, object]]:
    blank: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return [{**blank, "id": f"c{number}", "source": text} for number, text in enumerate(texts)]


def _is_cache(volume: str) -> bool:
    return volume.startswith(CACHE_VOLUME_PREFIX)


def _has_secret(content: bytes) -> bool:
    return PASSWORD.encode() in content or VALUE.encode() in content


def _is_half_written(path: Path) -> bool:
    if _HALF_WRITTEN.search(path.name):
        return True
    with suppress(OSError):
        if path.suffix == ".json" and path.is_file():
            try:
                json.loads(path.read_bytes())
            except ValueError:
                return True
    return False


@contextmanager
def make_world() -> Iterator[World]:
    """Make it, and remove it."""
    root = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    try:
        for index in range(1, VERSIONS):
            add_wheel(root / "index", "sound", f"1.{index}")
        # Slow, as an index elsewhere is: so that there are moments in its steps.
        with spare(SIZE) as engine, logging_index(root / "index", PASSWORD, seconds=0.3) as (url, _):
            with connect() as own:
                copy_image(BASE, own, engine.engine)
            world = World(root=root, engine=engine)
            for folder in (world.project / "output", world.state, world.temporary, root / "run"):
                folder.mkdir(parents=True)
            _configure(world, url)
            yield world
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _configure(world: World, index: str) -> None:
    pip = world.home / ".config/pip/pip.conf"
    pip.parent.mkdir(parents=True)
    pip.write_text(f"[global]\nindex-url = {index}\n")
    plugins = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "cli-plugins"
    (world.home / ".docker").mkdir()
    (world.home / ".docker/cli-plugins").symlink_to(plugins)
