"""The table of a sweep: a row a task, its values, its end, and what it returned; as a frame or a file."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_docker.clusters.progress import Progress
from jupyter_docker.clusters.records import Record
from jupyter_docker.clusters.store import SweepFolder
from jupyter_docker.clusters.sweep import files_path
from jupyter_docker.exchange import Received, read_values
from jupyter_docker.values import UsageError

if TYPE_CHECKING:
    import pandas as pd

_OWN = ("status", "seconds", "error", "cell", "line", "attempt", "host", "peak_memory", "files")
_MAX_SHOWN = 60
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, kw_only=True)
class SweepTable:
    """What came of a sweep so far. A parameter named as one of our columns keeps its name, and ours gives way."""

    folder: SweepFolder
    progress: Progress

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names: ``task``, the parameters, the variables that were returned, and how each task ended."""
        parameters = dict.fromkeys(name for row in self._given for name in row)
        return tuple(dict.fromkeys(["task", *parameters, *self.folder.sweep.outputs, *_OWN]))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A row a task, in their order; what a task has not is None."""
        return [dict(self._row(index)) for index in range(len(self.progress.states))]

    @cached_property
    def _given(self) -> list[dict[str, Any]]:
        return self.folder.rows()

    def _row(self, index: int) -> Iterator[tuple[str, Any]]:
        record, state = self.progress.records.get(index), self.progress.states[index]
        own = {"task": index, "status": state.state, "attempt": state.attempt, "error": state.reason or None}
        recorded = self._recorded(index, record, state.reason) if record else {}
        found = {**own, **recorded, **self._given[index]}
        yield from ((name, found.get(name)) for name in self.columns)

    def _recorded(self, index: int, record: Record, unsaved: str) -> Mapping[str, Any]:
        position, received = record.position, self._received.get(index)
        error = f"{record.error}: {record.message}".rstrip(": ")
        failures = [each.message for each in received.failures.values()] if received else []
        return {
            **(received.values if received else {}),
            "seconds": round(record.seconds, 3),
            "error": " ".join(filter(None, (error, *failures, unsaved))) or None,
            "cell": position.cell if position else None,
            "line": position.line if position else None,
            "host": record.host,
            "peak_memory": record.peak_memory,
            "files": [str(path) for path in self.files_of(index, record)],
        }

    @cached_property
    def _received(self) -> dict[int, Received]:
        """What each task returned. One bound of memory is for them all, since the table holds them all."""
        outputs, left = self.folder.sweep.outputs, None
        found = dict[int, Received]()
        for index, record in sorted(self.progress.records.items()):
            if record.values and outputs:
                folder = self.folder.task(index) / record.values
                found[index] = read_values(folder, outputs, namespace={}, limit=left)
                left = found[index].left
        return found

    def files_of(self, index: int, record: Record) -> Iterator[Path]:
        """Yield where the files are here that the task left in its own folders."""
        for file in record.files:
            if any(file.path.is_relative_to(folder) for folder in self.folder.sweep.own_folders):
                yield self.folder.task(index) / files_path(PurePosixPath(file.path))

    def frame(self) -> pd.DataFrame:
        """Return the table as a DataFrame; raises UsageError where pandas is not installed."""
        try:
            import pandas as pd
        except ImportError:
            raise UsageError(
                "A DataFrame needs pandas.", hint="Install it, or write the table: --output a.csv"
            ) from None
        return pd.DataFrame(self.rows, columns=list(self.columns))

    def write(self, path: Path) -> None:
        """Write it as the file's ending says: ``.csv``, ``.html`` or ``.parquet``; raises UsageError for another."""
        match path.suffix.lower():
            case ".csv":
                path.write_text(self._csv(), encoding="utf-8", newline="")
            case ".html":
                path.write_text(self._html(), encoding="utf-8")
            case ".parquet":
                self._write_parquet(path)
            case _:
                raise UsageError(f"'{path.name}' is no table.", hint="Name it .csv, .html or .parquet.")

    def texts(self) -> list[list[str]]:
        """Return the cells as short texts, in the order of `columns`."""
        return [[cell_text(row[name]) for name in self.columns] for row in self.rows]

    def _csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([_field(row[name]) for name in self.columns] for row in self.rows)
        return text.getvalue()

    def _html(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "\n".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in self.texts())
        title = html.escape(f"Sweep {self.folder.id}")
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
            f"<h1>{title}</h1>\n<p>{html.escape(self.progress.summary())}</p>\n"
            f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></body></html>\n"
        )

    def _write_parquet(self, path: Path) -> None:
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError:
            raise UsageError("Parquet needs pyarrow.", hint="Install it, or write .csv.") from None
        columns = {name: _of_one_type([row[name] for row in self.rows]) for name in self.columns}
        parquet.write_table(pa.table(columns), path)


def _of_one_type(values: Sequence[Any]) -> list[Any]:
    """Return the values as they are where they are plain and of one type, as texts where not."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    if len(kinds) <= 1 and all(kind in _PLAIN for kind in kinds):
        return list(values)
    return [None if value is None else _field(value) for value in values]


def _field(value: Any) -> str:
    """Return a cell of a file: nothing for None, paths with semicolons."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value)
    return str(value) if isinstance(value, _PLAIN) else cell_text(value)


def cell_text(value: Any) -> str:
    """Return a value as a short text: a frame or an array by its type and shape."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(Path(each).name for each in value[:3]) + (" …" if len(value) > 3 else "")  # noqa: PLR2004
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"{type(value).__name__} {' × '.join(map(str, shape))}"
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
