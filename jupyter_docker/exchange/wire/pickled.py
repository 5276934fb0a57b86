"""Values of no data format, by pickle: for a side that trusts the other, and has what they are made of as it has."""

from __future__ import annotations

import importlib
import io
import pickle
import pickletools
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

from .buffers import BufferReader, BufferWriter
from .problems import UnsupportedError, type_name

_PROTOCOL = 5


def pickle_value(value: object, buffers: BufferWriter) -> dict[str, Any]:
    """Return the JSON of a pickled value, its bulk in ``buffers``; raises UnsupportedError where it has none."""
    if isinstance(value, ModuleType):
        raise UnsupportedError("a module is imported, not sent")
    stream, large = io.BytesIO(), list[pickle.PickleBuffer]()
    try:
        _pickler(stream, large).dump(value)
    except UnsupportedError:
        raise
    except Exception as error:  # noqa: BLE001 - any code of the value's class may have run
        raise _refused(error, value) from None
    return {
        "python": list(sys.version_info[:2]),
        "versions": {name: _version_of(name) for name in _packages(stream.getvalue())},
        "stream": buffers.put(stream.getbuffer()),
        "buffers": [buffers.put(buffer.raw()) for buffer in large],
    }


def unpickle_value(header: Any, buffers: BufferReader) -> Any:
    """Return the value: this runs whatever code the pickle names.

    Raises UnsupportedError where Python, or a package that the value is made of, has another version than there.
    """
    python = list(sys.version_info[:2])
    if header["python"] != python:
        raise UnsupportedError(f"it is of Python {_dotted(header['python'])}, not {_dotted(python)}")
    _cloudpickle()
    for name, expected in header["versions"].items():
        found = _version_of(name)
        if found != expected:
            raise UnsupportedError(f"it was made with {name} {expected or 'of no version'}, not {found or 'here'}")
    large = [buffers.take(span) for span in header["buffers"]]
    try:
        return pickle.loads(buffers.take(header["stream"]), buffers=large)  # noqa: S301 - the caller trusts it
    except Exception as error:  # noqa: BLE001 - any code of the value's class may have run
        raise UnsupportedError(_first_line(error)) from None


def _pickler(stream: io.BytesIO, large: list[pickle.PickleBuffer]) -> Any:
    class Pickler(_cloudpickle().Pickler):  # type: ignore[misc]
        def reducer_override(self, value: object) -> Any:
            # cloudpickle would read the rest of an open file, and send that.
            if isinstance(value, io.IOBase) and not isinstance(value, (io.BytesIO, io.StringIO)):
                raise UnsupportedError(f"an open file ('{type_name(value)}') can't be sent", names=type_name(value))
            return super().reducer_override(value)

    return Pickler(stream, protocol=_PROTOCOL, buffer_callback=large.append)


def _cloudpickle() -> ModuleType:
    """Return cloudpickle: what is installed, else what was brought in the same zip file as this module."""
    try:
        return importlib.import_module("cloudpickle")
    except ImportError:
        sys.path.append(str(Path(__file__).parent.parent))
        try:
            return importlib.import_module("cloudpickle")
        finally:
            sys.path.pop()


def _packages(stream: bytes) -> set[str]:
    """Return the packages, outside the standard library, whose classes and functions a pickle names."""
    modules = {module.split(".")[0] for module in _modules(stream)}
    return modules - set(sys.stdlib_module_names) - {"__main__", ""}


def _modules(stream: bytes) -> Iterator[str]:
    """Yield the modules in a pickle: texts that STACK_GLOBAL finds on the stack, or GLOBAL as its argument."""
    texts, memo = list[str | None](), dict[Any, Any]()
    last: Any = None
    for operation, argument, _ in pickletools.genops(stream):
        if operation.name == "MEMOIZE":
            memo[len(memo)] = last
            continue
        if operation.name == "GLOBAL":
            yield str(argument).split(" ")[0]
        elif operation.name == "STACK_GLOBAL":
            yield texts[-2] or ""
        last = memo.get(argument) if operation.name in {"BINGET", "LONG_BINGET"} else argument
        if operation.name != "FRAME":
            texts = [*texts[-1:], last if isinstance(last, str) else None]


def _version_of(package: str) -> str | None:
    try:
        found = getattr(importlib.import_module(package), "__version__", None) or version(package)
    except (ImportError, PackageNotFoundError):
        return None
    return str(found)


def _dotted(parts: Any) -> str:
    return ".".join(map(str, parts))


def _refused(error: Exception, value: object) -> UnsupportedError:
    """Return the error with pickle's own words, which may name the type of ``value``."""
    text, name = _first_line(error), type_name(value)
    return UnsupportedError(text, names=name if name in text else "")


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
