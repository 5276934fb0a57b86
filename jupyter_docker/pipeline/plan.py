"""The plan of a run: its image and its mounts, with nothing built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jupyter_docker.freeze import requirements_text
from jupyter_docker.gate import Unmet
from jupyter_docker.image import dockerfile_text
from jupyter_docker.pipeline.preparation import PYTHON_LABEL
from jupyter_docker.values import Port, Recipe, RunSpec, Warned


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The image as ``recipe``, the container as ``spec``, and what was warned of on the way.

    ``folder`` is the notebook's. ``variables`` are the names that the container is given, and whether each has a value
    here; ``unmet`` is what the notebook asks for and nobody has allowed; ``live`` says that the running kernel told
    what it has loaded.
    """

    notebook: Path
    folder: Path
    recipe: Recipe
    spec: RunSpec
    variables: Mapping[str, bool]
    warnings: tuple[Warned, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    live: bool = False

    @property
    def python(self) -> str:
        """The image's Python: "3.11.7"."""
        return self.recipe.labels[PYTHON_LABEL]

    @property
    def ports(self) -> tuple[str, ...]:
        """The ports as -p takes them."""
        return tuple(map(_port, self.spec.ports))

    def exists(self, path: str) -> bool:
        """Whether the file or folder that the notebook uses is there."""
        return (self.folder / path).exists()

    def as_json(self) -> dict[str, Any]:
        """Return it as the schema ``Plan`` of the server's openapi.yaml."""
        return {
            "notebook": str(self.notebook),
            "python": self.python,
            "base": str(self.recipe.base),
            "dockerfile": dockerfile_text(self.recipe),
            "workdir": str(self.recipe.workdir),
            "parameters": [each._asdict() for each in self.recipe.script.parameters],
            "script": {"name": self.recipe.script.name, "text": self.recipe.script.text},
            "lock": requirements_text(self.recipe.requirements),
            **self._needs(),
            "mounts": [
                {"kind": each.kind, "source": each.source, "target": str(each.target), "read_only": each.read_only}
                for each in self.spec.mounts
            ],
            "env": [{"name": name, "is_set": is_set} for name, is_set in self.variables.items()],
            "ports": list(self.ports),
            "unmet": [each.as_json() for each in self.unmet],
            "warnings": [
                {"message": each.message, "hint": each.hint, "fixes": [asdict(fix) for fix in each.fixes]}
                for each in self.warnings
            ],
            "live": self.live,
        }

    def _needs(self) -> dict[str, Any]:
        needs = self.recipe.requirements
        return {
            "packages": [
                {key: getattr(pin, key) for key in ("name", "version", "why", "cells", "direct")} for pin in needs.pins
            ],
            "system": [asdict(each) for each in needs.system],
            "local": [
                {"path": self.shown(each.source), "target": str(each.target), "why": each.why} for each in needs.local
            ],
            "data": [
                {"path": path, "access": each.access, "why": each.why, "exists": self.exists(path)}
                for each in needs.data
                for path in [str(each.path)]
            ],
            "unresolved": [{"name": each.name, "where": each.where} for each in needs.unresolved],
            "candidates": [asdict(each) for each in needs.candidates],
        }

    def shown(self, source: Path) -> str:
        """Return the path of a local file, from the notebook's folder where it is in there."""
        return source.relative_to(self.folder).as_posix() if source.is_relative_to(self.folder) else str(source)


def _port(port: Port) -> str:
    protocol = "/udp" if port.protocol == "udp" else ""
    address = "" if port.address == "127.0.0.1" else f"{port.address}:"
    host = f"{port.host or ''}:" if port.host or address else ""
    return f"{address}{host}{port.container}{protocol}"
