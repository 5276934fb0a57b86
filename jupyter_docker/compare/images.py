"""Images held against each other by what is seen: their size, and how much of what is drawn differs."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from jupyter_docker.compare.findings import SAME, Finding, Look
from jupyter_docker.compare.text import Reader

if TYPE_CHECKING:
    from PIL.Image import Image

RASTER: Final = ("image/png", "image/jpeg")
_MAX_PIXELS: Final = 40_000_000
_BLOCK = 4  # pixels; what is smaller than that is smoothing of edges
_VISIBLE = 12  # of 255, in a block
_UNSEEN = 0.002  # of what is drawn
_PNG = b"\x89PNG\r\n\x1a\n"
_VOLATILE = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<\?xml[^>]*>|<!DOCTYPE[^>]*>", re.DOTALL)
_NAMES = re.compile(r"""(\bid=["']|url\(#|href=["']#)([^"')]+)""")


def compare_rasters(saved: str, new: str) -> Finding:
    """Return how two PNG or JPEG images differ, each the base64 of a notebook; what they say of themselves is ignored.

    Without Pillow only equal pixels can be told from others.
    """
    one, other = _bytes(saved), _bytes(new)
    if one == other:
        return SAME
    if _pixels(one) is not None and _pixels(one) == _pixels(other):
        return Finding(look="equivalent", note="only what the file says of itself differs")
    first, second = _opened(one), _opened(other)
    if first is None or second is None:
        return Finding(look="value", score=0.5, note="the images differ; Pillow, which tells how much, is not here")
    return _compare_opened(first, second)


def compare_drawings(saved: str, new: str, reader: Reader) -> Finding:
    """Return how two SVG images differ: as text, with the names of their parts by their order."""
    if saved == new:
        return SAME
    one, other = _renamed(saved), _renamed(new)
    if one == other:
        return Finding(look="equivalent", note="only names and dates in the file differ")
    return reader.compare(one, other)


def _renamed(svg: str) -> str:
    names: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return match[1] + names.setdefault(match[2], f"n{len(names)}")

    return _NAMES.sub(number, _VOLATILE.sub("", svg))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()))
    except (binascii.Error, ValueError):
        return text.encode()


def _pixels(png: bytes) -> tuple[bytes, ...] | None:
    """Return the chunks of a PNG that say what is seen; None where it is none."""
    if not png.startswith(_PNG):
        return None
    kept = {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}
    return tuple(body for kind, body in _chunks(png) if kind in kept)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = len(_PNG)
    while offset + 12 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, offset)
        yield kind, png[offset + 8 : offset + 8 + length]
        offset += 12 + length


def _opened(image: bytes) -> Image | None:
    """Return the image on white; None where it is none that is safe to open, or Pillow is not installed."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            opened = Image.open(io.BytesIO(image), formats=("PNG", "JPEG"))
            if opened.width * opened.height > _MAX_PIXELS:
                return None
            drawn = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, zlib.error, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(paper, drawn).convert("RGB")


def _compare_opened(one: Image, other: Image) -> Finding:
    if one.size != other.size:
        sizes = f"{one.width}×{one.height} → {other.width}×{other.height} pixels"
        share = _differing(one, other.resize(one.size))
        return Finding(look="value", score=(1 - share) * 0.9, note=f"{sizes}, {share:.1%} of what is drawn")
    share = _differing(one, other)
    look: Look = "equivalent" if share <= _UNSEEN else "value"
    return Finding(look=look, score=1 - share, note=f"{share:.1%} of what is drawn differs")


def _differing(one: Image, other: Image) -> float:
    """Return the share of differing blocks among those that either image has something in."""
    from PIL import ImageChops

    paper = one.getpixel((0, 0))
    difference = ImageChops.difference(one, other).convert("L").reduce(_BLOCK)
    blank = one.copy()
    blank.paste(paper, (0, 0, *one.size))  # type: ignore[arg-type]
    inked = [ImageChops.difference(each, blank).convert("L").reduce(_BLOCK) for each in (one, other)]
    drawn = ImageChops.lighter(*inked)
    apart = sum(difference.histogram()[_VISIBLE:])
    return min(1.0, apart / max(1, sum(drawn.histogram()[_VISIBLE:]), apart))
