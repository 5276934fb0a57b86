"""Signals as a program has them that a person starts."""

from __future__ import annotations

import signal


def heed_signals() -> None:
    """Undo what nohup, or a shell's background job, leaves to its children: signals that are ignored."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
