"""The pictures of the documentation, which the tests take as well where SCREENSHOTS is set.

They look best with Debian's fonts-inter and fonts-jetbrains-mono. Look at every picture before it is committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image

from tests.browser.lab import OpenNotebook

TAKING = bool(os.environ.get("SCREENSHOTS"))
_FOLDER = Path(__file__).parents[2] / "docs/images"
_COLORS = 256  # enough for text, and half of the bytes
_WIDTH = 1180
_FONTS = """:root, body {
  --jp-ui-font-family: Inter, system-ui, sans-serif; --jp-content-font-family: Inter, system-ui, sans-serif;
  --jp-code-font-family: "JetBrains Mono", "DejaVu Sans Mono", monospace;
}"""


def take(book: OpenNotebook, name: str, *, height: int) -> None:
    """Take the picture ``name`` of the window at that height."""
    if not TAKING:
        return
    page = book.page
    page.add_style_tag(content=_FONTS)
    page.set_viewport_size({"width": _WIDTH, "height": height})
    page.mouse.move(0, 0)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    _FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(_COLORS, dither=Image.Dither.NONE).save(_FOLDER / f"{name}.png", optimize=True)
