"""PIL images as their pixels, so that no image file is parsed and none can be larger than its bytes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PIL import Image

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

# Bits of a pixel as `tobytes` writes them: https://pillow.readthedocs.io/en/stable/handbook/concepts.html#modes
_BITS = {
    "1": 1, "L": 8, "P": 8, "LA": 16, "La": 16, "PA": 16, "I;16": 16, "I;16B": 16, "I;16L": 16, "RGB": 24, "YCbCr": 24,
    "LAB": 24, "HSV": 24, "RGBA": 32, "RGBa": 32, "RGBX": 32, "CMYK": 32, "I": 32, "F": 32,
}  # fmt: skip
_PLUGINS = ("Bmp", "Gif", "Jpeg", "Png", "Tiff", "WebP")


def _split(image: Image.Image, buffers: BufferWriter) -> Parts:
    if image.mode not in _BITS:
        raise UnsupportedError(f"an image is of the mode '{image.mode}'")
    colours = image.palette and image.getpalette(image.palette.mode)
    palette = image.palette and [image.palette.mode, buffers.put(bytes(colours or ()))]
    info = {key: value for key, value in image.info.items() if isinstance(value, (str, bytes, int, float, tuple))}
    return Parts([image.mode, list(image.size), buffers.put(image.tobytes()), palette], [info])


def _join(payload: Any, children: list[Any], reading: Reading) -> Image.Image:
    mode, (width, height), span, palette = payload
    expect(type(width) is int and type(height) is int and min(width, height) >= 0, "an image's size is not one")
    size = (width * _BITS[mode] + 7) // 8 * height
    expect(span[1] == size, "an image's bytes are not as many as its size says")
    expect(type(children[0]) is dict, "an image's information is no dict")
    reading.policy.allow(4 * width * height)  # as it is kept in memory
    pixels = bytes(reading.buffers.take(span))
    image = Image.frombytes(mode, (width, height), pixels) if pixels else Image.new(mode, (width, height))
    if palette:
        image.putpalette(reading.buffers.take(palette[1]), palette[0])
    image.info.update(children[0])
    return image


def _types() -> tuple[type, ...]:
    """Return the classes of images: those made here, and those opened from the usual files."""
    plugins = (import_module(f"PIL.{name}ImagePlugin") for name in _PLUGINS)
    return (Image.Image, *(vars(plugin)[f"{name}ImageFile"] for plugin, name in zip(plugins, _PLUGINS)))  # noqa: B905


FORMATS = (Format("PIL.image", _types(), _split, join=_join),)
