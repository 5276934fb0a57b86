"""The request for a lock: the roots as requirements, the environment's versions as constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.closure import Closure
from jupyter_docker.freeze.distributions.resolve import Root
from jupyter_docker.freeze.lock.local_wheels import LocalWheel
from jupyter_docker.freeze.lock.resolver import LockInputs
from jupyter_docker.values import Distribution, PythonEnvironment


@dataclass(frozen=True, kw_only=True)
class LockRequest:
    """The roots, the environment that their versions come from, and their closure in it."""

    roots: Sequence[Root]
    environment: PythonEnvironment
    closure: Closure

    def inputs(self, wheels: Mapping[str, LocalWheel], *, python_version: str, platform: str) -> LockInputs:
        """Return what to ask, ``wheels`` in place of what no index has.

        Where the environment contradicts itself its versions override what is required of them.
        """
        # What the user declared but has not installed brings dependencies that the closure does not know.
        known = all(root.version for root in self.roots)
        distributions = self.closure.distributions.values() if known else self.environment.distributions
        exact = {canonicalize_name(each.name): each for each in distributions if _is_released(each)}
        versions = tuple(sorted(f"{name}=={each.version}" for name, each in exact.items() if name not in wheels))
        return LockInputs(
            requirements=tuple(self._requirements(wheels)),
            constraints=() if self.closure.conflicts else versions,
            overrides=versions if self.closure.conflicts else (),
            excludes=self.closure.absent,
            python_version=python_version,
            platform=platform,
        )

    def reasons(self, name: str) -> tuple[str, ...]:
        """Return why ``name`` is there: the root's reasons, or who needs it."""
        root = next((each for each in self.roots if each.name == name), None)
        parents = self.closure.parents.get(name) or [each.name for each in self.roots if not each.version]
        return root.why if root else (f"needed by {', '.join(parents)}",)

    def _requirements(self, wheels: Mapping[str, LocalWheel]) -> Iterator[str]:
        for root in self.roots:
            extras = f"[{','.join(root.extras)}]" if root.extras else ""
            wheel = wheels.get(root.name)
            yield f"{root.name}{extras} @ {wheel.path.as_uri()}" if wheel else root.requirement
        names = {root.name for root in self.roots}
        yield from (f"{name} @ {wheel.path.as_uri()}" for name, wheel in sorted(wheels.items()) if name not in names)


def _is_released(distribution: Distribution) -> bool:
    return bool(distribution.version) and not distribution.origin and distribution.editable is None
