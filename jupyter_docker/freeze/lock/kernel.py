"""Requirements of Jupyter's own programs beside the code's: ipykernel, JupyterLab, and what they depend on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.lock.lock import lock
from jupyter_docker.values import Emit, Pin, PythonEnvironment

_WHY = {"ipykernel": "the image is a Jupyter kernel", "jupyterlab": "the image opens in JupyterLab"}


def jupyter_pins(
    program: Literal["ipykernel", "jupyterlab"],
    beside: Sequence[Pin],
    environment: PythonEnvironment,
    *,
    python_version: str,
    platform: str = "linux/amd64",
    allow_build: Collection[str] = (),
    emit: Emit,
) -> tuple[Pin, ...]:
    """Return the pins of ``program`` and of what it needs that is not in ``beside``, by name.

    They are the versions of ``environment``, or the index's where it has no such program.

    Args:
        program: What is to run in the image.
        beside: What is pinned already.
        environment: The notebook's own.
        python_version: The image's ("3.11.9").
        platform: The image's.
        allow_build: Names of distributions that may be built from source.
        emit: Called with each event.

    Raises:
        LockError: They can't be locked.
    """
    installed = Providers(environment).by_name.get(program)
    root = (
        Root(name=program, declared=program, why=(_WHY[program],))
        if installed is None
        else installed_root(installed, why=_WHY[program])
    )
    fixed = [Root(name=pin.name, version=pin.version, extras=pin.extras, why=pin.why) for pin in beside]
    known = {pin.name for pin in beside}
    roots = [*fixed, *([] if root.name in known else [root])]
    pins = lock(
        roots, environment, python_version=python_version, platform=platform, allow_build=allow_build, emit=emit
    )
    return tuple(pin for pin in pins if pin.name not in known)
