"""The verb that makes a notebook's image a kernel of Jupyter's."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.kernel import (
    RegisteredKernel,
    check_reach,
    move_values,
    register_kernel,
    registered_kernels,
    remove_kernel,
    renew_kernel,
)
from jupyter_docker.notebook import read_notebook
from jupyter_docker.pipeline import build_kernel_image, container_spec, environment_of, project_of, with_run_cache
from jupyter_docker.values import BuildChoices, Finished, Mount, MountError, Recipe, RunSpec, check_inside


def kernel(call: Call) -> tuple[RegisteredKernel, ...] | None:
    """Build the notebook's image with ipykernel in it and register it; or list or remove what is registered."""
    for each in registered_kernels():
        move_values(each.folder)
        renew_kernel(each.folder)
    if call.args.list:
        return registered_kernels()
    if call.args.remove:
        removed = remove_kernel(call.args.remove)
        facts = {"its image stays": removed.image, "free it": "jupyter containerize prune"}
        call.emit(Finished(summary=f"The kernel '{removed.title}' is removed.", facts=facts))
        return None
    _register(call)
    return None


def _register(call: Call) -> None:
    choices = call.about.choices()
    spec = call.about.spec()
    mount_folder(choices)  # raises where the kernel could not start
    with call.connect() as engine:
        check_reach(engine)
        recipe, image = build_kernel_image(choices, engine, call.defaults, call.emit)
    spec = without_own_folder(container_spec(spec, choices, recipe, image.reference), spec)
    registered = register_kernel(
        call.about.title or call.source.stem,
        with_run_cache(spec, recipe),
        notebook=choices.folder / call.source.name,
        python=environment_of(choices, read_notebook(choices.notebook)).executable,
        endpoint=call.args.engine or call.defaults.engine,
        prefix=Path(sys.prefix) if call.about.sys_prefix else call.about.prefix,
    )
    facts = {
        "in JupyterLab": f"Kernel › Change Kernel… › {registered.title}",
        "in a terminal": f"jupyter console --kernel {registered.name}",
        "remove it": f"jupyter containerize kernel --remove {registered.name}",
        **_beyond_the_folder(spec, recipe),
    }
    call.emit(Finished(summary=f"'{registered.title}' is a kernel now.", facts=facts))


def mount_folder(choices: BuildChoices) -> Mount:
    """Return the mount of the notebook's folder as a whole; raises MountError where a kernel may not have it."""
    project = project_of(choices)
    if project.closed:
        hint = "Move the notebook into a folder of its own, or say that this one is its project: --project ."
        raise MountError(f"A kernel would have all of '{choices.folder}', which is no project's folder.", hint=hint)
    mount = Mount(kind="bind", source=str(choices.folder.resolve()), target=project.workdir)
    check_inside([mount], choices.mount_roots)
    return mount


def without_own_folder(spec: RunSpec, asked: RunSpec) -> RunSpec:
    """Return ``spec`` without the data of the notebook's folder, which is mounted as a whole."""
    kept = (
        mount
        for mount in spec.mounts
        if mount in asked.mounts or not mount.target.is_relative_to(spec.mount_arguments.workdir)
    )
    return replace(spec, mounts=tuple(kept))


def _beyond_the_folder(spec: RunSpec, recipe: Recipe) -> dict[str, str]:
    """Return what the kernel has from elsewhere: mounts, and modules that a change does not reach."""
    targets = [f"{mount.target}{' (read-only)' if mount.read_only else ''}" for mount in spec.mounts]
    frozen = [file.target.name for file in recipe.requirements.local if file.target.is_absolute()]
    facts = {"mounted besides": ", ".join(targets), "frozen as it is now": ", ".join(frozen)}
    facts |= {"after a change of that": "register it again"} if frozen else {}
    return {label: text for label, text in facts.items() if text}
