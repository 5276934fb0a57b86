"""A command in a process that lives no longer than the request or socket that it answers."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from jupyter_docker.server.piped import arguments, handed

_GRACE = 5  # seconds to end by itself


@asynccontextmanager
async def command(argv: Sequence[str], *, folder: Path) -> AsyncIterator[Process]:
    """Start ``jupyter containerize`` with ``argv`` in ``folder``, yield it, and end it afterwards.

    What it says of a defect of ours goes to the server's log.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments(argv), cwd=folder, stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        if child.stdin is not None:
            child.stdin.write(handed(argv, tied=True))
        yield child
    finally:
        await asyncio.shield(_end(child))


async def _end(child: Process) -> None:
    with suppress(ProcessLookupError):
        if child.returncode is None:
            child.terminate()
    try:
        await asyncio.wait_for(child.communicate(), _GRACE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
