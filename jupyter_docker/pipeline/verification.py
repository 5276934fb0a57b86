"""Proof: the frozen notebook is run in its image without network, what is missing is added, and it is run again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_docker.advice import Diagnosis, diagnose, script_output
from jupyter_docker.engine import Engine, base_system, find_image, printable, run
from jupyter_docker.notebook import METADATA_KEY, locate_failure, store_choices
from jupyter_docker.pipeline.container import container_spec
from jupyter_docker.pipeline.environment import environment_of
from jupyter_docker.pipeline.folder_copy import FolderCopy, TooMuchError
from jupyter_docker.pipeline.images import build_image
from jupyter_docker.pipeline.preparation import notebook_of
from jupyter_docker.pipeline.repairs import Repair, find_repairs
from jupyter_docker.values import (
    BuildChoices,
    CellPosition,
    Declared,
    Defaults,
    Emit,
    Event,
    Image,
    Log,
    NotebookError,
    Recipe,
    RunResult,
    RunSpec,
    SystemPackage,
    VerificationError,
    Warned,
    scratch_folder,
    step,
)

MAX_RUNS = 4
_LAST_LINES = 12
_UNKNOWN = "fails, in a way that no package mends"
_UNKNOWN_HINT = "The run's log has the whole traceback; correct that line, or add what it needs with --with or --apt."
_MAX_NAMED = 5
MAX_COPIED = 2**30  # bytes of what the code writes into, which its copy for the run begins with


@dataclass(frozen=True, kw_only=True)
class Verified:
    """An image whose script ran to its end, and what the runs showed to be missing before."""

    recipe: Recipe
    image: Image
    runs: int
    added: tuple[Repair, ...] = ()


def verify(choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit) -> Verified:
    """Build and run, at most `MAX_RUNS` times, each time with what the last run lacked; return the set that ran.

    What was added is kept in the notebook's metadata. Raises VerificationError with the class of what stands in the
    way, and what building raises.

    Args:
        choices: What the person and the notebook chose of the image.
        engine: The engine that builds and runs.
        defaults: The settings of this machine.
        emit: Takes progress, warnings and what is printed.
    """
    added: list[Repair] = []
    tried = choices
    for number in range(1, MAX_RUNS + 1):
        recipe, image = build_image(tried, engine, defaults, emit)
        asked = RunSpec(image="", network="none")
        spec = container_spec(asked, choices, recipe, image.reference, cache=True)
        result = _run(engine, spec, defaults=defaults, emit=emit)
        if result.exit_code == 0:
            _keep(choices, added, emit)
            return Verified(recipe=recipe, image=image, runs=number, added=tuple(added))
        output = script_output(result)
        position = locate_failure(recipe.script, output)
        repairs = _repairs(output, recipe, tried, engine)
        if not repairs or number == MAX_RUNS:
            raise _failure(output, position, number, result)
        reason = f"{f'cell {position.cell}' if position else 'the notebook'} failed without it"
        new = [replace(repair, why=f"verified: {reason}") for repair in repairs]
        tried = _with(tried, new)
        added += new
        emit(Warned(step="run", message=f"{', '.join(each.name for each in new)} is added: {reason}."))
    raise AssertionError  # the last run returns or raises


def _run(engine: Engine, spec: RunSpec, *, defaults: Defaults, emit: Emit) -> RunResult:
    with (
        step(emit, "run", f"Verifying {spec.image} without network") as outcome,
        proof_copy(spec, emit) as mounted,
    ):
        log_folder = Path(defaults.log_folder)
        result = run(engine, mounted, log_folder=log_folder, emit=aside(emit), grace=defaults.grace)
        outcome.summary = f"exit status {result.exit_code}"
    return result


def aside(emit: Emit) -> Emit:
    """Return an emit that takes what the script prints for messages: it is not what the command was asked for."""

    def aside(event: Event) -> None:
        emit(replace(event, stream="stderr") if isinstance(event, Log) else event)

    return aside


@contextmanager
def proof_copy(spec: RunSpec, emit: Emit) -> Iterator[RunSpec]:
    """Mount what the notebook reads, and copies of what it writes into: a proof changes nothing of the person's."""
    with scratch_folder() as scratch:
        mounts = []
        for number, mount in enumerate(spec.mounts):
            if mount.kind == "bind" and not mount.read_only:
                copy = scratch / str(number)
                copy_for_proof(Path(mount.source), copy, emit)
                mount = replace(mount, source=str(copy), make=False)  # noqa: PLW2901
            mounts.append(mount)
        yield replace(spec, mounts=tuple(mounts))


def copy_for_proof(source: Path, target: Path, emit: Emit = lambda _: None) -> None:
    """Copy what a notebook writes into, links as links: what they lead to is not the notebook's to have.

    What is neither file, folder nor link is left out and named; of too much, or nothing, an empty folder is made.
    """
    copy = FolderCopy(allowance=MAX_COPIED)
    try:
        if source.exists():
            copy.copy(source, target)
    except TooMuchError:
        shutil.rmtree(target, ignore_errors=True)
        message = f"'{source}' has more than {MAX_COPIED / 2**30:g} GB, so the proof runs with an empty folder there."
        emit(Warned(step="run", message=message))
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        message = f"'{source}' can't be copied for the proof, which runs with an empty folder there: {error.strerror}."
        emit(Warned(step="run", message=message))
    if copy.left_out:
        names = ", ".join(printable(path.name) for path in copy.left_out[:_MAX_NAMED])
        more = f" and {len(copy.left_out) - _MAX_NAMED} more" if len(copy.left_out) > _MAX_NAMED else ""
        message = f"What is no file in '{source}', or can't be read, is not copied for the proof: {names}{more}."
        emit(Warned(step="run", message=message))
    if not target.exists():
        target.mkdir()


def _repairs(output: str, recipe: Recipe, choices: BuildChoices, engine: Engine) -> tuple[Repair, ...]:
    environment = environment_of(choices, notebook_of(choices))
    base = find_image(engine, str(recipe.base))
    found = find_repairs(output, recipe.requirements, environment, base_system(engine, base) if base else None)
    if not found and _obstacle(output).kind in ("module", "unknown"):
        # No name is given: all that the running kernel had loaded besides, since one of them may be it.
        found = tuple(Repair(kind="requirements", name=each.name) for each in recipe.requirements.candidates)
    return found


def _with(choices: BuildChoices, repairs: list[Repair]) -> BuildChoices:
    declared = [Declared(requirement=each.name, why=each.why) for each in repairs if each.kind == "requirements"]
    system = [SystemPackage(name=each.name, why=each.why) for each in repairs if each.kind == "apt"]
    return replace(choices, declared=(*choices.declared, *declared), system=(*choices.system, *system))


def _failure(output: str, position: CellPosition | None, runs: int, result: RunResult) -> VerificationError:
    obstacle = _obstacle(output)
    needs = obstacle.message or _UNKNOWN
    last = next((line for line in reversed(output.rstrip().splitlines()) if line.strip()), "")
    return VerificationError(
        f"Verification stopped after {runs} {'run' if runs == 1 else 'runs'}: the notebook {needs}.\n"
        f"    {last.strip()[:200]}",
        obstacle=obstacle.kind,
        hint=obstacle.advice.hint or _UNKNOWN_HINT,
        position=position,
        log=str(result.log or ""),
    )


def _obstacle(output: str) -> Diagnosis:
    """Return what stands in the way, by the last lines: a word further up is not the cause."""
    return diagnose(output, "verification", lines=_LAST_LINES)


def _keep(choices: BuildChoices, added: list[Repair], emit: Emit) -> None:
    """Write what was learned into the notebook, beside what it has of the kind."""
    if not added or choices.content is not None:
        return
    before = notebook_of(choices).metadata.get(METADATA_KEY, {})
    learned: dict[str, list[str]] = {}
    for kind in dict.fromkeys(each.kind for each in added):
        old = before.get(kind) or []
        learned[kind] = [*(old if isinstance(old, list) else [old]), *(e.stored for e in added if e.kind == kind)]
    try:
        store_choices(choices.notebook, learned)
    except NotebookError as error:
        emit(Warned(step="run", message=error.message, hint=error.hint))
