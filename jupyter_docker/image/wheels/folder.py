"""A folder of wheels, as a build mounts it."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jupyter_docker.image.recipe import WHEELHOUSE, wheels_of
from jupyter_docker.values import scratch_folder

UV_TOML = f'no-index = true\nfind-links = ["{WHEELHOUSE}"]\n'
"""The settings for uv in a build that has all its wheels: no index is asked, and nothing of it is secret."""

_TIME = 315532800 * 10**9  # 1980


@contextmanager
def wheelhouse(wheels: Mapping[str, Iterable[Path]], root: Path) -> Iterator[Path]:
    """Yield a folder, in ``root``, with the wheels of each lock file where the Dockerfile mounts them from.

    It is gone afterwards.
    """
    with scratch_folder(root) as temporary:
        for file, paths in wheels.items():
            folder = temporary / wheels_of(file).relative_to("/")
            folder.mkdir(parents=True)
            for path in paths:
                _link(path, folder / path.name)
            os.utime(folder, ns=(_TIME, _TIME))
        yield temporary


def uv_program(wheel: Path, folder: Path) -> Path:
    """Take uv's program out of its wheel into ``folder``, where the build's stage has it; returns the folder."""
    program = folder / "uv/bin/uv"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive, tempfile.NamedTemporaryFile(dir=program.parent, delete=False) as file:
            (name,) = [each for each in archive.namelist() if each.endswith(".data/scripts/uv")]
            with archive.open(name) as source:
                shutil.copyfileobj(source, file)
        Path(file.name).chmod(0o755)
        Path(file.name).rename(program)
    return folder


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
