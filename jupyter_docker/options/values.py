"""The words of the command → BuildChoices and RunSpec."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jupyter_docker.choices import BuildChoices
from jupyter_docker.errors import UsageError
from jupyter_docker.export import parse_parameters, read_requirement_file
from jupyter_docker.freeze import read_answer
from jupyter_docker.models import Declared, SystemPackage
from jupyter_docker.mount_words import MountWords
from jupyter_docker.reference import ImageReference
from jupyter_docker.runspec import Limits, Mount, Port, RunSpec, check_inside, parse_memory

# Debian policy 5.6.1, with an optional =version as apt-get takes it.
_DEBIAN_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+(?:=[A-Za-z0-9.+~:-]+)?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTAINER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_PLATFORM = re.compile(r"[a-z]+/[a-z0-9_]+(?:/[a-z0-9]+)?")
_GPUS = re.compile(r"all|\d+|device=[\w:/.-]+(?:,[\w:/.-]+)*")
_USER = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]*(?::[0-9A-Za-z_][0-9A-Za-z_.-]*)?")


def build_choices(args: argparse.Namespace, notebook: Path, *, live: bool = False) -> BuildChoices:
    """Return what the words say of the image; raises UsageError for a word that Docker or apt would not take."""
    choices = BuildChoices(
        notebook=notebook,
        base=ImageReference.parse(args.base) if args.base else None,
        system=tuple(_system_package(name) for name in args.apt),
        mounted=tuple(Mount.parse(text, folder=Path.cwd()).target for text in getattr(args, "volume", ())),
        mount_roots=tuple(getattr(args, "mount_root", ())),
        without_system=tuple(_system_package(name).name for name in args.no_apt),
        declared=(*_declared(args.requirement), *map(_with_requirement, args.with_)),
        project=_project(args.project, notebook),
        kernel=args.kernel,
        python=args.python,
        live=live and not args.kernel,
        loaded=read_answer(args.loaded) if getattr(args, "loaded", None) else None,
        parameters=parse_parameters(args.parameter),
        tags=tuple(ImageReference.parse(tag) for tag in getattr(args, "tag", ())),
        cache=getattr(args, "cache", True),
        platform=_matching(_PLATFORM, args.platform, "platform", "Write it as linux/amd64 or linux/arm64."),
    )
    return replace(choices, start=choices.folder) if live else choices


def run_spec(args: argparse.Namespace, folder: Path) -> RunSpec:
    """Return the container that the words describe, the image left open; relative mount sources are below ``folder``.

    Raises UsageError for bad words, MountError for a source that is missing or in no --mount-root.
    """
    mounts = {mount.target: mount for mount in (Mount.parse(text, folder=folder) for text in args.volume)}
    check_inside(mounts.values(), args.mount_root)
    for mount in mounts.values():
        mount.check()
    return RunSpec(
        image="",
        mounts=tuple(mounts.values()),
        env=dict(environment(args.env, args.env_file)),
        ports=tuple(Port.parse(text) for text in args.publish),
        limits=Limits(memory=parse_memory(args.memory) if args.memory else None, cpus=_cpus(args.cpus)),
        gpus=_matching(_GPUS, args.gpus, "choice of GPUs", "Write all, a number, or device=0,1."),
        network=_matching(_CONTAINER, args.network, "network", "`docker network ls` lists them."),
        user=_matching(_USER, args.user, "user", "Write it as UID or UID:GID, such as 1000:1000.") or None,
        detach=args.detach,
        name=_matching(_CONTAINER, args.name, "container name", "Use letters, digits, and . _ - after the first."),
        words=MountWords(start=folder),
    )


def environment(words: Sequence[str], files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield the variables of env files (as `docker run --env-file` reads them), then of ``NAME=VALUE`` and ``NAME``."""
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield from _variable(line.lstrip(), where=f"{file}, line {number}: ")
    for word in words:
        yield from _variable(word)


def variables(words: Sequence[str], files: Sequence[Path]) -> dict[str, bool]:
    """Return the names of the variables, and whether each has a value; one that is passed on may have none here."""
    found = dict.fromkeys((name for name, _ in environment((), files)), True)
    for word in words:
        name, has_value, _ = word.partition("=")
        is_set = bool(has_value) or name in os.environ
        found |= dict.fromkeys((name for name, _ in environment([word if is_set else f"{word}="], ())), is_set)
    return found


def _variable(word: str, where: str = "") -> Iterator[tuple[str, str]]:
    name, has_value, value = word.partition("=")
    if not _VARIABLE.fullmatch(name) or "\0" in value:
        raise UsageError(f"{where}'{word}' is not a variable.", hint="Write NAME=VALUE, or NAME to pass on your own.")
    if has_value:
        yield name, value
    elif name in os.environ:
        yield name, os.environ[name]
    else:
        raise UsageError(f"{where}'{name}' is not set here.", hint=f"Set the variable, or write {name}=VALUE.")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise UsageError(f"The file '{file}' can't be read: {reason}.", hint="Check the path.") from error


def _project(folder: Path | None, notebook: Path) -> Path | None:
    if folder is None:
        return None
    if not Path(os.path.realpath(notebook.parent)).is_relative_to(os.path.realpath(folder)):
        raise UsageError(f"'{folder}' does not hold the notebook, so it is not its project.", hint="Name one above it.")
    return folder.absolute()


def _declared(files: Sequence[str]) -> Iterator[Declared]:
    for file in files:
        yield from read_requirement_file(Path(file), why=f"-r {file}")


def _with_requirement(text: str) -> Declared:
    """Return what ``--with`` or the notebook's metadata asks for; behind a # stands why."""
    requirement, _, why = text.partition(" #")
    return Declared(requirement=requirement.strip(), why=why.strip() or f"--with {requirement.strip()}")


def _system_package(text: str) -> SystemPackage:
    name, _, why = text.partition(" #")
    name = name.strip()
    _matching(_DEBIAN_PACKAGE, name, "Debian package", "Write its name as apt-get takes it, such as libgomp1.")
    return SystemPackage(name=name, why=why.strip() or "--apt")


def _matching(pattern: re.Pattern[str], text: str | None, noun: str, hint: str) -> str:
    if text and not pattern.fullmatch(text):
        raise UsageError(f"'{text}' is not a {noun}.", hint=hint)
    return text or ""


def _cpus(cpus: float | None) -> float | None:
    if cpus is not None and not 0 < cpus < float("inf"):
        raise UsageError(f"'{cpus}' is not a number of CPUs.", hint="Write a positive number, such as 1.5.")
    return cpus
