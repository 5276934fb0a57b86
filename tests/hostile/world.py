"""The world of the corpus: a home with decoys, an index that listens, a server, and all that tells what happened."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from uv import find_uv_bin

from tests.hostile import fork_server
from tests.hostile.case import KERNEL
from tests.hostile.index import add_source, add_wheel, logging_index
from tests.server.real_server import RealServer, real_server

NEEDLE = "d3c0y" + secrets.token_hex(4)  # in every decoy, and nowhere else
_PACKAGES = ("ipython", "matplotlib", "numpy", "pandas", "requests", "sqlalchemy", "sound", "typosquat")
_SOURCES = ("source-only", "source-too")
_DECOYS = (
    ".ssh/id_rsa", ".aws/credentials", ".gnupg/private-keys-v1.d/key", ".kube/config", ".git-credentials", ".pypirc",
    ".config/gcloud/credentials.db", ".bash_history", ".jupyter/jupyter_server_config.py.bak", ".env", "taxes.csv",
    "Documents/private.txt", "work/above.txt", "work/neighbour/data/private.csv", "work/neighbour/secrets.py",
    "work/.env", "work/.hidden/private.txt",
)  # fmt: skip
# Where this program, Jupyter, the server's other extensions and buildx keep their own.
_OWN = (".cache", ".local/state/jupyter-containerize", ".local/share/jupyter", ".npm", ".docker/buildx")
_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command came to."""

    status: int
    stdout: str
    stderr: str


@dataclass(kw_only=True)
class World:
    """The home ``home``, whose folder ``work`` the server serves; ``outside`` is a tree that nobody may touch."""

    root: Path
    environment: Mapping[str, str]
    asked: list[str]
    server: RealServer | None = None
    forker: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def work(self) -> Path:
        return self.home / "work"

    @property
    def outside(self) -> Path:
        return self.root / "outside"

    @property
    def marks(self) -> Path:
        return self.root / "marks"

    @property
    def server_log(self) -> Path:
        return self.root / "server.log"

    @property
    def places(self) -> dict[str, str]:
        """What the texts of cases may name."""
        mark = self.marks / "ran"
        python = f"try: import os as _o; _o.close(_o.open({str(mark)!r}, _o.O_CREAT))\nexcept OSError: pass\n"
        return {
            "@HOME@": str(self.home), "@OUTSIDE@": str(self.outside),
            "@MARK@": python, "@SHMARK@": f": > '{mark}' 2>/dev/null || true",
        }  # fmt: skip

    def command(self, *words: str, folder: Path, forked: bool = True) -> Outcome:
        """Run ``jupyter-containerize``: forked of a program that has its imports, else as a person does."""
        out, err = self.root / "stdout", self.root / "stderr"
        status = (self._fork if forked else self._start)(words, folder, out, err)
        return Outcome(status=status, stdout=out.read_text(errors="replace"), stderr=err.read_text(errors="replace"))

    def _start(self, words: Sequence[str], folder: Path, out: Path, err: Path) -> int:
        program = Path(sys.executable).with_name("jupyter-containerize")
        with out.open("wb") as stdout, err.open("wb") as stderr:
            done = subprocess.run(
                [program, *words], cwd=folder, env=dict(self.environment), stdin=subprocess.DEVNULL,
                stdout=stdout, stderr=stderr, check=False, timeout=_SECONDS,
            )  # fmt: skip
        return done.returncode

    def _fork(self, words: Sequence[str], folder: Path, out: Path, err: Path) -> int:
        assert self.forker is not None
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        name = secrets.token_hex(8)
        asked = {"name": name, "words": list(words), "folder": str(folder), "stdout": str(out), "stderr": str(err)}
        self.forker.stdin.write(f"{json.dumps(asked)}\n".encode())
        self.forker.stdin.flush()
        while (answer := self.forker.stdout.readline().decode()).split()[:1] not in ([name], []):
            continue  # of a command that an earlier test did not wait for
        return int(answer.split()[1])

    def plan(self, notebook: Path) -> tuple[int, Any]:
        """Ask the server for a plan; returns the status and what it said."""
        assert self.server is not None
        try:
            return 200, self.server.ask("plan", {"notebook": str(notebook.relative_to(self.work))}, timeout=_SECONDS)
        except HTTPError as error:
            text = error.read().decode(errors="replace")
            return error.code, text

    def state(self) -> dict[str, str]:
        """Return what tells whether anything in the home or outside of it was changed, but for our own folders."""
        own = {self.home / name for name in _OWN}
        found: dict[str, str] = {}
        for top in (self.home, self.outside):
            for folder, names, files in os.walk(top):
                names[:] = [name for name in names if Path(folder, name) not in own]
                found |= {str(path): _state(path) for path in (Path(folder, name) for name in (*names, *files))}
        return found

    def own_files(self) -> Iterator[Path]:
        """Yield what this program keeps: its state, its cache and its temporary folders."""
        for top in (self.home / ".cache/jupyter-containerize", self.home / ".local/state", self.root / "tmp"):
            yield from (path for path in top.rglob("*") if path.is_file() and not path.is_symlink())

    def leaks(self, *texts: str) -> list[str]:
        """Return where a decoy is: in ``texts``, requests of the index, the server's log, the files that we keep."""
        found = [f"text: {_around(text)}" for text in texts if NEEDLE in text.lower()]
        found += sorted({f"asked the index: {each[:150]}" for each in self.asked if NEEDLE in each.lower()})
        found += [f"server's log: {_around(log)}" for log in [self.log()] if NEEDLE in log.lower()]
        return found + [str(path) for path in self.own_files() if has_needle(path.read_bytes())]

    def log(self) -> str:
        return self.server_log.read_text(errors="replace") if self.server_log.exists() else ""


@contextmanager
def make_world(root: Path, *, serve: bool = True) -> Iterator[World]:
    """Make it in the folder ``root``, with the server where that is asked for."""
    packages = root / "index"
    for name in _PACKAGES:
        add_wheel(packages, name)
    mark = root / "marks" / "built"
    for name in _SOURCES:
        add_source(packages, name, f"open({str(mark)!r}, 'w')\nfrom setuptools import setup\nsetup(name={name!r})\n")
    with logging_index(packages, f"{NEEDLE}-index") as (url, asked):
        world = World(root=root, environment=_environment(root), asked=asked)
        for folder in (world.marks, root / "tmp", world.outside / "project", world.home / ".local/state"):
            folder.mkdir(parents=True)
        _place_decoys(world, url)
        _place_kernel(world, url)
        if not serve:
            yield world
            return
        with _serving(world):
            yield world


@contextmanager
def _serving(world: World) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(world.environment)
    try:
        with real_server(world.work, world.server_log) as server:
            os.environ.clear()
            os.environ.update(before)
            world.server = server
            with _forking(world):
                yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _forking(world: World) -> Iterator[None]:
    command = [sys.executable, "-P", fork_server.__file__]
    with subprocess.Popen(
        command, env=dict(world.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as world.forker:
        yield
        assert world.forker.stdin is not None
        world.forker.stdin.close()


def _environment(root: Path) -> dict[str, str]:
    kept = {
        name: os.environ[name] for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "LANG", "LC_ALL") if name in os.environ
    }
    return {
        **kept, "HOME": str(root / "home"), "TMPDIR": str(root / "tmp"), "UV_CACHE_DIR": str(root / "uv-cache"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AWS_SECRET_ACCESS_KEY": f"{NEEDLE}-aws", "GITHUB_TOKEN": f"{NEEDLE}-github", "DB_PASSWORD": f"{NEEDLE}-db",
    }  # fmt: skip


def _place_decoys(world: World, url: str) -> None:
    for name in _DECOYS:
        path = world.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{NEEDLE}-{re.sub(r'[^a-z]', '', name)}==1.0\n")
    for path in (world.outside / "private.txt", world.outside / "project" / "secret_module.py"):
        path.write_text(f"{NEEDLE} = 1\n")
    (world.home / ".netrc").write_text(
        f"machine 127.0.0.1 login corpus password {NEEDLE}-index\n"
        f"machine other.invalid login a password {NEEDLE}-other\n"
    )
    (world.home / ".netrc").chmod(0o600)
    configuration = world.home / ".docker" / "config.json"
    configuration.parent.mkdir()
    configuration.write_text(json.dumps({"auths": {"registry.invalid": {"auth": "Yjpj", "identitytoken": NEEDLE}}}))
    plugins = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "cli-plugins"
    if plugins.exists():
        (configuration.parent / "cli-plugins").symlink_to(plugins)
    pip = world.home / ".config/pip/pip.conf"
    pip.parent.mkdir(parents=True, exist_ok=True)
    pip.write_text(f"[global]\nindex-url = {url}\n")


def _place_kernel(world: World, url: str) -> None:
    venv = world.root / "venv"
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "-q", "--no-config", "--python", sys.executable, str(venv)], check=True)
    known = [name for name in _PACKAGES if name not in ("ipython", "typosquat")]
    command = [uv, "pip", "install", "-q", "--no-config", "--python", str(venv), "--default-index", url, *known]
    subprocess.run(command, check=True, env={**os.environ, "UV_CACHE_DIR": str(world.root / "uv-cache")})
    spec = world.home / ".local/share/jupyter/kernels" / KERNEL / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(venv / "bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "Corpus", "language": "python"}))


def has_needle(content: bytes) -> bool:
    """Whether a decoy is in it."""
    return NEEDLE.encode() in content.lower()


def _state(path: Path) -> str:
    status = path.lstat()
    if stat.S_ISREG(status.st_mode):
        return f"{status.st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return f"{status.st_mode:o} {os.readlink(path) if stat.S_ISLNK(status.st_mode) else ''}"  # noqa: PTH115


def _around(text: str) -> str:
    at = text.lower().find(NEEDLE)
    return text[max(0, at - 200) : at + 200]
