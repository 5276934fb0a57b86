"""A filter of control sequences: colours and progress bars pass to a terminal, what steers the terminal does not.

A sequence can set the window's title, write to the clipboard (OSC 52), make links, ask the terminal to type an answer,
or move to any place of the screen: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
"""

from __future__ import annotations

import re

# Colours (m), erasing in the line (K), and moving from where the cursor is (A to D, G), as progress bars do.
_KEPT = re.compile(r"(?:\x1b\[|\x9b)([0-9;:]{0,64}[mKABCDG])")
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\n]*"
_CONTROL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # a control sequence
    # A string, to its end; it has no line's end in it, so that one which never ends takes no more than its line.
    rf"|{_STRING}(?:\x07|\x1b\\|\x9c|(?=[\n\x1b])|\Z)"
    r"|\x1b[ -/]*[0-~]|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_UNFINISHED = re.compile(rf"(?:(?:\x1b\[|\x9b)[0-?]*[ -/]*|{_STRING}\x1b?|\x1b[ -/]*)\Z")
_MAX_HELD = 4096  # characters of a sequence that has not ended


class ControlFilter:
    """Takes text as it comes, in pieces, and gives back what a terminal may have of it; no other character is lost."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what may be shown of ``text`` and what was held back; a sequence that has not ended is held."""
        text = self._held + text
        unfinished = _UNFINISHED.search(text)
        self._held = unfinished[0] if unfinished else ""
        if len(self._held) > _MAX_HELD:
            self._held = self._held[:2] if self._held[0] == "\x1b" else self._held[0]
        return _CONTROL.sub(_kept, text[: unfinished.start()] if unfinished else text)


def _kept(found: re.Match[str]) -> str:
    sequence = _KEPT.fullmatch(found[0])
    return f"\x1b[{sequence[1]}" if sequence else ""
