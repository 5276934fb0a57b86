"""Values of classes that people write: dataclasses, named tuples and enumerations.

Only the names of the class and of its fields travel. The receiving side finds the class among its own, and fills a new
instance without calling ``__new__``, ``__init__`` or ``__post_init__``.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import fields
from enum import Enum, Flag
from types import MemberDescriptorType
from typing import Any

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError


def format_of_class(kind: type) -> Format | None:
    """Return the format of values of a class, None where it is no data class."""
    if issubclass(kind, Enum):
        return _ENUM
    if is_named_tuple(kind):
        return _NAMED_TUPLE
    return _DATACLASS if is_plain_dataclass(kind) else None


def is_named_tuple(kind: type) -> bool:
    """Whether ``kind`` is of ``collections.namedtuple`` or ``typing.NamedTuple``, or below one without own fields."""
    names = getattr(kind, "_fields", None)
    return issubclass(kind, tuple) and type(names) is tuple and kind.__init__ is tuple.__init__


def is_plain_dataclass(kind: type) -> bool:
    """Whether ``kind`` is a dataclass all of whose state are its fields."""
    return "__dataclass_fields__" in vars(kind) and getattr(kind, "__new__") is object.__new__  # noqa: B009 - mypy knows it as overloaded


def _class_of(value: object) -> list[str]:
    kind = type(value)
    if "<locals>" in kind.__qualname__:
        raise UnsupportedError(f"its class '{kind.__qualname__}' is defined in a function", names=kind.__qualname__)
    return [kind.__module__, kind.__qualname__]


def _find(payload: Any, reading: Reading) -> type:
    module, qualname, *_ = payload
    expect(type(module) is str and type(qualname) is str, "the name of a class is not one")
    return reading.policy.find_class(module, qualname)


def _split_dataclass(value: Any, _: BufferWriter) -> Parts:
    state = getattr(value, "__dict__", {})
    known = {field.name for field in fields(value)}
    more = [name for name in state if name not in known and not _is_cached(value, name)]
    if more:
        name = type(value).__qualname__
        raise UnsupportedError(f"'{more[0]}' is no field of its class '{name}'", names=name)
    names = [field.name for field in fields(value) if _is_set(value, field.name)]
    return Parts([*_class_of(value), names], [getattr(value, name) for name in names])


def _is_set(value: object, name: str) -> bool:
    """Whether a field has a value of its own, in the instance's ``__dict__`` or a slot."""
    slot = getattr(type(value), name, None)
    return name in getattr(value, "__dict__", {}) or (isinstance(slot, MemberDescriptorType) and hasattr(value, name))


def _is_cached(value: object, name: str) -> bool:
    return isinstance(getattr(type(value), name, None), functools.cached_property)


def _blank_dataclass(payload: Any, reading: Reading) -> Any:
    kind = _find(payload, reading)
    expect(is_plain_dataclass(kind), f"'{kind.__qualname__}' is no dataclass")
    unknown = set(payload[2]) - {field.name for field in fields(kind)}
    if unknown:
        raise UnsupportedError(f"its class '{kind.__qualname__}' has other fields here")
    return object.__new__(kind)


def _fill_dataclass(value: Any, payload: Any, children: list[Any]) -> None:
    expect(len(payload[2]) == len(children), "a field has no value")
    for name, child in zip(payload[2], children):  # noqa: B905 (Python 3.9)
        object.__setattr__(value, name, child)


def _split_named(value: Any, _: BufferWriter) -> Parts:
    if getattr(value, "__dict__", None):
        name = type(value).__qualname__
        raise UnsupportedError(f"a '{name}' has attributes of its own", names=name)
    return Parts(_class_of(value), list(value))


def _join_named(payload: Any, children: list[Any], reading: Reading) -> Any:
    kind: Any = _find(payload, reading)
    expect(is_named_tuple(kind), f"'{kind.__qualname__}' is no named tuple")
    if len(kind._fields) != len(children):
        raise UnsupportedError(f"its class '{kind.__qualname__}' has other fields here")
    return tuple.__new__(kind, children)


def _split_enum(value: Enum, _: BufferWriter) -> Parts:
    members = [value] if value.name in type(value).__members__ else list(_parts_of(value))
    return Parts([*_class_of(value), [member.name for member in members]])


def _parts_of(value: Any) -> Any:
    """Return the members that a flag is made of, which may be none."""
    members = [member for member in type(value) if member in value] if isinstance(value, Flag) else []
    if not isinstance(value, Flag) or functools.reduce(operator.or_, members, type(value)(0)) is not value:
        raise UnsupportedError(f"'{value!r}' has no name in its class", names=type(value).__qualname__)
    return members


def _join_enum(payload: Any, _: list[Any], reading: Reading) -> Any:
    kind: Any = _find(payload, reading)
    expect(issubclass(kind, Enum), f"'{kind.__qualname__}' is no enumeration")
    names = payload[2]
    if not set(names) <= set(kind.__members__):
        raise UnsupportedError(f"its class '{kind.__qualname__}' has other members here")
    members = [kind.__members__[name] for name in names]
    if len(members) == 1:
        return members[0]
    expect(issubclass(kind, Flag), "a member of an enumeration is several")
    return functools.reduce(operator.or_, members, kind(0))


_DATACLASS = Format("dataclass", (), _split_dataclass, blank=_blank_dataclass, fill=_fill_dataclass)
_NAMED_TUPLE = Format("namedtuple", (), _split_named, join=_join_named)
_ENUM = Format("enum", (), _split_enum, join=_join_enum)
FORMATS = (_DATACLASS, _NAMED_TUPLE, _ENUM)
