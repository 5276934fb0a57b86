"""Modules and libraries that a process has loaded: the kernel's answer, and what ctypes and cffi came to here."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path

from jupyter_docker.freeze.system.elf import Linkage, read_linkage
from jupyter_docker.values import Loaded, LoadedModule, UsageError

_MAPS = Path("/proc/self/maps")  # of Linux; see proc(5)
_MAPPED = re.compile(r"\s(/\S*\.so(?:\.[\d.]+)?)$", re.MULTILINE)
_OF_PACKAGES = re.compile(r"/(?:site|dist)-packages/")


def loaded_libraries(maps: Path = _MAPS) -> tuple[str, ...]:
    """Return their names (DT_SONAME), sorted, without what others of them need; none where the system does not say."""
    try:
        text = maps.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return mapped_libraries(text)


def mapped_libraries(text: str) -> tuple[str, ...]:
    """Return the same of ``text``, a process's ``maps``."""
    paths = {path for path in _MAPPED.findall(text) if not _OF_PACKAGES.search(path)}
    linkages = [linkage for path in paths if (linkage := _linkage(path))]
    needed = {name for each in linkages for name in each.needed}
    return tuple(sorted({each.name for each in linkages if each.name} - needed))


def _linkage(path: str) -> Linkage | None:
    try:
        return _kept_linkage(path, os.stat(path).st_mtime_ns)  # noqa: PTH116
    except OSError:
        return None


@lru_cache(maxsize=2000)  # a kernel runs the same notebook again and again, and a large one has hundreds of libraries
def _kept_linkage(path: str, modified: int) -> Linkage | None:  # noqa: ARG001 - a part of the key
    return read_linkage(Path(path))


def kernel_query() -> str:
    """Return the code to run in the kernel, in a namespace of its own; it leaves the ``answer`` there, as text."""
    return Path(__file__).with_name("kernel_query.py").read_text(encoding="utf-8")


def read_answer(file: Path) -> Loaded:
    """Return the answer that is in ``file``, or the ``problem`` why there is none; raises UsageError."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.get("problem"):
            return Loaded(problem=str(told["problem"]))
        modules = tuple(LoadedModule(name=name, file=path) for name, path in sorted(told["modules"].items()))
        return Loaded(python=Path(told["python"]), modules=modules, libraries=mapped_libraries(told["maps"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "It is made by the JupyterLab extension: leave --loaded out."
        raise UsageError(f"'{file}' does not say what a kernel has loaded: {error!r}.", hint=hint) from None
