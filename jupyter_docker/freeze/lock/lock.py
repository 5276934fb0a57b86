"""Roots to pins: closed over their dependencies and hashed, at the versions that the environment has."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.closure import Closure, find_closure, target_markers
from jupyter_docker.freeze.distributions.resolve import Root
from jupyter_docker.freeze.lock.failure import IndexUnreachableError, SourceOnlyError, VersionMissingError
from jupyter_docker.freeze.lock.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.lock.local_wheels import LocalWheel, local_wheel
from jupyter_docker.freeze.lock.request import LockRequest
from jupyter_docker.freeze.lock.resolver import Locked, LockInputs, compile_lock
from jupyter_docker.values import Distribution, Emit, LockError, Pin, PythonEnvironment, Warned
from jupyter_docker.values import disk_cache as cache

_MEGABYTE = 1_000_000


def lock(
    roots: Sequence[Root],
    environment: PythonEnvironment,
    *,
    python_version: str,
    platform: str = "linux/amd64",
    allow_build: Collection[str] = (),
    emit: Emit,
) -> tuple[Pin, ...]:
    """Return a pin for each root and each distribution that they need, by name.

    ``python_version`` ("3.11.7") and ``platform`` are the image's. Of ``allow_build`` what the index has only as source
    is pinned to that, and what it needs is not known. What is installed keeps its version; what no index
    has comes as a wheel of what is installed. A lock that was made before from the same is not made again; one that is
    made where no index answers has no hashes. Raises LockError.
    """
    if not roots:
        return ()
    closure = find_closure(roots, environment, target_markers(python_version, platform))
    if closure.conflicts:
        emit(_inconsistent(closure))
    request = LockRequest(roots=roots, environment=environment, closure=closure)
    return _Lock(request, python_version=python_version, platform=platform, allow_build=allow_build, emit=emit).pins()


class _Lock:
    """One lock in the making: ``wheels`` are of what no index has, as far as that is known."""

    def __init__(
        self, request: LockRequest, *, python_version: str, platform: str, allow_build: Collection[str], emit: Emit
    ) -> None:
        self._request = request
        self._python_version, self._platform, self._emit = python_version, platform, emit
        self._settings = read_index_settings()
        self._wheels: dict[str, LocalWheel] = {}
        self._allow_build, self._sources = frozenset(allow_build), dict[str, Locked]()

    def pins(self) -> tuple[Pin, ...]:
        """Return the pins, by name; raises LockError."""
        for name, each in self._request.closure.distributions.items():
            if each.origin or each.editable:
                self._wheels[name] = self._wheel(each)
        locked = self._locked()
        return tuple(self._pin(each) for each in sorted([*locked, *self._sources.values()], key=lambda each: each.name))

    def _locked(self) -> Sequence[Locked]:
        while True:
            inputs = self._inputs()
            try:
                return _kept_or_compiled(inputs, self._settings, self._request.environment)
            except SourceOnlyError as error:
                if error.name in self._allow_build - self._sources.keys():
                    self._sources[error.name] = self._source(error.name)
                else:
                    self._wheels[error.name] = self._in_place_of(error)
            except VersionMissingError as error:
                self._wheels[error.name] = self._in_place_of(error)
            except IndexUnreachableError as error:
                return self._from_metadata(error)

    def _inputs(self) -> LockInputs:
        inputs = self._request.inputs(self._wheels, python_version=self._python_version, platform=self._platform)
        return replace(
            inputs,
            requirements=tuple(line for line in inputs.requirements if _name(line) not in self._sources),
            excludes=tuple(sorted({*inputs.excludes, *self._sources})),
        )

    def _source(self, name: str) -> Locked:
        """Return the source distribution of ``name``; raises LockError."""
        inputs = self._request.inputs({}, python_version=self._python_version, platform=self._platform)
        lines = [*inputs.requirements, *inputs.constraints, *inputs.overrides]
        line = next((each for each in lines if _name(each) == name), name)
        request = replace(
            inputs, requirements=(line,), constraints=(), overrides=(), excludes=(), exact=True, from_source=True
        )
        (locked,) = compile_lock(request, self._settings, interpreter=self._request.environment.executable)
        return locked

    def _wheel(self, distribution: Distribution) -> LocalWheel:
        return local_wheel(distribution, self._request.environment, platform=self._platform, emit=self._emit)

    def _in_place_of(self, error: VersionMissingError) -> LocalWheel:
        """Return a wheel of what is installed in place of what the index does not have; raises ``error`` without."""
        installed = self._request.closure.distributions.get(error.name)
        if installed is None or error.name in self._wheels:
            raise self._named(error)
        try:
            wheel = self._wheel(installed)
        except LockError:
            raise self._named(error) from None
        size = wheel.path.stat().st_size / _MEGABYTE
        missing = f"The package index does not have '{error.name}' {installed.version}"
        if isinstance(error, SourceOnlyError):
            missing += " as a wheel"
        message = f"{missing}, so it is packed from what is installed here ({size:,.1f} MB)."
        hint = "If another index has it, add that to pip's configuration: pip config set global.extra-index-url URL"
        self._emit(Warned(step="freeze", message=message, hint=hint))
        return wheel

    def _named(self, error: VersionMissingError) -> VersionMissingError:
        """Return the error with who asks for a distribution that would have to be built."""
        if isinstance(error, SourceOnlyError):
            known = (
                any(each.name == error.name for each in self._request.roots)
                or error.name in self._request.closure.parents
            )
            why = "; ".join(self._request.reasons(error.name)) if known else "another package needs it"
            first, _, rest = error.message.partition("\n")
            error.message = f"{first.removesuffix('.')} ({why}).\n{rest}"
        return error

    def _from_metadata(self, error: IndexUnreachableError) -> list[Locked]:
        """Return what is installed of the closure, without hashes; raises ``error`` where that is not all."""
        if not all(root.version for root in self._request.roots):
            raise error
        first = error.message.partition("\n")[0]
        self._emit(
            Warned(
                step="freeze",
                message=f"{first} The versions are those installed here, but the lock has no hashes, and nothing that "
                "only the image's platform needs.",
                hint="Freeze again while online before you share the image.",
            )
        )
        closure = sorted(self._request.closure.distributions.items())
        return [Locked(name=name, version=each.version, hashes=()) for name, each in closure]

    def _pin(self, locked: Locked) -> Pin:
        name = canonicalize_name(locked.name)
        root = next((each for each in self._request.roots if each.name == name), None)
        wheel = self._wheels.get(name)
        hashes = (wheel.digest,) if wheel and locked.hashes else locked.hashes
        return Pin(
            name=name,
            version=locked.version,
            extras=root.extras if root else (),
            hashes=hashes,
            origin=wheel.origin if wheel else "",
            wheel=wheel.path if wheel else None,
            why=(*self._request.reasons(name), *((f"from {wheel.origin}",) if wheel else ())),
            cells=root.cells if root else (),
            direct=root is not None,
            from_source=name in self._sources,
        )


def _name(line: str) -> str:
    """Return the normalized name of a requirement's line."""
    return canonicalize_name(re.split(r"[^\w.-]", line, maxsplit=1)[0])


def _inconsistent(closure: Closure) -> Warned:
    return Warned(
        step="freeze",
        message="What is installed contradicts itself: " + "; ".join(closure.conflicts) + ". It is pinned as it is.",
        hint="If the notebook runs here it will run there; `pip check` in the kernel says the same.",
    )


def _kept_or_compiled(
    inputs: LockInputs, settings: IndexSettings, environment: PythonEnvironment
) -> tuple[Locked, ...]:
    key = cache.digest(asdict(inputs), settings.public(), version("uv"))
    kept = _read_kept(cache.load("locks", key))
    if kept is not None:
        return kept
    try:
        locked = compile_lock(inputs, settings, interpreter=environment.executable)
    except IndexUnreachableError as error:
        try:  # uv's cache can have all of it
            return compile_lock(inputs, settings, interpreter=environment.executable, offline=True)
        except LockError:
            raise error from None
    cache.store("locks", key, [asdict(each) for each in locked])
    return locked


def _read_kept(kept: object) -> tuple[Locked, ...] | None:
    """Return a lock from the cache; None where there is none, or not as this version keeps it."""
    try:
        return tuple(Locked(**{**each, "hashes": tuple(each["hashes"])}) for each in kept) if kept else None  # type: ignore[attr-defined]
    except (KeyError, TypeError):
        return None
