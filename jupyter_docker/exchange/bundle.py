"""The container's side: ``wire`` as a zip file to import from, and the code that a kernel runs to use it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

from jupyter_docker.task_runner import EXCHANGE_PACKAGE

_BUNDLE = "exchange.zip"


def write_bundle(folder: Path) -> Path:
    """Write the container's side into ``folder``, with cloudpickle for images that have none; return the file."""
    bundle = folder / _BUNDLE
    with ZipFile(bundle, "x", ZIP_DEFLATED) as archive:
        _add(archive, files("jupyter_docker.exchange") / "wire", EXCHANGE_PACKAGE)
        _add(archive, files("cloudpickle"), "cloudpickle")
    return bundle


def _add(archive: ZipFile, source: Traversable, target: str) -> None:
    for entry in source.iterdir():
        if entry.is_dir():
            _add(archive, entry, f"{target}/{entry.name}")
        elif entry.name.endswith(".py"):
            archive.writestr(f"{target}/{entry.name}", entry.read_bytes())


def load_code(bundle: PurePosixPath, folder: PurePosixPath, names: Sequence[str]) -> str:
    """Return the code that gives a kernel's namespace the values in ``folder``.

    Args:
        bundle: The path of the wire code in the container.
        folder: The exchange folder in the container.
        names: The variables' names.
    """
    return f"{_imported(bundle)}.load({str(folder)!r}, {list(names)!r}, globals())"


def dump_code(bundle: PurePosixPath, folder: PurePosixPath, names: Sequence[str], *, trust: bool = False) -> str:
    """Return the code that writes a kernel's values of ``names`` into ``folder``.

    Args:
        bundle: The path of the wire code in the container.
        folder: The exchange folder in the container, which has to be empty.
        names: The variables' names.
        trust: Whether values that no format takes are pickled.
    """
    return f"{_imported(bundle)}.dump({str(folder)!r}, {list(names)!r}, globals(), trust={trust!r})"


def _imported(bundle: PurePosixPath) -> str:
    """Return an expression for the package in the bundle, which leaves no name and no path behind."""
    path = str(bundle)
    return (
        f"(lambda path, load: (path.insert(0, {path!r}), load({EXCHANGE_PACKAGE!r}), path.remove({path!r}))[1])"
        "(__import__('sys').path, __import__('importlib').import_module)"
    )
