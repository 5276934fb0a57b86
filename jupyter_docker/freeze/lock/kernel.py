"""Requirements of a kernel beside the code's own: ipykernel and its dependencies."""

from __future__ import annotations

from collections.abc import Collection

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.lock.lock import lock
from jupyter_docker.values import Emit, Pin, PythonEnvironment, Requirements

_WHY = "the image is a Jupyter kernel"


def kernel_pins(
    requirements: Requirements,
    environment: PythonEnvironment,
    *,
    python_version: str,
    platform: str = "linux/amd64",
    allow_build: Collection[str] = (),
    emit: Emit,
) -> tuple[Pin, ...]:
    """Return the pins of ipykernel and of what it needs that ``requirements`` does not have, by name.

    They are the versions of ``environment``, or the index's where it has no ipykernel. Raises LockError.
    """
    installed = Providers(environment).by_name.get("ipykernel")
    root = (
        Root(name="ipykernel", declared="ipykernel", why=(_WHY,))
        if installed is None
        else installed_root(installed, why=_WHY)
    )
    fixed = [Root(name=pin.name, version=pin.version, extras=pin.extras, why=pin.why) for pin in requirements.pins]
    known = {pin.name for pin in requirements.pins}
    roots = [*fixed, *([] if root.name in known else [root])]
    pins = lock(
        roots, environment, python_version=python_version, platform=platform, allow_build=allow_build, emit=emit
    )
    return tuple(pin for pin in pins if pin.name not in known)
