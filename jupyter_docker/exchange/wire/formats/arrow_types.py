"""Arrow types and schemas as JSON. Extension types are none of them: to make one runs its library's code."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pyarrow as pa

from ..format import expect
from ..problems import UnsupportedError

_UNITS = ("s", "ms", "us", "ns")
_PLAIN: dict[str, Any] = {
    str(made): made
    for made in chain(
        (pa.null(), pa.bool_(), pa.float16(), pa.float32(), pa.float64(), pa.date32(), pa.date64()),
        (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
        (pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.month_day_nano_interval()),
        (pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")),
        (pa.duration(unit) for unit in _UNITS),
        (pa.timestamp(unit) for unit in _UNITS),
    )
}


def describe(kind: Any) -> Any:
    """Return a type as JSON: the name of a plain one, else a list of its name and what it is made of."""
    if str(kind) in _PLAIN and _PLAIN[str(kind)] == kind:
        return str(kind)
    for test, parts in _PARTS:
        if test(kind):
            return parts(kind)
    raise UnsupportedError(f"the Arrow type '{kind}' has no written form")


_PARTS: tuple[tuple[Any, Any], ...] = (
    (pa.types.is_timestamp, lambda kind: ["timestamp", kind.unit, kind.tz]),
    (pa.types.is_decimal128, lambda kind: ["decimal128", kind.precision, kind.scale]),
    (pa.types.is_decimal256, lambda kind: ["decimal256", kind.precision, kind.scale]),
    (pa.types.is_fixed_size_binary, lambda kind: ["binary", kind.byte_width]),
    (pa.types.is_list, lambda kind: ["list", describe_field(kind.value_field)]),
    (pa.types.is_large_list, lambda kind: ["large_list", describe_field(kind.value_field)]),
    (pa.types.is_fixed_size_list, lambda kind: ["fixed_list", describe_field(kind.value_field), kind.list_size]),
    (pa.types.is_struct, lambda kind: ["struct", *(describe_field(kind.field(i)) for i in range(kind.num_fields))]),
    (
        pa.types.is_map,
        lambda kind: ["map", describe_field(kind.key_field), describe_field(kind.item_field), kind.keys_sorted],
    ),
    (
        pa.types.is_dictionary,
        lambda kind: ["dictionary", describe(kind.index_type), describe(kind.value_type), kind.ordered],
    ),
)


def type_of(description: Any) -> Any:
    """Return the type of what ``describe`` gives."""
    if type(description) is str:
        return _PLAIN[description]
    name, *parts = description
    return _MAKERS[name](*parts)


_MAKERS: dict[str, Any] = {
    "timestamp": pa.timestamp,
    "decimal128": pa.decimal128,
    "decimal256": pa.decimal256,
    "binary": pa.binary,
    "list": lambda field: pa.list_(field_of(field)),
    "large_list": lambda field: pa.large_list(field_of(field)),
    "fixed_list": lambda field, size: pa.list_(field_of(field), size),
    "struct": lambda *fields: pa.struct([field_of(field) for field in fields]),
    "map": lambda key, item, ordered: pa.map_(field_of(key), field_of(item), keys_sorted=ordered),
    "dictionary": lambda index, value, ordered: pa.dictionary(type_of(index), type_of(value), ordered=ordered),
}


def describe_field(field: Any) -> list[Any]:
    """Return a field as JSON: name, type, whether it may be null, metadata."""
    return [field.name, describe(field.type), field.nullable, _describe_metadata(field.metadata)]


def field_of(description: Any) -> Any:
    """Return the field of what ``describe_field`` gives."""
    name, kind, nullable, metadata = description
    return pa.field(name, type_of(kind), nullable=nullable, metadata=_metadata_of(metadata))


def describe_schema(schema: Any) -> list[Any]:
    """Return a schema as JSON: its fields and its metadata."""
    return [[describe_field(field) for field in schema], _describe_metadata(schema.metadata)]


def schema_of(description: Any) -> Any:
    """Return the schema of what ``describe_schema`` gives."""
    fields, metadata = description
    return pa.schema([field_of(field) for field in fields], metadata=_metadata_of(metadata))


def _describe_metadata(metadata: Any) -> Any:
    return metadata and [[key.hex(), value.hex()] for key, value in metadata.items()]


def _metadata_of(description: Any) -> Any:
    expect(description is None or type(description) is list, "metadata are not a list")
    return description and {bytes.fromhex(key): bytes.fromhex(value) for key, value in description}
