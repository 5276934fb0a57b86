"""Roots to pins: closed over their dependencies and hashed, at the versions that the environment has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version

from packaging.utils import canonicalize_name

from jupyter_docker.errors import LockError
from jupyter_docker.events import Emit, Warned
from jupyter_docker.freeze import cache
from jupyter_docker.freeze.closure import Closure, find_closure, target_markers
from jupyter_docker.freeze.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.lock_failure import VersionMissingError
from jupyter_docker.freeze.redaction import redacted_urls
from jupyter_docker.freeze.resolve import Root
from jupyter_docker.freeze.resolver import Locked, Question, compile_lock
from jupyter_docker.freeze.versions import same_version
from jupyter_docker.models import Distribution, Pin, PythonEnvironment


def lock(
    roots: Sequence[Root],
    environment: PythonEnvironment,
    *,
    python_version: str,
    platform: str = "linux/amd64",
    emit: Emit,
) -> tuple[Pin, ...]:
    """Return a pin for each root and each distribution that they need, by name.

    ``python_version`` ("3.11.7") and ``platform`` are the image's. What is installed keeps its version. A lock that was
    made before from the same is not made again. Raises LockError.
    """
    if not roots:
        return ()
    closure = find_closure(roots, environment, target_markers(python_version, platform))
    _check_origins(closure)
    if closure.conflicts:
        emit(_inconsistent(closure))
    question = _question(roots, environment, closure, python_version=python_version, platform=platform)
    locked = _locked(question, read_index_settings(), environment)
    for each in locked:
        _compare(each, closure, emit)
    return tuple(_pin(each, roots, closure) for each in locked)


def _check_origins(closure: Closure) -> None:
    """Raise LockError where the closure has what no index has: a release of that name might be someone else's."""
    for name, distribution in closure.distributions.items():
        if distribution.origin:
            needed = f" (needed by {', '.join(closure.parents[name])})" if name in closure.parents else ""
            raise LockError(
                f"'{name}' {distribution.version}{needed} was installed from '{redacted_urls(distribution.origin)}', "
                "not from a package index, so there is no release to pin.",
                hint=f"Put its code beside the notebook, or install a release: %pip install --force-reinstall {name}",
            )


def _inconsistent(closure: Closure) -> Warned:
    return Warned(
        step="freeze",
        message="What is installed contradicts itself: " + "; ".join(closure.conflicts) + ". It is pinned as it is.",
        hint="If the notebook runs here it will run there; `pip check` in the kernel says the same.",
    )


def _question(
    roots: Sequence[Root], environment: PythonEnvironment, closure: Closure, *, python_version: str, platform: str
) -> Question:
    """Return what to ask. Where the environment contradicts itself its versions override what is required of them."""
    # What the user declared but has not installed brings dependencies that the closure does not know.
    known = all(root.version for root in roots)
    distributions = closure.distributions.values() if known else environment.distributions
    versions = tuple(sorted(_exact(each) for each in distributions if each.version and not each.origin))
    return Question(
        requirements=tuple(root.requirement for root in roots),
        constraints=() if closure.conflicts else versions,
        overrides=versions if closure.conflicts else (),
        excludes=closure.absent,
        python_version=python_version,
        platform=platform,
    )


def _exact(distribution: Distribution) -> str:
    return f"{canonicalize_name(distribution.name)}=={distribution.version}"


def _locked(question: Question, settings: IndexSettings, environment: PythonEnvironment) -> tuple[Locked, ...]:
    key = cache.digest(asdict(question), settings.public(), version("uv"))
    kept = _read_kept(cache.load("locks", key))
    if kept is not None:
        return kept
    locked = _compile(question, settings, environment)
    cache.store("locks", key, [asdict(each) for each in locked])
    return locked


def _read_kept(kept: object) -> tuple[Locked, ...] | None:
    """Return a lock from the cache; None where there is none, or not as this version keeps it."""
    try:
        return tuple(Locked(**{**each, "hashes": tuple(each["hashes"])}) for each in kept) if kept else None  # type: ignore[attr-defined]
    except (KeyError, TypeError):
        return None


def _compile(question: Question, settings: IndexSettings, environment: PythonEnvironment) -> tuple[Locked, ...]:
    try:
        return compile_lock(question, settings, interpreter=environment.executable)
    except VersionMissingError:
        public = _without_local_versions(question)
        if public == question:
            raise
        return compile_lock(public, settings, interpreter=environment.executable)


def _without_local_versions(question: Question) -> Question:
    """Return the question with "2.1" for "2.1+cpu": a build of someone's own may be of a release that the index has."""
    return replace(
        question,
        requirements=tuple(_public(line) for line in question.requirements),
        constraints=tuple(_public(line) for line in question.constraints),
        overrides=tuple(_public(line) for line in question.overrides),
    )


def _public(line: str) -> str:
    name, pinned, version_ = line.partition("==")
    return name + pinned + version_.partition("+")[0]


def _compare(locked: Locked, closure: Closure, emit: Emit) -> None:
    installed = closure.distributions.get(canonicalize_name(locked.name))
    if installed is not None and not same_version(installed.version, locked.version):
        emit(
            Warned(
                step="freeze",
                message=f"'{locked.name}' is {installed.version} here, a build that the package index does not have; "
                f"{locked.version} is pinned in its place. It can behave differently, or be larger.",
                hint="Add the index that it came from to pip's configuration (extra-index-url), and freeze again.",
            )
        )


def _pin(locked: Locked, roots: Sequence[Root], closure: Closure) -> Pin:
    root = next((each for each in roots if each.name == locked.name), None)
    parents = closure.parents.get(locked.name) or [each.name for each in roots if not each.version]
    why = root.why if root else (f"needed by {', '.join(parents)}",)
    return Pin(
        name=locked.name,
        version=locked.version,
        extras=root.extras if root else (),
        hashes=locked.hashes,
        why=why,
    )
