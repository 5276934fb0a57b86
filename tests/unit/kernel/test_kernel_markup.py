"""What of a container's outputs goes to the notebook's page as it is, and what is set apart."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_docker.kernel.sessions.markup import framed, is_passive, presentable

FRAME = pd.DataFrame({"a": [1, 2], "b <": ["x & y", "<i>"]}, index=pd.Index([3, 4], name="n"))

PIECES = st.sampled_from(
    [
        "<", ">", "</", "/>", "<!--", "-->", "<!", "<?", '"', "'", "=", " ", "\n", "\t", "/", "&", "&lt;", "-", ";",
        ":", "a", "b", "div", "table", "td", "img", "style", "script", "svg", "iframe", "input", "math", "template",
        "title", "href", "src", "onclick", "onerror", "class", "id", "srcdoc", "javascript", "java&#115;cript", "data",
        "image/png", "text/html", "https://x.y", "url(", "@import", "alert(1)", "1", "x", "<b>", "</b>", "<td class=",
        "<style>", "</style>", '<a href="', "<script>", "</script>",
    ]
)  # fmt: skip
LOADS = {"href", "src"}


class Judge(HTMLParser):
    """Python's own reading of HTML, which is not the one that is tested."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "svg", "math", "input", "template", "title", "object", "embed", "form", "link"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"srcdoc", "formaction", "action"}:
                self.found.append(name)
            scheme, colon, _ = "".join((value or "").split()).lower().partition(":")
            if name in LOADS and colon and "/" not in scheme and scheme not in {"https", "http", "mailto", "data"}:
                self.found.append(str(value))
            if name in LOADS and scheme == "data" and str(value).lower().startswith("data:text"):
                self.found.append(str(value))

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)


@given(st.lists(PIECES, max_size=30).map("".join))
@example('<a href="javascript:alert(1)">')
@example("<b onclick=x>")
@example("<style></style><script>alert(1)</script>")
def test_nothing_active_is_taken_for_passive(markup: str) -> None:
    if is_passive(markup):
        judge = Judge()
        judge.feed(markup)
        judge.close()
        assert judge.found == []


@pytest.mark.parametrize(
    "markup",
    [
        "plain, 1 < 2 & 3 > 2",
        "<b>x</b><br/><hr>",
        '<img src="data:image/png;base64,iVBORw0KGgo=" width="3" alt="a plot"/>',
        FRAME.head(1).to_html(border=1, classes="dataframe"),
        '<audio controls="controls"><source src="data:audio/wav;base64,UklGRg==" type="audio/wav" /></audio>',
        '<a href="https://example.org/?q=1#x" target="_blank">there</a> <a href="data/report.csv">file</a>',
        "<details open><summary>more</summary><pre>text</pre></details><!-- a comment -->",
        '<div style="color: red; font-family: \'Arial\'"><progress value="3" max="5"></progress></div>',
        FRAME.to_html(),
        FRAME.style.to_html(),
    ],
)
def test_tables_text_and_pictures_stay_as_they_are(markup: str) -> None:
    assert presentable({"text/html": markup}) == {"text/html": markup}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=//x.y/z></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        '<img src="x" ONERROR="alert(1)">',
        "<b/onclick=alert(1)>x</b>",
        '<a href=" javascript:alert(1)">x</a>',
        '<a href="java&#115;cript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<iframe src="https://x.y"></iframe>',
        "<svg><script>alert(1)</script></svg>",
        '<form action="/x"><input type="submit"></form>',
        '<meta http-equiv="refresh" content="0;url=/x">',
        '<button data-commandlinker-command="x">run</button>',
        "<style>@import 'https://x.y'</style>",
        '<div style="background:url(https://x.y)">',
        "<!--><script>alert(1)</script>-->",
        "<b",
        "<math><mtext></mtext></math>",
        r"<div>$\href{javascript:alert(1)}{x}$</div>",
    ],
)
def test_what_can_run_or_load_gets_a_frame_of_its_own(markup: str) -> None:
    shown = presentable({"text/html": markup, "text/plain": "x"})
    assert shown == {"text/html": framed(markup), "text/plain": "x"}
    frame = shown["text/html"]
    assert frame.startswith('<iframe sandbox="allow-scripts allow-popups allow-downloads" srcdoc="')
    document, end, rest = frame.partition('srcdoc="')[2].partition('" style=')
    assert unescape(document) == markup
    assert end
    assert "<" not in document + rest.removesuffix("></iframe>")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("application/javascript", "alert(1)", None),
        ("text/javascript", "alert(1)", None),
        ("application/vnd.bokehjs_load.v0+json", "alert(1)", None),
        ("application/vnd.jupyter.widget-view+json", {"model_id": "x"}, None),
        ("image/svg+xml", '<svg><path d="M0 0"/></svg>', '<svg><path d="M0 0"/></svg>'),
        ("image/svg+xml", "<svg onload=alert(1)></svg>", None),
        ("image/svg+xml", "<svg><script>alert(1)</script></svg>", None),
        ("text/markdown", "**bold** if 1 < 2 and <b>x</b>", "**bold** if 1 < 2 and <b>x</b>"),
        ("text/markdown", "<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("text/markdown", "[x](javascript:alert(1))", None),
        ("text/latex", r"$\frac{1}{2}$", r"$\frac{1}{2}$"),
        ("text/latex", r"$\href{javascript:alert(1)}{x}$", None),
        ("application/vnd.plotly.v1+json", {"data": []}, {"data": []}),
        ("application/json", [1, {"a": None}], [1, {"a": None}]),
        ("image/png", "iVBORw0KGgo=", "iVBORw0KGgo="),
    ],
)
def test_types_that_are_data_go_through(kind: str, value: object, shown: object) -> None:
    assert presentable({kind: value}) == ({} if shown is None else {kind: shown})
