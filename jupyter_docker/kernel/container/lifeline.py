"""The connection that a kernel's container lives on: its stdin, which ends with this process, and what it prints."""

from __future__ import annotations

import json
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine import Attachment, Interrupts

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine import Engine

_MAX_LOG = 16 * 1024
_MAX_LINE = 4096
_PAUSE = 0.02


class Lifeline:
    """Attached to a container that has not started, with a thread that reads what `supervise.py` and the kernel say.

    ``listening`` says that the kernel's sockets are there, ``ended`` that the kernel is not, ``report`` is what the
    supervisor told of its end ({} where it could tell nothing), ``log`` the end of what the kernel printed.
    """

    def __init__(self, engine: Engine, container: Container) -> None:
        self.listening = Event()
        self.ended = Event()
        self.report: dict[str, int] = {}
        self._line = self._log = b""
        self._attachment = Attachment.to(engine, container, stdin=True)
        name = f"{container.name} output"
        self._reader = Thread(target=self._read, daemon=True, name=name)
        self._reader.start()

    @property
    def log(self) -> str:
        """The last of what the kernel printed."""
        return self._log.decode(errors="replace")

    def send(self, number: int) -> bool:
        """Send a signal to the kernel and its children; False where the connection is gone."""
        try:
            self._attachment.send(bytes([number]))
        except OSError:
            return False
        return True

    def await_start(self, seconds: float, *, given_up: Event) -> None:
        """Wait until the kernel listens or has ended, ``given_up`` is set, or the time is over."""
        until = monotonic() + seconds
        while not (self.listening.is_set() or self.ended.is_set() or given_up.is_set()) and monotonic() < until:
            self.listening.wait(_PAUSE)

    def close(self) -> None:
        """Close the connection, which ends the container."""
        self._attachment.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError):  # closed on this side
            for stream, data in self._attachment.payloads(Interrupts()):
                if stream == "stdout":
                    self._heed(data)
                else:
                    self._log = (self._log + data)[-_MAX_LOG:]
        self.ended.set()

    def _heed(self, data: bytes) -> None:
        *lines, self._line = (self._line + data).split(b"\n")
        self._line = self._line[-_MAX_LINE:]
        for line in lines:
            report = told(line)
            if report.get("listening"):
                self.listening.set()
            elif "status" in report:
                self.report = report
                self.ended.set()


def told(line: bytes) -> dict[str, Any]:
    """Return the numbers of one of the supervisor's lines; a container may print anything, so the rest is left out."""
    try:
        report = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in report.items() if isinstance(value, int)} if isinstance(report, dict) else {}
