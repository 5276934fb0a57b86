"""The specification of a container in the terms of `docker run`: Mount, Port, Limits, RunSpec; and the RunResult."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from jupyter_docker.values.errors import MountError, UnsavedResultsError, UsageError
from jupyter_docker.values.image import PROJECT_ROOT
from jupyter_docker.values.mount_arguments import MountArguments, target_of

CACHE_VOLUME_PREFIX = "jupyter-containerize-cache-"  # volumes of what can be made again
_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_BIND_OPTIONS = {"ro", "rw", "z", "Z"}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_MIN_MEMORY = 6 * 2**20  # below it the engine refuses
_MAX_MEMORY = 2**63  # the engine counts in 64 bits
_HIGHEST_PORT = 65535
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", re.ASCII)
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_MAX_DURATION = 365 * 86400  # threads and locks count no further than some 290 years
_ABSOLUTE = re.compile(r"(/.*):(/[^:]*)(?::([^:/]*))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A bind mount (``source`` is an absolute path) or a named volume (``source`` is its name).

    ``make`` is whether the source is a folder to be made first, without which a run can go on all the same.
    """

    kind: Literal["bind", "volume"]
    source: str
    target: PurePosixPath
    read_only: bool = False
    make: bool = False

    @classmethod
    def parse(cls, text: str, *, folder: Path, workdir: PurePosixPath = PROJECT_ROOT) -> Mount:
        """Return the mount of ``SRC:DST[:ro]``.

        A source with a slash or a leading dot or tilde is a path, relative to ``folder``; any other is a named volume,
        as in Docker. A relative target is below ``workdir``, the notebook's folder in the image. An absolute source may
        have colons in it where the target is absolute too, so that ``str`` of any mount is read back. Raises
        UsageError; `check` looks at the disk.
        """
        source, target, *options = _split(text)
        if not source or not target or len(options) > 1 or "\0" in text or "\n" in text:
            raise UsageError(
                f"'{text}' is not a mount.", hint="Write SOURCE:TARGET or SOURCE:TARGET:ro, as in -v ./data:data:ro"
            )
        flags = set(options[0].split(",")) if options else set()
        if not flags <= _BIND_OPTIONS:
            raise UsageError(f"'{text}': '{options[0]}' is not a mount option.", hint="Use :ro for read-only.")
        # Docker takes // for /, where pathlib keeps it as POSIX does.
        where = workdir / re.sub("^/+", "/", target)
        if ".." in where.parts:
            raise UsageError(
                f"'{text}': '{target}' can't be a target, which has no '..' in it.",
                hint=f"In the container that path is {target_of(where, workdir)}: write it so.",
            )
        if workdir.is_relative_to(where):
            raise UsageError(
                f"'{text}': '{target}' can't be a target, it would hide the notebook's own files.",
                hint=f"Mount a folder below it, such as {workdir}/data",
            )
        if _is_path(source):
            path = (folder / Path(source).expanduser()).resolve()
            return cls(kind="bind", source=str(path), target=where, read_only="ro" in flags)
        if not _VOLUME.fullmatch(source):
            raise UsageError(f"'{text}': '{source}' is neither a path nor a volume's name.", hint=f"Write ./{source}")
        return cls(kind="volume", source=source, target=where, read_only="ro" in flags)

    def check(self) -> None:
        """Raise MountError where a bind source is missing: Docker would make it, as a folder that root owns."""
        if self.kind == "bind" and not Path(self.source).exists():
            raise MountError(
                f"The mount source '{self.source}' does not exist.",
                hint="Create it first, or correct the path; nothing was built or run.",
            )

    def __str__(self) -> str:
        return f"{self.source}:{self.target}" + (":ro" if self.read_only else "")


def check_inside(mounts: Iterable[Mount], roots: Sequence[Path]) -> None:
    """Raise MountError for a bind source that, symbolic links followed, is in none of ``roots``; none is no limit."""
    allowed = [root.resolve() for root in roots]
    for mount in mounts:
        source = Path(mount.source).resolve()
        if allowed and mount.kind == "bind" and not any(source.is_relative_to(root) for root in allowed):
            names = " or ".join(f"'{root}'" for root in allowed)
            raise MountError(
                f"'{source}' can't be mounted at '{mount.target}': it is outside {names}.",
                hint="Copy it to there, or leave it out; or let --mount-root, which the server's configuration "
                "gives (c.ContainerizeServer.mount_roots), name its folder too.",
            )


def _split(text: str) -> list[str]:
    """Return the source, the target and the options of a mount, as many as there are; all empty where it is none."""
    if absolute := _ABSOLUTE.fullmatch(text):
        return [part for part in absolute.groups() if part is not None]
    drive, rest = re.fullmatch(r"((?:[A-Za-z]:(?=[\\/]))?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    source, *others = rest.split(":") if ":" in rest else ["", ""]
    return [drive + source, *others]


def _is_path(source: str) -> bool:
    return source.startswith((".", "~")) or "/" in source or "\\" in source


@dataclass(frozen=True, kw_only=True)
class Port:
    """A published port; ``host`` 0 is any free one, ``address`` is the loopback unless the user chose another."""

    container: int
    host: int = 0
    address: str = "127.0.0.1"
    protocol: Literal["tcp", "udp"] = "tcp"

    @classmethod
    def parse(cls, text: str) -> Port:
        """Return the port of ``[[ADDRESS:]HOST:]CONTAINER[/udp]``; raises UsageError."""
        match = re.fullmatch(
            r"(?:(?:(?P<address>\[[0-9a-fA-F:]+\]|[0-9.]+):)?(?P<host>\d{0,5}):)?(?P<container>\d{1,5})(?:/(?P<protocol>tcp|udp))?",
            text,
            re.ASCII,
        )
        numbers = [int(match[key] or 0) for key in ("host", "container")] if match else []
        if match is None or max(numbers) > _HIGHEST_PORT or numbers[1] == 0:
            raise UsageError(f"'{text}' is not a port.", hint="Write HOST:CONTAINER, as in -p 8080:80")
        return cls(
            container=numbers[1],
            host=numbers[0],
            address=(match["address"] or "127.0.0.1").strip("[]"),
            protocol="udp" if match["protocol"] == "udp" else "tcp",
        )

    def __str__(self) -> str:
        return f"{self.address}:{self.host}:{self.container}/{self.protocol}"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a container may use: ``memory`` in bytes, ``cpus`` in cores; None is no limit.

    ``shared_memory`` is how large /dev/shm may grow, in bytes; None is half of the memory. ``timeout`` is how many
    seconds it may run.
    """

    memory: int | None = None
    cpus: float | None = None
    pids: int | None = None
    shared_memory: int | None = None
    timeout: float | None = None


def parse_memory(text: str) -> int:
    """Return the bytes of ``512m`` or ``2g``; raises UsageError."""
    match = _SIZE.fullmatch(text.strip())
    size = float(match[1]) * _UNITS[match[2].lower()] if match else 0
    if not _MIN_MEMORY <= size < _MAX_MEMORY:
        raise UsageError(f"'{text}' is not an amount of memory.", hint="Write it as 512m or 2g; the least is 6m.")
    return int(size)


def parse_duration(text: str) -> float:
    """Return the seconds of ``90``, ``90s``, ``10m`` or ``1h30m``; raises UsageError."""
    match = _DURATION.fullmatch(text.strip())
    parts = zip(match.groups(), _SECONDS.values(), strict=True) if match else ()
    seconds = sum(float(number or 0) * size for number, size in parts)
    if not 0 < seconds <= _MAX_DURATION:
        raise UsageError(
            f"'{text}' is not an amount of time.", hint="Write it as 90s, 10m or 1h30m; a year is the most."
        )
    return seconds


def duration_text(seconds: float) -> str:
    """Return the seconds as `parse_duration` reads them: "1h30m"."""
    rest, text = seconds, ""
    for unit, size in _SECONDS.items():
        count = rest / size if unit == "s" else rest // size
        rest -= count * size
        text += f"{count:g}{unit}" if count else ""
    return text or "0s"


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """One container to be: ``command`` None is the image's own; ``user`` None is the caller's uid:gid.

    ``workdir`` is where it begins, the image's own where it is empty. ``mount_arguments`` are for mounts that it lacks.
    """

    image: str
    command: tuple[str, ...] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    limits: Limits = Limits()
    gpus: str = ""
    network: str = ""
    user: str | None = None
    detach: bool = False
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    workdir: str = ""
    mount_arguments: MountArguments = field(default_factory=MountArguments)


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """How a container ended; times are the engine's, ISO 8601.

    ``log`` is the file of all it printed, ``rescued`` are copies of the files it wrote that no mount keeps. Where some
    are only in the container, it is kept, and ``unsaved`` says so. ``timed_out`` says that it was stopped at the end of
    its timeout, whatever it made of that.
    """

    container_id: str
    name: str
    exit_code: int
    oom_killed: bool = False
    timed_out: bool = False
    started: str = ""
    finished: str = ""
    log: Path | None = None
    rescued: tuple[Path, ...] = ()
    unsaved: UnsavedResultsError | None = None

    @property
    def ok(self) -> bool:
        """Whether it ended by itself, and well."""
        return self.exit_code == 0 and not self.timed_out
