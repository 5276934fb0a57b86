"""A text stream that takes whatever it is given."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TextIO


class OutputStream:
    """Wraps a text stream so that writing raises OSError at most once, where its disk is full.

    Characters that its encoding lacks are replaced, and a pipe whose reader left (``… | head``) swallows the rest: a
    run with outputs of its own must not die because nobody looks any more. What follows an error is swallowed too.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._abandoned = False

    @property
    def leads_nowhere(self) -> bool:
        """Whether nobody can read what is written: after an error, by whichever wrapper, or from the start."""
        with suppress(OSError, ValueError):
            return os.path.samestat(os.fstat(self.fileno()), os.stat(os.devnull))  # noqa: PTH116
        return self._abandoned

    def write(self, text: str) -> int:
        """Write the text and flush, so that what is shown is never late."""
        if not self._abandoned:
            try:
                self._write(text)
            except (BrokenPipeError, ValueError):  # ValueError: the file is closed
                self._abandon()
            except OSError:
                self._abandon()
                raise
        return len(text)

    def flush(self) -> None:
        """Do nothing: `write` has flushed."""

    def isatty(self) -> bool:
        """Whether a person may be looking."""
        with suppress(ValueError):
            return self._stream.isatty()
        return False

    def fileno(self) -> int:
        """Return the file descriptor; raises OSError where there is none."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:
        """The encoding's name; "utf-8" where the stream keeps text as it is."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def shows(self, text: str) -> bool:
        """Whether the encoding has these characters."""
        try:
            text.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def shares_file_with(self, other: OutputStream) -> bool:
        """Whether both end up in one place: the same terminal, or one redirected to the other."""
        with suppress(OSError, ValueError):
            return os.path.sameopenfile(self.fileno(), other.fileno())
        return self._stream is other._stream

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:
            self._stream.write(text.encode(self.encoding, "replace").decode(self.encoding))
        self._stream.flush()

    def _abandon(self) -> None:
        # The interpreter flushes once more at its end and would complain then: give the descriptor a sink instead.
        self._abandoned = True
        with suppress(OSError, ValueError):
            descriptor = self.fileno()
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, descriptor)
            os.close(sink)
