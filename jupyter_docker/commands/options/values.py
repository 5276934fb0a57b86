"""BuildChoices and RunSpec of the person's options and of what the gate let through of the notebook's wishes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from jupyter_docker.freeze import read_answer
from jupyter_docker.gate import Admitted, Project, Wish
from jupyter_docker.notebook import parameter_arguments, read_requirement_file
from jupyter_docker.values import (
    PROJECT_ROOT,
    BuildChoices,
    Declared,
    ImageReference,
    Limits,
    Mount,
    MountArguments,
    Origin,
    Port,
    RunSpec,
    SystemPackage,
    UsageError,
    check_inside,
    parse_duration,
    parse_memory,
)

# Debian policy 5.6.1, with an optional =version as apt-get takes it.
_DEBIAN_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+(?:=[A-Za-z0-9.+~:-]+)?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTAINER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_PLATFORM = re.compile(r"[a-z]+/[a-z0-9_]+(?:/[a-z0-9]+)?")
_GPUS = re.compile(r"all|\d+|device=[\w:/.-]+(?:,[\w:/.-]+)*")
_USER = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]*(?::[0-9A-Za-z_][0-9A-Za-z_.-]*)?")


@dataclass(frozen=True, kw_only=True)
class ImageOptions:
    """What a person said of the image, as the options of the command take it; empty is the default."""

    base: str = ""
    system: tuple[str, ...] = ()
    without_system: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()
    kernel: str | None = None
    python: Path | None = None
    project: Path | None = None
    loaded: Path | None = None
    platform: str = ""
    parameters: tuple[str, ...] = ()
    parameter_files: tuple[Path, ...] = ()
    tags: tuple[str, ...] = ()
    cache: bool = True
    allow_mismatch: tuple[str, ...] = ()
    allow_build: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContainerOptions:
    """What a person said of the container, as the options of the command take it; empty is the default."""

    mounts: tuple[str, ...] = ()
    mount_roots: tuple[Path, ...] = ()
    env: tuple[str, ...] = ()
    env_files: tuple[Path, ...] = ()
    ports: tuple[str, ...] = ()
    gpus: str = ""
    memory: str = ""
    shm_size: str = ""
    cpus: float | None = None
    network: str = ""
    user: str = ""
    detach: bool = False
    timeout: str = ""
    name: str = ""


def build_choices(
    said: ImageOptions,
    asked: Admitted,
    notebook: Path,
    *,
    container: ContainerOptions = ContainerOptions(),
    live: bool = False,
) -> BuildChoices:
    """Return what the person said and the notebook asks of the image; where both say one thing, the person's holds.

    Raises UsageError for a word that Docker or apt would not take.

    Args:
        said: The person's options.
        asked: What the gate let through of the notebook's.
        notebook: The notebook.
        container: The person's options of the container, whose mounts hide data.
        live: Whether this process is the notebook's kernel.
    """
    base, folder, named = said.base or asked.value("base"), notebook.absolute().parent, _project(said.project, notebook)
    workdir = Project.of(folder, named=named).workdir
    mounts = [
        *(Mount.parse(text, folder=folder, workdir=workdir) for text in asked.values("mounts")),
        *(Mount.parse(text, folder=Path.cwd(), workdir=workdir) for text in container.mounts),
    ]
    choices = BuildChoices(
        notebook=notebook,
        base=ImageReference.parse(base) if base else None,
        system=tuple(map(_system_package, (*asked.values("apt"), *said.system))),
        mounted=tuple(mount.target for mount in mounts),
        mount_roots=container.mount_roots,
        without_system=tuple(_system_package(each).name for each in (*asked.values("no_apt"), *said.without_system)),
        declared=(
            *_declared(said.requirement_files),
            *(_with_requirement(each, origin="notebook") for each in asked.values("requirements")),
            *(_with_requirement(each, origin="person") for each in said.requirements),
        ),
        project=named,
        kernel=said.kernel,
        python=said.python,
        live=live and not said.kernel,
        loaded=read_answer(said.loaded) if said.loaded else None,
        parameters=parameter_arguments(said.parameters, said.parameter_files),
        tags=tuple(map(ImageReference.parse, said.tags)),
        cache=said.cache,
        allow_mismatch=tuple(map(canonicalize_name, (*asked.values("allow_mismatch"), *said.allow_mismatch))),
        allow_build=tuple(map(canonicalize_name, (*asked.values("allow_build"), *said.allow_build))),
        platform=_matching(_PLATFORM, said.platform, "platform", "Write it as linux/amd64 or linux/arm64."),
    )
    return replace(choices, start=choices.folder) if live else choices


def _own_mount(text: str, *, start: Path, folder: Path, workdir: PurePosixPath) -> Mount:
    """Return a mount of the person's; raises UsageError where it makes a volume of what is surely meant as a folder.

    An absolute target says that a volume is meant.
    """
    mount = Mount.parse(text, folder=start, workdir=workdir)
    if mount.kind == "bind" or text.split(":")[1].startswith("/"):
        return mount
    kept = f"If Docker is to keep a volume of that name there, write its whole target: {mount}"
    if (start / mount.source).is_dir():
        problem = f"without a slash, '{mount.source}' is a volume's name and not the folder here"
        raise UsageError(f"'{text}': {problem}.", hint=f"For the folder, write -v ./{text}. {kept}")
    hidden = mount.target.relative_to(workdir)
    if (folder / hidden).exists():
        problem = f"'{mount.source}' is a volume's name, and an empty volume would hide '{hidden}' beside the notebook"
        raise UsageError(f"'{text}': {problem}.", hint=f"For a folder, write ./{mount.source}. {kept}")
    return mount


def run_spec(
    said: ContainerOptions, asked: Admitted, *, start: Path, folder: Path, workdir: PurePosixPath = PROJECT_ROOT
) -> RunSpec:
    """Return the container that the person said and the notebook asks for, the image left open.

    Raises UsageError for bad words, MountError for a source that is missing or in no --mount-root.

    Args:
        said: The person's options; relative mount sources are below ``start``.
        asked: What the gate let through of the notebook's; its mount sources are below ``folder``, the notebook's.
        start: Where the person is.
        folder: The notebook's folder.
        workdir: Where that is in the image; relative targets are below it.
    """
    mounts = {
        mount.target: mount
        for mount in (
            *(Mount.parse(text, folder=folder, workdir=workdir) for text in asked.values("mounts")),
            *(_own_mount(text, start=start, folder=folder, workdir=workdir) for text in said.mounts),
        )
    }
    check_inside(mounts.values(), said.mount_roots)
    for mount in mounts.values():
        mount.check()
    memory, cpus = said.memory or asked.value("memory"), said.cpus
    if cpus is None and (text := asked.value("cpus")):
        cpus = _number(text)
    network = said.network or asked.value("network")
    return RunSpec(
        image="",
        mounts=tuple(mounts.values()),
        env={**dict(environment(_asked_variables(asked), ())), **dict(environment(said.env, said.env_files))},
        ports=tuple(Port.parse(text) for text in (*asked.values("ports"), *said.ports)),
        limits=Limits(
            memory=parse_memory(memory) if memory else None,
            cpus=_cpus(cpus),
            shared_memory=parse_memory(said.shm_size) if said.shm_size else None,
            timeout=_timeout(said),
        ),
        gpus=_matching(
            _GPUS, said.gpus or asked.value("gpus"), "choice of GPUs", "Write all, a number, or device=0,1."
        ),
        network=_matching(_CONTAINER, network, "network", "`docker network ls` lists them."),
        user=_matching(_USER, said.user, "user", "Write it as UID or UID:GID, such as 1000:1000.") or None,
        detach=said.detach,
        name=_matching(_CONTAINER, said.name, "container name", "Use letters, digits, and . _ - after the first."),
        mount_arguments=MountArguments(start=start, workdir=workdir),
    )


def _timeout(said: ContainerOptions) -> float | None:
    if said.timeout and said.detach:
        hint = "Leave one of them out, or let the container end by itself."
        raise UsageError("Nobody waits for a container in the background, to end it after --timeout.", hint=hint)
    return parse_duration(said.timeout) if said.timeout else None


def _asked_variables(asked: Admitted) -> list[str]:
    return [wish.value for wish in asked.wishes if wish.kind in ("env", "variable")]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"'{text}' is not a number of CPUs.", hint="Write a positive number, such as 1.5.") from None


def is_overridden(wish: Wish, said: ImageOptions, container: ContainerOptions, project: Project) -> bool:
    """Whether the person says it otherwise, so that what the notebook of ``project`` wishes does not count."""
    single = {
        "base": said.base, "memory": container.memory, "cpus": container.cpus, "gpus": container.gpus,
        "network": container.network,
    }  # fmt: skip
    if wish.kind in single:
        return bool(single[wish.kind])
    if wish.kind in ("env", "variable"):
        return wish.value.partition("=")[0] in variables(container.env, container.env_files)
    if wish.kind == "mounts":
        folder, workdir = project.folder, project.workdir
        target = Mount.parse(wish.value, folder=folder, workdir=workdir).target
        return target in {Mount.parse(text, folder=folder, workdir=workdir).target for text in container.mounts}
    return wish.kind == "ports" and wish.value in container.ports


def environment(arguments: Sequence[str], files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield the variables of env files (as `docker run --env-file` reads them), then of ``NAME=VALUE`` and ``NAME``."""
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield from _variable(line.lstrip(), where=f"{file}, line {number}: ")
    for word in arguments:
        yield from _variable(word)


def known_variables(said: ContainerOptions, asked: Admitted) -> dict[str, bool]:
    """Return the names of the variables that the container is to have, and whether each has a value here.

    One that the notebook asks for and nobody has allowed has none: a person may give it one.
    """
    unmet = [each.wish.value for each in asked.unmet if each.wish.kind == "variable"]
    return {
        **variables(_asked_variables(asked), ()),
        **dict.fromkeys(unmet, False),
        **variables(said.env, said.env_files),
    }


def variables(arguments: Sequence[str], files: Sequence[Path]) -> dict[str, bool]:
    """Return the names of the variables, and whether each has a value; one that is passed on may have none here."""
    found = dict.fromkeys((name for name, _ in environment((), files)), True)
    for word in arguments:
        name, has_value, _ = word.partition("=")
        is_set = bool(has_value) or name in os.environ
        found |= dict.fromkeys((name for name, _ in environment([word if is_set else f"{word}="], ())), is_set)
    return found


def _variable(word: str, where: str = "") -> Iterator[tuple[str, str]]:
    name, has_value, value = word.partition("=")
    if not _VARIABLE.fullmatch(name) or "\0" in value:
        # Without the value, which may be a password: the message goes into logs.
        raise UsageError(f"{where}'{name}' is not a variable.", hint="Write NAME=VALUE, or NAME to pass on your own.")
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
        for each in read_requirement_file(Path(file), why=f"-r {file}"):
            yield replace(each, origin="person")


def _with_requirement(text: str, *, origin: Origin) -> Declared:
    """Return what ``--with`` or the notebook's metadata asks for; behind a # stands why."""
    requirement, _, why = text.partition(" #")
    name = requirement.strip()
    return Declared(requirement=name, why=why.strip() or f"--with {name}", origin=origin)


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
