"""Text without its order: the items of each set, list or dict, and the lines, sorted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

_BRACKETS: Final = {"[": "]", "{": "}", "(": ")"}
_MAX_DEPTH = 40  # deeper brackets are words as others


@dataclass(slots=True)
class _Group:
    """An open bracket: the items that are complete, and the words of the one that is not."""

    bracket: str = ""
    items: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def close(self) -> str:
        """Return its text, the items of all but a tuple sorted."""
        self.next()
        items = self.items if self.bracket == "(" else sorted(self.items)
        return f"{self.bracket}{', '.join(items)}{_BRACKETS[self.bracket]}"

    def next(self) -> None:
        """Begin another item."""
        self.items.append(" ".join(self.words))
        self.words = []


def differ_in_order_alone(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> bool:
    """Whether two texts, lines of tokens, hold the same lines, or the same items in brackets, in another order."""
    if sorted(map(_sorted_items, one)) == sorted(map(_sorted_items, other)):
        return True
    return _sorted_items(chain(*one)) == _sorted_items(chain(*other))


def _sorted_items(tokens: Iterable[str]) -> str:
    groups = [_Group()]
    for text in tokens:
        group = groups[-1]
        if text in _BRACKETS and len(groups) < _MAX_DEPTH:
            groups.append(_Group(bracket=text))
        elif group.bracket and text == ",":
            group.next()
        elif group.bracket and text == _BRACKETS[group.bracket]:
            groups.pop()
            groups[-1].words.append(group.close())
        else:
            group.words.append(text)
    # What was never closed is no group.
    return " ".join(word for group in groups for word in (group.bracket, *group.items, *group.words))
