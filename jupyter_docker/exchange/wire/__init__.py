"""Values to files and back, for both sides.

It is written by hand, since no library of formats does for it: it is copied into any image, so it imports relatively,
needs the standard library alone, and runs on Python 3.10; and on the host it reads bytes that a container wrote, which
may be hostile. Formats (``formats``) take values apart, ``encoding`` and ``decoding`` walk them, ``policy`` says what a
reader takes, ``problems`` are the errors, each with its code.
"""

from __future__ import annotations

from .session import dump, load

__all__ = ["dump", "load"]
