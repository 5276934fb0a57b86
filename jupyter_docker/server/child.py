"""A command in a process that lives no longer than the request or socket that it answers."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_GRACE = 5  # seconds to end by itself


@asynccontextmanager
async def command(words: Sequence[str], *, folder: Path) -> AsyncIterator[Process]:
    """Start ``jupyter containerize`` with ``words`` in ``folder``, yield it, and end it afterwards.

    What it says of a defect of ours goes to the server's log.
    """
    # -P: a module in the notebook's folder must not stand in for one of ours.
    program = (sys.executable, "-P", "-m", "jupyter_docker.server.tied")
    child = await asyncio.create_subprocess_exec(
        *program, *words, cwd=folder, stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
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
