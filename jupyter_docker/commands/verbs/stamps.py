"""``stamp``, and what ``doctor`` and ``plan`` say of it: what made a notebook's outputs, beside what is here now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jupyter_docker.commands.call import Call
from jupyter_docker.compare import environment_changes, stamp_of
from jupyter_docker.doctor import Check
from jupyter_docker.notebook import NotebookNode, read_notebook, store_choices
from jupyter_docker.pipeline import container_spec, environment_of, make_stamp, prepare
from jupyter_docker.values import (
    STAMP_KEY,
    ContainerizeError,
    Emit,
    Event,
    Finished,
    Mount,
    Recipe,
    Stamp,
    Warned,
)

_NAME = "the notebook's outputs"
_COMPARE = "Run it anew, or see what that changes: jupyter containerize compare"


def stamp(call: Call) -> Stamp:
    """Write into the notebook that the environment and the data that are here made its outputs; returns the stamp."""
    recipe, mounts = _prepared(call, call.emit)
    made = _stamp_of_here(call, recipe, mounts)
    store_choices(call.source, {STAMP_KEY: made.as_json()})
    facts = {"Python": made.python, "packages": str(len(made.packages)), "data": ", ".join(made.data) or "none"}
    call.emit(Finished(summary=f"'{call.source.name}' says what made its outputs.", facts=facts))
    return made


def outputs_check(call: Call) -> Check:
    """Return whether what is here is what made the notebook's outputs; needs no engine."""
    saved = stamp_of(read_notebook(call.source))
    if saved is None:
        remedy = "Run it cell by cell (run --mode notebook), or, if what is here made them: jupyter containerize stamp"
        return Check(name=_NAME, level="advice", detail="They don't say what made them.", remedy=remedy)
    try:
        here = _stamp_of_here(call, *_prepared(call, _ignore))
    except ContainerizeError as error:
        return Check(name=_NAME, level="problem", detail=error.message, remedy=error.hint)
    changed = differences(saved, here)
    data = [path for path, digest in saved.data.items() if here.data.get(path) != digest]
    if changed or data:
        parts = [f"made with other versions ({changed} here)"] * bool(changed)
        parts += [f"made from other data ({', '.join(data)})"] * bool(data)
        return Check(name=_NAME, level="advice", detail=f"They were {' and '.join(parts)}.", remedy=_COMPARE)
    return Check(
        name=_NAME, detail=f"They were made on {saved.time[:10]} with the versions and the data that are here."
    )


def warn_of_outputs(notebook: NotebookNode, recipe: Recipe, python: str, emit: Emit) -> None:
    """Say where the saved outputs were made with other versions than those that would be frozen."""
    saved = stamp_of(notebook)
    if saved is None:
        return
    changed = differences(saved, make_stamp(recipe, (), python=python))
    if changed:
        message = f"The saved outputs were made with other versions: {changed} here."
        emit(Warned(step="freeze", message=message, hint=_COMPARE))


def differences(saved: Stamp, here: Stamp) -> str:
    """Return the versions that differ, in words.

    A container's patch release of Python is its base image's, which is not the environment's that is frozen.
    """
    if saved.image and saved.python.rpartition(".")[0] == here.python.rpartition(".")[0]:
        saved = replace(saved, python=here.python)
    return ", ".join(environment_changes(saved, here))


def _prepared(call: Call, emit: Emit) -> tuple[Recipe, Iterable[Mount]]:
    choices = call.about.choices()
    recipe = prepare(choices, call.defaults, emit)
    return recipe, container_spec(call.about.spec_without_variables(), choices, recipe, data=call.about.data).mounts


def _stamp_of_here(call: Call, recipe: Recipe, mounts: Iterable[Mount]) -> Stamp:
    environment = environment_of(call.about.choices(), read_notebook(call.source))
    return make_stamp(recipe, mounts, python=environment.python_version)


def _ignore(_event: Event) -> None:
    """Leave progress and warnings to the verbs that freeze."""
