"""``run --mode notebook``: cell by cell in the container's kernel, into an executed notebook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.engine import Engine
from jupyter_docker.kernel import NotebookRun, as_document, check_reach, check_writable, write_document
from jupyter_docker.notebook import NotebookNode, insert_parameters, read_notebook, runnable_cells
from jupyter_docker.pipeline import build_kernel_image, container_spec, describe_data, outputs_of
from jupyter_docker.values import BuildChoices, Finished, InterruptedRunError, RunSpec, UsageError, step


def run_notebook(call: Call) -> Path:
    """Build the image with a kernel in it, run the notebook there, and return the executed notebook's path.

    It is written with the outputs that there are when a cell fails, which raises ScriptFailedError.
    """
    choices = call.about.choices()
    spec = call.about.spec()
    if spec.detach:
        raise UsageError("A notebook that runs cell by cell can't be left to itself.", hint="Leave out -d.")
    target = call.about.output_notebook or choices.folder / f"{call.source.stem}.executed.ipynb"
    check_writable(target)
    notebook = read_notebook(choices.notebook)
    insert_parameters(notebook, choices.parameters)
    with call.connect() as engine:
        check_reach(engine)
        recipe, image = build_kernel_image(replace(choices, parameters=()), engine, call.defaults, call.emit)
        spec = container_spec(spec, choices, recipe, image.reference, data=call.about.data, cache=True)
        running = _notebook_run(call, choices, notebook, engine, spec)
        _run(call, running, target)
    facts = {"notebook": str(target), "image": spec.image, "log": str(running.log)}
    call.emit(Finished(summary=f"'{call.source.name}' ran in its container.", facts=facts))
    return target


def _notebook_run(
    call: Call, choices: BuildChoices, notebook: NotebookNode, engine: Engine, spec: RunSpec
) -> NotebookRun:
    return NotebookRun(
        engine=engine,
        spec=spec,
        document=as_document(notebook),
        cells=runnable_cells(notebook, choices.folder),
        name=choices.notebook.stem,
        log_folder=Path(call.defaults.log_folder),
    )


def _run(call: Call, running: NotebookRun, target: Path) -> None:
    title = f"Running {call.source.name} cell by cell{describe_data(running.spec)}"
    outputs = (str(target.absolute()), *outputs_of(running.spec))
    with step(call.emit, "run", title, outputs=outputs) as outcome:
        try:
            running.run(call.emit)
        except KeyboardInterrupt:
            hint = f"The cells that ran until then are in '{target}'."
            fate = "kept" if running.unsaved else "removed"
            raise InterruptedRunError(f"The run was interrupted; its container was {fate}.", hint=hint) from None
        finally:
            write_document(running.document, target)
        outcome.summary = f"{len(running.cells)} cells"
