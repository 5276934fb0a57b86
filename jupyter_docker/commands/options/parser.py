"""The grammar of ``jupyter containerize VERB …`` and ``%containerize VERB …``: one argparse parser, two faces."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from jupyter_docker.commands.options.compare import add_compare_options
from jupyter_docker.commands.options.groups import (
    add_any_owner,
    add_build_options,
    add_container_options,
    add_data_option,
    add_freeze_options,
    add_notebook,
    add_run_options,
    add_timeout,
    add_verify_option,
)
from jupyter_docker.commands.options.sweep import add_sweep_options, count

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
        from jupyter_docker.values import UsageError

        command = f"{self.prog} VERB" if self._subparsers else self.prog
        raise UsageError(message[0].upper() + message[1:] + ".", hint=f"`{command} --help` lists what there is.")

    def read(self, argv: Sequence[str]) -> argparse.Namespace:
        """Return the parsed words; raises UsageError, or SystemExit after printing help."""
        if self.verbs and argv and argv[0] not in self.verbs and not argv[0].startswith("-"):
            self._refuse_verb(argv[0])
        args, unknown = self.parse_known_args(list(argv))
        if unknown:
            self._refuse(unknown, getattr(args, "verb", None))
        return args

    def _refuse_verb(self, verb: str) -> NoReturn:
        from jupyter_docker.commands.options.unknown import verb_hint
        from jupyter_docker.values import UsageError

        raise UsageError(f"There is no verb '{verb}'.", hint=verb_hint(verb, self.verbs, self.prog))

    def _refuse(self, unknown: Sequence[str], verb: str | None) -> NoReturn:
        from jupyter_docker.commands.options.unknown import hint_for
        from jupyter_docker.values import UsageError

        command = f"{self.prog} {verb}" if verb else self.prog
        hint = hint_for(unknown, self._options_by_verb(), verb) or f"`{command} --help` lists what there is."
        raise UsageError(f"Unrecognized arguments: {' '.join(unknown)}.", hint=hint)

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


class _Listed(Parser):
    """A verb that is only listed: half of what ``--help`` takes would go into options that it does not show."""

    def __init__(self, **_: Any) -> None:  # none of argparse's parts, which is the point
        pass


@cache  # a kernel reads command after command
def build_parser(prog: str = "jupyter containerize", *, in_notebook: bool = False) -> Parser:
    """Return the whole grammar; in a notebook ``NB`` may be left out everywhere."""
    parser, verbs = _without_verbs(prog, in_notebook=in_notebook, parser_class=Parser)
    for name, (summary, add_options) in _verbs(in_notebook=in_notebook).items():
        description = summary[0].upper() + summary[1:] + "."
        verb = verbs.add_parser(name, help=summary, description=description, allow_abbrev=False)
        _add_common_options(verb)
        add_options(verb)
    return parser


def build_help_parser(prog: str = "jupyter containerize") -> Parser:
    """Return a parser that prints the help of the whole grammar, and reads nothing."""
    parser, verbs = _without_verbs(prog, in_notebook=False, parser_class=_Listed)
    for name, (summary, _) in _verbs(in_notebook=False).items():
        verbs.add_parser(name, help=summary)
    return parser


def _without_verbs(
    prog: str, *, in_notebook: bool, parser_class: type[Parser]
) -> tuple[Parser, argparse._SubParsersAction[Parser]]:
    parser = Parser(prog=prog, description=DESCRIPTION, allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=not in_notebook, parser_class=parser_class)
    return parser, verbs


def _verbs(*, in_notebook: bool) -> dict[str, tuple[str, Callable[[Parser], None]]]:
    """Return what each verb does in a line, and what adds its options, in the order of the help."""
    sessions = {"sessions": ("list the sessions that cells of this notebook run in", _no_options)}
    completion = {"completion": ("print what makes a shell complete these words", _completion)}
    return {
        "run": ("export, freeze, build and run; the exit status is the container's", _run),
        "compare": ("run it cell by cell in its image, and hold its outputs against the saved ones", _compare),
        "stamp": ("write into it that what is here made its outputs; needs no engine", _stamp),
        "plan": ("show what a run would build and mount; needs no engine", add_run_options),
        "build": ("export, freeze and build", _build),
        "export": ("write the build context (Dockerfile, lock, script); needs no engine", _export),
        "freeze": ("print the locked requirements; needs no engine", _freeze),
        "kernel": ("make the image a kernel for JupyterLab and every other Jupyter program", _kernel),
        "open": ("open the notebook in JupyterLab in its image, until the command ends", _open),
        "sweep": ("run a notebook once for each row of values, many at once", _sweep),
        "sweeps": ("list the sweeps", _no_options),
        "results": ("show the table of a sweep, also while it runs", _results),
        **(sessions if in_notebook else {}),
        "ps": ("list the running containers that you made here", _ps),
        "logs": ("show what a container printed", _logs),
        "exec": ("run a command in a running container", _exec),
        "stop": (
            ("end sessions, or stop containers", _stop_in_notebook) if in_notebook else ("stop containers", _stop)
        ),
        "rm": ("remove containers", _rm),
        "push": ("send an image to a registry; a notebook is built first", _push),
        "pull": ("fetch an image from a registry", _pull),
        "ship": ("write the files that run the image in another place", _ship),
        "pack": ("write an image and all that it is built from into one file", _pack),
        "unpack": ("load the image of such a file; needs no network", _unpack),
        "sbom": ("list the packages of an image as a CycloneDX document", _sbom),
        "images": ("list the images that you made here", _images),
        "prune": ("free what stopped containers and unused images of ours hold", _prune),
        "doctor": ("check the engine and all else that is needed", _doctor),
        **({} if in_notebook else completion),
    }


def _add_common_options(verb: Parser) -> None:
    common = verb.add_argument_group("everywhere")
    common.add_argument("--engine", default="", metavar="URL|CONTEXT", help="another engine than docker's own choice")
    common.add_argument("--json", action="store_true", help="events, or the result, as JSON lines")
    common.add_argument("--verbose", action="store_true", help="show the build's log as well")


def _no_options(_verb: Parser) -> None:
    pass


def _run(run: Parser) -> None:
    add_run_options(run)
    run.add_argument("--compare", action="store_true", help="cell by cell: hold the outputs against the saved ones")
    run.set_defaults(page=None, badge=None, host=None, allow=[])


def _compare(compare: Parser) -> None:
    add_notebook(compare)
    add_compare_options(compare)
    add_build_options(compare)
    add_timeout(add_container_options(compare))
    add_data_option(compare)
    compare.set_defaults(detach=False, name="")


def _stamp(stamp: Parser) -> None:
    add_notebook(stamp)
    add_freeze_options(stamp)


def _build(build: Parser) -> None:
    add_notebook(build)
    add_build_options(build)
    add_verify_option(build)


def _export(export: Parser) -> None:
    add_notebook(export)
    export.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder that does not exist yet")
    add_freeze_options(export)


def _freeze(freeze: Parser) -> None:
    add_notebook(freeze)
    freeze.add_argument("--why", action="store_true", help="say what needs each line")
    add_verify_option(freeze)
    add_freeze_options(freeze)


def _kernel(kernel: Parser) -> None:
    add_notebook(kernel)
    group = kernel.add_argument_group("the kernel")
    group.add_argument("--name", dest="kernel_name", default="", help="what it is called (default: as the notebook)")
    group.add_argument("--prefix", type=Path, metavar="PATH", help="register it there (default: for you)")
    group.add_argument("--sys-prefix", action="store_true", help="register it in this Python environment")
    group.add_argument("--list", action="store_true", help="list the kernels that are containers")
    group.add_argument("--remove", metavar="KERNEL", help="remove one; its image stays")
    add_build_options(kernel)
    add_container_options(kernel)
    kernel.set_defaults(detach=False, name="")


def _open(lab: Parser) -> None:
    add_notebook(lab)
    lab.add_argument("--no-browser", dest="browser", action="store_false", help="print the address alone")
    add_build_options(lab)
    add_container_options(lab)
    add_data_option(lab)
    lab.set_defaults(detach=False, name="")


def _sweep(sweep: Parser) -> None:
    add_notebook(sweep)
    add_sweep_options(sweep)
    add_build_options(sweep)
    add_timeout(add_container_options(sweep))
    add_data_option(sweep)


def _results(results: Parser) -> None:
    results.add_argument("sweep", metavar="ID")
    results.add_argument("--output", type=Path, metavar="FILE", help="write it: .csv, .html or .parquet")


def _ps(ps: Parser) -> None:
    ps.add_argument("-a", "--all", action="store_true", help="stopped ones, and those of others, with their owners")


def _logs(logs: Parser) -> None:
    add_any_owner(logs)
    logs.add_argument("container", metavar="CONTAINER|SWEEP/TASK")
    logs.add_argument("-f", "--follow", action="store_true", help="stay and show what it prints")
    logs.add_argument("-n", "--tail", type=count, metavar="N", help="only the last N lines")


def _exec(execute: Parser) -> None:
    add_any_owner(execute)
    execute.add_argument("-i", "--interactive", action="store_true", help="keep the input open")
    execute.add_argument("-t", "--tty", action="store_true", help="as in a terminal")
    execute.add_argument("container")
    execute.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")


def _stop(stop: Parser) -> None:
    add_any_owner(stop)
    stop.add_argument("containers", nargs="+", metavar="CONTAINER")


def _stop_in_notebook(stop: Parser) -> None:
    add_any_owner(stop)
    stop.add_argument("containers", nargs="*", metavar="NAME")


def _rm(remove: Parser) -> None:
    add_any_owner(remove)
    remove.add_argument("containers", nargs="+", metavar="CONTAINER")
    remove.add_argument("-f", "--force", action="store_true", help="running ones too")


def _push(push: Parser) -> None:
    push.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    add_build_options(push)


def _pull(pull: Parser) -> None:
    pull.add_argument("image", metavar="IMAGE", help="such as registry.example.com/team/analysis:2024, or @sha256:…")
    pull.add_argument("--platform", default="", metavar="OS/ARCH", help="such as linux/arm64 (default: the engine's)")


def _ship(ship: Parser) -> None:
    ship.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    ship.add_argument("--as", dest="place", required=True, choices=PLACES, help="where it is to run")
    ship.add_argument("-o", "--output", type=Path, metavar="DIR", help="a folder that does not exist yet")
    add_build_options(ship)
    add_container_options(ship)
    add_data_option(ship)
    ship.set_defaults(detach=False, name="")


def _pack(pack: Parser) -> None:
    pack.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    pack.add_argument("-o", "--output", type=Path, metavar="FILE", help="a file that does not exist yet")
    pack.add_argument("--with-data", action="store_true", help="the data that the notebook reads and writes, too")
    add_build_options(pack)


def _unpack(unpack: Parser) -> None:
    unpack.add_argument("file", type=Path, metavar="FILE")
    unpack.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder that does not exist yet")


def _sbom(sbom: Parser) -> None:
    sbom.add_argument("image", nargs="?", metavar="NB|IMAGE", help="the notebook, or an image")
    sbom.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write it (default: stdout)")
    add_build_options(sbom)


def _images(images: Parser) -> None:
    images.add_argument("-a", "--all", action="store_true", help="those made elsewhere too")
    add_any_owner(images)


def _prune(prune: Parser) -> None:
    add_any_owner(prune)
    prune.add_argument("-f", "--force", action="store_true", help="do it without asking")
    prune.add_argument("--build-cache", action="store_true", help="the engine's build cache too, of everybody's builds")


def _doctor(doctor: Parser) -> None:
    doctor.add_argument(
        "notebook", nargs="?", metavar="NB", help="say, too, whether its outputs were made with what is here"
    )
    doctor.add_argument("--base", metavar="IMAGE", help="the base image to look for")
    doctor.add_argument("--fix", action="store_true", help="mend what can be mended from here, and check again")
    doctor.add_argument("-f", "--force", action="store_true", help="free disk space for that without asking")


def _completion(completion: Parser) -> None:
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that is to read it")
