"""The table of what a notebook may ask for by itself, kind by kind, and what it takes to let it have the rest.

Three verdicts: ``allowed`` without a question; ``consent``, which a person gives by the words of the command or by the
panel's button, once for this very value; ``refused``, which only the words of the command allow.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, TypeAlias

from jupyter_docker.gate.project import HIDDEN, OUTSIDE, Project
from jupyter_docker.gate.wishes import WishKind
from jupyter_docker.values import ImageReference, Mount, Port, UsageError, load_defaults

Verdict: TypeAlias = Literal["allowed", "consent", "refused"]
# What the code of a notebook asks for, beside its metadata.
CodeKind: TypeAlias = Literal["data", "file", "requirement file"]

_LOWEST_PORT = 1024  # those below belong to services of the machine
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Site:
    """What is known of where the notebook is opened.

    ``base_image`` is the default one, ``{python}`` standing for a version; ``allowed_base_images`` are patterns.
    """

    project: Project
    base_image: str = "python:{python}-slim"
    allowed_base_images: Sequence[str] = ()

    @classmethod
    def of(cls, notebook: Path, *, project: Path | None = None) -> Site:
        """Return that of a notebook, with what is configured; ``project`` is the folder that a person named."""
        defaults = load_defaults()
        return cls(
            project=Project.of(notebook.absolute().parent, named=project),
            base_image=defaults.base_image,
            allowed_base_images=tuple(defaults.allowed_base_images),
        )


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the table says of one value.

    ``wish`` completes "The notebook asks …"; ``arguments`` are what a person types to allow it.
    """

    verdict: Verdict
    wish: str = ""
    arguments: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row: what kind it is about, in words, and how a value of it is judged.

    ``judge`` raises UsageError for a value that no option would take.
    """

    about: str
    verdicts: str
    judge: Callable[[str, Site], Ruling] = field(repr=False)


ALLOWED: Final = Ruling(verdict="allowed")


def _allow(_value: str, _site: Site) -> Ruling:
    return ALLOWED


def _consent(wish: str, option: str, value: str) -> Ruling:
    return Ruling(verdict="consent", wish=wish, arguments=f"{option} {shlex.quote(value)}")


def _refuse(wish: str, option: str, value: str) -> Ruling:
    return Ruling(verdict="refused", wish=wish, arguments=f"{option} {shlex.quote(value)}")


def _base(value: str, site: Site) -> Ruling:
    reference = str(ImageReference.parse(value))
    default = re.escape(site.base_image).replace(r"\{python\}", r"\d+(\.\d+)*")
    known = re.fullmatch(default, reference) or any(fnmatchcase(reference, each) for each in site.allowed_base_images)
    return ALLOWED if known else _consent(f"for the base image '{value}', whose programs build it", "--base", value)


def _distribution(wish: str, option: str) -> Callable[[str, Site], Ruling]:
    def judge(value: str, _site: Site) -> Ruling:
        if not _DISTRIBUTION.fullmatch(value):
            raise UsageError(f"'{value}' is not a package.", hint="Write its name alone, such as scikit-learn.")
        return _consent(wish.format(value), option, value)

    return judge


def _mount(value: str, site: Site) -> Ruling:
    mount = Mount.parse(value, folder=site.project.folder, workdir=site.project.workdir)
    if mount.kind == "volume":
        return _refuse(f"for the volume '{mount.source}', which may be another project's", "-v", value)
    problem = site.project.refusal(mount.source)
    if site.project.folder.is_relative_to(mount.source) and not (problem and problem != HIDDEN):
        return _consent(f"to mount its whole folder, '{mount.source}'", "-v", value)
    where = "outside its own folder" if problem == OUTSIDE else f"which {problem}"
    return _refuse(f"to mount '{mount.source}', {where}", "-v", value) if problem else ALLOWED


def _variable(value: str, _site: Site) -> Ruling:
    if not _VARIABLE.fullmatch(value):
        raise UsageError(f"'{value}' is not a variable.", hint="Write NAME=VALUE, or NAME to pass on your own.")
    return _consent(f"for your variable '{value}'", "-e", value)


def _port(value: str, _site: Site) -> Ruling:
    port = Port.parse(value)
    if not ip_address(port.address).is_loopback:
        return _consent(f"to open port '{value}' to other machines", "-p", value)
    if 0 < port.host < _LOWEST_PORT:
        return _consent(f"for port {port.host} of this machine, which is a service's", "-p", value)
    return ALLOWED


def _network(value: str, _site: Site) -> Ruling:
    wish = f"for the network '{value}', where other programs of yours may be"
    return ALLOWED if value == "none" else _consent(wish, "--network", value)


def _gpus(value: str, _site: Site) -> Ruling:
    return _consent(f"for GPUs ({value})", "--gpus", value)


def _data(value: str, site: Site) -> Ruling:
    problem = site.project.mount_refusal(value)
    where = f"{value}:{site.project.target(value)}"
    return _refuse(f"for '{value}', which {problem}", "-v", where) if problem else ALLOWED


def _file(value: str, site: Site) -> Ruling:
    problem = site.project.refusal(value)
    return _refuse(f"to run '{value}', which {problem}", "--project", str(Path(value).parent)) if problem else ALLOWED


def _requirement_file(value: str, site: Site) -> Ruling:
    problem = site.project.refusal(value)
    return _refuse(f"for the lines of '{value}', which {problem}", "-r", value) if problem else ALLOWED


TABLE: Final[Mapping[WishKind | CodeKind, Rule]] = {
    "base": Rule(
        about="a base image", verdicts="allowed where it is the default or the site's list has it, else consent",
        judge=_base,
    ),
    "apt": Rule(about="a system package", verdicts="allowed", judge=_allow),
    "no_apt": Rule(about="a system package less", verdicts="allowed", judge=_allow),
    "requirements": Rule(about="a package of the package index, as a wheel", verdicts="allowed", judge=_allow),
    "allow_build": Rule(
        about="a package that the image builds from source", verdicts="consent",
        judge=_distribution("to build '{}' from source, which runs code of whoever uploaded it", "--allow-build"),
    ),
    "allow_mismatch": Rule(
        about="a package whose files on the index are others than those that are installed", verdicts="consent",
        judge=_distribution("for the index's files of '{}', whatever is installed", "--allow-mismatch"),
    ),
    "mounts": Rule(
        about="a mount", judge=_mount,
        verdicts="allowed inside its project; consent for the notebook's whole folder; else refused, as is a volume",
    ),
    "env": Rule(about="a variable with its value", verdicts="allowed", judge=_allow),
    "variable": Rule(about="a variable of the person's own, by name", verdicts="consent", judge=_variable),
    "ports": Rule(
        about="a port", verdicts="allowed on 127.0.0.1 from 1024 on, else consent", judge=_port
    ),
    "memory": Rule(about="a limit of memory", verdicts="allowed", judge=_allow),
    "cpus": Rule(about="a limit of processors", verdicts="allowed", judge=_allow),
    "gpus": Rule(about="GPUs", verdicts="consent", judge=_gpus),
    "network": Rule(about="a network", verdicts="allowed where it is `none`, else consent", judge=_network),
    "data": Rule(
        about="a file or folder that its code names", verdicts="allowed inside its project, else refused", judge=_data
    ),
    "file": Rule(
        about="Python of the person's that its code runs", verdicts="allowed inside its project, else refused",
        judge=_file,
    ),
    "requirement file": Rule(
        about="a requirements file that it installs from", verdicts="allowed inside its project, else refused",
        judge=_requirement_file,
    ),
}  # fmt: skip
