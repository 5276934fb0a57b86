"""A RunSpec in the words of the engine's API, with the defaults that keep a run safe."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.connection.identity import groups_of, uid_gid, user_of
from jupyter_docker.values import Mount, Port, RunSpec, UsageError

if TYPE_CHECKING:
    from docker.types import DeviceRequest
    from docker.types import Mount as EngineMount

    from jupyter_docker.engine.connection.engine import Engine

_NANO = 1_000_000_000
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")


def container_config(
    engine: Engine, spec: RunSpec, image: Mapping[str, Any], *, tethered: bool = False, auto_remove: bool = False
) -> dict[str, Any]:
    """Return the arguments of docker-py's ``create_container``; ``image`` is the image's own ``Config``.

    Raises UsageError where ``gpus`` is not what Docker takes.
    """
    user = user_of(engine, spec)
    return {
        "image": spec.image,
        "command": None if spec.command is None else list(spec.command),
        "user": user,
        "environment": environment(spec, image, user, time_zone()),
        "ports": [(port.container, port.protocol) for port in spec.ports],
        "stdin_open": tethered,
        "working_dir": spec.workdir or None,
        "host_config": engine.client.api.create_host_config(
            auto_remove=auto_remove,
            init=True,  # passes signals on to the script and reaps its children
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            group_add=groups_of(engine, spec),
            mounts=[engine_mount(mount) for mount in spec.mounts],
            port_bindings=port_bindings(spec.ports),
            network_mode=spec.network or None,
            mem_limit=spec.limits.memory,
            shm_size=spec.limits.shared_memory or _shared_memory(engine, spec),
            nano_cpus=None if spec.limits.cpus is None else round(spec.limits.cpus * _NANO),
            pids_limit=spec.limits.pids,
            device_requests=[device_request(spec.gpus)] if spec.gpus else None,
        ),
    }


def _shared_memory(engine: Engine, spec: RunSpec) -> int | None:
    """Return how large /dev/shm may grow, in bytes: half of the memory, as on any Linux.

    Docker's 64 MB are too few for what shares arrays between processes, which then ends in SIGBUS. What is not used
    takes no memory.
    """
    memory = spec.limits.memory or engine.memory
    return memory // 2 if memory else None


def time_zone() -> str:
    """Return the name of this machine's time zone, such as "Europe/Paris"; empty where it can't be told.

    It is TZ, else what /etc/localtime is a link to; see https://www.freedesktop.org/software/systemd/man/localtime.html
    """
    named = os.environ.get("TZ", "").removeprefix(":")
    target = os.path.realpath("/etc/localtime").rpartition("/zoneinfo/")[2]
    zone = named or ("" if target == "/etc/localtime" else target)
    return zone if _ZONE.fullmatch(zone) else ""


def environment(spec: RunSpec, image: Mapping[str, Any], user: str | None, zone: str = "") -> dict[str, str]:
    """Return the variables: the user's, and defaults that neither they nor the image set.

    A user the image does not know has "/" for a home, where nothing can be written. Times are of ``zone``. And Python
    keeps back what it prints to a pipe unless told not to.
    """
    known = {entry.partition("=")[0] for entry in image.get("Env") or ()}
    defaults = {"PYTHONUNBUFFERED": "1"}
    if zone:
        defaults["TZ"] = zone
    numbers = uid_gid(user)
    if numbers is not None and numbers[0] != 0:
        defaults["HOME"] = "/tmp"  # noqa: S108 - the container's own
    return {name: value for name, value in defaults.items() if name not in known} | dict(spec.env)


def engine_mount(mount: Mount) -> EngineMount:
    """Return the mount for the ``Mounts`` API, which refuses a missing source where ``Binds`` would make a folder."""
    from docker.types import Mount as EngineMount

    return EngineMount(target=str(mount.target), source=mount.source, type=mount.kind, read_only=mount.read_only)


def port_bindings(ports: tuple[Port, ...]) -> dict[int | str, Any]:
    """Return the bindings, more than one for a container's port that is published twice."""
    bindings: dict[int | str, Any] = {}
    for port in ports:
        binding = (port.address, port.host or None)
        bindings.setdefault(f"{port.container}/{port.protocol}", []).append(binding)
    return bindings


def device_request(gpus: str) -> DeviceRequest:
    """Return what ``--gpus`` asks for: "all", a number, or "device=0,1"; raises UsageError."""
    from docker.types import DeviceRequest

    capabilities = [["gpu"]]
    if gpus == "all":
        return DeviceRequest(count=-1, capabilities=capabilities)
    if re.fullmatch(r"[1-9]\d{0,2}", gpus, re.ASCII):
        return DeviceRequest(count=int(gpus), capabilities=capabilities)
    if match := re.fullmatch(r"device=([\w:/.-]+(?:,[\w:/.-]+)*)", gpus, re.ASCII):
        return DeviceRequest(device_ids=match[1].split(","), capabilities=capabilities)
    raise UsageError(f"'{gpus}' does not name GPUs.", hint="Write --gpus all, --gpus 2 or --gpus device=0,1")
