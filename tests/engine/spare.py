"""Private engines that a test may fill up or kill, and what is needed to find the machine's own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.values.errors import EngineUnavailableError

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE = f"python:{PYTHON}-slim"
REQUIRED = bool(os.environ.get("CI") or os.environ.get("REQUIRE_ENGINE"))
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jupyter-containerize" / "engine"
_SECONDS_TO_START = 60


def absent(why: str) -> None:
    """Fail where an engine must be there (CI), else skip."""
    if REQUIRED:
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def program(name: str) -> str:
    """Return the path of a program of the engine's set-up, or of PATH."""
    found = shutil.which(name, path=os.pathsep.join([f"{HOME}/usr/bin", f"{HOME}/usr/sbin", os.environ["PATH"]]))
    if found is None:
        absent(f"{name} is not installed: make engine")
    return str(found)


@dataclass(kw_only=True)
class SpareEngine:
    """A private engine: kill it, fill it, start it again; ``options`` are further ones of its daemon."""

    root: Path
    options: tuple[str, ...]
    process: subprocess.Popen[bytes]
    engine: Engine

    @property
    def data(self) -> Path:
        """The folder of all that it keeps."""
        return _data(self.root)

    def kill(self) -> None:
        """End the daemon at once, as a crash does."""
        self.process.kill()

    def start_again(self) -> None:
        """Start the daemon anew, on what the one that was killed left."""
        self.process.wait()
        self.engine.close()
        self.process = _dockerd(self.root, self.options)
        self.engine = _await(self.root, self.process)


SpareEngineFactory = Callable[..., SpareEngine]


@contextmanager
def spare(size: str, *options: str) -> Iterator[SpareEngine]:
    # A short path: a Unix socket's has 108 characters at most.
    root = Path(tempfile.mkdtemp(prefix="spare-", dir="/tmp"))
    _data(root).mkdir()
    # In memory, so that it has an end, and is quick to fill and to forget.
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(_data(root))], check=True)
    try:
        yield from _running(root, options)
    finally:
        _unmount(root)
        shutil.rmtree(root, ignore_errors=True)


def _data(root: Path) -> Path:
    return root / "data"


def _running(root: Path, options: tuple[str, ...]) -> Iterator[SpareEngine]:
    process = _dockerd(root, options)
    try:
        private = SpareEngine(root=root, options=options, process=process, engine=_await(root, process))
    except BaseException:
        _end(root, process)
        raise
    try:
        yield private
    finally:
        private.engine.close()
        _end(root, private.process)


def _end(root: Path, process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()
    _end_leftovers(root)


def _dockerd(root: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    # In a network of its own, where its docker0 and the real engine's can't be the same.
    command = [
        "unshare", "--net", program("dockerd"), "--data-root", str(_data(root)), "--exec-root", str(root / "exec"),
        "--pidfile", str(root / "pid"), "--host", f"unix://{root}/docker.sock", "--init-path", program("docker-init"),
        "--iptables=false", "--ip6tables=false", *options,
    ]  # fmt: skip
    path = f"{HOME}/usr/bin:{HOME}/usr/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    with (root / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": path}, start_new_session=True)


def _end_leftovers(root: Path) -> None:
    """Kill what a daemon that was killed leaves behind: its containerd and shims, and the containers below those."""
    parents, ours = {}, set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The name, in parentheses, may have spaces; the state and the parent's id come after it.
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if f"{root}/".encode() in (folder / "cmdline").read_bytes():
                ours.add(int(folder.name))
    while below := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= below
    for pid in ours:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _await(root: Path, process: subprocess.Popen[bytes]) -> Engine:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return connect(f"unix://{root}/docker.sock")
        except EngineUnavailableError:
            time.sleep(0.1)
    return pytest.fail(f"the spare engine did not start:\n{(root / 'log').read_text()[-2000:]}")


def copy_image(image: str, source: Engine, target: Engine) -> None:
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE, env=source.cli_environment()) as save:
        subprocess.run(["docker", "load", "--quiet"], stdin=save.stdout, check=True, env=target.cli_environment())
    assert save.returncode == 0


def _unmount(root: Path) -> None:
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if f" {root}/" in line]
    for folder in reversed(mounted):
        subprocess.run(["umount", "--lazy", folder], check=True)
