"""The image of a recipe, built only where the engine has none of the same content; or the context, for later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jupyter_docker.engine import Engine, build, find_image, record_own, tag_image
from jupyter_docker.image import kernel_digest, stage_context, staged
from jupyter_docker.pipeline.build_inputs import build_inputs
from jupyter_docker.pipeline.preparation import prepare, prepare_kernel
from jupyter_docker.values import (
    BuildChoices,
    BuildContext,
    Defaults,
    Emit,
    Image,
    ImageReference,
    Recipe,
    counted,
    slug,
    step,
)

_TAG_LENGTH = 12


def export_context(choices: BuildChoices, folder: Path, defaults: Defaults, emit: Emit) -> tuple[Recipe, BuildContext]:
    """Write the build context into ``folder``; needs no engine.

    Args:
        choices: The user's choices for the image.
        folder: The folder to write.
        defaults: The site's configuration.
        emit: Called with each event.
    """
    recipe = prepare(choices, defaults, emit)
    with step(emit, "stage", f"Writing {folder}", outputs=(str(folder.absolute()),)) as outcome:
        context = stage_context(recipe, folder)
        outcome.summary = counted(len(context.files), "file")
    return recipe, context


def build_image(choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit) -> tuple[Recipe, Image]:
    """Return the image of the notebook, whose tag says what is in it.

    Args:
        choices: The user's choices for the image.
        engine: The engine.
        defaults: The site's configuration.
        emit: Called with each event.
    """
    recipe = prepare(choices, defaults, emit, engine)
    with staged(recipe, mounts=engine.has_build_mounts) as context:
        reference = ImageReference(repository=slug(choices.notebook.stem), tag=context.digest[:_TAG_LENGTH])
        image = _found_or_built(
            choices,
            engine,
            reference,
            lambda: _build(choices, engine, recipe, context, reference=reference, emit=emit),
            emit,
        )
    return recipe, image


def build_kernel_image(
    choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit, *, lab: bool = False
) -> tuple[Recipe, Image]:
    """Return an image of the notebook's packages and modules and ipykernel.

    Its tag says what is in it: a cell that is edited, but imports what it did, does not change it.

    Args:
        choices: The user's choices for the image.
        engine: The engine.
        defaults: The site's configuration.
        emit: Called with each event.
        lab: Whether the image opens in JupyterLab.
    """
    recipe = prepare_kernel(choices, defaults, emit, engine, lab=lab)
    name = f"{slug(choices.notebook.stem)}-{'lab' if lab else 'kernel'}"
    reference = ImageReference(repository=name, tag=kernel_digest(recipe)[:_TAG_LENGTH])

    def make() -> Image:
        with staged(recipe, mounts=engine.has_build_mounts) as context:
            return _build(choices, engine, recipe, context, reference=reference, emit=emit)

    return recipe, _found_or_built(choices, engine, reference, make, emit)


def _found_or_built(
    choices: BuildChoices, engine: Engine, reference: ImageReference, make: Callable[[], Image], emit: Emit
) -> Image:
    with step(emit, "build", f"Building {reference}") as outcome:
        found = find_image(engine, str(reference)) if choices.cache else None
        image = found or make()
        record_own(image.id)  # also one that another user has built, of the same content
        outcome.summary = f"{'already built, ' if found else ''}{image.size / 1e6:,.0f} MB"
        for tag in choices.tags:
            tag_image(engine, image, tag)
    return image


def _build(
    choices: BuildChoices,
    engine: Engine,
    recipe: Recipe,
    context: BuildContext,
    *,
    reference: ImageReference,
    emit: Emit,
) -> Image:
    with build_inputs(choices, engine, recipe, emit) as inputs:
        return build(
            engine,
            context,
            tags=(reference,),
            secrets=inputs.secrets,
            build_contexts=inputs.contexts,
            proxies=inputs.proxies,
            cache=choices.cache,
            platform=choices.platform or None,
            emit=emit,
        )
