"""The pictures of the documentation, taken by the tests when SCREENSHOTS is set."""

from __future__ import annotations

import os
from pathlib import Path

from tests.browser.lab import OpenNotebook

FOLDER = Path(__file__).parents[2] / "docs/images"


def take(book: OpenNotebook, name: str) -> None:
    """Take the picture ``name`` of the window."""
    if not os.environ.get("SCREENSHOTS"):
        return
    book.page.screenshot(path=FOLDER / f"{name}.png")
