"""The closure of the roots by the metadata of what is installed, and where that contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from packaging.markers import Marker, default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.resolve import Root
from jupyter_docker.freeze.distributions.versions import allows
from jupyter_docker.values import Distribution, PythonEnvironment

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True, kw_only=True)
class Closure:
    """The installed distributions that the roots need, themselves included, by normalized name.

    ``parents`` are who needs each. ``conflicts`` are sentences on what is needed in another version than the installed
    one, or needed and not installed; the latter's names are ``absent``.
    """

    distributions: Mapping[str, Distribution]
    parents: Mapping[str, tuple[str, ...]]
    conflicts: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def target_markers(python_version: str, platform: str) -> dict[str, str]:
    """Return the variables of markers in an image of ``platform`` ("linux/amd64") with that Python ("3.11.7")."""
    machine = platform.split("/")[1] if "/" in platform else platform
    return {
        **{name: str(value) for name, value in default_environment().items()},
        "implementation_name": "cpython",
        "implementation_version": python_version,
        "os_name": "posix",
        "platform_machine": _MACHINES.get(machine, machine),
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": python_version,
        "python_version": ".".join(python_version.split(".")[:2]),
        "sys_platform": "linux",
    }


def find_closure(roots: Iterable[Root], environment: PythonEnvironment, markers: Mapping[str, str]) -> Closure:
    """Return the closure over Requires-Dist, for the platform of ``markers``.

    What is required there and not installed here is absent only where this machine is such a platform itself.
    """
    installed: dict[str, Distribution] = {canonicalize_name(each.name): each for each in environment.distributions}
    same_platform = environment.platform == f"{markers['sys_platform']}-{markers['platform_machine']}"
    reached: dict[str, Distribution] = {}
    parents: dict[str, set[str]] = defaultdict(set)
    conflicts: dict[str, None] = {}
    absent: set[str] = set()
    pending = [(root.name, extra) for root in roots for extra in ("", *root.extras) if root.name in installed]
    seen = set(pending)
    platform = tuple(markers.items())
    while pending:
        name, extra = pending.pop()
        reached[name] = installed[name]
        for needed in _required(installed[name].requires, extra, platform):
            child = canonicalize_name(needed.name)
            parents[child].add(name)
            present = installed.get(child)
            if present is None and same_platform:
                absent.add(child)
                conflicts[f"'{name}' needs '{needed}', which is not installed"] = None
            elif present is not None and not allows(needed.specifier, present.version):
                conflicts[f"'{name}' needs '{needed}', but {present.version} is installed"] = None
            new = {(child, each) for each in ("", *needed.extras)} - seen if present else set()
            seen |= new
            pending += new
    return Closure(
        distributions=reached,
        parents={child: tuple(sorted(names)) for child, names in parents.items()},
        conflicts=tuple(sorted(conflicts)),
        absent=tuple(sorted(absent)),
    )


@lru_cache(maxsize=10_000)
def _required(requires: tuple[str, ...], extra: str, platform: tuple[tuple[str, str], ...]) -> tuple[Requirement, ...]:
    """Return those of the lines that hold with ``extra`` on the platform of these markers, without their own marker."""
    markers = {**dict(platform), "extra": extra}
    parsed = [each for line in requires if (each := _parsed(line))]
    return tuple(requirement for requirement, marker in parsed if marker is None or marker.evaluate(markers))


@lru_cache(maxsize=10_000)
def _parsed(line: str) -> tuple[Requirement, Marker | None] | None:
    """Return the requirement and, apart from it, its marker; None for one of an old setup.py, which pip leaves out."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return None
    marker, requirement.marker = requirement.marker, None
    return requirement, marker
