"""The pictures of the documentation, which the tests take as well where SCREENSHOTS is set.

``python -m tests.browser.pictures NAME`` puts a PNG from its input there, for the panel's own tests. Look at every
picture before it is committed.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image

from tests.browser.lab import OpenNotebook

TAKING = bool(os.environ.get("SCREENSHOTS"))
_FOLDER = Path(__file__).parents[2] / "docs/images"
_COLORS = 256  # enough for text, and half of the bytes
_WIDTH = 1180
_FONTS = Path(__file__).with_suffix(".css")


def take(book: OpenNotebook, name: str, *, height: int) -> None:
    """Take the picture ``name`` of the window at that height."""
    if not TAKING:
        return
    page = book.page
    page.add_style_tag(path=_FONTS)
    page.set_viewport_size({"width": _WIDTH, "height": height})
    page.mouse.move(0, 0)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    put(page.screenshot(animations="disabled"), name)


def put(png: bytes, name: str) -> None:
    """Write the picture ``name`` of the documentation."""
    picture = Image.open(io.BytesIO(png))
    _FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(_COLORS, dither=Image.Dither.NONE).save(_FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    put(sys.stdin.buffer.read(), sys.argv[1])
