"""A filter of a cell's lines: install lines go to the freeze, and what means nothing outside a notebook goes away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from jupyter_docker.gate import Project
from jupyter_docker.notebook.escapes import HELP, Replacement, without_credentials
from jupyter_docker.notebook.installs import Install, parse_install
from jupyter_docker.notebook.requirements import inline_requirements, read_requirement_file
from jupyter_docker.values import Declared, Emit, Fix, UsageError, Warned, system_package_fix

INSTALLED = Replacement(note="installed in the image")
NEEDLESS = Replacement(note="not needed in a container")
ASKED = Replacement(note="help is for who reads the notebook")
_NEEDLESS = re.compile(
    r"%(?:matplotlib\b.*|config\s+InlineBackend\b.*|autoreload\b.*|containerize\b.*|aimport\s+-.*|"
    r"(?:re)?load_ext\s+(?:autoreload|jupyter_docker)\s*(?:#.*)?)"
)
_AIMPORT = re.compile(r"%aimport\s+(?P<modules>[\w.]+(?:\s*,\s*[\w.]+)*)\s*")
_MAX_SHOWN = 200  # characters of a line
_SYSTEM_INSTALL = re.compile(r"!\s*(?:sudo\s+)?apt(?:-get)?\s.*\binstall\b(?P<rest>.*)")


@dataclass(kw_only=True)
class LineFilter:
    """Judges the IPython lines of cell ``number``; collects what they declare. Files are relative to ``folder``."""

    number: int
    folder: Path
    emit: Emit
    declared: list[Declared] = field(default_factory=list)
    warned: set[Warned] = field(default_factory=set)

    def replacement(self, text: str) -> Replacement | None:
        """Return what takes the place of a line that starts with ``%`` or ``!``, or of HELP; None where it stays."""
        if text == HELP:
            return ASKED
        if _NEEDLESS.fullmatch(text):
            return NEEDLESS
        if aimport := _AIMPORT.fullmatch(text):
            return Replacement(note="not reloaded in a container", statement=f"import {aimport['modules']}")
        install = parse_install(text)
        if install is not None:
            return self._declare(install, text)
        if system := _SYSTEM_INSTALL.match(text):
            fixes = [system_package_fix(word) for word in system["rest"].split() if word[0].isalnum()]
            hint = f"Give them as options: {' '.join(fix.arguments for fix in fixes)}"
            self._warn("installs system packages, which a container may not", hint=hint, fixes=fixes)
        return None

    def read_inline(self, text: str) -> None:
        """Take what a PEP 723 block in the cell declares."""
        try:
            found = inline_requirements(text)
        except ValueError as error:
            self._warn(f"has a '# /// script' block that can't be read: {error}", hint="See PEP 723 for its form.")
        else:
            self._add(found, "# /// script")

    def _declare(self, install: Install, text: str) -> Replacement | None:
        self._add(install.requirements, text)
        self._add(install.conda, text, conda=True)
        project = Project.of(self.folder) if install.files else None
        for file in install.files:
            try:
                found = read_requirement_file(self.folder / file, why=self._why(text), project=project)
                self.declared += [replace(one, cell=self.number) for one in found]
            except UsageError as error:
                self._warn(f"installs from a file: {error.message.removesuffix('.')}", hint=error.hint)
        if install.index:
            hint = "Set it for pip or uv (`pip config set global.extra-index-url …`): that is used, and kept secret."
            self._warn("names a package index", hint=hint)
        if install.variable:
            self._warn(f"installs {install.variable[0]}, which only the run can tell", hint="Write the names out.")
        if not install.alone:
            self._warn("installs packages and more in one line, which runs in the container", hint="Write two lines.")
        return INSTALLED if install.alone and not install.variable else None

    def _add(self, requirements: list[str], what: str, *, conda: bool = False) -> None:
        why, new = self._why(what), dict.fromkeys(requirements)
        self.declared += [Declared(requirement=one, why=why, cell=self.number, conda=conda) for one in new]

    def _why(self, what: str) -> str:
        line = without_credentials(what)
        return f"cell {self.number}: {line if len(line) <= _MAX_SHOWN else line[:_MAX_SHOWN] + '…'}"

    def _warn(self, what: str, *, hint: str, fixes: Iterable[Fix] = ()) -> None:
        warned = Warned(step="export", message=f"Cell {self.number} {what}.", hint=hint, fixes=tuple(fixes))
        if warned not in self.warned:
            self.warned.add(warned)
            self.emit(warned)
