"""A sweep on disk as its tasks leave it, without any engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_docker.clusters.store import SweepFolder, SweepStore
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.exchange.wire.session import dump
from jupyter_docker.notebook import rows_text
from jupyter_docker.values import Limits, Mount, RunSpec

SPEC = RunSpec(
    image="toy:1",
    mounts=(Mount(kind="bind", source="/a: b", target=PurePosixPath("/app/data"), read_only=True),),
    limits=Limits(memory=1 << 30, cpus=1.5, timeout=60.0),
    labels={"a": "b"},
    env={"MPLCONFIGDIR": "/cache/mpl"},
)


def swept(folder: Path, rows: list[dict[str, Any]], **fields: Any) -> SweepFolder:
    known: dict[str, Any] = {"id": "toy-0123abcd", "notebook": "/x/toy.ipynb", "image": "toy:1", "spec": SPEC}
    sweep = Sweep(**{**known, "count": len(rows), "own_folders": (PurePosixPath("/app/out"),), **fields})
    made, _ = SweepStore(folder).create(sweep, rows_text(rows))
    with made.held():  # and let go, as by its start
        return made


def record(index: int = 0, **fields: Any) -> dict[str, Any]:
    return {
        "version": 1, "index": index, "parameters": {}, "status": "ok", "error": None, "started": 1.0, "seconds": 2.0,
        "peak_memory": 5, "attempt": 1, "host": "here", "values": None, "files": [], **fields,
    }  # fmt: skip


def leave(folder: SweepFolder, index: int, values: Mapping[str, Any] | None = None, **fields: Any) -> None:
    """Do what a task does at its end."""
    task = folder.task(index)
    task.mkdir(parents=True)
    if values is not None:
        (task / "values-1").mkdir()
        dump(str(task / "values-1"), folder.sweep.outputs, values)
        fields["values"] = "values-1"
    (task / "record.json").write_text(json.dumps(record(index, **fields)))
