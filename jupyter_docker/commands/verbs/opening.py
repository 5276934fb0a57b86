"""``open``: JupyterLab in the notebook's image, for as long as the command runs."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.verbs.kernels import mount_folder, without_own_folder
from jupyter_docker.engine import Engine
from jupyter_docker.kernel import Lab, check_reach
from jupyter_docker.pipeline import (
    build_kernel_image,
    container_spec,
    describe_data,
    notebook_of,
    with_run_cache,
)
from jupyter_docker.values import (
    BuildChoices,
    Finished,
    Mount,
    Progress,
    RunSpec,
    UsageError,
    scratch_folder,
    step,
    write_private,
)

_PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url={url}">
<title>JupyterLab</title>
<p>If JupyterLab does not open, <a href="{url}">open it</a>.</p>
"""


def open_lab(call: Call) -> None:
    """Open the notebook in JupyterLab in its frozen image, until it is shut down there or the command is interrupted.

    The notebook's folder is mounted as a whole, so that what is saved there is saved here.
    """
    choices, spec = call.about.choices(), call.about.spec()
    folder = mount_folder(choices)
    if spec.network == "none":
        raise UsageError("JupyterLab is reached over a network.", hint="Leave out --network none.")
    with call.connect() as engine:
        check_reach(engine)
        lab = _lab(call, choices, spec, engine, folder)
        try:
            with step(call.emit, "run", f"Starting JupyterLab{describe_data(lab.spec)}") as outcome:
                url = lab.start()
                outcome.summary = "ready"
            with _shown(call, url):
                lab.wait()
        except KeyboardInterrupt:  # the way to end it
            pass
        finally:
            lab.close()
    facts = {"notebook": str(call.source), "image": lab.spec.image}
    call.emit(Finished(summary="JupyterLab has ended, and its container is gone.", facts=facts))


def _lab(call: Call, choices: BuildChoices, spec: RunSpec, engine: Engine, folder: Mount) -> Lab:
    recipe, image = build_kernel_image(choices, engine, call.defaults, call.emit, lab=True)
    complete = with_run_cache(container_spec(spec, choices, recipe, image.reference, data=call.about.data), recipe)
    mounts = (folder, *without_own_folder(complete, spec).mounts)
    return Lab(
        engine=engine,
        spec=replace(complete, mounts=mounts, workdir=str(folder.target)),
        notebook=call.source.name,
        kernel=notebook_of(choices).kernel,
        emit=call.emit,
    )


@contextmanager
def _shown(call: Call, url: str) -> Iterator[None]:
    """Show the address, and open it in a browser if one is wanted.

    The browser is given a private file that leads there, since all users see what a program was started with.
    """
    call.emit(Progress(step="run", item="lab", label=f"JupyterLab is at {url} (Ctrl-C ends it)", done=True))
    with scratch_folder() as folder:
        if call.args.browser:
            page = folder / "lab.html"
            write_private(page, _PAGE.format(url=escape(url)).encode())
            webbrowser.open(page.as_uri())
        yield
