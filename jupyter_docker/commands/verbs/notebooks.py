"""The verbs that begin with a notebook: run, plan, build, export, freeze, push."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.advice import script_failure
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.values import known_variables
from jupyter_docker.commands.verbs.stamps import warn_of_outputs
from jupyter_docker.engine import Engine, Running, describe, push, start_detached
from jupyter_docker.engine import run as run_container
from jupyter_docker.freeze import read_index_settings
from jupyter_docker.image import plain_build
from jupyter_docker.notebook import lost_figures, notebook_parameters, read_notebook, run_arguments
from jupyter_docker.pipeline import (
    Plan,
    Verified,
    build_image,
    container_spec,
    describe_data,
    environment_of,
    export,
    export_context,
    freeze,
    notebook_of,
    outputs_of,
    prepare,
    verify,
)
from jupyter_docker.values import (
    BuildContext,
    Event,
    Finished,
    Image,
    ImageReference,
    Mount,
    Recipe,
    Requirements,
    RunResult,
    RunSpec,
    Script,
    UsageError,
    Warned,
    slug,
    step,
)

if TYPE_CHECKING:
    from jupyter_docker.compare import Report

_AS_CALLER = '-u "$(id -u):$(id -g)"'  # who has the folders that are written to


def run(call: Call) -> RunResult | Running | Path | Report:
    """Export, freeze, build and run a notebook, or run an image.

    Raises ScriptFailedError with the container's status where it is not 0, and UnsavedResultsError where it is and
    files that the script wrote are only in the container.
    """
    if call.args.report and call.args.mode != "notebook":
        raise UsageError("A report is of a run cell by cell.", hint="Add --mode notebook, or leave out --report.")
    if call.request is None and call.args.notebook:
        from jupyter_docker.commands.verbs.image_runs import run_image

        return run_image(call, call.args.notebook)
    if call.args.compare and call.about.mode != "notebook":
        raise UsageError("Only a run cell by cell has outputs to compare.", hint="Add --mode notebook.")
    if call.args.compare:
        from jupyter_docker.commands.verbs.comparison import run_and_compare

        return run_and_compare(call)
    if call.about.mode == "notebook":
        from jupyter_docker.commands.verbs.execution import run_notebook

        return run_notebook(call)
    choices = call.about.choices()
    arguments = run_arguments(notebook_parameters(notebook_of(choices)), choices.parameters)
    asked = replace(call.about.spec(), command=arguments or None)
    with call.connect() as engine:
        recipe, image = build_image(replace(choices, parameters=()), engine, call.defaults, call.emit)
        spec = container_spec(asked, choices, recipe, image.reference, data=call.about.data, cache=not asked.detach)
        _tell_figures(call, recipe.script)
        return _start(call, engine, spec) if spec.detach else _run(call, engine, recipe, spec)


def _tell_figures(call: Call, script: Script) -> None:
    """Say where figures are drawn that no one will see."""
    cells = lost_figures(script)
    if cells:
        named = ("s " if len(cells) > 1 else " ") + ", ".join(map(str, cells))
        message = f"A script shows no figures: nobody will see those of cell{named}, which no cell saves."
        hint = "Run it cell by cell (--mode notebook), which keeps them, or save each: plt.savefig('output/a.png')."
        call.emit(Warned(step="run", message=message, hint=hint))


def _start(call: Call, engine: Engine, spec: RunSpec) -> Running:
    with step(call.emit, "run", f"Starting {spec.image}{describe_data(spec)}", outputs=outputs_of(spec)) as outcome:
        running = start_detached(engine, spec, call.emit)
        outcome.summary = running.name
    facts = {"container": running.name, **{f"port {port}": url for port, url in running.urls.items()}}
    facts |= {
        "its log": f"jupyter containerize logs -f {running.name}",
        "end it": f"jupyter containerize rm -f {running.name}",
    }
    call.emit(Finished(summary=f"'{running.name}' runs in the background.", facts=facts))
    return running


def _run(call: Call, engine: Engine, recipe: Recipe, spec: RunSpec) -> RunResult:
    folder, grace = Path(call.defaults.log_folder), call.defaults.grace
    with step(call.emit, "run", f"Running {spec.image}{describe_data(spec)}", outputs=outputs_of(spec)) as outcome:
        result = run_container(engine, spec, log_folder=folder, emit=call.emit, grace=grace)
        if not result.ok:
            raise script_failure(recipe.script, result, spec, *describe(result, spec))
        if result.unsaved is not None:
            raise result.unsaved
        outcome.summary = "exit status 0"
    facts = {"image": spec.image, **({"log": str(result.log)} if result.log else {})}
    call.emit(Finished(summary=f"'{call.source.name}' ran in its container.", facts=facts))
    return result


def build(call: Call) -> Image:
    """Export, freeze and build."""
    choices = call.about.choices()
    with call.connect() as engine:
        if call.about.verify:
            verified = verify(choices, engine, call.defaults, call.emit)
            image, facts = verified.image, _proof(verified)
        else:
            (_, image), facts = build_image(choices, engine, call.defaults, call.emit), {}
    names = [str(image.reference), *map(str, choices.tags)]
    facts |= {
        "image": ", ".join(names),
        "size": f"{image.size / 1e6:,.0f} MB",
        "run it": f"docker run --rm {names[-1]}",
    }
    call.emit(Finished(summary=f"The image of '{call.source.name}' is ready.", facts=facts))
    return image


def _proof(verified: Verified) -> dict[str, str]:
    runs = "one run" if verified.runs == 1 else f"{verified.runs} runs"
    added = ", ".join(repair.name for repair in verified.added)
    return {"verified": f"it ran without network, in {runs}", **({"added": added} if added else {})}


def write_context(call: Call) -> BuildContext:
    """Write what `docker build` needs, for a machine where this package is not installed."""
    folder = call.about.folder or Path(f"{call.source.stem}-container")
    choices = call.about.choices()
    recipe, context = export_context(choices, folder, call.defaults, call.emit)
    name, settings = slug(call.source.stem), read_index_settings()
    if settings != settings.without_logins():
        message = "The password in your index's address is left out of the line that builds the folder."
        hint = "Put it into ~/.netrc, which the line hands to the build: machine HOST login USER password PASSWORD"
        call.emit(Warned(step="stage", message=message, hint=hint))
    mounts = container_spec(RunSpec(image=name), replace(choices, mount_roots=()), recipe).mounts
    facts = {
        "folder": str(folder),
        "build it": plain_build(settings, name, folder),
        "run it": run_line(name, mounts),
    }
    call.emit(Finished(summary=f"'{folder}' holds all that `docker build` needs.", facts=facts))
    return context


def lock(call: Call) -> Requirements:
    """Return the locked requirements."""
    choices = call.about.choices()
    for each in call.about.asked.unmet:
        message = f"The notebook asks {each.ruling.wish}, which is left out."
        call.emit(
            Warned(step="freeze", message=message, hint=f"If you trust it, say so yourself: {each.ruling.arguments}")
        )
    if call.about.verify:
        with call.connect() as engine:
            return verify(choices, engine, call.defaults, call.emit).recipe.requirements
    notebook = read_notebook(choices.notebook)
    script = export(choices, notebook, call.emit)
    environment = environment_of(choices, notebook)
    return freeze(choices, script, environment, environment.python_version, call.emit)


def send(call: Call) -> str:
    """Push the notebook's image, or any image of the engine's; returns the digest it can be pulled by."""
    named = call.args.image
    if named is None or call.request is not None:
        return _send_notebook(call)
    image = ImageReference.parse(named)
    target = _target(call, image)
    with call.connect() as engine:
        return _push(call, engine, str(image), target)


def _send_notebook(call: Call) -> str:
    choices = call.about.choices()
    _target(call, ImageReference.parse(slug(call.source.stem)))  # what can't be pushed is not built either
    with call.connect() as engine:
        _, image = build_image(replace(choices, tags=()), engine, call.defaults, call.emit)
        return _push(call, engine, str(image.reference), _target(call, image.reference))


def _target(call: Call, image: ImageReference) -> ImageReference:
    tags = [ImageReference.parse(tag) for tag in call.args.tag]
    if len(tags) > 1:
        raise UsageError("One -t says where to push to.", hint="Push once for each name.")
    if tags:
        return tags[0]
    if image.registry or not call.defaults.registry:
        if not image.registry:
            hint = "Name it: -t REGISTRY/NAME:TAG, or set c.Defaults.registry in jupyter_containerize_config.py."
            raise UsageError("Push to which registry?", hint=hint)
        return image
    return ImageReference.parse(f"{call.defaults.registry}/{image}")


def _push(call: Call, engine: Engine, image: str, target: ImageReference) -> str:
    with step(call.emit, "push", f"Pushing {target}") as outcome:
        digest = push(engine, image, target, call.emit)
        outcome.summary = digest
    pulled = f"{target.name}@{digest}"
    call.emit(Finished(summary=f"'{target}' is in the registry.", facts={"run it": f"docker run --rm {pulled}"}))
    return digest


def run_line(image: str, mounts: Sequence[Mount]) -> str:
    """Return the line for a POSIX shell in the current folder; it makes the folders that Docker would make as root."""
    here = [_from_here(mount) for mount in mounts]
    options = [f"-v {shlex.quote(str(mount))}" for mount in here]
    if not all(mount.read_only for mount in here):
        options.insert(0, _AS_CALLER)
    line = " ".join(["docker run --rm", *options, shlex.quote(image)])
    made = [mount.source for mount in here if mount.make]
    return f"mkdir -p {shlex.join(made)} && {line}" if made else line


def _from_here(mount: Mount) -> Mount:
    """Return the mount with its source as a path from the current folder, as it can be typed on another machine too."""
    relative = os.path.relpath(mount.source)
    return replace(mount, source=relative if relative.startswith("..") else f"./{relative}")


def plan(call: Call) -> Plan:
    """Export and freeze, and return what a run with these words would build and mount; needs no engine."""
    choices = call.about.choices()
    spec = call.about.spec_without_variables()
    warned: list[Warned] = []

    def emit(event: Event) -> None:
        if isinstance(event, Warned):
            warned.append(event)
        call.emit(event)

    recipe = prepare(choices, call.defaults, emit)
    notebook = notebook_of(choices)
    environment = environment_of(choices, notebook)
    warn_of_outputs(notebook, recipe, environment.python_version, emit)
    return Plan(
        notebook=call.source,
        folder=choices.folder,
        recipe=recipe,
        spec=container_spec(spec, choices, recipe, data=call.about.data),
        variables=known_variables(call.about.container, call.about.asked),
        unmet=call.about.asked.unmet,
        warnings=tuple(warned),
        live=bool(environment.loaded),
    )
