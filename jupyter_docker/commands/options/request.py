"""One typed request: what the person said, in the options of the command, and what the notebook asks, told apart."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from jupyter_docker.commands.options.values import ContainerOptions, ImageOptions, build_choices, run_spec
from jupyter_docker.gate import Admitted, Project
from jupyter_docker.values import BuildChoices, RunSpec

Data: TypeAlias = Literal["auto", "none"]
Mode: TypeAlias = Literal["script", "notebook"]


@dataclass(frozen=True, kw_only=True)
class NotebookRequest:
    """A command about a notebook.

    ``image`` and ``container`` are the person's own words, ``asked`` is what the gate let through of the notebook's.
    ``live`` says that this process is the notebook's kernel. Of the rest, each is of some verbs alone.
    """

    verb: str
    notebook: Path
    image: ImageOptions
    container: ContainerOptions
    asked: Admitted = field(default_factory=Admitted)
    live: bool = False
    data: Data = "auto"
    mode: Mode = "script"
    output_notebook: Path | None = None
    report: bool = False
    verify: bool = False
    folder: Path | None = None
    title: str = ""
    prefix: Path | None = None
    sys_prefix: bool = False

    def choices(self) -> BuildChoices:
        """Return what both say of the image; raises UsageError for what Docker or apt would not take."""
        return build_choices(self.image, self.asked, self.notebook, container=self.container, live=self.live)

    def spec(self) -> RunSpec:
        """Return the container that both describe, the image left open.

        The person's relative sources begin where they are: in a notebook, in its folder. Raises UsageError, MountError.
        """
        home = self.notebook.absolute().parent
        project = Project.of(home, named=self.image.project)
        start = home if self.live else Path.cwd()
        return run_spec(self.container, self.asked, start=start, folder=home, workdir=project.workdir)

    def spec_without_variables(self) -> RunSpec:
        """Return the container without its variables: one that is passed on need not be set before it runs."""
        asked = replace(
            self.asked, wishes=tuple(each for each in self.asked.wishes if each.kind not in ("env", "variable"))
        )
        return replace(self, container=replace(self.container, env=(), env_files=()), asked=asked).spec()


@dataclass(frozen=True, kw_only=True)
class CellRequest:
    """One ``%%containerize`` cell: its session, its variables, and what both sides say of image and container."""

    session: str
    image: ImageOptions
    container: ContainerOptions
    engine: str = ""
    data: Data = "auto"
    fresh: bool = False
    once: bool = False
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    trust: bool = False
    asked: Admitted = field(default_factory=Admitted)

    @property
    def chosen(self) -> tuple[object, ...]:
        """What decides the session's container, to be compared with another cell's."""
        return (self.image, self.container, self.engine, self.data)

    @property
    def has_choices(self) -> bool:
        """Whether the cell says anything of the container, and does not take the session as it is."""
        return self.chosen != (ImageOptions(), ContainerOptions(), "", "auto")

    def choices(self, notebook: Path) -> BuildChoices:
        """Return what both say of the image."""
        live = self.image.python is None
        choices = build_choices(self.image, self.asked, notebook, container=self.container, live=live)
        return replace(choices, start=choices.folder)

    def spec(self, folder: Path) -> RunSpec:
        """Return the container that both describe; relative sources are below ``folder``, the notebook's."""
        project = Project.of(folder, named=self.image.project)
        return run_spec(self.container, self.asked, start=folder, folder=folder, workdir=project.workdir)


def image_options(args: Namespace) -> ImageOptions:
    """Return what the parsed words say of the image; what the verb does not have is left out."""
    get = vars(args).get
    return ImageOptions(
        base=get("base") or "",
        system=tuple(get("apt", ())),
        without_system=tuple(get("no_apt", ())),
        requirements=tuple(get("with_", ())),
        requirement_files=tuple(get("requirement", ())),
        kernel=get("kernel"),
        python=get("python"),
        project=get("project"),
        loaded=get("loaded"),
        platform=get("platform") or "",
        parameters=tuple(get("parameter", ())),
        parameter_files=tuple(get("parameters_file", ())),
        tags=tuple(get("tag", ())),
        cache=get("cache", True),
        allow_mismatch=tuple(get("allow_mismatch", ())),
        allow_build=tuple(get("allow_build", ())),
    )


def container_options(args: Namespace) -> ContainerOptions:
    """Return what the parsed words say of the container; what the verb does not have is left out."""
    get = vars(args).get
    return ContainerOptions(
        mounts=tuple(get("volume", ())),
        mount_roots=tuple(get("mount_root", ())),
        env=tuple(get("env", ())),
        env_files=tuple(get("env_file", ())),
        ports=tuple(get("publish", ())),
        gpus=get("gpus") or "",
        memory=get("memory") or "",
        shm_size=get("shm_size") or "",
        cpus=get("cpus"),
        network=get("network") or "",
        user=get("user") or "",
        detach=get("detach", False),
        timeout=get("timeout") or "",
        name=get("name") or "",
    )


def notebook_request(args: Namespace, notebook: Path, asked: Admitted) -> NotebookRequest:
    """Return the request that the parsed words are."""
    get = vars(args).get
    return NotebookRequest(
        verb=args.verb,
        notebook=notebook,
        image=image_options(args),
        container=container_options(args),
        asked=asked,
        data=get("data", "auto"),
        mode=get("mode", "script"),
        output_notebook=get("output_notebook"),
        report=get("report", False),
        verify=get("verify", False),
        folder=get("folder"),
        title=get("kernel_name", ""),
        prefix=get("prefix"),
        sys_prefix=get("sys_prefix", False),
    )
