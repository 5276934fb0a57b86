"""The checks of the engine itself: version, builder, disk, memory, limits, processor."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from jupyter_docker.doctor.check import Check
from jupyter_docker.engine import Engine, disk_usage, host_platform
from jupyter_docker.values import run_program

_OLDEST_ENGINE = (20, 10)
_GOOD_ENGINE = (23, 0)
_OLDEST_BUILDX = (0, 13)  # the first with rawjson
_LITTLE_DISK, _ENOUGH_DISK = 10**9, 5 * 10**9
_ENOUGH_MEMORY = 2 * 2**30
_LIMITS = {"MemoryLimit": "--memory", "CpuCfsQuota": "--cpus", "PidsLimit": "the limit of processes"}


def check_version(engine: Engine) -> Check:
    """Whether the engine is one that this package is tested with."""
    kind = "Podman" if engine.podman else "Docker Engine"
    detail = f"{kind} {engine.version}, at {engine.endpoint}" + (
        f" (context {engine.context})" if engine.context != "default" else ""
    )
    if not engine.podman and _numbers(engine.version) < _OLDEST_ENGINE:
        return Check(name="engine", level="problem", detail=detail, remedy="Upgrade it to 23.0 or newer.")
    if not engine.podman and _numbers(engine.version) < _GOOD_ENGINE:
        return Check(name="engine", level="advice", detail=detail, remedy="Docker Engine 23.0 or newer builds faster.")
    return Check(name="engine", detail=detail)


def check_builder(engine: Engine) -> Check:
    """Whether builds have BuildKit, with its cache and secrets."""
    if engine.podman and engine.has_build_mounts:
        return Check(name="builder", detail="Podman's own")
    if engine.podman:
        return _classic("this Podman's builder has no secrets", "upgrade to Podman 4 or newer.")
    if engine.buildx_program is None:
        return _classic("buildx is not installed", "install the docker-buildx plugin (docker-buildx-plugin on Debian).")
    lines: list[str] = []
    run_program([str(engine.buildx_program), "version"], on_line=lines.append, env=engine.cli_environment())
    version = next((word for line in lines for word in line.split() if re.match(r"v?\d+\.\d+", word)), "")
    if _numbers(version) < _OLDEST_BUILDX:
        return Check(
            name="builder",
            level="problem",
            detail=f"buildx {version} is too old.",
            remedy="Upgrade it to 0.13 or newer.",
        )
    return Check(name="builder", detail=f"BuildKit through buildx {version}")


def check_disk(engine: Engine) -> Check:
    """Look at what is free where the engine keeps images, if this machine can see it, and at what they use."""
    usage = disk_usage(engine)
    cache = sum(record.get("Size") or 0 for record in usage.get("BuildCache") or ())
    used = f"images use {_gigabytes(usage.get('LayersSize') or 0)}, the build cache {_gigabytes(cache)}"
    root = Path(engine.info.get("DockerRootDir") or "")
    if not engine.local or not root.is_absolute():
        return Check(name="disk", detail=used)
    free = shutil.disk_usage(root).free
    detail = f"{_gigabytes(free)} free at {root}; {used}"
    if free >= _ENOUGH_DISK:
        return Check(name="disk", detail=detail)
    return Check(
        name="disk",
        level="problem" if free < _LITTLE_DISK else "advice",
        detail=detail,
        remedy="Free some: jupyter containerize prune --build-cache",
        repair="free",
    )


def check_memory(engine: Engine) -> Check:
    """Look at what containers can have at the most."""
    memory, cpus = engine.info.get("MemTotal") or 0, engine.info.get("NCPU") or 0
    detail = f"{memory / 2**30:.1f} GiB and {cpus} CPUs for all containers"
    if memory and memory < _ENOUGH_MEMORY:
        return Check(
            name="memory", level="advice", detail=detail, remedy="Give the engine more (Docker Desktop: Resources)."
        )
    return Check(name="memory", detail=detail)


def check_limits(engine: Engine) -> Check:
    """Whether the engine can hold a container to --memory, --cpus and a number of processes."""
    missing = [option for key, option in _LIMITS.items() if engine.info.get(key) is False]
    if missing:
        return Check(
            name="limits",
            level="advice",
            detail=f"The engine can't enforce {', '.join(missing)}.",
            remedy="Its kernel needs these cgroup controllers; a rootless engine needs cgroup v2 and delegation.",
        )
    return Check(name="limits", detail="memory, CPUs and processes can be limited")


def check_architecture(engine: Engine) -> Check:
    """Whether images for the engine run at this machine's own speed."""
    own, engines = host_platform().partition("/")[2], engine.architecture
    if own != engines:
        return Check(
            name="processor",
            level="advice",
            detail=f"The engine is {engines}, this machine {own}.",
            remedy="Packages are locked for the engine's; wheels that only this machine has are not used.",
        )
    return Check(name="processor", detail=f"linux/{engines}")


def _classic(why: str, remedy: str) -> Check:
    return Check(
        name="builder",
        level="advice",
        detail=f"{why}: builds use the classic builder, without its cache for packages and without private indexes.",
        remedy=f"To have these, {remedy}",
    )


def _numbers(version: str) -> tuple[int, ...]:
    """Return (28, 5) of "28.5.2+dfsg4"; a version that can't be read counts as new."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (999,)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
