"""Lines of text with a cursor: as much of a terminal as progress bars use."""

from __future__ import annotations

from collections import deque

MAX_COLUMNS = 2000


class Line:
    """One line: ``marks`` names the style of each character of ``text``; ``cut`` where it was too long to keep."""

    __slots__ = ("cut", "marks", "text")

    def __init__(self) -> None:
        self.text = ""
        self.marks = ""
        self.cut = False

    def put(self, column: int, text: str, marks: str) -> None:
        """Write over what is at ``column``; a gap before it becomes spaces."""
        if column == len(self.text):
            self.text += text
            self.marks += marks
            return
        gap, end = max(column - len(self.text), 0), column + len(text)
        self.text = self.text[:column] + " " * gap + text + self.text[end:]
        self.marks = self.marks[:column] + marks[:1] * gap + marks + self.marks[end:]

    def keep(self, columns: int) -> None:
        """Drop what is beyond that many columns."""
        self.text, self.marks, self.cut = self.text[:columns], self.marks[:columns], False


class Screen:
    """The last ``most_lines`` lines, of 2000 columns each; ``passed`` counts those that went before them."""

    def __init__(self, most_lines: int) -> None:
        self.lines: deque[Line] = deque([Line()], maxlen=most_lines)
        self.passed = 0
        self._above = 0  # how many lines the cursor is above the last one
        self._column = 0

    def write(self, text: str, mark: str) -> None:
        """Write text without controls other than newlines, every character with that mark."""
        first, *rest = text.split("\n")
        if first:
            self._put(first, mark)
        for line in rest:
            self._newline()
            if line:
                self._put(line, mark)

    def move(self, code: str, number: int | None, mark: str) -> None:
        """Obey ``ESC [ number code`` (ECMA-48); other codes than these are left alone."""
        by = min(number or 1, MAX_COLUMNS)
        match code:
            case "A":
                self._above = min(self._above + by, len(self.lines) - 1)
            case "B":
                self._above = max(self._above - by, 0)
            case "C":
                self._column = min(self._column + by, MAX_COLUMNS)
            case "D":
                self._column = max(self._column - by, 0)
            case "G":
                self._column = by - 1
            case "K":
                self._erase_line(number or 0, mark)
            case "J" if not number:
                self._erase_below()

    def carriage_return(self) -> None:
        """Move to the first column."""
        self._column = 0

    def _put(self, text: str, mark: str) -> None:
        line = self.lines[-1 - self._above]
        room = MAX_COLUMNS - self._column
        if len(text) > room:
            text, line.cut = text[:room], True
        line.put(self._column, text, mark * len(text))
        self._column += len(text)

    def _newline(self) -> None:
        self._column = 0
        if self._above:
            self._above -= 1
            return
        self.passed += len(self.lines) == self.lines.maxlen
        self.lines.append(Line())

    def _erase_line(self, part: int, mark: str) -> None:
        line = self.lines[-1 - self._above]
        if part == 0:
            line.keep(self._column)
        elif part == 1:
            width = min(self._column + 1, len(line.text))
            line.put(0, " " * width, mark * width)
        else:
            line.keep(0)

    def _erase_below(self) -> None:
        while self._above:
            self.lines.pop()
            self._above -= 1
        self.lines[-1].keep(self._column)
