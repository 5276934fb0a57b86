"""Code that an image's own Python runs, to say what only it knows."""

from __future__ import annotations

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.creation import discard
from jupyter_docker.values import EngineError, Image


def printed_by_python(engine: Engine, image: Image, code: str, what: str) -> str:
    """Return what ``code`` prints in the image, without a network; nothing is left of it.

    ``what`` is it for, "ask 'python:3.11-slim' what it has". Raises EngineError, also where it ends in a failure.
    """
    with translated(what):
        container = engine.client.containers.create(image.id, ["-c", code], entrypoint="python", network_mode="none")
        try:
            container.start()
            status = container.wait()["StatusCode"]
            printed = container.logs(stdout=True, stderr=False)
        finally:  # docker-py's own ``run(remove=True)`` leaves one that does not start
            discard(container)
    if status:
        raise EngineError(f"Could not {what}: its Python ended with status {status}.")
    return bytes(printed).decode()
