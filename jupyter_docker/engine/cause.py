"""One known cause of failed builds: the words that it is known by, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jupyter_docker.fixes import Advice, system_package_fix
from jupyter_docker.freeze.system_table import system_table


@dataclass(frozen=True)
class Cause:
    """A cause that is known by its words: any of ``patterns``, of which a group is the ``{0}`` of ``hint``.

    ``{1}`` is what to add to the command, from the table ``kind`` of Debian packages; ``unknown`` where it has none.
    ``also`` are Debian packages that the hint names beside it.
    """

    patterns: tuple[str, ...]
    hint: str
    kind: Literal["headers", "libraries", "links", "tools", ""] = ""
    unknown: str = ""
    also: tuple[str, ...] = ()

    def explain(self, log: str) -> Advice:
        """Return what to do where the log has one of the patterns, else nothing."""
        for pattern in self.patterns:
            found = re.search(pattern, log, re.IGNORECASE | re.MULTILINE)
            if found:
                name = next((group for group in found.groups() if group), "")
                return self._advice(name)
        return Advice()

    def _advice(self, name: str) -> Advice:
        package = system_table().for_building(self.kind, name) if self.kind else ""
        packages = (*([package] if package else []), *self.also)
        hint = self.hint.format(name, f"add it with --apt {package}" if package else self.unknown)
        return Advice(hint=hint, fixes=tuple(map(system_package_fix, dict.fromkeys(packages))))
