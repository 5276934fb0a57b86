"""Runs inside the container, with the standard library alone: starts the kernel and ends it when the client ends.

    python -I -S supervise.py READY COMMAND…

The client holds this program's stdin open: each byte is the number of a signal for the kernel and its children, and
the end of it means that the client is gone, however it went. When the engine itself is killed stdin does not end, so a
client on the same machine also holds the lock on the file CLIENT beside this program. On stdout it says, one JSON
object a line, when something listens at READY (a socket's path, or a port), and in the end how the kernel ended. The
kernel itself prints to stderr.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from _thread import start_new_thread
from contextlib import suppress

CLIENT = "client"

_PAUSE = 0.005
_SIGNALLED = 128
_RELAYED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What the kernel's memory cgroup says: of version 2, then of version 1.
_LIMIT = ("memory.max", "memory/memory.limit_in_bytes")
_PEAK = ("memory.peak", "memory/memory.max_usage_in_bytes")
_EVENTS = ("memory.events", "memory/memory.oom_control")


def main(ready: str, command: list[str]) -> int:
    """Start ``command``, see it through, and return its exit status as a shell gives it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _RELAYED)
    kernel = start(command)
    start_new_thread(relay, (kernel,))
    start_new_thread(obey, (kernel,))
    start_new_thread(await_lock, (kernel,))
    status = wait(kernel, ready)
    say({"status": status, **memory()})
    return status if status >= 0 else _SIGNALLED - status


def start(command: list[str]) -> int:
    """Start the kernel in a process group of its own, and return its process id once it is what runs there."""
    begun, beginning = os.pipe()  # both end with the exec
    child = os.fork()
    if child:
        os.close(beginning)
        os.read(begun, 1)
        os.close(begun)
        return child
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _RELAYED)
        os.setsid()
        os.dup2(2, 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 - a list of words, no shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def relay(kernel: int) -> None:
    """Pass on this process's own signals; a handler's could come right before the wait for the kernel and be late."""
    while True:
        forward(kernel, signal.sigwait(_RELAYED))


def obey(kernel: int) -> None:
    """Send the signals that the client asks for; at the end of stdin kill the kernel and everything else here."""
    while numbers := os.read(0, 64):
        for number in numbers:
            forward(kernel, number)
    end(kernel)


def await_lock(kernel: int) -> None:
    """End all once the client has let go of its lock, as it does when it is killed."""
    import fcntl

    with suppress(FileNotFoundError):
        file = os.open(os.path.join(os.path.dirname(__file__), CLIENT), os.O_RDONLY)  # noqa: PTH118, PTH120
        fcntl.flock(file, fcntl.LOCK_EX)
        end(kernel)


def end(kernel: int) -> None:
    """Kill the kernel and everything else here."""
    forward(kernel, signal.SIGKILL)
    os._exit(_SIGNALLED + signal.SIGKILL)


def forward(kernel: int, number: int) -> None:
    """Send a signal to the kernel's process group, or to the kernel alone where it has none yet."""
    try:
        os.killpg(kernel, number)
    except ProcessLookupError:
        with suppress(ProcessLookupError):
            os.kill(kernel, number)


def wait(kernel: int, ready: str) -> int:
    """Wait for the kernel's end, and say so when it listens; returns its exit status, minus the signal's number."""
    while True:
        ended, status = os.waitpid(kernel, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if listens(ready):
            say({"listening": True})
            _, status = os.waitpid(kernel, 0)
            return os.waitstatus_to_exitcode(status)
        time.sleep(_PAUSE)


def listens(ready: str) -> bool:
    """Whether the kernel's socket is there."""
    if not ready.isdigit():
        return os.path.exists(ready)  # noqa: PTH110 - pathlib takes long to import
    import socket

    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", int(ready))) == 0


def memory() -> dict[str, int]:
    """Return the bytes of ``limit`` and ``peak``, and how many ``kills`` there were for want of memory."""
    events = read(_EVENTS).split()
    kills = events[events.index("oom_kill") + 1] if "oom_kill" in events else "0"
    found = {"limit": read(_LIMIT), "peak": read(_PEAK), "kills": kills}
    return {name: int(text) for name, text in found.items() if text.strip().isdigit()}


def read(names: tuple[str, ...]) -> str:
    """Return the text of the first of these files that is there."""
    for name in names:
        with suppress(OSError), open(f"/sys/fs/cgroup/{name}") as file:  # noqa: PTH123
            return file.read().strip()
    return ""


def say(what: dict[str, int]) -> None:
    """Tell the client, if it is still there."""
    with suppress(OSError):
        os.write(1, f"{json.dumps(what)}\n".encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
