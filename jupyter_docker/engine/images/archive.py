"""Images as files: saved from one engine, checked, loaded into another."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.connection.translate import classify, translated
from jupyter_docker.engine.images.ownership import record_own
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values import UsageError

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine

_PIECE = 1024 * 1024
_MAX_LIST = 16 * 1024 * 1024  # bytes of what lists an archive's images
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


def save_images(engine: Engine, references: Sequence[str], path: Path) -> None:
    """Write the images with their names into a file that ``docker load`` reads: whole or not at all.

    Layers that they share are in it once. Raises MissingError, EngineError or OSError.
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
    """
    found = list(_named(path))
    for name, identity in found:
        if name not in allowed:
            raise UsageError(f"The archive has an image '{name}', which is not its own.", hint="Do not use it.")
        known = find_image(engine, name)
        if known is not None and identity and known.id.removeprefix("sha256:") != identity:
            hint = f"Remove that one first: docker rmi {name}"
            raise UsageError(f"The engine has another image of the name '{name}'.", hint=hint)
    if not found:
        raise UsageError("The archive has no image.", hint="Pack it again.")
    with translated("load the image"), path.open("rb") as file:
        for event in engine.client.api.load_image(file):  # type: ignore[no-untyped-call]
            if error := event.get("error"):
                raise classify(error, HTTPStatus.INTERNAL_SERVER_ERROR)(f"Could not load the image: {error}")
    for name, _ in found:
        if (image := find_image(engine, name)) is not None:
            record_own(image.id)


def _named(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the names that an archive of images gives, in either of its lists, with the identity where it says that."""
    try:
        with tarfile.open(path) as archive:
            for image in _read(archive, "manifest.json") or ():
                identity = str(image["Config"]).rpartition("/")[2].removesuffix(".json")
                yield from ((str(name), identity) for name in image.get("RepoTags") or ())
            for image in (_read(archive, "index.json") or {}).get("manifests", ()):
                notes = image.get("annotations") or {}
                full = [str(notes[_NAMES[0]])] if _NAMES[0] in notes else []
                yield from ((name.removeprefix("docker.io/library/").removeprefix("docker.io/"), "") for name in full)
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError("The archive's image can't be read.", hint="Pack it again.") from error


def _read(archive: tarfile.TarFile, name: str) -> Any:
    with suppress(KeyError):
        member = archive.getmember(name)
        file = archive.extractfile(member) if member.isreg() and member.size <= _MAX_LIST else None
        return json.loads(file.read()) if file else None
    return None
