"""The badge: how many cells were reproduced, as an SVG that a README shows."""

from __future__ import annotations

from html import escape
from typing import Final

from jupyter_docker.compare.report import Report

_LABEL: Final = "reproduced"
_WIDTH = 7  # of a letter, in pixels
_GREEN, _YELLOW, _RED = "#2e7d32", "#b26a00", "#c62828"
_FAIR = 0.8


def badge(report: Report) -> str:
    """Return the badge: "reproduced | 12 of 14 cells"."""
    text = f"{report.reproduced} of {len(report.cells)} cells"
    share = report.reproduced / len(report.cells) if report.cells else 1.0
    color = _GREEN if share == 1 else _YELLOW if share >= _FAIR else _RED
    left, right = (_WIDTH * len(part) + 12 for part in (_LABEL, text))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{_LABEL}: {escape(text)}"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{color}"/>'
        f'<g fill="#fff" font-family="Verdana,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2}" y="14">{_LABEL}</text>'
        f'<text x="{left + right / 2}" y="14">{escape(text)}</text></g></svg>\n'
    )
