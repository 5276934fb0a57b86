"""The verb that makes a notebook's image a kernel of Jupyter's."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.events import Finished
from jupyter_docker.export import read_notebook
from jupyter_docker.kernel.kernelspec import register_kernel, registered_kernels, remove_kernel
from jupyter_docker.kernel.place import check_reach
from jupyter_docker.kernel.registered import RegisteredKernel
from jupyter_docker.models import LABEL_PREFIX, WORKDIR
from jupyter_docker.options.values import build_choices, run_spec
from jupyter_docker.pipeline import build_kernel_image, environment_of
from jupyter_docker.run_cache import with_run_cache
from jupyter_docker.runspec import Mount, check_inside


def kernel(call: Call) -> tuple[RegisteredKernel, ...] | None:
    """Build the notebook's image with ipykernel in it and register it; or list or remove what is registered."""
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
    choices = build_choices(call.args, call.source, live=call.live)
    spec = run_spec(call.args, choices.folder if call.live else Path.cwd())
    check_inside([Mount(kind="bind", source=str(choices.folder), target=WORKDIR)], choices.mount_roots)
    with call.connect() as engine:
        check_reach(engine)
        recipe, image = build_kernel_image(choices, engine, call.defaults, call.emit)
    labels = {f"{LABEL_PREFIX}notebook": call.source.name}
    registered = register_kernel(
        call.args.kernel_name or call.source.stem,
        with_run_cache(replace(spec, image=str(image.reference), labels=labels), recipe),
        notebook=choices.folder / call.source.name,
        python=environment_of(choices, read_notebook(choices.notebook)).executable,
        endpoint=call.args.engine or call.defaults.engine,
        prefix=Path(sys.prefix) if call.args.sys_prefix else call.args.prefix,
    )
    facts = {
        "in JupyterLab": f"Kernel › Change Kernel… › {registered.title}",
        "in a terminal": f"jupyter console --kernel {registered.name}",
        "remove it": f"jupyter containerize kernel --remove {registered.name}",
    }
    call.emit(Finished(summary=f"'{registered.title}' is a kernel now.", facts=facts))
