"""Colours of terminal text: SGR codes to styles (rich's own reading of them), and styles to HTML.

The sixteen standard colours become classes, so that a style sheet can fit them to a light or dark theme; the others
are written as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape as html_escape

from rich.ansi import AnsiDecoder
from rich.color import Color
from rich.style import Style

from jupyter_docker.values import Stream

_THEMED = 16
_MAX_MARKS = 4096
_RUN = re.compile(r"(.)\1*", re.DOTALL)
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "strike")
# What HTML has no character for: controls other than tab and newline, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape(text: str, *, most: int | None = None) -> str:
    """Return ``text`` for an element or a quoted attribute, cut to ``most`` characters."""
    cut = text if most is None or len(text) <= most else text[: most - 1] + "…"
    return html_escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", cut))


class Palette:
    """The styles in use, each named by one character: a line's styles are then a string as long as its text.

    At most 4096 styles are kept, as memory must not grow with the log; what comes later is shown without colour.
    """

    def __init__(self) -> None:
        plain: list[tuple[Stream, Style]] = [("stdout", Style.null()), ("stderr", Style.null())]
        self._styles = plain
        self._marks = {style: chr(index) for index, style in enumerate(plain)}
        self._after: dict[tuple[str, str], str] = {}

    def plain(self, stream: Stream) -> str:
        """Return the mark of that stream without colours."""
        return self._marks[stream, Style.null()]

    def after(self, mark: str, parameters: str) -> str:
        """Return the mark that holds after ``ESC [ parameters m``."""
        known = self._after.get((mark, parameters))
        if known is None:
            if len(self._after) >= _MAX_MARKS:
                self._after.clear()
            stream, style = self._styles[ord(mark)]
            known = self._after[mark, parameters] = self._mark(stream, _apply_sgr(style, parameters))
        return known

    def _mark(self, stream: Stream, style: Style) -> str:
        known = self._marks.get((stream, style))
        if known is None:
            if len(self._styles) >= _MAX_MARKS:
                return self.plain(stream)
            known = self._marks[stream, style] = chr(len(self._styles))
            self._styles.append((stream, style))
        return known

    def html(self, text: str, marks: str) -> str:
        """Return the line with its newline, styles as spans; text and marks are of one length.

        A line all of which is stderr is a row of its own, so that its tint has the width of the log.
        """
        row = bool(marks) and all(self._styles[ord(mark)][0] == "stderr" for mark in set(marks))
        inner = "".join(self._run(text, run, row=row) for run in _RUN.finditer(marks))
        return f'<span class="jc-row jc-err">{inner}\n</span>' if row else f"{inner}\n"

    def _run(self, text: str, run: re.Match[str], *, row: bool) -> str:
        stream, style = self._styles[ord(run[1])]
        return _span("stdout" if row else stream, style, text[run.start() : run.end()])


def _apply_sgr(style: Style, parameters: str) -> Style:
    decoder = AnsiDecoder()
    decoder.style = style
    decoder.decode_line(f"\x1b[{parameters}m")
    return decoder.style


def _span(stream: Stream, style: Style, text: str) -> str:
    classes, css = _css(stream, style)
    if not classes and not css:
        return escape(text)
    attributes = (f' class="{classes}"' if classes else "") + (f' style="{css}"' if css else "")
    return f"<span{attributes}>{escape(text)}</span>"


@lru_cache(maxsize=1024)
def _css(stream: Stream, style: Style) -> tuple[str, str]:
    fore, back = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
    classes = ["jc-err"] if stream == "stderr" else []
    classes += [f"jc-{name}" for name in _ATTRIBUTES if getattr(style, name)]
    classes += ["jc-reverse"] if style.reverse and (back is None or back.is_default) else []
    declarations = []
    for color, prefix, declaration in ((fore, "f", "color"), (back, "b", "background-color")):
        if color is None or color.is_default:
            continue
        if color.number is not None and color.number < _THEMED:
            classes.append(f"jc-{prefix}{color.number}")
        else:
            declarations.append(f"{declaration}:{_hex(color)}")
    return " ".join(classes), ";".join(declarations)


def _hex(color: Color) -> str:
    return color.get_truecolor().hex
