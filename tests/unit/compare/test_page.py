"""The page of a report: both sides, the difference marked, and nothing of a stranger's that runs."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from jupyter_docker.compare import badge, compare_notebooks
from jupyter_docker.compare.page.document import report_page
from tests.unit.compare.planted import PLANTED, Output, chart, frame, printed, raised, shown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body { display: none }</style>",
    "<form action='https://example.org'><input name=a></form>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "</pre></section><script>alert(1)</script>",
    "<!--summary--><!--body-->",
    "<b onmouseover=alert(1) style='position:fixed'>x</b>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
]
SAFE_TAGS = {"html", "head", "meta", "title", "style", "body"}


class Programs(HTMLParser):
    """Collects what could run or reach out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.heads = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.heads += tag in {"meta", "style", "title"}
        values = {name: value or "" for name, value in attrs}
        if tag in {"script", "iframe", "object", "embed", "form", "base", "link", "svg", "input"}:
            self.found.append(tag)
        self.found += [name for name in values if name.startswith("on") or name in {"srcdoc", "style"}]
        self.found += [value for name, value in values.items() if name in {"href", "src"} and not _is_inside(value)]


def _is_inside(url: str) -> bool:
    return url.startswith(("#", "data:image/", "http:", "https:"))


def page(saved: Sequence[Output], new: Sequence[Output], *, source: str = "x", text: str = "") -> str:
    before, after = (notebook(source, outputs, text) for outputs in (saved, new))
    return report_page(compare_notebooks(before, after, name="a <b>.ipynb"), before, after)


def notebook(source: str, outputs: Sequence[Output], text: str = "") -> dict[str, Any]:
    cells = [
        {"cell_type": "markdown", "source": text, "metadata": {}},
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": list(outputs), "execution_count": 1},
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_strangers_runs(attack: str) -> None:
    picture = base64.b64encode(f'"{attack}'.encode()).decode()
    forms: Mapping[str, Any] = {"html": f"<p>{attack}</p>", "svg": attack}
    outputs = [
        printed(attack),
        raised(attack, attack),
        shown(attack, html=forms["html"]),
        shown(html=f"<table><tr><td>{attack}</td></tr></table>"),
        shown(svg=forms["svg"]),
        shown(png=picture),
        shown(png=f'"{attack}'),
        {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": "alert(1)"}},
        {
            "output_type": "display_data",
            "metadata": {
                "text/html": {"isolated": True},
                "image/png": {"width": "1 onerror=alert(1)"},
                "frame": attack,
            },
            "data": {"text/html": attack},
        },
    ]
    for new in (outputs, outputs[::-1], []):
        html = page(outputs, new, source=attack, text=attack)
        programs = Programs()
        programs.feed(html)
        assert programs.found == []
        assert programs.heads == page([], []).count("<meta") + 2  # the frame's own, and no more


def test_the_page_allows_no_script_and_no_picture_from_elsewhere() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page([], []))
    assert policy is not None
    assert policy[1].split("; ")[:2] == ["default-src 'none'", "img-src data:"]
    assert "script" not in policy[1]


def test_what_differs_is_marked_on_both_sides() -> None:
    html = page([printed("mean 0.5"), frame({"a": [1, 2]})], [printed("mean 0.7"), frame({"a": [1, 3]})])
    assert "<mark>5</mark>" in html
    assert "<mark>7</mark>" in html
    assert '<td class="differs">2</td>' in html
    assert '<td class="differs">3</td>' in html
    assert '<td class="differs">1</td>' not in html


def test_pictures_that_differ_lie_on_each_other() -> None:
    html = page([chart([20, 40])], [chart([90, 10])])
    [slider] = re.findall(r'<div class="slider"><img [^>]*><div class="over"><img [^>]*></div></div>', html)
    assert slider.count('src="data:image/png;base64,') == 2


def test_a_page_stays_small_whatever_is_printed() -> None:
    text = "a long line\n" * 200_000
    assert len(page([printed(text)], [printed(text)])) < 100_000
    assert len(page([printed(text)], [printed(text + "x")])) < 100_000
    assert len(page([shown(text, html=f"<p>{text}</p>")], [shown(text, html=f"<p>{text}</p>")])) < 100_000


def test_a_page_has_every_planted_cell() -> None:
    for case in PLANTED:
        saved, (new, *again), host = case.notebooks()
        report = compare_notebooks(saved, new, repeats=again, host=host, name=case.name)
        assert f'<span class="kind">{case.expected}</span>' in report_page(report, saved, new)


def test_a_badge_counts_what_was_reproduced() -> None:
    saved, new = notebook("x", [printed("1")]), notebook("x", [printed("2")])
    assert "0 of 1 cells" in badge(compare_notebooks(saved, new))
    assert "1 of 1 cells" in badge(compare_notebooks(saved, saved))
