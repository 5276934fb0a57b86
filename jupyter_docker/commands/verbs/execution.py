"""Notebooks cell by cell in the container's kernel: ``run --mode notebook``, and the runs that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.engine import Engine
from jupyter_docker.kernel import NotebookRun, as_document, check_reach, check_writable, write_document, write_report
from jupyter_docker.notebook import METADATA_KEY, NotebookNode, insert_parameters, read_notebook, runnable_cells
from jupyter_docker.pipeline import build_kernel_image, container_spec, describe_data, make_stamp, outputs_of
from jupyter_docker.values import (
    STAMP_KEY,
    BuildChoices,
    Finished,
    Image,
    InterruptedRunError,
    Recipe,
    RunSpec,
    UsageError,
    Warned,
    step,
)


@dataclass(frozen=True, kw_only=True)
class Cellwise:
    """A notebook whose image is there: ready to run cell by cell, as often as is wanted."""

    call: Call
    choices: BuildChoices
    engine: Engine
    recipe: Recipe
    image: Image
    spec: RunSpec

    def new_run(self, spec: RunSpec | None = None) -> NotebookRun:
        """Return a run of the notebook as it is saved, its parameters set; ``spec`` is another container for it."""
        notebook = read_notebook(self.choices.notebook)
        insert_parameters(notebook, self.choices.parameters)
        return NotebookRun(
            engine=self.engine,
            spec=spec or self.spec,
            document=as_document(self._stamped(notebook)),
            cells=runnable_cells(notebook, self.choices.folder),
            name=self.choices.notebook.stem,
            log_folder=Path(self.call.defaults.log_folder),
        )

    def _stamped(self, notebook: NotebookNode) -> NotebookNode:
        """Write into the notebook what makes its outputs."""
        python = self.image.python_version or self.recipe.requirements.python
        stamp = make_stamp(self.recipe, self.spec.mounts, python=python, image=self.image, engine=self.engine)
        own = notebook.metadata.get(METADATA_KEY)
        kept = own if isinstance(own, dict) else {}
        notebook.metadata[METADATA_KEY] = {**kept, STAMP_KEY: stamp.as_json()}
        return notebook


@contextmanager
def cellwise(call: Call) -> Iterator[Cellwise]:
    """Build the image with a kernel in it, where it is not there."""
    choices, spec = call.about.choices(), call.about.spec()
    insert_parameters(read_notebook(choices.notebook), choices.parameters)  # what it does not take is said at once
    if spec.detach:
        raise UsageError("A notebook that runs cell by cell can't be left to itself.", hint="Leave out -d.")
    with call.connect() as engine:
        check_reach(engine)
        recipe, image = build_kernel_image(replace(choices, parameters=()), engine, call.defaults, call.emit)
        spec = container_spec(spec, choices, recipe, image.reference, data=call.about.data, cache=True)
        yield Cellwise(call=call, choices=choices, engine=engine, recipe=recipe, image=image, spec=spec)


def run_notebook(call: Call) -> Path:
    """Run the notebook, and return the executed notebook's path.

    It is written with the outputs that there are when a cell fails, which raises ScriptFailedError; and so is its
    report, where one is wanted.
    """
    target = executed_path(call)
    report = target.with_suffix(".html") if call.about.report else None
    for path in filter(None, (target, report)):
        check_writable(path)
    with cellwise(call) as ready:
        running = ready.new_run()
        _run(call, running, target, report)
    written = {"notebook": str(target), **({"report": str(report)} if report else {})}
    facts = {**written, "image": ready.spec.image, "log": str(running.log)}
    call.emit(Finished(summary=f"'{call.source.name}' ran in its container.", facts=facts))
    return target


def executed_path(call: Call) -> Path:
    """Return where the executed notebook goes."""
    beside = call.source.absolute().parent / f"{call.source.stem}.executed.ipynb"
    return call.about.output_notebook or beside


def _run(call: Call, running: NotebookRun, target: Path, report: Path | None) -> None:
    title = f"Running {call.source.name} cell by cell{describe_data(running.spec)}"
    written = [str(path.absolute()) for path in (target, report) if path]
    outputs = (*written, *outputs_of(running.spec))
    with step(call.emit, "run", title, outputs=outputs) as outcome:
        try:
            running.run(call.emit)
        except KeyboardInterrupt:
            hint = f"The cells that ran until then are in '{target}'."
            fate = "kept" if running.unsaved else "removed"
            raise InterruptedRunError(f"The run was interrupted; its container was {fate}.", hint=hint) from None
        finally:
            write_document(running.document, target)
            if report:
                _report(call, running, report)
        outcome.summary = f"{len(running.cells)} cells"


def _report(call: Call, running: NotebookRun, path: Path) -> None:
    try:
        write_report(running.document, path)
    except Exception as error:  # noqa: BLE001 - of nbconvert's templates and filters; the run itself counts
        message = f"The report could not be written: {error}"
        hint = f"Make it of the executed notebook: jupyter nbconvert --to html {path.with_suffix('.ipynb').name}"
        call.emit(Warned(step="run", message=message, hint=hint))
