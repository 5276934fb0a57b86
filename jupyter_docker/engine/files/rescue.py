"""Rescue of files that a script wrote outside any mount: they are copied out before the container is removed."""

from __future__ import annotations

import base64
import json
import os
import posixpath
import re
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.translate import classify, translated
from jupyter_docker.engine.files.unpacking import TooLargeError, Unpacking, members
from jupyter_docker.values import PROJECT_ROOT, Emit, EngineError, Progress, make_private_folder

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine

MAX_BYTES = 2**30

# https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerChanges
_CHANGED, _ADDED = 0, 1
_PIECE = 32 * 1024  # tarfile moves the rest of a piece at each header that it reads of it
_EVERY = 100
_CACHES = {"__pycache__", "lost+found"}
_UNREADABLE = "�"  # the engine's, in JSON, for a byte of a name that is not UTF-8; the archive has the byte
_ABSENT = "it could not be read out of the container"


class SavingError(Exception):
    """Another process saves the files of that container now."""


@dataclass(frozen=True, kw_only=True)
class Rescued:
    """The copies below ``into``, the files that could not be copied and why, and the links and devices that are not."""

    into: Path
    relative: tuple[Path, ...] = ()
    unsaved: Mapping[PurePosixPath, str] = field(default_factory=dict)
    skipped: tuple[PurePosixPath, ...] = ()

    @property
    def saved(self) -> tuple[Path, ...]:
        """Where the copies are."""
        return tuple(self.into / path for path in self.relative)


def written_state(engine: Engine, container: Container) -> str:
    """Return what is another text once the container wrote: empty where it has no working directory below the root.

    Compared before and after a run it says if a look for files is due, which takes the engine 0.4 s for an image of
    8,000 files; this takes 0.01 s. It is when the working directory was last changed, and those above it in the
    notebook's project, and how many bytes the container has beyond its image: a file of the image that is only touched
    counts whole. What it can't see is an empty file in a subfolder that the image has already. Raises EngineError.
    """
    workdir, top = workdir_of(container), results_root(container)
    if workdir == PurePosixPath("/"):
        return ""
    folders = [each for each in (workdir, *workdir.parents) if each.is_relative_to(top)]
    api = engine.client.api
    with translated(f"look into '{container.name}'"):
        times = [_changed(container, folder) for folder in folders]
        sizes = api.get(_url(container, "json"), params={"size": 1}, timeout=api.timeout)
        return " ".join([*times, str(json.loads(sizes.text).get("SizeRw"))])


def is_reachable(container: Container) -> bool:
    """Whether the engine gives archives of its folders: not once the source of a bind mount is gone."""
    with suppress(EngineError), translated(f"look into '{container.name}'"):
        return bool(_changed(container, workdir_of(container)))
    return False


def _changed(container: Container, folder: PurePosixPath) -> str:
    """Return when the folder was last changed, empty where the engine does not say; raises what docker-py raises."""
    api = container.client.api  # type: ignore[union-attr]
    answer = api.head(_url(container, "archive"), params={"path": str(folder)}, timeout=api.timeout)
    if answer.status_code != HTTPStatus.OK:
        return ""
    return str(json.loads(base64.b64decode(answer.headers["X-Docker-Container-Path-Stat"]))["mtime"])


def rescue(
    container: Container, into: Path, *, emit: Emit = lambda _: None, check: Callable[[], None] = lambda: None
) -> Rescued:
    """Copy the files that the ended container has more than its image, below `results_root`, to ``into``.

    Files in mounts are kept by those; caches and what begins with a dot are left. What can't be copied is named and the
    rest is copied all the same. ``into`` is there only when all that could be copied is in it. ``check`` is called
    between files and may raise to give up. Raises EngineError, SavingError, and
    OSError where there can be no such folder.
    """
    wanted = _Wanted.of(container)
    if not wanted.paths:
        return Rescued(into=into)
    with _partial(into, str(container.id)) as partial:
        unpacking = Unpacking(into=partial, allowance=MAX_BYTES, check=check)
        seen = set[PurePosixPath]()
        try:
            _unpack(container, wanted, unpacking, seen=seen, emit=emit)
        except EngineError:
            if not unpacking.saved:
                raise
        missing = {path: _ABSENT for path in wanted.relative() if path not in seen}
        saved = sorted(unpacking.saved)
        if saved:
            into = _renamed(partial, into)
    return Rescued(
        into=into,
        relative=tuple(map(Path, saved)),
        unsaved={**unpacking.unsaved, **missing},
        skipped=tuple(sorted(unpacking.skipped)),
    )


def workdir_of(container: Container) -> PurePosixPath:
    """Return the container's working directory."""
    return PurePosixPath(container.attrs["Config"].get("WorkingDir") or "/")


def results_root(container: Container) -> PurePosixPath:
    """Return the folder that results are looked for in: the notebook's project, else the working directory."""
    workdir = workdir_of(container)
    return PROJECT_ROOT if workdir.is_relative_to(PROJECT_ROOT) else workdir


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """The paths to copy, as `comparable` has them, from a container with those mounts."""

    root: PurePosixPath
    paths: frozenset[PurePosixPath]
    mounts: tuple[PurePosixPath, ...]

    @classmethod
    def of(cls, container: Container) -> _Wanted:
        root = results_root(container)
        mounts = tuple(PurePosixPath(mount["Destination"]) for mount in container.attrs.get("Mounts") or ())
        with translated(f"compare '{container.name}' with its image"):
            changes = {PurePosixPath(str(change["Path"])): int(change["Kind"]) for change in container.diff() or ()}
        paths = frozenset(_comparable(path) for path in _results(changes, root, mounts))
        return cls(root=root, paths=paths, mounts=mounts)

    def relative(self) -> Iterator[PurePosixPath]:
        return (path.relative_to(self.root) for path in self.paths)

    def top(self) -> PurePosixPath:
        """Return the lowest folder, or the only file, that has them all, and a name that can be asked for."""
        top = PurePosixPath(posixpath.commonpath([str(path) for path in self.paths]))
        while _UNREADABLE in str(top):
            top = top.parent
        return top

    def is_mounted_below(self, top: PurePosixPath) -> bool:
        return any(mount.is_relative_to(top) for mount in self.mounts)


def _results(
    changes: Mapping[PurePosixPath, int], root: PurePosixPath, mounts: Iterable[PurePosixPath]
) -> Iterator[PurePosixPath]:
    """Yield what is new or changed; of folders only those that are empty, for all others are above something."""
    above = {parent for path in changes for parent in path.parents}
    above |= {ancestor for mount in mounts for ancestor in (mount, *mount.parents)}
    for path, kind in changes.items():
        is_leaf = kind in (_CHANGED, _ADDED) and path not in above
        if is_leaf and root in path.parents and _is_result(path.relative_to(root)):
            yield path


def _is_result(relative: PurePosixPath) -> bool:
    return not any(part.startswith(".") or part in _CACHES for part in relative.parts)


def _comparable(path: PurePosixPath) -> PurePosixPath:
    """Return the path as it can be compared, whichever way its bytes that are no UTF-8 came."""
    text = os.fsencode(str(path)).decode(errors="replace") if sys.platform != "win32" else str(path)
    return PurePosixPath(re.sub(f"[{_UNREADABLE}\ud800-\udfff]+", _UNREADABLE, text))


def _unpack(
    container: Container, wanted: _Wanted, unpacking: Unpacking, *, seen: set[PurePosixPath], emit: Emit
) -> None:
    """Unpack what is wanted from one archive; what was in it is added to ``seen``."""
    top = wanted.top()
    with translated(f"copy '{top}' from '{container.name}'"), _archive(container, wanted, top) as (archive, parent):
        for member in members(archive):
            path = parent / member.name
            if not path.is_relative_to(top):
                if seen:
                    break  # an export goes on with the rest of the image
                continue
            if (known := _comparable(path)) not in wanted.paths:
                continue
            seen.add(known.relative_to(wanted.root))
            with suppress(TooLargeError):
                unpacking.add(archive, member, path.relative_to(wanted.root))
                _tell(emit, len(seen), len(wanted.paths))
                continue
            break


def _tell(emit: Emit, done: int, total: int) -> None:
    if done % _EVERY == 0 or done == total:
        label = "saving what the run wrote"
        emit(Progress(step="run", item="results", label=label, current=done, total=total, done=done == total))


@contextmanager
def _archive(
    container: Container, wanted: _Wanted, top: PurePosixPath
) -> Iterator[tuple[tarfile.TarFile, PurePosixPath]]:
    """Yield an archive that has ``top``, and the folder that its names begin at.

    The engine puts what is mounted below a folder into the folder's archive, however much it is, and gives none where
    the source of any bind mount is gone: there the archive of the whole container is read, which has no mounts.
    """
    api = container.client.api  # type: ignore[union-attr]
    whole = wanted.is_mounted_below(top) or not is_reachable(container)
    url, parameters = (_url(container, "export"), {}) if whole else (_url(container, "archive"), {"path": str(top)})
    plain = {"Accept-Encoding": "identity"}  # packing it takes longer than sending it
    with api.get(url, params=parameters, headers=plain, stream=True, timeout=api.timeout) as answer:
        if not answer.ok:
            explanation = answer.text.strip()
            raise classify(explanation, answer.status_code)(
                f"Could not copy '{top}' from '{container.name}': {explanation}"
            )
        try:
            with tarfile.open(fileobj=answer.raw, mode="r|", bufsize=_PIECE) as archive:
                yield archive, PurePosixPath("/") if whole else top.parent
        except tarfile.TarError as error:
            raise EngineError(f"Could not read '{top}' from '{container.name}': {error}") from error


def _url(container: Container, what: str) -> str:
    api = container.client.api  # type: ignore[union-attr]
    return f"{api.base_url}/v{api.api_version}/containers/{container.id}/{what}"


@contextmanager
def _partial(into: Path, identity: str) -> Iterator[Path]:
    """Yield a new folder beside ``into``, of that container alone, and remove what is left of it.

    What a killed process left of it is removed first. Raises SavingError where another process is about it.
    """
    make_private_folder(into.parent)
    partial = into.with_name(f".{identity[:12]}.partial")
    with _locked(into.with_name(f".{identity[:12]}.lock")):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file, which is gone afterwards; raises SavingError where another process holds it."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SavingError from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _renamed(partial: Path, into: Path) -> Path:
    """Give the folder its name, or where that is taken one with a number."""
    number, target = 1, into
    while target.exists():
        number += 1
        target = into.with_name(f"{into.name}-{number}")
    return partial.rename(target)
