"""``compare``: what a notebook gives in its image, held against what is saved in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.verbs.execution import Cellwise, cellwise, executed_path, run_notebook
from jupyter_docker.compare import CLASSES, Report, badge, compare_notebooks, prepare_page, write_page
from jupyter_docker.kernel import check_writable
from jupyter_docker.notebook import NotebookNode, read_notebook
from jupyter_docker.pipeline import aside, describe_data, proof_copy
from jupyter_docker.values import (
    Finished,
    InterruptedRunError,
    ScriptFailedError,
    TimeLimitError,
    UnsavedResultsError,
    UsageError,
    Warned,
    step,
)


def compare(call: Call) -> Report:
    """Run the notebook cell by cell in its image, as often as --repeat says, and report what was reproduced.

    Whatever it writes goes into copies. With --executed nothing is run: those notebooks are compared.
    """
    _check_targets(call)
    saved = read_notebook(call.source)
    runs: Sequence[Any] = [read_notebook(path) for path in call.args.executed] or _new_runs(call)
    return _report(call, saved, runs)


def run_and_compare(call: Call) -> Report:
    """Run the notebook as ``run --mode notebook`` does, and report what was reproduced, also where a cell fails."""
    _check_targets(call)
    prepare_page()
    saved = read_notebook(call.source)  # the run may write over it
    try:
        run_notebook(call)
    except ScriptFailedError:
        _report(call, saved, [read_notebook(executed_path(call))])
        raise
    return _report(call, saved, [read_notebook(executed_path(call))])


def _report(call: Call, saved: NotebookNode, runs: Sequence[Any]) -> Report:
    """Write the report of the runs, and return it; ``saved`` is the notebook as it was before them."""
    target = _page_path(call)
    host = read_notebook(call.args.host) if call.args.host else None
    with step(call.emit, "compare", f"Comparing with {call.source.name}", outputs=(str(target.absolute()),)) as outcome:
        report = compare_notebooks(saved, runs[0], repeats=runs[1:], host=host, name=call.source.name)
        report = replace(report, allowed=frozenset(call.args.allow))
        write_page(report, saved, runs[0], target)
        if call.args.badge:
            call.args.badge.write_text(badge(report), encoding="utf-8")
        outcome.summary = ", ".join(f"{count} {kind}" for kind, count in report.counts.items()) or "no cells"
    call.emit(Finished(summary=_summary(report), facts=_facts(report, target)))
    return report


def _check_targets(call: Call) -> None:
    """Raise UsageError where the report could not be written after the runs, or a class is none."""
    for path in filter(None, (_page_path(call), call.args.badge)):
        check_writable(path)
    unknown = [kind for kind in call.args.allow if kind not in CLASSES]
    if unknown:
        raise UsageError(f"'{unknown[0]}' is no class of cells.", hint=f"There are: {', '.join(CLASSES)}.")


def _page_path(call: Call) -> Path:
    page: Path | None = call.args.page
    return page or call.source.absolute().parent / f"{call.source.stem}.compare.html"


def _new_runs(call: Call) -> list[Any]:
    with cellwise(call) as ready:
        prepare_page()
        return [_new_run(call, ready, number) for number in range(1, call.args.repeat + 1)]


def _new_run(call: Call, ready: Cellwise, number: int) -> Any:
    """Return the notebook as it ran to its end, or to the cell that failed."""
    again = f", run {number} of {call.args.repeat}" if call.args.repeat > 1 else ""
    title = f"Running {call.source.name} cell by cell{again}{describe_data(ready.spec)}"
    with step(call.emit, "run", title) as outcome, proof_copy(ready.spec, call.emit) as spec:
        running = ready.new_run(spec)
        outcome.summary = f"{len(running.cells)} cells"
        try:
            running.run(aside(call.emit))
        except TimeLimitError:
            raise
        except ScriptFailedError as error:
            outcome.summary = f"it failed in {error.position or 'a cell'}"
        except UnsavedResultsError as error:
            call.emit(Warned(step="run", message=error.message))
        except KeyboardInterrupt:
            raise InterruptedRunError("The run was interrupted; its container was removed.") from None
    return running.document


def _summary(report: Report) -> str:
    return f"{report.reproduced} of {len(report.cells)} cells gave what was saved, score {report.score:.2f}."


def _facts(report: Report, target: Path) -> dict[str, str]:
    changed = {"versions": report.provenance.environment, "data": report.provenance.data}
    return {"report": str(target)} | {f"changed {what}": ", ".join(names) for what, names in changed.items() if names}
