"""Tracebacks of a script, mapped back to the cell and its line."""

from __future__ import annotations

import re

from jupyter_docker.task_runner import source_line
from jupyter_docker.values import CellPosition, Script

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_FRAME = re.compile(r'^\s*(?:\|\s*)?File "(?P<path>[^"\n]+)", line (?P<line>\d+)', re.MULTILINE)
# IPython since 8.7; 8.0 to 8.6 write "Input In [7], in <cell line: 3>()"; and Python itself, for an ExceptionGroup, the
# name under which IPython compiled the cell.
_CELL = re.compile(
    r"^\s*(?:Cell|Input) In ?\[(?P<cell>\d+)\],? (?:line (?P<line>\d+)|in <cell line: (?P<statement>\d+)>)"
    r'|File "<ipython-input-(?P<input>\d+)-\w+>", line (?P<input_line>\d+)',
    re.MULTILINE,
)
# Python's own, that of an ExceptionGroup, and IPython's, which begins with the name of the class.
_HEADER = re.compile(r"^(?: *\+ Exception Group |(?P<name>\S+) +)?Traceback \(most recent call last\):?$", re.MULTILINE)
_GROUP_MARGIN = re.compile(r"^ *[|+] ?")
# Python prints no header for code that does not parse, nor does IPython for an exit.
_WITHOUT_HEADER = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exit)\b.*$", re.MULTILINE)


def last_error(text: str) -> str:
    """Return the line that names the exception of the last traceback in ``text``; empty where there is none.

    It is told by its place in the traceback, so the class may have any name.
    """
    headers = list(_HEADER.finditer(text))
    if not headers:
        return next(iter(reversed(_WITHOUT_HEADER.findall(text))), "").strip()
    name, lines = headers[-1]["name"], text[headers[-1].end() :].split("\n")
    if name:
        named = re.compile(rf"(?:[\w.]+\.)?{re.escape(name)}(?::.*)?\s*")
        return next((line.strip() for line in lines if named.fullmatch(line)), name)
    lines = [_GROUP_MARGIN.sub("", line) for line in lines] if "+" in headers[-1][0] else lines
    return next((line.strip() for line in lines if line.strip() and not line[0].isspace()), "")


def locate_failure(script: Script, stderr_tail: str) -> CellPosition | None:
    """Return the place in the notebook that the last traceback in ``stderr_tail`` ends in; None where it names none.

    It is the innermost line that is a cell's own: of a function that one cell defines and another calls, the former.
    """
    text = _ANSI.sub("", stderr_tail).replace("\r\n", "\n")
    return _in_cell(script, text) if script.interpreter == "ipython" else _in_script(script, text)


def _in_script(script: Script, text: str) -> CellPosition | None:
    for frame in reversed(list(_FRAME.finditer(text))):
        name = re.split(r"[/\\]", frame["path"])[-1]
        if name == script.name and (position := script.locate(int(frame["line"]))) is not None:
            return position
    return None


def _in_cell(script: Script, text: str) -> CellPosition | None:
    numbers = {cell.number: cell for cell in script.cells}
    lines = script.text.split("\n")
    for found in reversed(list(_CELL.finditer(text))):
        cell = numbers.get(int(found["cell"] or found["input"]))
        if cell is not None:
            own = lines[cell.first_line - 1 : cell.first_line - 1 + cell.line_count]
            line = int(found["line"] or found["statement"] or found["input_line"])
            return CellPosition(cell=cell.number, line=source_line(own, line))
    return None
