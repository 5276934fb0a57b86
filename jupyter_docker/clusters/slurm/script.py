"""The batch script of a sweep, as text: what a node does for one task of the array."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from jupyter_docker.clusters.sweep import INPUT, TASKS, Sweep, files_path
from jupyter_docker.task_runner import ATTEMPT_VARIABLE, HOST_VARIABLE, INDEX_VARIABLES
from jupyter_docker.values import UsageError

Runtime: TypeAlias = Literal["apptainer", "singularity", "docker", "podman"]
SIF_RUNTIMES: frozenset[Runtime] = frozenset({"apptainer", "singularity"})
GIVEN = "CONTAINERIZE_GIVEN_"
"""What the names of the container's variables have before them in the environment of a job."""
_SEPARATORS = frozenset(":,")
RUNTIMES: tuple[Runtime, ...] = ("apptainer", "singularity", "podman", "docker")

_SCRIPT = """\
#!/bin/bash
# A task of the sweep {id}: row $1 + its index in the array. Written by jupyter-containerize.
index=$(($1 + SLURM_ARRAY_TASK_ID))
attempt=$((1 + ${{SLURM_RESTART_COUNT:-0}}))
task={folder}/tasks/$index
mkdir -p "$task"{folders}
exec >>"$task/slurm.log" 2>&1
[ ! -e "$task/record.json" ] || exit 0
rm -f "$task/exit"
{load}{run}
status=$?
if [ ! -e "$task/record.json" ]; then
  # Killed, most likely for its memory: what the node did to it, and not the script.
  if [ $status = 137 ] && [ $attempt -le {retries} ]; then
    scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID" && exit
  fi
  echo $status >"$task/exit"
fi
exit $status
"""


def batch_script(sweep: Sweep, folder: Path, image: Path, runtime: Runtime) -> str:
    """Return the script; its first argument is the index of the array's first row.

    Args:
        sweep: What is to run.
        folder: The sweep's.
        image: The image's file: SIF for Apptainer, an archive that ``docker load`` reads for the others.
        runtime: The program of the nodes that runs containers.

    Raises:
        UsageError: A path that is mounted has a colon or a comma in it.
    """
    own = "".join(f' "$task"/{_quoted(files_path(target))}' for target in sweep.own_folders)
    is_sif = runtime in SIF_RUNTIMES
    words = _apptainer(sweep, folder, image, runtime) if is_sif else _docker(sweep, folder, runtime)
    load = "" if is_sif else _load(sweep, image, runtime)
    return _SCRIPT.format(
        id=sweep.id, folder=_quoted(folder), folders=own, load=load, run=" \\\n  ".join(words), retries=sweep.retries
    )


def _apptainer(sweep: Sweep, folder: Path, image: Path, runtime: Runtime) -> list[str]:
    """Return the command; ``--containall`` gives a home, a /tmp and variables of the container's own."""
    # By the environment: an argument is split at its commas, and any user of the node can read it.
    prefix = f"{runtime.upper()}ENV_"
    constants = [f"{prefix}{name}={_quoted(value)}" for name, value in _constants(sweep).items()]
    passed = [f'{prefix}{name}="{value}"' for name, value in _of_task().items()]
    passed += [f'{prefix}{name}="${GIVEN}{name}"' for name in sweep.variables]
    binds = [f"--bind {mount}" for mount in _mounts(sweep, folder)]
    return [*constants, *passed, f"{runtime} run --containall", *binds, _quoted(image)]


def _docker(sweep: Sweep, folder: Path, runtime: Runtime) -> list[str]:
    variables = [
        "--env HOME=/tmp",
        *(f"--env {_quoted(f'{name}={value}')}" for name, value in _constants(sweep).items()),
    ]
    variables += [f'--env {name}="{value}"' for name, value in _of_task().items()]
    # By a pipe: an argument could be read by others, and in the environment it would steer the client.
    given = [f"--env-file <(printf '%s\\n' \"{name}=${GIVEN}{name}\")" for name in sweep.variables]
    user = '--user "$(id -u):$(id -g)"' if runtime == "docker" else "--userns=keep-id"
    limits = sweep.spec.limits
    memory = [f"--memory {limits.memory}"] if limits.memory else []
    cpus = [f"--cpus {limits.cpus}"] if limits.cpus else []
    mounts = [f"--volume {mount}" for mount in _mounts(sweep, folder)]
    shared = [f"--shm-size {limits.shared_memory}"] if limits.shared_memory else []
    safe = "--cap-drop ALL --security-opt no-new-privileges"
    return [
        f"{runtime} run --rm --init {safe}",
        user,
        *memory,
        *shared,
        *cpus,
        *variables,
        *given,
        *mounts,
        _quoted(sweep.image),
    ]


def _load(sweep: Sweep, image: Path, runtime: Runtime) -> str:
    """Return the lines that give the node's engine the image, once where many tasks begin together."""
    known = f"{runtime} image inspect {_quoted(sweep.image)}"
    load = f"flock {_quoted(image)} sh -c {_quoted(f'{known} || {runtime} load -i {_quoted(image)}')}"
    return f"{load} >/dev/null 2>&1\n"


def _constants(sweep: Sweep) -> dict[str, str]:
    """Return the variables that are the same for every task."""
    found = {**sweep.spec.env, **sweep.task_variables(0, 1)}
    return {name: value for name, value in found.items() if name not in _of_task()}


def _of_task() -> dict[str, str]:
    """Return what the shell of the node knows, by variable."""
    return {INDEX_VARIABLES[0]: "$index", ATTEMPT_VARIABLE: "$attempt", HOST_VARIABLE: "$SLURMD_NODENAME"}


def check_paths(sweep: Sweep, folder: Path) -> None:
    """Raise UsageError for a path that a runtime would take for several: it splits a mount at colons and commas.

    ``folder`` is the sweep's, and a path of any mount counts: the notebook's words, and what its code makes, too.
    """
    mounts = sweep.spec.mounts
    for path in (*(each.source for each in mounts), *(each.target for each in mounts), *sweep.own_folders, folder):
        if _SEPARATORS.intersection(str(path)):
            message = f"'{path}' can't be mounted on Slurm: it has a colon or a comma in it."
            raise UsageError(message, hint="Give it another name, or leave it out: --data none")


def _mounts(sweep: Sweep, folder: Path) -> list[str]:
    """Return SOURCE:TARGET[:ro] of each mount, as the shell reads it. Raises UsageError as `check_paths` does."""
    check_paths(sweep, folder)
    own = [f'"$task"/{_quoted(files_path(target))}:{_quoted(target)}' for target in sweep.own_folders]
    given = [
        f"{_quoted(each.source)}:{_quoted(each.target)}{':ro' if each.read_only else ''}" for each in sweep.spec.mounts
    ]
    return [*given, f"{_quoted(folder / 'input')}:{INPUT}:ro", f'"$task":{TASKS}/"$index"', *own]


def _quoted(text: object) -> str:
    return shlex.quote(str(text))


def sbatch_options(sweep: Sweep) -> list[str]:
    """Return what Slurm is asked for each task."""
    limits = sweep.spec.limits
    memory = [f"--mem={math.ceil(limits.memory / 2**20)}M"] if limits.memory else []
    cpus = [f"--cpus-per-task={math.ceil(limits.cpus)}"] if limits.cpus else []
    seconds = [f"--time={math.ceil(limits.timeout / 60)}"] if limits.timeout else []
    common = [
        "--parsable",
        f"--job-name={sweep.id}",
        "--ntasks=1",
        "--requeue",
        "--output=/dev/null",
        "--open-mode=append",
    ]
    return [*common, *memory, *cpus, *seconds]


def array_of(indices: Iterable[int]) -> str:
    """Return the indices as an array option has them: "0-3,7"."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def chunks_of(indices: Sequence[int], size: int) -> dict[int, list[int]]:
    """Return the indices by the first one of their array, of at most ``size`` tasks, counted from there."""
    chunks: dict[int, list[int]] = {}
    for index in sorted(indices):
        chunks.setdefault(index // size * size, []).append(index % size)
    return chunks
