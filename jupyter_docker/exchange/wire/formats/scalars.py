"""The single values of Python that JSON does not have."""

from __future__ import annotations

from array import array
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path, PosixPath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any
from uuid import UUID

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

_MAX_FRACTION = 10**6  # bits: a fraction is reduced, in time quadratic in them
_SINGLETONS = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}
_TYPECODES = "bBuhHiIlLqQfd"


def _as_text(kind: str, made: type, write: Any = str) -> Format:
    """Return the format of a type whose constructor takes its text back."""

    def join(payload: Any, _: list[Any], __: Reading) -> Any:
        expect(type(payload) is str, f"a {kind} is not written as text")
        return made(payload)

    return Format(kind, (made,), lambda value, _: Parts(write(value)), join=join)


def _as_children(kind: str, made: type, *names: str) -> Format:
    """Return the format of a type that is made of some attributes."""

    def split(value: Any, _: BufferWriter) -> Parts:
        return Parts(children=[getattr(value, name) for name in names])

    return Format(kind, (made,), split, join=lambda _, children, __: made(*children))


def _join_int(payload: Any, _: list[Any], __: Reading) -> int:
    return int(payload, 16)  # unlike decimals, in time linear in the digits


def _split_bytes(value: Any, buffers: BufferWriter) -> Parts:
    return Parts(buffers.put(bytes(value) if type(value) is bytearray else value))


def _split_text(value: str, buffers: BufferWriter) -> Parts:
    return Parts(buffers.put(value.encode("utf-8", "surrogatepass")))


def _join_text(payload: Any, _: list[Any], reading: Reading) -> str:
    return reading.buffers.take(payload).decode("utf-8", "surrogatepass")


def _split_fraction(value: Fraction, _: BufferWriter) -> Parts:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_FRACTION:
        raise UnsupportedError("a fraction is too long")
    return Parts(children=[value.numerator, value.denominator])


def _join_fraction(_: Any, children: list[Any], __: Reading) -> Fraction:
    expect(all(type(each) is int and each.bit_length() <= _MAX_FRACTION for each in children), "a fraction is not one")
    return Fraction(*children)


def _join_range(_: Any, children: list[Any], __: Reading) -> range:
    expect(all(type(each) is int for each in children), "a range is not of numbers")
    return range(*children)


def _split_array(value: array[Any], buffers: BufferWriter) -> Parts:
    return Parts([value.typecode, value.itemsize, buffers.put(value.tobytes())])


def _join_array(payload: Any, _: list[Any], reading: Reading) -> array[Any]:
    typecode, itemsize, span = payload
    expect(typecode in _TYPECODES, "an array is not of numbers")
    made = array(typecode)
    expect(made.itemsize == itemsize, "an array's numbers have another size there")
    made.frombytes(reading.buffers.take(span))
    return made


FORMATS = (
    Format("int", (int,), lambda value, _: Parts(hex(value)), join=_join_int),
    Format("str", (str,), _split_text, join=_join_text),
    Format("bytes", (bytes,), _split_bytes, join=lambda payload, _, reading: bytes(reading.buffers.take(payload))),
    Format("bytearray", (bytearray,), _split_bytes, join=lambda payload, _, reading: reading.buffers.take(payload)),
    Format(
        "singleton", (type(Ellipsis), type(NotImplemented)), lambda value, _: Parts(str(value)),
        join=lambda payload, _, __: _SINGLETONS[payload],
    ),
    Format("range", (range,), lambda value, _: Parts(children=[value.start, value.stop, value.step]), join=_join_range),
    Format("fraction", (Fraction,), _split_fraction, join=_join_fraction),
    Format("array", (array,), _split_array, join=_join_array),
    _as_children("complex", complex, "real", "imag"),
    _as_children("slice", slice, "start", "stop", "step"),
    _as_text("decimal", Decimal),
    _as_text("uuid", UUID),
    *(_as_text(made.__name__.lower(), made) for made in (IPv4Address, IPv4Network, IPv6Address, IPv6Network)),
    *(_as_text(made.__name__.lower(), made) for made in (PurePosixPath, PureWindowsPath)),
    # A path of this system becomes one of the other side's.
    Format(
        "path", (PosixPath, WindowsPath), lambda value, _: Parts(value.as_posix()),
        join=lambda payload, _, __: Path(payload),
    ),
)  # fmt: skip
