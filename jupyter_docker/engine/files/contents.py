"""Files of an image, read without running anything of it."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import MissingError

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine


def read_image_file(engine: Engine, image: str, path: str, *, max_size: int = 2**24) -> bytes:
    """Return the content of a file of the image.

    It takes a container that is never started. Links are not followed.

    Args:
        engine: The engine.
        image: The image's reference or ID.
        path: The file's absolute path.
        max_size: The bytes that it may have.

    Raises:
        MissingError: There is no such file, or it is too large.
    """
    api = engine.client.api
    with translated(f"look into the image '{image}'"):
        container = api.create_container(image, command=["true"], entrypoint=["true"])["Id"]
        try:
            chunks, _ = api.get_archive(container, path)
            data = bytearray()
            for chunk in chunks:
                data += chunk
                if len(data) > max_size:
                    break
        finally:
            api.remove_container(container, force=True, v=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        member = tar.next()
        file = tar.extractfile(member) if member is not None and member.isreg() and member.size <= max_size else None
        if file is None:
            raise MissingError(f"'{path}' of the image '{image}' is not a file that can be read.")
        return file.read()
