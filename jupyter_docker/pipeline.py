"""The only module that knows the order of the steps: export, freeze, stage, build, run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from jupyter_docker import __version__
from jupyter_docker.build_secrets import build_secrets
from jupyter_docker.choices import BuildChoices, Loaded
from jupyter_docker.config import Defaults, cache_folder
from jupyter_docker.context import kernel_digest, stage_context, staged, uv_folder
from jupyter_docker.engine import Engine, base_system, build, ensure_base, find_image, tag_image
from jupyter_docker.engine.platforms import runs_host_programs
from jupyter_docker.events import Emit, Warned, counted, step
from jupyter_docker.export import NotebookNode, export_script, read_notebook
from jupyter_docker.freeze import (
    default_base,
    inspect_environment,
    kernel_pins,
    read_index_settings,
    resolve_requirements,
)
from jupyter_docker.models import (
    LABEL_PREFIX,
    BaseSystem,
    BuildContext,
    Image,
    PythonEnvironment,
    Recipe,
    Requirements,
    Script,
)
from jupyter_docker.reference import ImageReference, slug

PYTHON_LABEL = f"{LABEL_PREFIX}python"

_TAG_LENGTH = 12


def notebook_of(choices: BuildChoices) -> NotebookNode:
    """Return the notebook: the content that was chosen, else the file's."""
    return read_notebook(choices.notebook) if choices.content is None else NotebookNode(choices.content)


def export(choices: BuildChoices, notebook: NotebookNode, emit: Emit) -> Script:
    """Return the notebook as a script."""
    with step(emit, "export", f"Exporting {choices.notebook.name}") as outcome:
        name = choices.notebook.stem
        script = export_script(notebook, source=choices.notebook, name=name, parameters=choices.parameters, emit=emit)
        outcome.summary = f"{counted(len(script.cells), 'code cell')} → {script.name}"
    return script


def environment_of(choices: BuildChoices, notebook: NotebookNode) -> PythonEnvironment:
    """Return the environment to freeze: the one chosen, this process where it is the kernel, or the notebook's own."""
    if choices.python is not None or choices.live:
        return inspect_environment(python=choices.python, live=choices.live)
    environment = inspect_environment(kernel=choices.kernel or notebook.kernel or None)
    loaded = choices.loaded
    if loaded is None or not _is_of(environment, loaded):
        return environment
    return replace(environment, loaded=loaded.modules, libraries=loaded.libraries)


def _is_of(environment: PythonEnvironment, loaded: Loaded) -> bool:
    """Whether what a kernel has loaded came from ``environment``, and not from another one of the same machine."""
    return loaded.python.parent.resolve() == environment.executable.parent.resolve()


def _warn_of_kernel(choices: BuildChoices, environment: PythonEnvironment, emit: Emit) -> None:
    loaded = choices.loaded
    if loaded is None or (not loaded.problem and _is_of(environment, loaded)):
        return
    problem = loaded.problem or f"it runs '{loaded.python}', the notebook is frozen from '{environment.executable}'"
    hint = "What the cells import is frozen all the same. Run it again when the kernel is idle to have that added."
    emit(Warned(step="freeze", message=f"What the notebook's kernel has loaded is not known: {problem}.", hint=hint))


def freeze(
    choices: BuildChoices,
    script: Script,
    environment: PythonEnvironment,
    python: str,
    emit: Emit,
    *,
    base: BaseSystem | None = None,
) -> Requirements:
    """Return what ``script`` needs, pinned for the Python version ``python`` ("3.11.7") of the image.

    ``base`` is what the base image has; without it, that of an official one counts.
    """
    with step(emit, "freeze", f"Freezing what it needs from Python {environment.python_version}") as outcome:
        _warn_of_kernel(choices, environment, emit)
        requirements = resolve_requirements(
            script,
            environment,
            declared=choices.declared,
            system=choices.system,
            without_system=choices.without_system,
            mounted=choices.mounted,
            base=base or default_base(choices.base.tag if choices.base else ""),
            python_version=python,
            platform=choices.platform or "linux/amd64",
            emit=emit,
        )
        parts = [f"{counted(len(requirements.pins), 'package')} pinned"]
        names = ", ".join(package.name for package in requirements.system)
        parts += [f"{counted(len(requirements.system), 'system package')} ({names})"] if names else []
        parts += [counted(len(requirements.local), "local file")] if requirements.local else []
        outcome.summary = ", ".join(parts)
    return requirements


def prepare(choices: BuildChoices, defaults: Defaults, emit: Emit, engine: Engine | None = None) -> Recipe:
    """Export and freeze. With an ``engine`` the base image is fetched and pinned by its digest, where it has one."""
    notebook = notebook_of(choices)
    script = export(choices, notebook, emit)
    environment = environment_of(choices, notebook)
    base = choices.base or defaults.base_for(environment.minor)
    python = environment.python_version
    system = None
    if engine is not None:
        image = ensure_base(engine, base, platform=choices.platform, emit=emit)
        system = base_system(engine, image)
        python = image.python_version or python
        base = replace(base, digest=base.digest or image.digest)
    labels = {
        "org.opencontainers.image.title": choices.notebook.name,
        "org.opencontainers.image.base.name": str(replace(base, digest="")),
        f"{LABEL_PREFIX}notebook": choices.notebook.name,
        PYTHON_LABEL: python,
        f"{LABEL_PREFIX}version": __version__,
        # In the digest by this: two platforms can have the same lock, and must not have the same tag.
        **({f"{LABEL_PREFIX}platform": choices.platform} if choices.platform else {}),
    }
    requirements = freeze(choices, script, environment, python, emit, base=system)
    return Recipe(base=base, script=script, requirements=requirements, labels=labels)


def export_context(choices: BuildChoices, folder: Path, defaults: Defaults, emit: Emit) -> BuildContext:
    """Write the build context into ``folder``; needs no engine."""
    recipe = prepare(choices, defaults, emit)
    with step(emit, "stage", f"Writing {folder}", outputs=(str(folder.absolute()),)) as outcome:
        context = stage_context(recipe, folder)
        outcome.summary = counted(len(context.files), "file")
    return context


def build_image(choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit) -> tuple[Recipe, Image]:
    """Return the image of the notebook, built only where the engine does not have one of the same content."""
    recipe = prepare(choices, defaults, emit, engine)
    with staged(recipe, mounts=engine.has_build_mounts) as context:
        reference = ImageReference(repository=slug(choices.notebook.stem), tag=context.digest[:_TAG_LENGTH])
        with step(emit, "build", f"Building {reference}") as outcome:
            image = find_image(engine, str(reference)) if choices.cache else None
            if image is not None:
                outcome.summary = f"already built, {image.size / 1e6:,.0f} MB"
            else:
                image = _build(choices, engine, context, reference, emit)
                outcome.summary = f"{image.size / 1e6:,.0f} MB"
            for tag in choices.tags:
                tag_image(engine, image, tag)
    return recipe, image


def build_kernel_image(choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit) -> tuple[Recipe, Image]:
    """Return an image of the notebook's packages and modules and ipykernel, built only where the engine has none.

    Its tag says what is in it: a cell that is edited, but imports what it did, does not change it.
    """
    recipe = prepare_kernel(choices, defaults, emit, engine)
    reference = ImageReference(
        repository=f"{slug(choices.notebook.stem)}-kernel", tag=kernel_digest(recipe)[:_TAG_LENGTH]
    )
    with step(emit, "build", f"Building {reference}") as outcome:
        image = find_image(engine, str(reference)) if choices.cache else None
        if image is not None:
            outcome.summary = f"already built, {image.size / 1e6:,.0f} MB"
        else:
            with staged(recipe, mounts=engine.has_build_mounts) as context:
                image = _build(choices, engine, context, reference, emit)
            outcome.summary = f"{image.size / 1e6:,.0f} MB"
        for tag in choices.tags:
            tag_image(engine, image, tag)
    return recipe, image


def prepare_kernel(choices: BuildChoices, defaults: Defaults, emit: Emit, engine: Engine) -> Recipe:
    """Export and freeze, and freeze what a kernel needs besides."""
    recipe = prepare(choices, defaults, emit, engine)
    pins = kernel_pins(
        recipe.requirements,
        environment_of(choices, notebook_of(choices)),
        python_version=recipe.labels[PYTHON_LABEL],
        platform=choices.platform or "linux/amd64",
        emit=emit,
    )
    return replace(recipe, kernel=pins)


def _build(
    choices: BuildChoices, engine: Engine, context: BuildContext, reference: ImageReference, emit: Emit
) -> Image:
    settings = read_index_settings()
    host_uv: dict[str, Path] = {}
    if runs_host_programs(engine, choices.platform):
        with suppress(OSError):  # where nothing can be kept, the build makes that stage itself
            host_uv["uv"] = uv_folder(cache_folder())
    with build_secrets(settings) as secrets:
        return build(
            engine,
            context,
            tags=(reference,),
            secrets=secrets,
            build_contexts=host_uv,
            proxies=settings.proxies,
            cache=choices.cache,
            platform=choices.platform or None,
            emit=emit,
        )
