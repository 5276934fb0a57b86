"""The first steps, which need no image: export and freeze, to a recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from jupyter_docker import __version__
from jupyter_docker.engine import Engine, base_system, ensure_base
from jupyter_docker.freeze import default_base, jupyter_pins, resolve_requirements
from jupyter_docker.notebook import NotebookNode, export_script, read_notebook, run_arguments
from jupyter_docker.pipeline.container import project_of
from jupyter_docker.pipeline.environment import environment_of, warn_of_kernel
from jupyter_docker.values import (
    LABEL_PREFIX,
    BaseSystem,
    BuildChoices,
    Defaults,
    Emit,
    Pin,
    PythonEnvironment,
    Recipe,
    Requirements,
    Script,
    counted,
    step,
)

PYTHON_LABEL = f"{LABEL_PREFIX}python"


def notebook_of(choices: BuildChoices) -> NotebookNode:
    """Return the notebook: the content that was chosen, else the file's."""
    return read_notebook(choices.notebook) if choices.content is None else NotebookNode(choices.content)


def export(choices: BuildChoices, notebook: NotebookNode, emit: Emit) -> Script:
    """Return the notebook as a script.

    Args:
        choices: The user's choices for the image.
        notebook: The notebook as it was read.
        emit: Called with each event.
    """
    with step(emit, "export", f"Exporting {choices.notebook.name}") as outcome:
        name = choices.notebook.stem
        script = export_script(notebook, source=choices.notebook, name=name, emit=emit)
        outcome.summary = f"{counted(len(script.cells), 'code cell')} → {script.name}"
    return script


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

    Args:
        choices: What the person and the notebook chose of the image.
        script: The exported notebook.
        environment: The environment that its versions are of.
        python: The version of Python in the image.
        emit: Takes progress and warnings.
        base: What the base image has, where the engine was asked.
    """
    with step(emit, "freeze", f"Freezing what it needs from Python {environment.python_version}") as outcome:
        warn_of_kernel(choices, environment, emit)
        requirements = resolve_requirements(
            script,
            environment,
            declared=choices.declared,
            system=choices.system,
            without_system=choices.without_system,
            mounted=choices.mounted,
            bounds=project_of(choices),
            start=choices.start,
            base=base or default_base(choices.base.tag if choices.base else ""),
            python_version=python,
            platform=choices.platform or "linux/amd64",
            allow_build=choices.allow_build,
            emit=emit,
        )
        parts = [f"{counted(len(requirements.pins), 'package')} pinned"]
        names = ", ".join(package.name for package in requirements.system)
        parts += [f"{counted(len(requirements.system), 'system package')} ({names})"] if names else []
        parts += [counted(len(requirements.local), "local file")] if requirements.local else []
        outcome.summary = ", ".join(parts)
    return requirements


def prepare(choices: BuildChoices, defaults: Defaults, emit: Emit, engine: Engine | None = None) -> Recipe:
    """Export and freeze.

    Args:
        choices: The user's choices for the image.
        defaults: The site's configuration.
        emit: Called with each event.
        engine: Where there is one, the base image is fetched and pinned by its digest.
    """
    notebook = notebook_of(choices)
    script = export(choices, notebook, emit)
    arguments = run_arguments(script.parameters, choices.parameters)
    environment = environment_of(choices, notebook)
    base = choices.base or defaults.base_for(environment.minor)
    python = environment.python_version
    system, base_id = None, ""
    if engine is not None:
        image = ensure_base(engine, base, platform=choices.platform, emit=emit)
        system = base_system(engine, image)
        python = image.python_version or python
        base, base_id = replace(base, digest=base.digest or image.digest), image.id
    labels = {
        "org.opencontainers.image.title": choices.notebook.name,
        "org.opencontainers.image.base.name": str(replace(base, digest="")),
        **({"org.opencontainers.image.base.digest": base.digest} if base.digest else {}),
        f"{LABEL_PREFIX}notebook": choices.notebook.name,
        PYTHON_LABEL: python,
        f"{LABEL_PREFIX}version": __version__,
        # In the digest by this: two platforms can have the same lock, and must not have the same tag.
        **({f"{LABEL_PREFIX}platform": choices.platform} if choices.platform else {}),
        # A base that no registry gave has no digest: made anew under the same name it is another base.
        **({f"{LABEL_PREFIX}base": base_id} if base_id and not base.digest else {}),
    }
    requirements = freeze(choices, script, environment, python, emit, base=system)
    return Recipe(
        base=base,
        script=script,
        requirements=requirements,
        labels=labels,
        arguments=arguments,
        workdir=project_of(choices).workdir,
    )


def prepare_kernel(
    choices: BuildChoices, defaults: Defaults, emit: Emit, engine: Engine, *, lab: bool = False
) -> Recipe:
    """Export and freeze, and freeze what a kernel needs besides, and what JupyterLab does with ``lab``."""
    recipe = prepare(choices, defaults, emit, engine)
    environment = environment_of(choices, notebook_of(choices))

    def pins_of(program: Literal["ipykernel", "jupyterlab"], beside: Recipe) -> tuple[Pin, ...]:
        return jupyter_pins(
            program,
            beside.pins,
            environment,
            python_version=recipe.labels[PYTHON_LABEL],
            platform=choices.platform or "linux/amd64",
            allow_build=choices.allow_build,
            emit=emit,
        )

    with_kernel = replace(recipe, kernel=pins_of("ipykernel", recipe))
    return replace(with_kernel, lab=pins_of("jupyterlab", with_kernel)) if lab else with_kernel
