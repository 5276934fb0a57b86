"""The image: what decides its content, the build context, and what the engine has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias

from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import Pin, Requirements
from jupyter_docker.values.script import Script

LABEL_PREFIX = "jupyter-containerize."
PROJECT_ROOT = PurePosixPath("/app")  # the notebook's project in the image
Secret: TypeAlias = str | Path
"""What a build may read and an image never has: a file of the host's, or the text itself, which is in no file."""

RUNNER_FOLDER = PurePosixPath("/opt/containerize")  # of the programs that run the script
IMPORT_FOLDER = PurePosixPath("/opt/containerize/modules")  # of the user's modules from outside the notebook's folder


@dataclass(frozen=True, kw_only=True)
class BaseSystem:
    """What a base image has beside Python: ``release`` is Debian's or Ubuntu's name for it, such as "bookworm".

    ``libraries`` are the names that the dynamic linker finds them by, ``programs`` those on PATH.
    """

    release: str = ""
    libraries: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    has_apt: bool = True


@dataclass(frozen=True, kw_only=True)
class InstalledPackage:
    """A package of an image: of Python's ("pypi"), or of Debian's ("deb") with the ``architecture`` that it is for."""

    kind: Literal["pypi", "deb"]
    name: str
    version: str
    architecture: str = ""


@dataclass(frozen=True, kw_only=True)
class ImagePackages:
    """All packages of an image, and its system: "debian", and "12" where it says that.

    ``unread`` names the kinds of packages that could not be listed.
    """

    packages: tuple[InstalledPackage, ...]
    system: str = "debian"
    system_version: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sbom:
    """A software bill of materials: ``text`` is a CycloneDX document in JSON."""

    text: str

    def as_json(self) -> Any:
        """Return the document as JSON has it."""
        return json.loads(self.text)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides the image's content.

    With ``kernel``, the pins of ipykernel and what it needs beside ``requirements``, the image is a Jupyter kernel: it
    has the code's packages and local modules, but not the script. With ``lab``, the pins of JupyterLab beside those, it
    opens there. ``arguments`` are what its script is given where its run has none. ``workdir`` is the notebook's folder
    in the image, at its place in the project.
    """

    base: ImageReference
    script: Script
    requirements: Requirements
    kernel: tuple[Pin, ...] = ()
    lab: tuple[Pin, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    user: str = "1000:1000"
    workdir: PurePosixPath = PROJECT_ROOT

    @property
    def pins(self) -> tuple[Pin, ...]:
        """All that is installed in the image."""
        return (*self.requirements.pins, *self.kernel, *self.lab)

    @property
    def entrypoint(self) -> Sequence[str]:
        """The exec form of what the container runs; it works in any working directory."""
        return ("python", str(RUNNER_FOLDER / "run_task.py"), str(self.workdir / self.script.name))


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """The folder that ``docker build`` is given; ``digest`` (64 hex) is of the paths and bytes of ``files``."""

    root: Path
    dockerfile: Path
    files: tuple[PurePosixPath, ...]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that the engine has. ``size`` is in bytes; ``digest`` is the manifest's where the engine knows one.

    ``python_version`` is the "3.11.7" that official Python images declare; empty where the image does not say.
    """

    id: str
    reference: ImageReference
    size: int
    platform: str
    labels: Mapping[str, str]
    digest: str = ""
    created: str = ""
    python_version: str = ""
