"""The registry of formats: that of a value, and that of a name; each library's are imported when needed."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .format import Format
from .policy import ReadPolicy
from .problems import MalformedError

# The first part of a kind, and the package of its types → the module of the formats.
_MODULES = {
    "numpy": ("arrays", "numpy_values"),
    "pandas": ("pandas_arrays", "pandas_indexes", "pandas_frames", "pandas_scalars"),
    "polars": ("polars_frames",),
    "pyarrow": ("arrow",),
    "scipy": ("sparse",),
    "PIL": ("images",),
}
_PLAIN = ("containers", "scalars", "times")


def format_of(value: object) -> Format | None:
    """Return the format of a value, None where there is none."""
    from .formats.classes import format_of_class

    kind = type(value)
    found = _by_type("").get(kind)
    library = "" if found else kind.__module__.split(".")[0]
    if library in _MODULES:
        found = _by_type(library).get(kind)
    return found or format_of_class(kind)


def format_named(kind: str, policy: ReadPolicy) -> Format:
    """Return the format of that name; raises MalformedError, or UnsupportedError where its library is not there."""
    library = kind.split(".", maxsplit=1)[0] if "." in kind else ""
    if library in _MODULES:
        policy.require(library)
    elif library:
        raise MalformedError(f"there is no format '{kind}'")
    try:
        return _by_kind(library)[kind]
    except KeyError:
        raise MalformedError(f"there is no format '{kind}'") from None


@cache
def _formats(library: str) -> tuple[Format, ...]:
    names = _MODULES[library] if library else (*_PLAIN, "classes")
    modules = [import_module(f".formats.{name}", __package__) for name in names]
    return tuple(found for module in modules for found in module.FORMATS)


@cache
def _by_type(library: str) -> dict[type, Format]:
    return {kind: found for found in _formats(library) for kind in found.types}


@cache
def _by_kind(library: str) -> dict[str, Format]:
    return {found.kind: found for found in _formats(library)}
