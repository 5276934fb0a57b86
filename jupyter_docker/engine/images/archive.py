"""Images as files: saved from one engine, checked, loaded into another."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.translate import classify, translated
from jupyter_docker.engine.images.archive_lists import ImageArchive
from jupyter_docker.engine.images.ownership import hex_of, record_own
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values import UsageError

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine

_PIECE = 1024 * 1024


def save_images(engine: Engine, references: Sequence[str], path: Path) -> None:
    """Write the images with their names into a file that ``docker load`` reads: whole or not at all.

    Layers that they share are in it once. Raises MissingError, EngineError or OSError.

    Args:
        engine: The engine that has them.
        references: Their names.
        path: The file to write, a tar archive.
    """
    api, new = engine.client.api, path.with_name(f".{path.name}.{os.getpid()}")
    url = f"{api.base_url}/v{api.api_version}/images/get"
    try:
        with (
            translated(f"save the image '{references[0]}'"),
            api.get(url, params={"names": [*references]}, stream=True, timeout=api.timeout) as answer,
            new.open("wb") as file,
        ):
            if answer.status_code != HTTPStatus.OK:
                words = answer.text.strip()
                raise classify(words, answer.status_code)(f"Could not save '{references[0]}': {words}")
            for piece in answer.iter_content(_PIECE):
                file.write(piece)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def load_images(engine: Engine, path: Path, *, allowed: Collection[str]) -> None:
    """Load the images of an archive, which may be anyone's; raises EngineError.

    Raises UsageError where it would name an image otherwise than ``allowed``, or in the place of one that is here.

    Args:
        engine: The engine to load them into.
        path: The archive, as `save_images` or ``docker save`` writes it.
        allowed: The only names that it may give.
    """
    archive = ImageArchive(path, containerd=engine.containerd)
    names = [name for image in archive.images for name in image.names]
    if not names:
        raise UsageError("The archive has no image.", hint="Pack it again.")
    for image in archive.images:
        for name in image.names:
            _check_name(engine, name, image.identity, allowed)
    with translated("load the image"):
        for event in engine.client.api.load_image(archive.stream()):  # type: ignore[no-untyped-call]
            if error := event.get("error"):
                raise classify(error, HTTPStatus.INTERNAL_SERVER_ERROR)(f"Could not load the image: {error}")
    for name in names:
        if (found := find_image(engine, name)) is not None:
            record_own(found.id)


def _check_name(engine: Engine, name: str, identity: str, allowed: Collection[str]) -> None:
    if name not in allowed or "@" in name:  # no engine gives an image a digest for a name
        raise UsageError(f"The archive has an image '{name}', which is not its own.", hint="Do not use it.")
    known = find_image(engine, name)
    if known is not None and hex_of(known.id) != identity:
        hint = f"Remove that one first: docker rmi {name}"
        raise UsageError(f"The engine has another image of the name '{name}'.", hint=hint)
