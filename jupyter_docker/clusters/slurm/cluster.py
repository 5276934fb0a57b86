"""Slurm as a cluster: `sbatch --array`, `squeue`, `scancel`, and nothing that a site may lack (`sacct`)."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_docker.clusters.following import followed_text
from jupyter_docker.clusters.progress import State, SweepStates, TaskState
from jupyter_docker.clusters.slurm.script import (
    GIVEN,
    RUNTIMES,
    SIF_RUNTIMES,
    Runtime,
    array_of,
    batch_script,
    check_paths,
    chunks_of,
    sbatch_options,
)
from jupyter_docker.clusters.store import JOBS, SweepFolder, SweepStore
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.engine import connect, save_images
from jupyter_docker.values import (
    Emit,
    EngineError,
    MissingError,
    ProcessError,
    UsageError,
    find_program,
    make_private_folder,
    run_program,
    step,
    write_private,
)

SCRIPT = "task.sh"
_MAX_ARRAY = re.compile(r"^MaxArraySize\s*=\s*(\d+)", re.MULTILINE)
# A site's own programs may say more, on other lines.
_JOB = re.compile(r"^(\d+)(;.*)?$", re.MULTILINE)
_QUEUED = re.compile(r"^(\d+) (\d+) (\S+)$", re.MULTILINE)
_SECONDS_BETWEEN, _SECONDS_TO_STOP = 1.0, 300.0
_IMAGES, _ARCHIVE, _SIF = ".images", ".tar", ".sif"
# What a node's program for containers may need of the person's environment. All else stays here: a site keeps what a
# job is given with the job.
_EXPORTED = re.compile(
    "PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|TMPDIR|LD_LIBRARY_PATH|XDG_RUNTIME_DIR|DOCKER_HOST|CONTAINER_HOST"
    "|(SLURM|SBATCH|APPTAINER|SINGULARITY)_[A-Z0-9_]+"
)
_SIGNALLED, _KILLED = 128, 137
# https://slurm.schedmd.com/squeue.html#SECTION_JOB-STATE-CODES
_RUNNING = frozenset({"RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "SUSPENDED", "STOPPED"})


class SlurmCluster:
    """Runs tasks as a job array; ``runtime`` is the nodes' program for containers, the first that is here if None."""

    def __init__(self, runtime: Runtime | None = None) -> None:
        self._runtime = runtime
        self._asked, self._answer = 0.0, dict[tuple[int, int], str]()

    def check(self, sweep: Sweep) -> None:
        """Raise UsageError for what a task can't have there, or where there is no Slurm or no runtime here."""
        spec = sweep.spec
        refused = {
            "port (-p)": spec.ports, "user (--user)": spec.user, "network (--network)": spec.network,
            "GPU (--gpus)": spec.gpus, "named volume (-v)": [each for each in spec.mounts if each.kind == "volume"],
        }  # fmt: skip
        for noun, given in refused.items():
            if given:
                raise UsageError(f"A task on Slurm takes no {noun}.", hint="Leave it out.")
        check_paths(sweep, SweepStore().folder / sweep.id)
        _run("sinfo", "--version")
        runtime = self._runtime_of(sweep)
        if runtime in SIF_RUNTIMES and spec.limits.shared_memory:
            hint = "Leave out --shm-size: there /dev/shm is the node's."
            raise UsageError("A task in Apptainer or Singularity takes no size of shared memory.", hint=hint)

    def submit(self, folder: SweepFolder, indices: Sequence[int], variables: Mapping[str, str], emit: Emit) -> None:
        """Write the image's file where there is none, and submit an array, or as many as the site's limit asks for."""
        sweep = folder.sweep
        runtime = self._runtime_of(sweep)
        check_values(variables, runtime)
        image = _image_file(folder, sweep, runtime, emit)
        (folder.path / "cancelled").unlink(missing_ok=True)
        script = folder.path / SCRIPT
        write_private(script, batch_script(sweep, folder.path, image, runtime).encode())
        found = _MAX_ARRAY.search(_run("scontrol", "show", "config"))
        size, jobs, before = int(found[1]) if found else 1001, _jobs(folder), 0
        for offset, chunk in chunks_of(indices, size).items():
            throttle = f"%{sweep.at_once}" if sweep.at_once else ""
            # Only one array after another keeps the number of both together.
            after = [f"--dependency=afterany:{before}"] if before and throttle else []
            words = [*sbatch_options(sweep), *after, f"--array={array_of(chunk)}{throttle}", str(script), str(offset)]
            before = job_of(_run("sbatch", "--export=ALL", *words, variables=exported(variables)))
            jobs[before] = offset
            write_private(folder.path / JOBS, json.dumps(jobs).encode())
        self._asked = 0.0

    def states(self, folder: SweepFolder) -> SweepStates:
        """Return what the queue has; a task that is no more in it and left no record has ended without one."""
        jobs, queue = _jobs(folder), self._queue(folder.id)
        tasks = dict(_ended(folder))
        for (job, place), state in queue.items():
            if job in jobs:
                is_running = state in _RUNNING
                tasks[jobs[job] + place] = TaskState(state="running" if is_running else "waiting")
        return SweepStates(tasks=tasks, active=any(job in jobs for job, _ in queue))

    def logs(self, folder: SweepFolder, index: int, *, follow: bool) -> Iterator[str]:
        """Yield what the task printed, each attempt after the other."""
        log = folder.task(index) / "slurm.log"

        def runs() -> bool:
            known = self.states(folder).tasks.get(index)
            return known is not None and known.state in {"waiting", "running"}

        return followed_text(lambda: log if log.exists() else None, runs if follow else lambda: False)

    def fetch(self, folder: SweepFolder) -> None:
        """Nothing is elsewhere: the nodes write into the sweep's folder."""

    def cancel(self, folder: SweepFolder) -> None:
        """Cancel the arrays: Slurm sends SIGTERM, and after its KillWait SIGKILL."""
        jobs = _jobs(folder)
        if jobs:
            with suppress(EngineError):  # one that has ended is unknown
                _run("scancel", "--quiet", *map(str, jobs))
        write_private(folder.path / "cancelled", b"")
        self._asked = 0.0
        until = time.monotonic() + _SECONDS_TO_STOP
        while self.states(folder).active:
            if time.monotonic() > until:
                hint = f"Look again: sweeps. `squeue --name={folder.id}` shows what goes on."
                raise EngineError(f"The sweep '{folder.id}' is cancelled and has not ended yet.", hint=hint)
            time.sleep(_SECONDS_BETWEEN)

    def clear(self, folder: SweepFolder, log_folder: Path, emit: Emit) -> None:  # noqa: ARG002
        """Remove the file of its image, unless another sweep may need it."""
        others = (each for each in SweepStore(folder.path.parent).all() if each.id != folder.id)
        image, used = _image_name(folder), {_image_name(each) for each in others}
        if image and image not in used:
            for suffix in (_ARCHIVE, _SIF):
                (folder.path.parent / _IMAGES / f"{image}{suffix}").unlink(missing_ok=True)

    def _runtime_of(self, sweep: Sweep) -> Runtime:
        named = sweep.settings.get("runtime") or self._runtime
        for each in RUNTIMES:
            if each == named or (not named and find_program(each)):
                return each
        hint = f"Name the nodes' own in the configuration: c.Defaults.cluster_runtime, one of {', '.join(RUNTIMES)}."
        raise UsageError("Nothing that runs containers is here, on the node that submits.", hint=hint)

    def _queue(self, name: str) -> dict[tuple[int, int], str]:
        """Return the state of each task in the queue, by its array and place in it; asked once a second at most."""
        if time.monotonic() - self._asked >= _SECONDS_BETWEEN or not self._asked:
            said = _run("squeue", "--noheader", "--array", f"--name={name}", "--format=%F %K %T")
            self._answer = {(int(row[1]), int(row[2])): row[3] for row in _QUEUED.finditer(said)}
            self._asked = time.monotonic()
        return self._answer


def check_values(variables: Mapping[str, str], runtime: Runtime) -> None:
    """Raise UsageError for a value that has a line break where the runtime reads its variables line by line."""
    for name, value in variables.items():
        if runtime not in SIF_RUNTIMES and "\n" in value:
            raise UsageError(f"The variable '{name}' has a line break, which {runtime} on Slurm can't be given.")


def exported(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that a job is given, with the container's ``variables`` under names of our own.

    A notebook may choose them, and under theirs (LD_PRELOAD, BASH_ENV) they would run its code here and on the nodes.
    """
    own = {name: value for name, value in os.environ.items() if _EXPORTED.fullmatch(name)}
    return {**own, **{GIVEN + name: value for name, value in variables.items()}}


def _run(*command: str, variables: Mapping[str, str] | None = None) -> str:
    """Return what a program of Slurm's prints; ``variables`` are all that it has, if given.

    Raises UsageError where there is none, EngineError where it refuses.
    """
    lines: list[str] = []
    try:
        run_program(command, on_line=lines.append, env=variables)
    except FileNotFoundError:
        hint = "Run this where `sbatch` works, such as the login node of the cluster."
        raise UsageError(f"There is no Slurm here: no program '{command[0]}'.", hint=hint) from None
    except ProcessError as error:
        raise EngineError(f"`{command[0]}` refused: {error.output.strip()}", hint="Slurm says what it lacks.") from None
    return "\n".join(lines)


def job_of(said: str) -> int:
    """Return the array that `sbatch --parsable` names among what it and the site print; raises EngineError."""
    found = _JOB.search(said)
    if found is None:
        raise EngineError(f"`sbatch` named no job: {said.strip()}", hint="`squeue --me` says whether there is one.")
    return int(found[1])


def _jobs(folder: SweepFolder) -> dict[int, int]:
    """Return the arrays that were submitted, each with the row that its place 0 is."""
    try:
        found: dict[str, Any] = json.loads((folder.path / JOBS).read_bytes())
        return {int(job): int(offset) for job, offset in found.items()}
    except (OSError, ValueError):
        return {}


def _ended(folder: SweepFolder) -> Iterator[tuple[int, TaskState]]:
    """Yield the tasks that began, as they are where the queue has none of them."""
    cancelled = (folder.path / "cancelled").exists()
    for task in (folder.path / "tasks").iterdir():
        if task.name.isdecimal():
            yield int(task.name), _ending(task, cancelled=cancelled)


def _ending(task: Path, *, cancelled: bool) -> TaskState:
    try:
        status = int((task / "exit").read_text("ascii"))
    except (OSError, ValueError):
        status = _KILLED
    lost: State = "stopped" if cancelled else "lost"
    if status == _KILLED:
        return TaskState(state=lost, reason="" if cancelled else "It was killed, or its node was lost")
    if status > _SIGNALLED and cancelled:
        return TaskState(state=lost)
    return TaskState(state="failed", reason=f"It ended without a record: exit status {status}")


def _image_name(folder: SweepFolder) -> str:
    """Return what the file of its image is called, without the suffix; empty where its handle can't be read."""
    with suppress(MissingError):
        return re.sub(r"[^\w.-]+", "_", folder.sweep.image)
    return ""


def _image_file(folder: SweepFolder, sweep: Sweep, runtime: Runtime, emit: Emit) -> Path:
    """Return the file of the image beside the sweeps, written first where there is none: whole or not at all."""
    images = make_private_folder(folder.path.parent / _IMAGES)
    is_sif, name = runtime in SIF_RUNTIMES, _image_name(folder)
    wanted = images / f"{name}{_SIF if is_sif else _ARCHIVE}"
    if wanted.exists():
        return wanted
    new = wanted.with_name(f".{wanted.name}.{os.getpid()}")
    archive = new.with_name(f"{new.name}{_ARCHIVE}")
    with step(emit, "push", f"Writing {wanted.name}", outputs=(str(wanted),)) as outcome:
        try:
            with connect(sweep.engine or None) as engine:
                save_images(engine, [sweep.image], archive)
            if is_sif:
                _run(runtime, "build", str(new), f"docker-archive:{archive}")
            (new if is_sif else archive).rename(wanted)
        finally:
            new.unlink(missing_ok=True)
            archive.unlink(missing_ok=True)
        outcome.summary = f"{wanted.stat().st_size / 1e6:,.0f} MB"
    return wanted
