"""The normal form of printed text: tokens, each a word, a number, or what another run prints otherwise by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

TokenKind: TypeAlias = Literal["word", "number", "moment", "duration", "progress", "identity", "path"]

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_BORDERS: Final = dict.fromkeys(range(0x2500, 0x2580), " ")  # box drawing, whose length is that of what is in it
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AaPp][Mm]\b)?(?: ?(?:UTC|GMT|Z\b|[+-]\d\d:?\d\d\b))?"
_UNIT = r"(?:ns|[µμu]s|ms|s|secs?|seconds?|min(?:ute)?s?|h|hours?)"
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"

# The first that matches counts. No two parts of one pattern can take the same text, so that none is slow on any text.
_PATTERNS: Final[tuple[tuple[TokenKind, str], ...]] = (
    ("identity", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("identity", r"\b0x[0-9a-fA-F]{5,16}\b"),
    ("identity", r"(?:/(?:private/)?(?:tmp|var/folders|var/tmp)|\\Temp)[/\\][^\s'\"<>|:,)\]]+"),
    ("identity", r"\btmp[a-z0-9_]{8}\b|<ipython-input-\d+-[0-9a-f]+>|\bForkPoolWorker-\d+|\bThread-\d+"),
    ("identity", r"\b(?:pid|PID|process(?: id)?)[ =:]{1,3}\d+\b|(?:localhost|127\.0\.0\.1|0\.0\.0\.0):\d+"),
    ("identity", r"\b(?:T_[0-9a-f]{5}(?=[_ \"'])|(?:94|139|140)\d{12}\b)"),
    ("moment", rf"\b\d{{4}}[-/.]\d\d[-/.]\d\d(?:[T ]{_CLOCK})?(?![\d.])"),
    ("moment", rf"\b(?:{_DAY},? )?{_MONTH} +\d{{1,2}},?(?: {_CLOCK})?(?: \d{{4}}\b)?(?: {_CLOCK})?"),
    ("moment", rf"\b(?:{_DAY},? )?\d{{1,2}}[ -]{_MONTH}[ -]\d{{4}}(?: {_CLOCK})?"),
    ("moment", r"\b\d{1,2}/\d{1,2}/\d{2,4}\b"),
    ("duration", r"\b\d+ days?,? \d{1,2}:\d\d:\d\d(?:\.\d+)?"),
    ("moment", rf"\b{_CLOCK}(?!\w)"),
    ("duration", rf"(?<![\w.]){_NUMBER} ?{_UNIT}(?:/\w+)?\b(?! ?\()|(?<![\w.]){_NUMBER} ?(?:it|\w?B|batch|step)/s\b"),
    ("path", r"(?<![\w./:])(?:[A-Za-z]:\\|~/|/)(?:[\w.+@~-]+[/\\])+[\w.+@~-]*"),
    ("number", rf"(?<![\w.])[+-]?{_NUMBER}|(?<![\w.])[+-]?(?:nan|NaN|inf|Infinity)\b"),
    ("word", r"\w+|[^\w\s]"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}_{index}>{text})" for index, (kind, text) in enumerate(_PATTERNS)))
_PROGRESS = re.compile(
    r"\d+%\|.*\||\[[=>#.\s-]{5,}\]|[━╸╺█▏▎▍▌▋▊▉]{5,}|^\s*\d+it \[\d|"
    r"\b\d+/\d+ .*\d+m?s/(?:step|epoch|it)\b|^\s*Epoch \d+/\d+\s*$"
)
_MAX_BAR = 1000  # characters of a line that can be a progress bar


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that counts as a whole: ``text`` is as it was printed."""

    kind: TokenKind
    text: str


def plain(text: str) -> str:
    r"""Return what a terminal shows in the end: no colours, and of a line drawn anew by ``\r`` its last state."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    return "\n".join(_overdrawn(line) for line in text.split("\n"))


def lines_of(text: str) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each line of plain text that has any; a progress bar is one token."""
    for line in text.split("\n"):
        if _PROGRESS.search(line[:_MAX_BAR]):
            yield (Token("progress", line.strip()),)
        elif found := tuple(_tokens(line.translate(_BORDERS))):
            yield found


def _tokens(line: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(line):
        name = match.lastgroup or ""
        kind, _, _ = name.partition("_")
        yield Token(_KINDS[kind], match[0])


_KINDS: Final[dict[str, TokenKind]] = {kind: kind for kind, _ in _PATTERNS}


def _overdrawn(line: str) -> str:
    drawn = [part for part in line.split("\r") if part.strip()]
    shown: list[str] = []
    for sign in drawn[-1] if drawn else "":
        if sign != "\b":
            shown.append(sign)
        elif shown:
            shown.pop()
    return "".join(shown)
