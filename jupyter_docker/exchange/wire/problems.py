"""Errors of a value, or of the files of one."""

from __future__ import annotations


class UnsupportedError(Exception):
    """The value, or one inside it, can't be carried; ``names`` is the type that the text names already, if it does.

    ``code`` tells apart what something else can be done about: "format" for a value of no data format, "class" for one
    whose class the notebook does not have.
    """

    def __init__(self, text: str, *, code: str = "", names: str = "") -> None:
        super().__init__(text)
        self.code, self.names = code, names


class MalformedError(Exception):
    """The files are not what an encoder writes: damaged, of another version, or forged."""


def type_name(value: object) -> str:
    """Return the type as people know it: ``pandas.DataFrame``, ``list``, ``Point``."""
    kind = value if isinstance(value, type) else type(value)
    module = kind.__module__
    if module in {"builtins", "__main__"}:
        return kind.__qualname__
    top = module.split(".")[0]
    # Libraries re-export their types at the top; pandas says pandas.core.frame.DataFrame in older versions.
    return f"{top if top in {'numpy', 'pandas', 'polars'} else module}.{kind.__qualname__}"
