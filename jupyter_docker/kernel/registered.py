"""A kernelspec whose kernel is a container, as it is listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class RegisteredKernel:
    """A kernelspec of ours: ``name`` is what programs take (``--kernel NAME``), ``title`` what people choose."""

    name: str
    title: str
    notebook: str
    image: str
    folder: Path
