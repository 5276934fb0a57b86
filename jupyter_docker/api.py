"""Functions for other programs: what the command does, with plain arguments in and values out.

    from jupyter_docker import api

    result = api.run("analysis.ipynb", mounts=["./data:data:ro"], parameters={"year": 2024})

Each takes the notebook's path first and does what the verb of its name does; what a notebook asks for by itself goes
through the same gate. Nothing is printed: progress goes to ``emit``, a function of one event (`jupyter_docker.values`
has their classes). Every error is a ``ContainerizeError``, with a message, a hint, and an exit code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, cast

from jupyter_docker.values import BuildContext, Emit, Event, Image, Requirements, RunResult, Sbom, Script

if TYPE_CHECKING:
    from jupyter_docker.clusters import SweepTable
    from jupyter_docker.compare import Report

__all__ = ["build", "compare", "export_context", "export_script", "freeze", "run", "sbom", "sweep"]


def _ignore(_event: Event) -> None:
    pass


def export_script(notebook: str | os.PathLike[str], *, emit: Emit = _ignore) -> Script:
    """Return the notebook as the script that its image runs.

    Args:
        notebook: Its path; a Python script or a MyST document is one too.
        emit: Is told what was warned of.

    Returns:
        The script: its text, its cells with their lines in it, its parameters.

    Raises:
        NotebookError: There is no notebook to read.
        CellSyntaxError: A cell is not Python.
    """
    from jupyter_docker.notebook import export_script as exported
    from jupyter_docker.notebook import read_notebook

    path = Path(notebook)
    return exported(read_notebook(path), source=path, name=path.stem, emit=emit)


def freeze(
    notebook: str | os.PathLike[str],
    *,
    kernel: str = "",
    requirements: Sequence[str] = (),
    apt: Sequence[str] = (),
    emit: Emit = _ignore,
) -> Requirements:
    """Return what the notebook needs, pinned and hashed at the versions that are installed. No engine is needed.

    Args:
        notebook: Its path.
        kernel: The kernelspec whose environment is frozen; empty is the notebook's own.
        requirements: Packages that no line imports, such as ``["openpyxl"]``.
        apt: Debian packages beside those found to be needed.
        emit: Is told of progress and warnings.

    Returns:
        The pins with what needs each, system packages, local files, data.

    Raises:
        FreezeError: An import that nothing provides, or a set that can't be locked.
    """
    asked = {"kernel": kernel, "requirements": [*requirements], "apt": [*apt]}
    return cast("Requirements", _perform("freeze", notebook, asked, emit))


def export_context(
    notebook: str | os.PathLike[str], folder: str | os.PathLike[str], *, base: str = "", emit: Emit = _ignore
) -> BuildContext:
    """Write what ``docker build`` needs, for a machine where this package is not installed. No engine is needed.

    Args:
        notebook: Its path.
        folder: One that does not exist yet, or is empty.
        base: The base image; empty is ``python:X.Y-slim``.
        emit: Is told of progress and warnings.

    Returns:
        The folder, its files, and the digest of their content.

    Raises:
        UsageError: The folder holds other files.
        FreezeError: As `freeze`.
    """
    return cast("BuildContext", _perform("export", notebook, {"base": base}, emit, os.fspath(folder)))


def build(
    notebook: str | os.PathLike[str],
    *,
    base: str = "",
    requirements: Sequence[str] = (),
    apt: Sequence[str] = (),
    tag: str = "",
    platform: str = "",
    engine: str = "",
    verify: bool = False,
    emit: Emit = _ignore,
) -> Image:
    """Build the notebook's image, where the engine has none of the same content.

    Args:
        notebook: Its path.
        base: The base image; empty is ``python:X.Y-slim``.
        requirements: Packages that no line imports.
        apt: Debian packages beside those found to be needed.
        tag: Another name for the image, such as ``penguins:v1``.
        platform: Such as ``linux/arm64``; empty is the engine's.
        engine: A Docker context or an URL; empty is what the docker command uses.
        verify: Whether it is run without network first, and what it lacks is added.
        emit: Is told of progress, warnings and the build's log.

    Returns:
        The image: its ID, its reference, its size in bytes.

    Raises:
        EngineUnavailableError: No engine answers.
        BuildError: A step of the build failed.
        FreezeError: As `freeze`.
    """
    asked = {
        "base": base, "requirements": [*requirements], "apt": [*apt], "tag": tag, "platform": platform,
        "engine": engine, "verify": verify,
    }  # fmt: skip
    return cast("Image", _perform("build", notebook, asked, emit))


def sbom(notebook: str | os.PathLike[str], *, base: str = "", engine: str = "", emit: Emit = _ignore) -> Sbom:
    """List the packages of the notebook's image, which is built where the engine has none of the same content.

    Args:
        notebook: Its path.
        base: The base image; empty is ``python:X.Y-slim``.
        engine: A Docker context or an URL; empty is what the docker command uses.
        emit: Is told of progress, of warnings, and of what can't be listed.

    Returns:
        A CycloneDX document in JSON: its ``text``, and ``as_json()``.

    Raises:
        UsageError: The extra ``jupyter-containerize[sbom]`` is not installed.
        BuildError, FreezeError, EngineUnavailableError: As `build`.
    """
    return cast("Sbom", _perform("sbom", notebook, {"base": base, "engine": engine}, emit))


def run(
    notebook: str | os.PathLike[str],
    *,
    parameters: Mapping[str, Any] = {},
    mounts: Sequence[str] = (),
    data: Literal["auto", "none"] = "auto",
    env: Mapping[str, str] = {},
    memory: str = "",
    cpus: float | None = None,
    gpus: str = "",
    network: str = "",
    base: str = "",
    requirements: Sequence[str] = (),
    apt: Sequence[str] = (),
    engine: str = "",
    emit: Emit = _ignore,
) -> RunResult:
    """Build the notebook's image where it is not there, and run it in a container to its end.

    Args:
        notebook: Its path.
        parameters: Values for its cell tagged ``parameters``: numbers, text, lists, whatever JSON can hold.
        mounts: As ``-v`` takes them, such as ``["./data:data:ro"]``; relative sources begin in the working directory.
        data: Whether what it reads and writes beside it is mounted by itself.
        env: Variables of the container.
        memory: The most memory it may use, such as ``2g``.
        cpus: How many processors it may use.
        gpus: GPUs to give it: ``all``, a number, or ``device=0``.
        network: The network, such as ``none``.
        base: The base image; empty is ``python:X.Y-slim``.
        requirements: Packages that no line imports.
        apt: Debian packages beside those found to be needed.
        engine: A Docker context or an URL; empty is what the docker command uses.
        emit: Is told of progress, of warnings, and of each piece of output as it is printed (`Log`).

    Returns:
        How it ended: its exit status (0), its log's path, copies of the files that no mount keeps.

    Raises:
        ScriptFailedError: A cell failed; it names the cell and the line.
        UsageError: A parameter that the notebook does not have, a mount that is none.
        BuildError, FreezeError, EngineUnavailableError: As `build`.
    """
    asked = {
        "parameters": [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in parameters.items()],
        "mounts": [*mounts], "data": data, "env": [f"{name}={value}" for name, value in env.items()],
        "memory": memory, "cpus": "" if cpus is None else cpus, "gpus": gpus, "network": network, "base": base,
        "requirements": [*requirements], "apt": [*apt], "engine": engine,
    }  # fmt: skip
    return cast("RunResult", _perform("run", notebook, asked, emit))


def compare(
    notebook: str | os.PathLike[str],
    *,
    repeat: int = 1,
    report: str | os.PathLike[str] = "",
    parameters: Mapping[str, Any] = {},
    mounts: Sequence[str] = (),
    base: str = "",
    requirements: Sequence[str] = (),
    apt: Sequence[str] = (),
    engine: str = "",
    emit: Emit = _ignore,
) -> Report:
    """Run the notebook cell by cell in its image, and hold its outputs against those that are saved in it.

    Args:
        notebook: Its path.
        repeat: How often it is run, which tells what is random.
        report: The page to write; empty is ``NAME.compare.html`` beside the notebook.
        parameters: Values for its cell tagged ``parameters``.
        mounts: As ``-v`` takes them.
        base: The base image; empty is ``python:X.Y-slim``.
        requirements: Packages that no line imports.
        apt: Debian packages beside those found to be needed.
        engine: A Docker context or an URL; empty is what the docker command uses.
        emit: Is told of progress and warnings.

    Returns:
        Each cell with its class and score; its method ``check`` raises NotReproducedError.

    Raises:
        NotebookError: There is no notebook to read.
        BuildError, FreezeError, EngineUnavailableError: As `build`.
    """
    asked = {
        "parameters": [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in parameters.items()],
        "repeat": repeat, "report": os.fspath(report), "mounts": [*mounts], "base": base,
        "requirements": [*requirements], "apt": [*apt], "engine": engine,
    }  # fmt: skip
    return cast("Report", _perform("compare", notebook, asked, emit))


def sweep(
    notebook: str | os.PathLike[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    outputs: Sequence[str] = (),
    cluster: str = "local",
    at_once: int = 0,
    retries: int = 1,
    pilot: bool = False,
    mounts: Sequence[str] = (),
    data: Literal["auto", "none"] = "auto",
    env: Mapping[str, str] = {},
    memory: str = "",
    cpus: float | None = None,
    engine: str = "",
    emit: Emit = _ignore,
) -> SweepTable:
    """Run the notebook once for each row of values, and wait for the last; the same rows and image are one sweep.

    Args:
        notebook: Its path.
        rows: Values for its cell tagged ``parameters``: a mapping a run, such as ``frame.to_dict("records")``.
        outputs: The names of variables that each run returns.
        cluster: Where the tasks run: ``local`` is this machine's engine, ``slurm`` the cluster that ``sbatch`` reaches.
        at_once: How many run at the same time; 0 is as many as there is room for.
        retries: How often one that was killed or lost runs again.
        pilot: Whether the first row runs alone before, and limits the others' memory.
        mounts: As ``-v`` takes them.
        data: Whether what it reads beside it is mounted by itself.
        env: Variables of the containers.
        memory: The most memory that each may use, such as ``2g``.
        cpus: How many processors each may use.
        engine: A Docker context or an URL; empty is what the docker command uses.
        emit: Is told of progress and warnings.

    Returns:
        The table, a row a run: ``rows`` as dicts, ``frame()`` as a DataFrame. A run that failed is a row with its
        error, cell and line, and no exception.

    Raises:
        UsageError: A parameter that the notebook does not have.
        BuildError, FreezeError, EngineUnavailableError: As `build`.
    """
    from jupyter_docker.notebook import plain_rows, rows_text

    asked = {
        "outputs": ",".join(outputs), "cluster": cluster, "at_once": at_once or "", "retries": retries, "pilot": pilot,
        "mounts": [*mounts], "data": data, "env": [f"{name}={value}" for name, value in env.items()],
        "memory": memory, "cpus": "" if cpus is None else cpus, "engine": engine,
    }  # fmt: skip
    with TemporaryDirectory(prefix="containerize-") as folder:
        table = Path(folder, "table.jsonl")
        table.write_text(rows_text(plain_rows(rows)), encoding="utf-8")
        return cast("SweepTable", _perform("sweep", notebook, {**asked, "table": str(table)}, emit))


def _perform(verb: str, notebook: str | os.PathLike[str], asked: Mapping[str, Any], emit: Emit, *more: str) -> Any:
    """Do what the verb does with these words: a program asks for nothing that a person could not."""
    from jupyter_docker.commands import Call, as_argument, option_arguments, perform, read_command
    from jupyter_docker.values import load_defaults

    path = as_argument("notebook", os.path.abspath(notebook))  # noqa: PTH100 - resolve() would follow a linked notebook
    command = read_command([verb, path, *more, *option_arguments(asked, verb)])
    call = Call(
        args=command.args,
        request=command.request,
        has_terminal=False,
        defaults=load_defaults(),
        emit=emit,
        confirm=lambda _question: False,
    )
    return perform(call)
