"""The record of which images are this user's: an image can't say so, for its content alone decides its ID."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from jupyter_docker.engine.connection.identity import user_id
from jupyter_docker.values import APPLICATION, make_private_folder, open_new


def record_own(image: str) -> None:
    """Note that this user built or pulled the image of that ID, whoever else did.

    Where no note can be kept, as on a full disk, the image counts as another's: it stays until somebody means it.
    """
    with suppress(OSError):
        make_private_folder(_folder())
        open_new(_folder() / hex_of(image)).close()


def own_images() -> frozenset[str]:
    """Return the IDs of such images, as `hex_of` has them; some may be gone."""
    with suppress(OSError):
        return frozenset(os.listdir(_folder()))  # noqa: PTH208
    return frozenset()


def hex_of(image: str) -> str:
    """Return an image's ID without the name of its algorithm, which not every engine gives."""
    return image.removeprefix("sha256:")


def _folder() -> Path:
    """Return the folder of the notes, each an empty file: so that two programs can write at once."""
    return user_state_path(APPLICATION) / "images" / user_id()
