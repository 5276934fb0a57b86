"""A filter of outputs' markup: what may go to the notebook's page as it is, and what may not.

A frontend runs the scripts in outputs of cells that the user ran, with all that the user may do there: start kernels,
write files. So of what a container sends only data goes to the page: the types that are data, and HTML of tables, text
and pictures, as data frames show themselves. HTML that has more to it gets a frame (``sandbox``, without the page's
origin): its scripts run there, and reach nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any

_TYPES = re.compile(
    r"text/(?:plain|html|markdown|latex|csv)|image/(?:png|jpeg|gif|webp|bmp|svg\+xml)|"
    r"application/(?:json|geo\+json|pdf)|application/vnd\.(?:plotly\.v1|vega\.v\d+|vegalite\.v\d+|dataresource)\+json"
)
_FRAME = (
    '<iframe sandbox="allow-scripts allow-popups allow-downloads" srcdoc="{}" '
    'style="width:100%;height:480px;border:0;resize:vertical"></iframe>'
)
# A grammar narrower than HTML's, so that there is one way to read what it accepts: every "<" begins a tag of the list
# with attributes of the list, or is followed by what can't begin one.
_TAGS = (
    "a|abbr|audio|b|blockquote|br|caption|center|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|"
    "h[1-6]|hr|i|img|ins|kbd|li|mark|meter|ol|p|pre|progress|q|s|samp|section|small|source|span|strong|sub|summary|sup|"
    "table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video"
)
_NAMES = (
    "align|alt|aria-[a-z]+|border|cellpadding|cellspacing|class|color|colspan|controls|dir|height|hidden|high|id|lang|"
    "loop|low|max|min|open|optimum|rel|role|rowspan|scope|span|start|target|title|type|valign|value|width"
)
_PLACE = r"(?:(?:https?://|mailto:|data:(?:image/(?!svg)|audio/|video/)|\#)[^'\"<>]*+|[\w./-]*+(?:[?\#][^'\"<>]*+)?)"
_CSS = r"(?!url\(|expression|import|\\)"  # nothing that loads or runs
_PASSIVE = re.compile(
    rf"""(?:
        [^<]++
      | <(?=[\s\d=<])
      | </?(?:{_TAGS})
        (?:\s+(?:
            (?:{_NAMES})(?:\s*=\s*(?:"[^"<>]*+"|'[^'<>]*+'|[\w%\#.-]++))?
          | style\s*=\s*(?:"(?:{_CSS}[^"<>&])*+"|'(?:{_CSS}[^'<>&])*+')
          | (?:href|src)\s*=\s*(?:"{_PLACE}"|'{_PLACE}')
        ))*+\s*/?>
      | <!--(?!-?>)(?:[^-]|-(?!-))*+-->
      | <style(?:\s+(?:scoped|type="text/css"))*+>(?:{_CSS}[^<])*+</style>
    )*+""",
    re.IGNORECASE | re.VERBOSE,
)
_SCRIPT_LINK = re.compile(r"script\s*:", re.IGNORECASE)  # in markdown and TeX too, where a link is no tag
_ACTIVE_SVG = re.compile(r"<(?:script|foreignObject|iframe|!ENTITY)|\son\w+\s*=|script\s*:", re.IGNORECASE)


def is_passive(markup: str) -> bool:
    """Whether the HTML is text, tables and pictures alone, so that no script can run from it."""
    return _PASSIVE.fullmatch(markup) is not None and not _links_to_script(markup)


def framed(markup: str) -> str:
    """Return HTML that shows ``markup`` in a frame whose scripts can't reach the page around it."""
    return _FRAME.format(escape(markup))


def presentable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a mime bundle the notebook may have, active HTML in a frame; may be empty."""
    return dict(_presentable(data))


def _presentable(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, value in data.items():
        if not _TYPES.fullmatch(kind):
            continue
        if kind == "text/html" and not is_passive(value):
            yield kind, framed(value)
        elif kind == "text/markdown" and not is_passive(value):
            if not _links_to_script(value):
                yield kind, value.replace("<", "&lt;")
        elif (kind == "text/latex" and _links_to_script(value)) or (
            kind == "image/svg+xml" and _ACTIVE_SVG.search(unescape(value))
        ):
            continue
        else:
            yield kind, value


def _links_to_script(markup: str) -> bool:
    return _SCRIPT_LINK.search("".join(unescape(markup).split())) is not None
