"""The reader's policy: libraries that it has, classes that may be filled, and the memory that a value may take."""

from __future__ import annotations

import importlib
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace

from .problems import MalformedError, UnsupportedError


@dataclass(kw_only=True)
class ReadPolicy:
    """The trusting side, which the container is: the notebook's own values come to it.

    ``limit`` is how many more bytes may be taken, None for any number; ``mapped`` whether big arrays may be mapped from
    the file: its writer could change them, or end this process by cutting the file off.
    """

    limit: int | None = None
    mapped: bool = True

    def require(self, library: str) -> None:
        """Import a library that values need; raises UnsupportedError where it is not installed."""
        try:
            importlib.import_module(library)
        except ImportError:
            raise UnsupportedError(f"{library} is not installed there") from None

    def find_class(self, module: str, qualname: str) -> type:
        """Return the class of that name; raises UnsupportedError where it can't be imported."""
        try:
            found: object = importlib.import_module(module)
        except ImportError:
            raise UnsupportedError(f"its class '{qualname}' is in '{module}', which can't be imported there") from None
        for part in qualname.split("."):
            found = getattr(found, part, None)
        if not isinstance(found, type):
            raise UnsupportedError(f"its class '{qualname}' is not in '{module}' there")
        return found

    def allow(self, size: int) -> None:
        """Count ``size`` bytes that are about to be taken; raises MalformedError where it is more than the limit."""
        if size < 0:
            raise MalformedError("it has a negative size")
        if self.limit is None:
            return
        if size > self.limit:
            raise MalformedError(
                f"it takes {size / 1e6:,.0f} MB, more than the {self.limit / 1e6:,.0f} MB that are left"
            )
        self.limit -= size


@dataclass(kw_only=True)
class UntrustedPolicy(ReadPolicy):
    """The side that trusts nothing, which the notebook is: it fills only classes that ``namespace`` has.

    No code of the other side's choice is imported: a class must be the value of a name, the type of a value, or in a
    module that is the value of a name. It is looked up without ``getattr``, which a module may answer by importing.
    """

    namespace: Mapping[str, object]
    _classes: dict[tuple[str, str], type] = field(default_factory=dict, init=False)

    def require(self, library: str) -> None:
        """Import a library, but not from a folder that the other side may have written to."""
        if library in sys.modules:
            return
        before = sys.path[:]
        sys.path[:] = filter(_is_installation, before)
        try:
            super().require(library)
        finally:
            sys.path[:] = before

    def find_class(self, module: str, qualname: str) -> type:
        """Return the class that the notebook has under that name; raises UnsupportedError where it has none."""
        if (module, qualname) not in self._classes:
            self._classes[module, qualname] = self._search(module, qualname)
        return self._classes[module, qualname]

    def _search(self, module: str, qualname: str) -> type:
        for value in (SimpleNamespace(**self.namespace), *self.namespace.values()):
            inside = _inside(value, qualname) if isinstance(value, (ModuleType, SimpleNamespace)) else None
            for found in (value, type(value), inside):
                if isinstance(found, type) and (found.__module__, found.__qualname__) == (module, qualname):
                    return found
        raise UnsupportedError(f"its class '{qualname}' is not among the notebook's names", code="class")


def _inside(found: object, qualname: str) -> object:
    for part in qualname.split("."):
        found = vars(found).get(part) if isinstance(found, (ModuleType, SimpleNamespace, type)) else None
    return found


def _is_installation(entry: str) -> bool:
    """Whether an entry of ``sys.path`` is of Python itself or of installed packages."""
    path, library = Path(entry), Path(sysconfig.get_path("stdlib"))
    return path == library or path.suffix == ".zip" or path.name in {"site-packages", "dist-packages", "lib-dynload"}
