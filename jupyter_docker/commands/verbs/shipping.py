"""``ship``: files that run the image in another place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.request import container_options
from jupyter_docker.commands.options.values import ContainerOptions, variables
from jupyter_docker.commands.verbs.image_runs import found_or_pulled, image_spec, script_of
from jupyter_docker.engine import Engine, push
from jupyter_docker.notebook import notebook_parameters, parameter_arguments, run_arguments
from jupyter_docker.pipeline import build_image, container_spec, notebook_of
from jupyter_docker.ship import FORMATS, Shipment, shipment_of
from jupyter_docker.values import Finished, Image, ImageReference, Recipe, RunSpec, UsageError, Warned, slug, step

_OF_THIS_ENGINE = frozenset({"compose", "devcontainer", "binder"})  # places that may have this very engine


def ship(call: Call) -> Path:
    """Write the files of a place that the image of a notebook, or an image, is to run in; returns their folder.

    The image is named by its digest where it is in a registry; -t pushes it there first.
    """
    place = call.args.place
    stem = call.source.stem if call.request is not None else ImageReference.parse(call.args.image).repository
    folder = call.args.output or Path(f"{slug(stem.rpartition('/')[2])}-{place}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"'{folder}' exists and is not an empty folder.", hint="Name another one: -o DIR")
    with call.connect() as engine:
        shipment = _of_notebook(call, engine) if call.request is not None else _of_image(call, engine)
    if not shipment.image.digest and place not in _OF_THIS_ENGINE:
        hint = "Push it with the same command: -t REGISTRY/NAME:TAG"
        message = f"'{shipment.image}' is in this engine alone, so no other machine can pull it."
        call.emit(Warned(step="push", message=message, hint=hint))
    shipped = FORMATS[place](shipment)
    with step(call.emit, "stage", f"Writing {folder}", outputs=(str(folder.absolute()),)) as outcome:
        for name, text in shipped.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        outcome.summary = ", ".join(shipped.files)
    facts = {"folder": str(folder), **{f"step {number}": each for number, each in enumerate(shipped.steps, 1)}}
    call.emit(Finished(summary=f"'{folder}' holds what {place} needs.", facts=facts))
    return folder


def _of_notebook(call: Call, engine: Engine) -> Shipment:
    choices, spec = call.about.choices(), call.about.spec_without_variables()
    arguments = run_arguments(notebook_parameters(notebook_of(choices)), choices.parameters)
    recipe, image = build_image(replace(choices, parameters=(), tags=()), engine, call.defaults, call.emit)
    spec = container_spec(replace(spec, command=arguments or None), choices, recipe, data=call.about.data)
    return _shipment(call, engine, image, spec=spec, folder=choices.folder, recipe=recipe)


def _of_image(call: Call, engine: Engine) -> Shipment:
    image = found_or_pulled(call, engine, ImageReference.parse(call.args.image))
    spec = image_spec(replace(container_options(call.args), env=(), env_files=()), engine, image)
    values = parameter_arguments(call.args.parameter, call.args.parameters_file)
    arguments = run_arguments(script_of(engine, image).parameters, values)
    return _shipment(call, engine, image, spec=replace(spec, command=arguments or None), folder=Path.cwd())


def _shipment(
    call: Call, engine: Engine, image: Image, *, spec: RunSpec, folder: Path, recipe: Recipe | None = None
) -> Shipment:
    values, secrets = _variables(container_options(call.args))
    published = _published(call, engine, image)
    return shipment_of(replace(spec, env=values), published, folder, secrets=secrets, recipe=recipe)


def _variables(said: ContainerOptions) -> tuple[dict[str, str], Sequence[str]]:
    """Return the variables with the values that were typed, and the names of those whose values stay here."""
    typed = dict(each.partition("=")[::2] for each in said.env if "=" in each)
    named = [name for name in variables(said.env, said.env_files) if name not in typed]
    return typed, named


def _published(call: Call, engine: Engine, image: Image) -> ImageReference:
    """Return the image as others can pull it: pushed to where -t says, else as the engine knows it."""
    if len(call.args.tag) > 1:
        raise UsageError("One -t says where to push to.", hint="Ship once for each name.")
    if not call.args.tag:
        known = image.reference
        return replace(known, tag="", digest=image.digest) if image.digest else known
    target = ImageReference.parse(call.args.tag[0])
    with step(call.emit, "push", f"Pushing {target}") as outcome:
        digest = push(engine, image.id, target, call.emit)
        outcome.summary = digest
    return replace(target, tag="", digest=digest)
