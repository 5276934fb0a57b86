"""A variable ↔ its two files."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .buffers import BufferReader, BufferWriter
from .decoding import decode
from .encoding import encode
from .files import ExchangeFolder
from .format import Reading
from .pickled import pickle_value, unpickle_value
from .policy import ReadPolicy
from .problems import MalformedError, UnsupportedError, type_name

_CLASS_KINDS = {"dataclass", "enum", "namedtuple"}


@dataclass(frozen=True)
class Packed:
    """A value ready to be written: JSON, and buffers that still are the value's own memory."""

    content: dict[str, Any]
    buffers: BufferWriter = field(default_factory=BufferWriter)

    def write(self, folder: ExchangeFolder, number: int) -> None:
        """Write the two files."""
        with folder.create(f"{number}.bin") as file:
            self.buffers.write(file)
        folder.write_json(f"{number}.json", self.content)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking again and again through many new lists that are all in use."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def pack(value: object) -> Packed:
    """Return a value as data; raises UnsupportedError where it is of no data format."""
    buffers = BufferWriter()
    try:
        with _no_collection():
            document = encode(value, buffers)
    except UnsupportedError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever numpy, pandas and others raise for an odd value
        raise UnsupportedError(f"it can't be taken apart: {error}") from None
    return Packed({"as": "data", "type": type_name(value), "document": document}, buffers)


def pack_pickle(value: object) -> Packed:
    """Return a value as a pickle; raises UnsupportedError where it can't be pickled."""
    buffers = BufferWriter()
    header = pickle_value(value, buffers)
    return Packed({"as": "pickle", "type": type_name(value), **header}, buffers)


def pack_for_trusting(value: object) -> Packed:
    """Return a value as data where it is, and as a pickle where not, or where only a notebook defines its class."""
    try:
        packed = pack(value)
    except UnsupportedError:
        return pack_pickle(value)
    nodes = packed.content["document"]["nodes"]
    own = any(kind in _CLASS_KINDS and payload[0] == "__main__" for _, kind, payload, _ in nodes)
    return pack_pickle(value) if own else packed


def read_variable(folder: ExchangeFolder, number: int, policy: ReadPolicy, *, trust: bool) -> Any:
    """Return the value of the two files; a pickle only where ``trust``.

    Raises MalformedError or UnsupportedError, whatever the files hold.
    """
    content = folder.read_json(f"{number}.json", policy)
    with folder.open(f"{number}.bin") as file:
        buffers = BufferReader(file, policy)
        try:
            if content["as"] == "data":
                with _no_collection():
                    return decode(content["document"], Reading(policy, buffers))
            if content["as"] == "pickle" and trust:
                return unpickle_value(content, buffers)
        except (MalformedError, UnsupportedError):
            raise
        except Exception as error:  # noqa: BLE001 - a forged payload makes numpy, pandas and others raise anything
            raise MalformedError(f"{type(error).__name__}: {error}") from None
    raise UnsupportedError(f"'{content.get('type')}' is not a data format", code="format")
