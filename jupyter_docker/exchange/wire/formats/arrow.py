"""pyarrow's tables and arrays, buffer by buffer.

Not as an Arrow file: reading one makes the extension types that it names, and unpacks buffers of any size.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from .arrow_types import describe, describe_schema, schema_of, type_of

_ARRAYS = tuple(kind for kind in vars(pa.lib).values() if isinstance(kind, type) and issubclass(kind, pa.Array))


def _split_array(array: Any, buffers: BufferWriter) -> Parts:
    description = describe(array.type)
    if array.offset or array.nbytes < array.get_total_buffer_size():  # a part of a longer one
        array = pa.concat_arrays([array, array.slice(0, 0)])
    if pa.types.is_dictionary(array.type):
        return Parts([description, len(array), []], [array.indices, array.dictionary])
    children = _children(array)
    spans = [None if buffer is None else buffers.put(buffer) for buffer in array.buffers()[: _own_buffers(array.type)]]
    return Parts([description, len(array), spans], children)


def _children(array: Any) -> list[Any]:
    kind = array.type
    if pa.types.is_struct(kind):
        return [array.field(i) for i in range(kind.num_fields)]
    if pa.types.is_map(kind):
        return [array.keys, array.items]
    return [array.values] if pa.types.is_list(kind) or _is_other_list(kind) else []


def _is_other_list(kind: Any) -> bool:
    return bool(pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _own_buffers(kind: Any) -> int:
    """Return how many buffers an array has itself, as https://arrow.apache.org/docs/format/Columnar.html says."""
    if pa.types.is_null(kind) or pa.types.is_struct(kind) or pa.types.is_fixed_size_list(kind):
        return 1
    texts = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
    return 3 if kind in texts else 2


def _join_array(payload: Any, children: list[Any], reading: Reading) -> Any:
    description, length, spans = payload
    kind = type_of(description)
    expect(all(isinstance(child, pa.Array) for child in children), "a part of an array is no array")
    if pa.types.is_dictionary(kind):
        indices, dictionary = children
        array = pa.DictionaryArray.from_arrays(indices, dictionary, ordered=kind.ordered, safe=True)
    else:
        array = _from_buffers(kind, length, spans, children, reading)
    expect(array.type == kind, "an array is of another type")
    array.validate(full=True)  # Arrow's functions trust the offsets
    return array


def _from_buffers(kind: Any, length: Any, spans: Any, children: list[Any], reading: Reading) -> Any:
    expect(type(length) is int and 0 <= length < 2**63, "an array's length is not one")
    expect(len(spans) == _own_buffers(kind), "an array has another number of buffers")
    buffers = [None if span is None else pa.py_buffer(reading.buffers.take(span)) for span in spans]
    if pa.types.is_map(kind):
        children = [pa.StructArray.from_arrays(children, fields=[kind.key_field, kind.item_field])]
    else:
        expected = [kind.field(i).type for i in range(kind.num_fields)]
        expect([child.type for child in children] == expected, "a part of an array is of another type")
    return pa.Array.from_buffers(kind, length, buffers, children=children)


def _join_chunked(payload: Any, children: list[Any], _: Reading) -> Any:
    return pa.chunked_array(children, type=type_of(payload))


def _split_table(table: Any, _: BufferWriter) -> Parts:
    return Parts(describe_schema(table.schema), table.columns)


def _join_table(payload: Any, children: list[Any], _: Reading) -> Any:
    table = pa.Table.from_arrays(children, schema=schema_of(payload))
    table.validate()
    return table


def _join_batch(payload: Any, children: list[Any], _: Reading) -> Any:
    batch = pa.RecordBatch.from_arrays(children, schema=schema_of(payload))
    batch.validate()
    return batch


FORMATS = (
    Format("pyarrow.array", _ARRAYS, _split_array, join=_join_array),
    Format(
        "pyarrow.chunked", (pa.ChunkedArray,), lambda array, _: Parts(describe(array.type), array.chunks),
        join=_join_chunked,
    ),
    Format("pyarrow.table", (pa.Table,), _split_table, join=_join_table),
    Format("pyarrow.batch", (pa.RecordBatch,), _split_table, join=_join_batch),
    Format(
        "pyarrow.schema", (pa.Schema,), lambda schema, _: Parts(describe_schema(schema)),
        join=lambda payload, _, __: schema_of(payload),
    ),
)  # fmt: skip
