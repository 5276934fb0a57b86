"""Files that the code downloads unless they are there: the one beside the notebook spares a run the network."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_ASKS = frozenset({"exists", "is_file", "isfile"})
_URL = re.compile(r"(?:https?|ftp)://[^\s?#]+/([\w.-]+\.[A-Za-z]\w{0,9})(?:[?#]\S*)?")


class Downloads:
    """Reads the calls of one namespace, in the order of its text: before one downloads, one asks what exists."""

    def __init__(self) -> None:
        self._asks = False

    def of_call(self, call: ast.Call, name: str) -> Iterator[str]:
        """Yield the file names that the URLs in a call of ``name`` end with."""
        self._asks = self._asks or name in _ASKS
        for each in call.args if self._asks else ():
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and (url := _URL.fullmatch(each.value)):
                yield url[1]
