"""A sweep as a value, and its JSON: the handle by which any process finds it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from socket import gethostname
from typing import Any, Self

from jupyter_docker.task_runner import (
    ATTEMPT_VARIABLE,
    EXCHANGE_VARIABLE,
    FOLDERS_VARIABLE,
    HOST_VARIABLE,
    INDEX_VARIABLES,
    NAMES_VARIABLE,
    RECORDS_VARIABLE,
    TABLE_VARIABLE,
)
from jupyter_docker.values import PROJECT_ROOT, Limits, Mount, RunSpec, slug

INPUT = PurePosixPath("/containerize-sweep/input")
TASKS = PurePosixPath("/containerize-sweep/tasks")
ROWS, EXCHANGE = "rows.jsonl", "exchange.zip"
_DIGITS = 8


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """One image and many rows of values; all but the values of ``variables``, which are kept nowhere.

    ``cluster`` is where it runs ("local", "slurm") and ``settings`` what that asks besides; ``outputs`` are the
    variables that each task returns, ``own_folders`` the folders of the container whose files are a task's own
    results. ``variables`` are the names of the container's environment variables that the person or the notebook asks
    for, and those of ``spec`` are ours. ``retries`` counts what is done again after a task was lost or ran out of
    memory; ``at_once`` 0 is as many as there is room for.
    """

    id: str
    notebook: str
    image: str
    spec: RunSpec
    count: int
    cluster: str = "local"
    engine: str = ""
    created: str = ""
    outputs: tuple[str, ...] = ()
    own_folders: tuple[PurePosixPath, ...] = ()
    variables: tuple[str, ...] = ()
    at_once: int = 0
    retries: int = 1
    grace: float = 10.0
    settings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the handle's JSON, in which no variable of the person's or the notebook's has a value."""
        fields = {name: value for name, value in vars(self).items() if name not in {"spec", "own_folders"}}
        return {
            **fields,
            "own_folders": [str(folder) for folder in self.own_folders],
            "container": {
                "mounts": [{**vars(mount), "target": str(mount.target)} for mount in self.spec.mounts],
                "limits": asdict(self.spec.limits),
                "gpus": self.spec.gpus,
                "network": self.spec.network,
                "labels": dict(self.spec.labels),
                "env": dict(self.spec.env),
            },
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Return the sweep of `as_json`; raises KeyError, TypeError or ValueError where it is none."""
        container = fields["container"]
        spec = RunSpec(
            image=fields["image"],
            mounts=tuple(Mount(**{**each, "target": PurePosixPath(each["target"])}) for each in container["mounts"]),
            limits=Limits(**container["limits"]),
            gpus=container["gpus"],
            network=container["network"],
            labels=container["labels"],
            env=container.get("env", {}),
        )
        kept = {name: value for name, value in fields.items() if name != "container"}
        lists = {name: tuple(kept[name]) for name in ("outputs", "variables")}
        return cls(**{**kept, **lists, "spec": spec, "own_folders": tuple(map(PurePosixPath, kept["own_folders"]))})

    def task_variables(self, index: int, attempt: int) -> dict[str, str]:
        """Return the variables that tell the image's program which task it is and where its record goes."""
        variables = {
            INDEX_VARIABLES[0]: str(index),
            ATTEMPT_VARIABLE: str(attempt),
            TABLE_VARIABLE: str(INPUT / ROWS),
            RECORDS_VARIABLE: str(TASKS),
            FOLDERS_VARIABLE: ":".join(map(str, self.own_folders)),
        }
        if self.outputs:
            variables |= {NAMES_VARIABLE: ",".join(self.outputs), EXCHANGE_VARIABLE: str(INPUT / EXCHANGE)}
        return variables

    def task_mounts(self, folder: Path, index: int) -> tuple[Mount, ...]:
        """Return the mounts of a task of the sweep in ``folder``: its input, its own folder, its folders of results."""
        own = folder / "tasks" / str(index)
        made = [(own, TASKS / str(index)), *((own / files_path(target), target) for target in self.own_folders)]
        return (
            Mount(kind="bind", source=str(folder / "input"), target=INPUT, read_only=True),
            *(Mount(kind="bind", source=str(source), target=target, make=True) for source, target in made),
        )

    def task(self, folder: Path, index: int, attempt: int, *, name: str, variables: Mapping[str, str]) -> RunSpec:
        """Return the container of one task; ``variables`` are those of the person, with their values."""
        return replace(
            self.spec,
            name=name,
            env={**variables, **self.spec.env, **self.task_variables(index, attempt), HOST_VARIABLE: gethostname()},
            mounts=(*self.spec.mounts, *self.task_mounts(folder, index)),
        )


def sweep_id(notebook: Path, image_id: str, rows: str, *said: Sequence[str] | str) -> str:
    """Return the sweep's name: the same for what is the same, so that a sweep is found and not made twice.

    Args:
        notebook: The notebook's path, whose name it begins with.
        image_id: The image's ID.
        rows: The rows, a JSON object a line.
        said: What else tells it from others: the cluster, the variables to return.
    """
    digest = hashlib.sha256(json.dumps([image_id, rows, *said]).encode()).hexdigest()
    return f"{slug(notebook.stem)}-{digest[:_DIGITS]}"


def files_path(target: PurePosixPath) -> PurePosixPath:
    """Return where, in a task's folder, the files of the container's folder ``target`` are."""
    root = PROJECT_ROOT if target.is_relative_to(PROJECT_ROOT) else PurePosixPath("/")
    return PurePosixPath("files") / target.relative_to(root)
