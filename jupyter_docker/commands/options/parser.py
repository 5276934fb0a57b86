"""The grammar of ``jupyter containerize VERB …`` and ``%containerize VERB …``: one argparse parser, two faces."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from jupyter_docker.commands.options.compare import add_compare_options
from jupyter_docker.commands.options.sweep import add_sweep_options, count
from jupyter_docker.commands.options.unknown import hint_for, verb_hint
from jupyter_docker.values import UsageError

# The formats of the room `ship`, which is not imported for a --help.
PLACES = (
    "compose",
    "kubernetes",
    "ecs",
    "aws-batch",
    "cloud-run",
    "devcontainer",
    "binder",
    "apptainer",
    "github-action",
)
DESCRIPTION = "Turn a notebook into a container: export it, freeze what it needs, build the image, run it."


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises UsageError where argparse would exit."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting, since a kernel must survive a typing error."""
        command = f"{self.prog} VERB" if self._subparsers else self.prog
        raise UsageError(message[0].upper() + message[1:] + ".", hint=f"`{command} --help` lists what there is.")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the parsed words; raises UsageError, or SystemExit after printing help."""
        if self.verbs and words and words[0] not in self.verbs and not words[0].startswith("-"):
            raise UsageError(f"There is no verb '{words[0]}'.", hint=verb_hint(words[0], self.verbs, self.prog))
        args, unknown = self.parse_known_args(list(words))
        if unknown:
            verb = getattr(args, "verb", None)
            command = f"{self.prog} {verb}" if verb else self.prog
            hint = hint_for(unknown, self._options_by_verb(), verb) or f"`{command} --help` lists what there is."
            raise UsageError(f"Unrecognized arguments: {' '.join(unknown)}.", hint=hint)
        return args

    @property
    def verbs(self) -> dict[str, Parser]:
        """The grammar of each verb, by its name."""
        return dict(self._subparsers._group_actions[0].choices or {}) if self._subparsers else {}  # noqa: SLF001

    def _options_by_verb(self) -> dict[str | None, set[str]]:
        """Return the options of each verb; of a grammar without verbs, its own by None."""
        parsers: dict[str | None, Parser] = dict.fromkeys([None], self)
        if self.verbs:
            parsers = dict(self.verbs.items())
        return {verb: set(parser._option_string_actions) for verb, parser in parsers.items()}  # noqa: SLF001


@cache  # a kernel reads command after command
def build_parser(prog: str = "jupyter containerize", *, in_notebook: bool = False) -> Parser:
    """Return the whole grammar; in a notebook ``NB`` may be left out everywhere."""
    parser = Parser(prog=prog, description=DESCRIPTION, allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=not in_notebook)
    _add_notebook_verbs(verbs)
    _add_container_verbs(verbs, in_notebook=in_notebook)
    _add_image_verbs(verbs)
    if not in_notebook:
        completion = _verb(verbs, "completion", "print what makes a shell complete these words")
        completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that is to read it")
    return parser


def _add_notebook_verbs(verbs: argparse._SubParsersAction[Parser]) -> None:
    run = _verb(verbs, "run", "export, freeze, build and run; the exit status is the container's")
    _run_options(run)
    run.add_argument("--compare", action="store_true", help="cell by cell: hold the outputs against the saved ones")
    run.set_defaults(page=None, badge=None, host=None, allow=[])
    _add_compare_verb(verbs)
    stamp = _verb(verbs, "stamp", "write into it that what is here made its outputs; needs no engine")
    _notebook(stamp)
    _freeze_options(stamp)
    _run_options(_verb(verbs, "plan", "show what a run would build and mount; needs no engine"))
    build = _verb(verbs, "build", "export, freeze and build")
    _notebook(build)
    _build_options(build)
    _verify_option(build)
    export = _verb(verbs, "export", "write the build context (Dockerfile, lock, script); needs no engine")
    _notebook(export)
    export.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder that does not exist yet")
    _freeze_options(export)
    freeze = _verb(verbs, "freeze", "print the locked requirements; needs no engine")
    _notebook(freeze)
    freeze.add_argument("--why", action="store_true", help="say what needs each line")
    _verify_option(freeze)
    _freeze_options(freeze)
    _add_kernel_verb(verbs)
    _add_open_verb(verbs)
    _add_sweep_verbs(verbs)


def _add_sweep_verbs(verbs: argparse._SubParsersAction[Parser]) -> None:
    sweep = _verb(verbs, "sweep", "run a notebook once for each row of values, many at once")
    _notebook(sweep)
    add_sweep_options(sweep)
    _build_options(sweep)
    _timeout(add_container_options(sweep))
    _data_option(sweep)
    _verb(verbs, "sweeps", "list the sweeps")
    results = _verb(verbs, "results", "show the table of a sweep, also while it runs")
    results.add_argument("sweep", metavar="ID")
    results.add_argument("--output", type=Path, metavar="FILE", help="write it: .csv, .html or .parquet")


def _add_compare_verb(verbs: argparse._SubParsersAction[Parser]) -> None:
    compare = _verb(verbs, "compare", "run it cell by cell in its image, and hold its outputs against the saved ones")
    _notebook(compare)
    add_compare_options(compare)
    _build_options(compare)
    _timeout(add_container_options(compare))
    _data_option(compare)
    compare.set_defaults(detach=False, name="")


def _verify_option(parser: Parser) -> None:
    parser.add_argument(
        "--verify", action="store_true", help="run it in its image without network, and add what it lacks"
    )
    _mount_roots(parser.add_argument_group("the container"))


def _mount_roots(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--mount-root",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="mount only what is below it; repeatable (default: anything)",
    )


def _add_kernel_verb(verbs: argparse._SubParsersAction[Parser]) -> None:
    kernel = _verb(verbs, "kernel", "make the image a kernel for JupyterLab and every other Jupyter program")
    _notebook(kernel)
    group = kernel.add_argument_group("the kernel")
    group.add_argument("--name", dest="kernel_name", default="", help="what it is called (default: as the notebook)")
    group.add_argument("--prefix", type=Path, metavar="PATH", help="register it there (default: for you)")
    group.add_argument("--sys-prefix", action="store_true", help="register it in this Python environment")
    group.add_argument("--list", action="store_true", help="list the kernels that are containers")
    group.add_argument("--remove", metavar="KERNEL", help="remove one; its image stays")
    _build_options(kernel)
    add_container_options(kernel)
    kernel.set_defaults(detach=False, name="")


def _add_open_verb(verbs: argparse._SubParsersAction[Parser]) -> None:
    lab = _verb(verbs, "open", "open the notebook in JupyterLab in its image, until the command ends")
    _notebook(lab)
    lab.add_argument("--no-browser", dest="browser", action="store_false", help="print the address alone")
    _build_options(lab)
    add_container_options(lab)
    _data_option(lab)
    lab.set_defaults(detach=False, name="")


def _add_container_verbs(verbs: argparse._SubParsersAction[Parser], *, in_notebook: bool) -> None:
    if in_notebook:
        _verb(verbs, "sessions", "list the sessions that cells of this notebook run in")
    ps = _verb(verbs, "ps", "list the running containers that you made here")
    ps.add_argument("-a", "--all", action="store_true", help="stopped ones, and those of others, with their owners")
    logs = _verb(verbs, "logs", "show what a container printed")
    _any_owner(logs)
    logs.add_argument("container", metavar="CONTAINER|SWEEP/TASK")
    logs.add_argument("-f", "--follow", action="store_true", help="stay and show what it prints")
    logs.add_argument("-n", "--tail", type=count, metavar="N", help="only the last N lines")
    execute = _verb(verbs, "exec", "run a command in a running container")
    _any_owner(execute)
    execute.add_argument("-i", "--interactive", action="store_true", help="keep the input open")
    execute.add_argument("-t", "--tty", action="store_true", help="as in a terminal")
    execute.add_argument("container")
    execute.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    stop = _verb(verbs, "stop", "end sessions, or stop containers" if in_notebook else "stop containers")
    _any_owner(stop)
    stop.add_argument("containers", nargs="*" if in_notebook else "+", metavar="NAME" if in_notebook else "CONTAINER")
    remove = _verb(verbs, "rm", "remove containers")
    _any_owner(remove)
    remove.add_argument("containers", nargs="+", metavar="CONTAINER")
    remove.add_argument("-f", "--force", action="store_true", help="running ones too")


def _any_owner(parser: Parser) -> None:
    parser.add_argument("--any-owner", action="store_true", help="those that other users of the engine made, too")


def _add_image_verbs(verbs: argparse._SubParsersAction[Parser]) -> None:
    push = _verb(verbs, "push", "send an image to a registry; a notebook is built first")
    push.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    _build_options(push)
    pull = _verb(verbs, "pull", "fetch an image from a registry")
    pull.add_argument("image", metavar="IMAGE", help="such as registry.example.com/team/analysis:2024, or @sha256:…")
    pull.add_argument("--platform", default="", metavar="OS/ARCH", help="such as linux/arm64 (default: the engine's)")
    _add_ship_verb(verbs)
    _add_pack_verbs(verbs)
    images = _verb(verbs, "images", "list the images that you made here")
    images.add_argument("-a", "--all", action="store_true", help="those made elsewhere too")
    _any_owner(images)
    prune = _verb(verbs, "prune", "free what stopped containers and unused images of ours hold")
    _any_owner(prune)
    prune.add_argument("-f", "--force", action="store_true", help="do it without asking")
    prune.add_argument("--build-cache", action="store_true", help="the engine's build cache too, of everybody's builds")
    doctor = _verb(verbs, "doctor", "check the engine and all else that is needed")
    doctor.add_argument(
        "notebook", nargs="?", metavar="NB", help="say, too, whether its outputs were made with what is here"
    )
    doctor.add_argument("--base", metavar="IMAGE", help="the base image to look for")
    doctor.add_argument("--fix", action="store_true", help="mend what can be mended from here, and check again")
    doctor.add_argument("-f", "--force", action="store_true", help="free disk space for that without asking")


def _add_ship_verb(verbs: argparse._SubParsersAction[Parser]) -> None:
    ship = _verb(verbs, "ship", "write the files that run the image in another place")
    ship.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    ship.add_argument("--as", dest="place", required=True, choices=PLACES, help="where it is to run")
    ship.add_argument("-o", "--output", type=Path, metavar="DIR", help="a folder that does not exist yet")
    _build_options(ship)
    add_container_options(ship)
    _data_option(ship)
    ship.set_defaults(detach=False, name="")


def _add_pack_verbs(verbs: argparse._SubParsersAction[Parser]) -> None:
    pack = _verb(verbs, "pack", "write an image and all that it is built from into one file")
    pack.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    pack.add_argument("-o", "--output", type=Path, metavar="FILE", help="a file that does not exist yet")
    pack.add_argument("--with-data", action="store_true", help="the data that the notebook reads and writes, too")
    _build_options(pack)
    unpack = _verb(verbs, "unpack", "load the image of such a file; needs no network")
    unpack.add_argument("file", type=Path, metavar="FILE")
    unpack.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder that does not exist yet")


def _verb(verbs: argparse._SubParsersAction[Parser], name: str, summary: str) -> Parser:
    verb = verbs.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".", allow_abbrev=False)
    common = verb.add_argument_group("everywhere")
    common.add_argument("--engine", default="", metavar="URL|CONTEXT", help="another engine than docker's own choice")
    common.add_argument("--json", action="store_true", help="events, or the result, as JSON lines")
    common.add_argument("--verbose", action="store_true", help="show the build's log as well")
    return verb


def _notebook(parser: Parser) -> None:
    parser.add_argument("notebook", nargs="?", metavar="NB", help="the notebook; inside one, the current")


def add_image_options(parser: Parser) -> argparse._ArgumentGroup:
    """Add what says how an image is made, of a notebook or for a cell; returns the group it is in."""
    group = parser.add_argument_group("what goes in")
    group.add_argument("--base", metavar="IMAGE", help="the base image (default: python:X.Y-slim)")
    group.add_argument("--apt", action="append", default=[], metavar="PACKAGE", help="a Debian package; repeatable")
    group.add_argument(
        "--no-apt", action="append", default=[], metavar="PACKAGE", help="never add this one by itself; repeatable"
    )
    group.add_argument(
        "--with",
        dest="with_",
        action="append",
        default=[],
        metavar="REQUIREMENT",
        help="a package that no line imports",
    )
    group.add_argument("-r", "--requirement", action="append", default=[], metavar="FILE", help="a requirements file")
    group.add_argument("--kernel", metavar="NAME", help="freeze this kernelspec's environment")
    group.add_argument("--python", type=Path, metavar="PATH", help="freeze this interpreter's environment")
    group.add_argument(
        "--project", type=Path, metavar="DIR", help="the folder that the notebook may name files of (default: found)"
    )
    group.add_argument("--loaded", type=Path, metavar="FILE", help="what its running kernel has loaded, as JSON")
    group.add_argument(
        "--allow-build",
        action="append",
        default=[],
        metavar="NAME",
        help="a package that the image may build from source; repeatable",
    )
    group.add_argument("--platform", default="", metavar="OS/ARCH", help="such as linux/arm64 (default: the engine's)")
    return group


def _freeze_options(parser: Parser) -> None:
    group = add_image_options(parser)
    group.add_argument(
        "-P", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a value for the parameters cell"
    )
    group.add_argument(
        "--parameters-file",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="values for the parameters cell, as JSON or YAML; repeatable",
    )


def _build_options(parser: Parser) -> None:
    _freeze_options(parser)
    group = parser.add_argument_group("the image")
    group.add_argument("-t", "--tag", action="append", default=[], metavar="REFERENCE", help="name it; repeatable")
    group.add_argument(
        "--allow-mismatch",
        action="append",
        default=[],
        metavar="NAME",
        help="lock this package though the index's files are not the installed ones; repeatable",
    )
    group.add_argument("--no-cache", dest="cache", action="store_false", help="build every step again")


def _run_options(parser: Parser) -> None:
    _notebook(parser)
    _build_options(parser)
    group = add_container_options(parser)
    group.add_argument("-d", "--detach", action="store_true", help="leave it running, and print its name and URL")
    group.add_argument("--name", default="", help="the container's name")
    _timeout(group)
    _data_option(parser)
    parser.add_argument("--mode", choices=("script", "notebook"), default="script", help="as a script, or cell by cell")
    parser.add_argument("--output-notebook", type=Path, metavar="PATH", help="the executed notebook of --mode notebook")
    parser.add_argument("--report", action="store_true", help="write it as a page (HTML) too, beside it")


def _timeout(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--timeout", metavar="TIME", help="how long it may run, such as 90s, 10m or 1h30m")


def _data_option(parser: Parser) -> None:
    parser.add_argument(
        "--data", choices=("auto", "none"), default="auto", help="mount what the notebook reads and writes beside it"
    )


def add_container_options(parser: Parser) -> argparse._ArgumentGroup:
    """Add what a container may have and use, for a notebook or for cells; returns the group it is in."""
    group = parser.add_argument_group("the container")
    group.add_argument(
        "-v", "--volume", action="append", default=[], metavar="SRC:DST[:ro]", help="mount ./folder, or a named volume"
    )
    group.add_argument(
        "-e", "--env", action="append", default=[], metavar="NAME[=VALUE]", help="an environment variable"
    )
    group.add_argument("--env-file", action="append", default=[], type=Path, metavar="FILE", help="a file of them")
    group.add_argument("-p", "--publish", action="append", default=[], metavar="[HOST:]PORT", help="publish a port")
    group.add_argument("--gpus", default="", metavar="all|N", help="GPUs to give it")
    group.add_argument("--memory", metavar="SIZE", help="such as 512m or 2g")
    group.add_argument("--shm-size", metavar="SIZE", help="how large /dev/shm may grow (default: half of the memory)")
    group.add_argument("--cpus", type=float, metavar="N", help="such as 1.5")
    group.add_argument("--network", default="", metavar="NAME", help="such as none")
    group.add_argument("--user", metavar="UID[:GID]", help="run as (default: you)")
    _mount_roots(group)
    return group
