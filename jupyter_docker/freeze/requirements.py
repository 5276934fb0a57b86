"""The whole freeze: from a script and an environment to all that the image needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.paths import find_data, find_signs
from jupyter_docker.freeze.distributions.candidates import find_candidates, needed_candidates
from jupyter_docker.freeze.distributions.closure import find_closure, target_markers
from jupyter_docker.freeze.distributions.declared import DeclaredRequirement
from jupyter_docker.freeze.distributions.optional import optional_roots
from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root, merged_roots, resolve_roots
from jupyter_docker.freeze.distributions.undeclared import undeclared_roots
from jupyter_docker.freeze.distributions.versions import allows
from jupyter_docker.freeze.lock.lock import lock
from jupyter_docker.freeze.scan.imports import Import, Scan, scan_script
from jupyter_docker.freeze.system.packages import default_base, system_packages
from jupyter_docker.gate import Project
from jupyter_docker.values import (
    BaseSystem,
    Candidate,
    Declared,
    Distribution,
    Emit,
    MountArguments,
    PythonEnvironment,
    Requirements,
    Script,
    SystemPackage,
    Warned,
)
from jupyter_docker.values import disk_cache as cache


def resolve_requirements(
    script: Script,
    environment: PythonEnvironment,
    *,
    declared: Sequence[Declared] = (),
    system: Sequence[SystemPackage] = (),
    without_system: Sequence[str] = (),
    base: BaseSystem | None = None,
    mounted: Sequence[PurePosixPath] = (),
    bounds: Project | None = None,
    start: Path = Path(),
    python_version: str = "",
    platform: str = "linux/amd64",
    allow_build: Collection[str] = (),
    emit: Emit,
) -> Requirements:
    """Return what ``script`` needs beside the base image, pinned to what ``environment`` has.

    Args:
        script: The exported script.
        environment: The Python environment whose versions are pinned.
        declared: The user's own requirements, beside the script's.
        system: The user's own system packages.
        without_system: System packages to leave out.
        base: What the base image has; None is an official one.
        mounted: Absolute targets of the user's own mounts.
        bounds: The notebook's project, which it may name files of.
        start: Where the user would write more mounts.
        python_version: The image's ("3.11.9"), by default the environment's own.
        platform: The image's platform.
        allow_build: Names of distributions that may be built from source.
        emit: Called with each event.

    Raises:
        UnresolvedImportError: Nothing provides an import.
        LockError: The requirements can't be locked.
    """
    folder = script.source.absolute().parent if script.source else Path.cwd()
    bounds = bounds or Project.of(folder)
    scan = scan_script(script)
    version = python_version or environment.python_version
    markers = target_markers(version, platform)
    project = project_constraints(script.project, markers)
    resolution = resolve_roots(
        scan, environment, folder, (*script.declared, *declared), project=project, bounds=bounds, start=start, emit=emit
    )
    scan = scan_script(script, resolution.path_names) if resolution.path_names else scan
    scans = (scan, *resolution.scans)
    roots = merged_roots([*resolution.roots, *_interpreter(script, environment)])
    roots = tuple(_with_extras(root, project) for root in roots)
    roots = _with_optional(roots, scans, environment, markers, script.interpreter)
    roots, candidates = _with_loaded(roots, environment, markers)
    warn_of_conflicts(project, find_closure(roots, environment, markers).distributions, emit)
    pins = lock(roots, environment, python_version=version, platform=platform, allow_build=allow_build, emit=emit)
    return Requirements(
        python=".".join(version.split(".")[:2]),
        pins=pins,
        system=system_packages(
            scans, pins, environment, base=base or default_base(), direct={root.name for root in roots},
            loaded=environment.libraries, chosen=system, left_out=without_system, emit=emit,
        ),
        local=resolution.local,
        paths=resolution.paths,
        unresolved=resolution.unresolved,
        data=find_data(
            scans, folder, project=bounds, copied=resolution.local, mounted=mounted,
            hints=DataHints(MountArguments(folder=folder, start=start, workdir=bounds.workdir), emit),
        ),
        signs=find_signs(scans, bounds),
        candidates=candidates,
    )  # fmt: skip


def _with_extras(root: Root, project: Mapping[str, DeclaredRequirement]) -> Root:
    """Return the root with the extras that the project declares of it."""
    declared = project.get(root.name)
    if declared is None or not declared.requirement.extras or not root.version:
        return root
    return root.merged(Root(name=root.name, extras=tuple(declared.requirement.extras), why=(declared.why,)))


def _with_optional(
    roots: tuple[Root, ...],
    scans: Sequence[Scan],
    environment: PythonEnvironment,
    markers: Mapping[str, str],
    interpreter: str,
) -> tuple[Root, ...]:
    """Return the roots with what the code uses beside their closure; what comes so can be used in turn."""
    providers = Providers(environment)
    imports = [each for scan in scans for each in scan.imports]
    while True:
        reached = find_closure(roots, environment, markers).distributions
        modules = [module for each in reached.values() for module in each.modules]
        libraries = frozenset(module.partition(".")[0] for module in modules)
        found = [each for each in optional_roots(scans, providers, libraries, interpreter) if each.name not in reached]
        found += kept_undeclared(imports, reached, environment)
        if not found:
            return roots
        roots = merged_roots([*roots, *found])


def _with_loaded(
    roots: tuple[Root, ...], environment: PythonEnvironment, markers: Mapping[str, str]
) -> tuple[tuple[Root, ...], tuple[Candidate, ...]]:
    """Return the roots with what a running kernel loaded and surely needs, and what it loaded besides."""
    if not environment.loaded:
        return roots, ()
    reached = find_closure(roots, environment, markers).distributions
    found = find_candidates(reached, environment, markers)
    roots = merged_roots([*roots, *needed_candidates(found, reached, environment)])
    reached = find_closure(roots, environment, markers).distributions
    left = {name: each for each in found if (name := canonicalize_name(each.name)) not in reached}
    return roots, tuple(Candidate(name=name, version=each.version) for name, each in left.items())


def _interpreter(script: Script, environment: PythonEnvironment) -> tuple[Root, ...]:
    """Return IPython where the script runs through it: the installed version, or any where there is none."""
    if script.interpreter != "ipython":
        return ()
    installed = Providers(environment).by_name.get("ipython")
    cells = (cell for cell in script.cells if "get_ipython()" in cell.code and cell.code != cell.source)
    number = next((cell.number for cell in cells), None)
    why = f"cell {number} uses IPython syntax" if number is not None else "the script runs through IPython"
    if installed is None:
        return (Root(name="ipython", declared="ipython", why=(why,), cells=() if number is None else (number,)),)
    return (installed_root(installed, why=why, cell=number),)


def project_constraints(lines: Iterable[Declared], markers: Mapping[str, str]) -> dict[str, DeclaredRequirement]:
    """Return the requirements by normalized name, those for another platform and those without a name left out."""
    found: dict[str, DeclaredRequirement] = {}
    for line in lines:
        try:
            requirement = Requirement(line.requirement)
            applies = requirement.marker is None or requirement.marker.evaluate({**markers, "extra": ""})
        except (InvalidRequirement, UndefinedEnvironmentName):
            continue
        if applies and not requirement.url:
            found.setdefault(
                canonicalize_name(requirement.name), DeclaredRequirement(requirement=requirement, why=line.why)
            )
    return found


def warn_of_conflicts(
    constraints: Mapping[str, DeclaredRequirement], reached: Mapping[str, Distribution], emit: Emit
) -> None:
    """Say which of what is needed is installed in another version than the project declares."""
    for name, each in constraints.items():
        installed = reached.get(name)
        if installed is not None and not allows(each.requirement.specifier, installed.version):
            message = (
                f"'{each.requirement}' is declared ({each.why}), but {installed.version} is installed and is what is "
                "pinned."
            )
            emit(Warned(step="freeze", message=message, hint="Install what is declared, or correct the line."))


def kept_undeclared(
    imports: Sequence[Import], reached: Mapping[str, Distribution], environment: PythonEnvironment
) -> list[Root]:
    """Return what the imported modules of ``reached`` import, and is installed, but not in it."""
    providers = Providers(environment)
    key = cache.digest(
        "undeclared",
        sorted({(each.module, each.members) for each in imports if each.module and not each.optional}),
        sorted(reached),
        [str(folder) for folder in environment.path],
        sorted((name, each.version) for name, each in providers.by_name.items()),
    )
    kept = _read_kept(cache.load("undeclared", key), providers)
    if kept is not None:
        return kept
    seen: set[Path] = set()
    roots = list(undeclared_roots(imports, reached, providers, environment, seen))
    files = {str(file): cache.changed(file) for file in seen}
    cache.store("undeclared", key, {"files": files, "roots": [[root.name, *root.why] for root in roots]})
    return roots


def _read_kept(kept: Any, providers: Providers) -> list[Root] | None:
    """Return the roots of a cache entry; None where there is none, or a file has changed since."""
    try:
        if any(cache.changed(file) != time for file, time in kept["files"].items()):
            return None
        return [installed_root(providers.by_name[canonicalize_name(name)], why=why) for name, why in kept["roots"]]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
