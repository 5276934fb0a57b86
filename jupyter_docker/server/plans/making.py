"""A plan, made by the verb ``plan`` in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jupyter_docker.commands.failure import restored
from jupyter_docker.commands.options.asked import asked_words
from jupyter_docker.server.child import command
from jupyter_docker.values.errors import ContainerizeError
from jupyter_docker.values.events import Failed, from_json
from jupyter_docker.values.private import write_private
from jupyter_docker.values.scratch import scratch_folder


def plan_words(notebook: Path, options: Mapping[str, Any], roots: Sequence[Path]) -> list[str]:
    """Return the words of the command; raises UsageError for text that can't be a word."""
    words = ["plan", str(notebook), *(f"--mount-root={root}" for root in roots)]
    return [*words, *asked_words(options, "plan"), "--json"]


async def make_plan(words: Sequence[str], folder: Path, loaded: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the schema ``Plan``; raises what the command failed with.

    ``loaded`` is what the notebook's running kernel answered, where it was asked.
    """
    with ExitStack() as stack:
        if loaded is not None:
            file = stack.enter_context(scratch_folder()) / "loaded.json"
            write_private(file, json.dumps(loaded).encode())
            words = [*words, f"--loaded={file}"]
        async with command(words, folder=folder) as planner:
            return _read(await planner.stdout.read() if planner.stdout else b"")


def _read(printed: bytes) -> dict[str, Any]:
    for line in printed.splitlines():
        said: dict[str, Any] = json.loads(line)
        if "type" not in said:
            return said
        event = from_json(said)
        if isinstance(event, Failed):
            raise restored(event)
    raise ContainerizeError("The plan could not be made: its process ended early.", hint="The server's log says more.")
