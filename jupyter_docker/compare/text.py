"""Two texts held against each other, token by token: numbers with tolerance, and what each run prints otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

from jupyter_docker.compare.findings import SAME, Finding, Look, worst
from jupyter_docker.compare.order import differ_in_order_alone
from jupyter_docker.compare.rules import Rules
from jupyter_docker.compare.tokens import Token, lines_of, plain

MAX_LENGTH: Final = 400_000  # characters that are read; what is behind counts by its equality alone
_MAX_ALIGNED = 3000  # tokens; more are aligned line by line
_MAX_SHOWN = 60
_TIMING = re.compile(
    r"wall|cpu|time[sd]?|took|taken|elapsed|eta|durations?|loops?|steps?|epochs?|finished|completed|runtime|ran|done|speed|"
    r"user|sys|latency|seconds?|secs?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})[-/.](\d\d)[-/.](\d\d)")
_NEAR = 2  # days


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads two texts under the rules of their cell.

    ``ran`` is the day of the new run, where it is known: a date far from it is no time of the run, but data.
    """

    rules: Rules = field(default_factory=Rules)
    ran: date | None = None

    def compare(self, saved: str, new: str) -> Finding:
        """Return how the new text differs from the saved one."""
        if saved == new:
            return SAME
        if saved[MAX_LENGTH:] != new[MAX_LENGTH:]:
            return Finding(look="value", score=0.5, note="the texts are long, and differ near their ends")
        one, other = (list(lines_of(plain(text[:MAX_LENGTH]))) for text in (saved, new))
        finding = self._pairs(list(chain(*one)), list(chain(*other)))
        if finding is None or finding.look == "value":
            without = [[line for line in lines if line[0].kind != "progress"] for lines in (one, other)]
            if without != [one, other]:
                return self._without_bars(*without)
            if differ_in_order_alone(self._masked(one), self._masked(other)):
                return Finding(look="order", note="the same in another order")
        return finding or self._aligned(one, other)

    def _without_bars(self, one: list[tuple[Token, ...]], other: list[tuple[Token, ...]]) -> Finding:
        finding = self._pairs(list(chain(*one)), list(chain(*other)))
        if finding is not None and finding.look in ("same", "equivalent"):
            return Finding(look="time", note="only progress bars differ")
        return finding or self._aligned(one, other)

    def _pairs(self, one: Sequence[Token], other: Sequence[Token]) -> Finding | None:
        """Compare texts of the same form token by token; None where they have not the same form."""
        if len(one) != len(other):
            return None
        if any(a.kind != b.kind or (a.kind == "word" and a.text != b.text) for a, b in zip(one, other, strict=True)):
            return None
        is_timing = any(_TIMING.fullmatch(token.text) for token in one)
        looks = [self._pair(a, b, is_timing=is_timing) for a, b in zip(one, other, strict=True)]
        look = worst(look for look, _ in looks)
        if look == "same":
            return Finding(look="equivalent", note="only spaces or colours differ")
        first = next(index for index, each in enumerate(looks) if each[0] == look)
        score = sum(score for _, score in looks) / len(looks)
        return Finding(look=look, score=score, note=f"{_shown(one[first].text)} → {_shown(other[first].text)}")

    def _pair(self, a: Token, b: Token, *, is_timing: bool) -> tuple[Look, float]:
        """Return how two tokens of one kind differ, and how near they are."""
        if a.text == b.text:
            return "same", 1.0
        if a.kind == "number":
            return self._numbers(a.text, b.text)
        if a.kind == "path":
            same_end = re.split(r"[/\\]", a.text)[-1] == re.split(r"[/\\]", b.text)[-1]
            return ("identity", 1.0) if same_end else ("value", 0.5)
        if a.kind == "moment":
            return ("time", 1.0) if self._may_be_now(b.text) else ("value", 0.0)
        if a.kind == "duration":
            return ("time", 1.0) if is_timing else ("value", 0.5)
        return ("time", 1.0) if a.kind == "progress" else ("identity", 1.0)

    def _numbers(self, one: str, other: str) -> tuple[Look, float]:
        a, b = float(one), float(other)
        if one.lstrip("+-").isdigit() and other.lstrip("+-").isdigit() and a != b and self.rules.rtol == Rules.rtol:
            return "value", nearness(a, b)
        return ("equivalent", 1.0) if self.rules.are_close(a, b) else ("value", nearness(a, b))

    def _may_be_now(self, text: str) -> bool:
        found = _DATE.search(text)
        if found is None or self.ran is None:
            return True
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return False
        return abs((day - self.ran).days) <= _NEAR

    def _masked(self, lines: Sequence[Sequence[Token]]) -> list[list[str]]:
        """Return the tokens as texts, those that each run prints otherwise by their kind."""
        return [[self._mask(token) for token in line] for line in lines]

    def _mask(self, token: Token) -> str:
        if token.kind in ("identity", "progress") or (token.kind == "moment" and self._may_be_now(token.text)):
            return f"<{token.kind}>"
        return re.split(r"[/\\]", token.text)[-1] if token.kind == "path" else token.text

    def _aligned(self, one: Sequence[Sequence[Token]], other: Sequence[Sequence[Token]]) -> Finding:
        """Return how much of two texts of different form is the same."""
        lines, others = self._masked(one), self._masked(other)
        a, b = list(chain(*lines)), list(chain(*others))
        if len(a) + len(b) > _MAX_ALIGNED:
            a, b = [" ".join(line) for line in lines], [" ".join(line) for line in others]
        if len(a) + len(b) > _MAX_ALIGNED:  # so long that only what is in both is counted
            shared = sum((Counter(a) & Counter(b)).values())
            return Finding(look="value", score=2 * shared / (len(a) + len(b)), note="many lines differ")
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        changed = next((each for each in matcher.get_opcodes() if each[0] != "equal"), ("equal", 0, 0, 0, 0))
        note = f"{_shown(' '.join(a[changed[1] : changed[2]]))} → {_shown(' '.join(b[changed[3] : changed[4]]))}"
        return Finding(look="value" if matcher.ratio() < 1 else "equivalent", score=matcher.ratio(), note=note)


def nearness(one: float, other: float) -> float:
    """Return how near two different numbers are, from 0 to 1, by the larger one."""
    largest = max(abs(one), abs(other))
    share = abs(one - other) / largest if largest else 0.0
    return max(0.0, 1.0 - share) if share == share else 0.0  # noqa: PLR0124 - not a number


def _shown(text: str) -> str:
    if not text:
        return "nothing"
    return f"'{text}'" if len(text) <= _MAX_SHOWN else f"'{text[:_MAX_SHOWN]}…'"
