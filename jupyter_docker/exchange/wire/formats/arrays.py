"""numpy arrays: their bytes as in an ``.npy`` file, their shape and dtype as JSON, so that no header is parsed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

_OBJECTS = "O"
_PIECE = 2**24  # bytes of a copy where an array is not contiguous


def describe(dtype: np.dtype[Any]) -> Any:
    """Return a dtype as JSON, as an ``.npy`` header has it; raises UnsupportedError where it holds objects."""
    if dtype.hasobject or dtype.char == "T":
        raise UnsupportedError(f"the dtype '{dtype}' holds objects")
    if dtype.metadata:
        raise UnsupportedError(f"the dtype '{dtype}' has metadata")
    description = np.lib.format.dtype_to_descr(dtype)
    if dtype.names is None or (np.lib.format.descr_to_dtype(description) == dtype and dtype.type is np.void):
        return description
    raise UnsupportedError(f"the dtype '{dtype}' can't be written down")


def dtype_of(description: Any) -> np.dtype[Any]:
    """Return the dtype of what ``describe`` gives; it holds no objects."""
    dtype: np.dtype[Any] = np.lib.format.descr_to_dtype(_with_tuples(description))
    expect(not dtype.hasobject and dtype.char != "T", "an array's bytes are said to be objects")
    return dtype


def _with_tuples(description: Any) -> Any:
    """Return a description with the tuples that JSON made lists: fields, their titles, shapes and subarrays."""
    if type(description) is not list:
        return description
    if all(type(each) is list and len(each) in {2, 3} and type(each[1]) is not int for each in description):
        return [_field(*each) for each in description]
    base, shape = description
    return (_with_tuples(base), tuple(shape))


def _field(name: Any, base: Any, shape: Any = None) -> Any:
    name = tuple(name) if type(name) is list else name
    return (name, _with_tuples(base)) if shape is None else (name, _with_tuples(base), tuple(shape))


def put_array(array: np.ndarray[Any, Any], buffers: BufferWriter) -> Any:
    """Return the JSON of an array without objects; its bytes are not copied where they are contiguous."""
    description, order = describe(array.dtype), "C"
    if array.flags.f_contiguous and not array.flags.c_contiguous:
        array, order = array.T, "F"
    shape = array.shape if order == "C" else array.shape[::-1]
    if array.flags.c_contiguous:
        span = buffers.put(array.reshape(-1).view(np.uint8)) if array.nbytes else buffers.put(b"")
    else:
        span = buffers.put_pieces(array.nbytes, lambda: _pieces(array))
    return [description, list(shape), order, span]


def _pieces(array: np.ndarray[Any, Any]) -> Iterator[Any]:
    count = max(_PIECE // array.itemsize, 1)
    flags = ["external_loop", "buffered", "zerosize_ok"]
    for piece in np.nditer(array, flags=flags, buffersize=count, order="C"):  # type: ignore[call-overload]
        yield np.ascontiguousarray(piece).view(np.uint8)


def take_array(payload: Any, reading: Reading) -> np.ndarray[Any, Any]:
    """Return the array that ``put_array`` wrote: writable, mapped from the file where it is big and the side may."""
    description, shape, order, span = payload
    dtype = dtype_of(description)
    expect(type(shape) is list and all(type(size) is int and size >= 0 for size in shape), "a shape is not one")
    size = dtype.itemsize * math.prod(shape)
    expect(reading.buffers.claim(span) == size, "an array's bytes are not as many as its shape says")
    mapped = reading.buffers.map(span) if size else None
    if mapped is not None:
        return np.frombuffer(mapped, dtype).reshape(shape, order=order)
    array = np.empty(shape, dtype, order)
    if size:
        reading.buffers.read_into(span, array.reshape(-1, order="A").view(np.uint8))
    return array


def _split(array: np.ndarray[Any, Any], buffers: BufferWriter) -> Parts:
    if array.dtype != object:
        return Parts(put_array(array, buffers))
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    return Parts([_OBJECTS, list(array.shape), order, None], array.ravel().tolist())


def _join(payload: Any, children: list[Any], reading: Reading) -> np.ndarray[Any, Any]:
    description, shape, order, _ = payload
    if description != _OBJECTS:
        return take_array(payload, reading)
    expect(math.prod(shape) == len(children), "an array's objects are not as many as its shape says")
    flat = np.empty(len(children), object)
    for index, child in enumerate(children):  # at once, numpy would look into them
        flat[index] = child
    return np.asarray(flat.reshape(shape), order=order)


def _split_masked(array: Any, _: BufferWriter) -> Parts:
    mask = None if array.mask is np.ma.nomask else np.ma.getmaskarray(array)
    if array.dtype.hasobject or array.dtype.names:
        raise UnsupportedError("a masked array is not of plain numbers")
    fill = None if array._fill_value is None else np.asarray(array.fill_value)  # noqa: SLF001 - to keep "not set"
    return Parts(array.hardmask, [array.data, mask, fill])


def _join_masked(payload: Any, children: list[Any], _: Reading) -> Any:
    data, mask, fill = children
    expect(type(data) is np.ndarray and not data.dtype.hasobject, "a masked array has no data")
    fill_value = None if fill is None else fill[()]
    mask = np.ma.nomask if mask is None else mask
    return np.ma.MaskedArray(data, mask=mask, fill_value=fill_value, hard_mask=payload, copy=False)


FORMATS = (
    Format("numpy.array", (np.ndarray, np.memmap), _split, join=_join),
    Format("numpy.masked", (np.ma.MaskedArray,), _split_masked, join=_join_masked),
)
