"""A cause of failures: the words of a log that it is known by, and for each kind of step what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from jupyter_docker.values import Advice, Fix, RunSpec, system_package_fix

Step: TypeAlias = Literal["script", "verification", "build", "lock", "kernel", "start"]
PackageTable: TypeAlias = Literal["headers", "libraries", "links", "tools"]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known of a failed step beside its log.

    ``spec`` is the container that ran. ``debian_package`` gives the package that has what a build lacks, by the kind of
    thing and its name; empty where that is not known.
    """

    spec: RunSpec = field(default_factory=lambda: RunSpec(image=""))
    debian_package: Callable[[PackageTable, str], str] = lambda _kind, _name: ""


Resolve: TypeAlias = Callable[[str, Context], Advice]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A class of failures, ``kind``, known by any of ``patterns`` in the log of a step that ``hints`` names.

    A hint is text, or what makes it of the pattern's first group and the context; ``{0}`` in it is that group, ``{1}``
    what to add to the command, from the table ``lacks`` of Debian packages (else ``unknown``), and ``{image}`` the
    container's. ``message`` says what failed, where the step has no words of its own. ``also`` are Debian packages that
    go with the one that is lacking.
    """

    kind: str
    patterns: tuple[str, ...]
    hints: Mapping[Step, str | Resolve]
    message: str = ""
    lacks: PackageTable | None = None
    unknown: str = ""
    also: tuple[str, ...] = ()

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.MULTILINE) for pattern in self.patterns)

    def find(self, log: str, *, last: bool = False) -> re.Match[str] | None:
        """Return the first match in ``log``, or the last one."""
        for pattern in self._compiled:
            if last and (matches := list(pattern.finditer(log))):
                return matches[-1]
            if not last and (found := pattern.search(log)):
                return found
        return None

    def advice(self, step: Step, name: str, context: Context) -> Advice:
        """Return what to do about it in that step; ``name`` is what the pattern found."""
        hint = self.hints[step]
        if callable(hint):
            return hint(name, context)
        fixes = self._fixes(name, context)
        addition = f"add it with {fixes[0].arguments}" if fixes and self._package(name, context) else self.unknown
        return Advice(hint=hint.format(name, addition, image=context.spec.image), fixes=fixes)

    def _package(self, name: str, context: Context) -> str:
        return context.debian_package(self.lacks, name) if self.lacks else ""

    def _fixes(self, name: str, context: Context) -> tuple[Fix, ...]:
        packages = dict.fromkeys(filter(None, (self._package(name, context), *self.also)))
        return tuple(map(system_package_fix, packages))
