"""Figures end with their cell, as in a notebook: what the next cell draws is not drawn over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from jupyter_docker.notebook.sections import Section

_DRAWS = re.compile(r"\b(?:matplotlib|pylab|pyplot|seaborn)\b|\.(?:boxplot|hist|plot)\b")
_TITLE = "figures end with their cell, as in a notebook"


def with_figures_closed(sections: Sequence[Section]) -> list[Section]:
    """Return the sections, with pyplot's figures closed after each cell but the last where the code can draw any."""
    cells = [at for at, part in enumerate(sections) if part.reading is not None]
    lines = [line for at in cells for line in sections[at].lines]
    if not any(map(_DRAWS.search, lines)):
        return list(sections)
    name = "_close_figures"
    while any(name in line for line in lines):
        name = f"_{name}"
    result = list(sections)
    for at in cells[1:-1]:
        result[at] = replace(result[at], lines=[*result[at].lines, f"{name}()"])
    if len(cells) > 1:  # behind the first cell, which may have a ``from __future__``
        result.insert(cells[0] + 1, Section(title=_TITLE, lines=_definition(name)))
    return result


def _definition(name: str) -> list[str]:
    return [
        f"def {name}():",
        "    from sys import modules",
        "",
        '    if "matplotlib.pyplot" in modules:',
        '        modules["matplotlib.pyplot"].close("all")',
        "",
        "",
        f"{name}()",
    ]
