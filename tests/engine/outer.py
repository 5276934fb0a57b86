"""A notebook's own kernel, driven as a frontend does: run a cell, answer its questions, interrupt it."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

SECONDS = 90
QUIET_KINDS = {"status", "execute_input"}
_ADDRESS = re.compile(r"0x[0-9a-f]+|ipykernel_\d+/\d+")


@dataclass(kw_only=True)
class Ran:
    """What a cell came to: the content of its reply, its outputs as (type, content), and the questions it asked.

    ``stopped_after`` is how many seconds after the interrupt it ended.
    """

    reply: dict[str, Any] = field(default_factory=dict)
    outputs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    stopped_after: float = 0.0

    @property
    def status(self) -> str:
        return str(self.reply["status"])

    @property
    def stdout(self) -> str:
        return self._text("stdout")

    @property
    def stderr(self) -> str:
        return self._text("stderr")

    @property
    def values(self) -> list[str]:
        """The values of the cell, as text."""
        return [content["data"]["text/plain"] for kind, content in self.outputs if kind == "execute_result"]

    @property
    def cards(self) -> list[str]:
        """What cards, and lines in their place, were in the end."""
        shown: dict[str, str] = {}
        for kind, content in self.outputs:
            if kind in {"display_data", "update_display_data"}:
                shown[str(content["transient"].get("display_id", ""))] = content["data"]["text/plain"]
        return list(shown.values())

    @property
    def traceback(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(self.reply.get("traceback", ())))

    def _text(self, name: str) -> str:
        texts = (each["text"] for kind, each in self.outputs if kind == "stream" and each["name"] == name)
        return "".join(texts)


@dataclass(frozen=True, kw_only=True)
class OuterKernel:
    """A kernel that runs, and a client of it."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(
        self,
        code: str,
        *,
        answers: Sequence[str] | None = None,
        interrupt_at: str = "",
        times: int = 1,
        pause: float = 1,
    ) -> Ran:
        """Run a cell to its end. Without ``answers`` nobody can be asked.

        It is interrupted when it has printed ``interrupt_at``, so many ``times`` with a ``pause`` between.
        """
        ran, left = Ran(), list(answers or ())
        interrupts: list[float] = []

        def show(message: dict[str, Any]) -> None:
            kind, content = message["msg_type"], message["content"]
            if kind not in QUIET_KINDS:
                ran.outputs.append((kind, content))
            if interrupt_at and not interrupts and interrupt_at in str(content):
                for _ in range(times):
                    time.sleep(pause)
                    interrupts.append(time.monotonic())
                    self.manager.interrupt_kernel()

        def answer(message: dict[str, Any]) -> None:
            ran.questions.append(message["content"])
            if left:
                self.client.input(left.pop(0))

        reply = self.client.execute_interactive(
            code, output_hook=show, stdin_hook=answer, allow_stdin=answers is not None, timeout=SECONDS
        )
        ran.reply = reply["content"]
        ran.stopped_after = time.monotonic() - interrupts[-1] if interrupts else 0.0
        return ran

    def cell(self, body: str, options: str = "", **how: Any) -> Ran:
        """Run ``body`` as a cell in a container."""
        return self.run(f"%%containerize {options}".rstrip() + f"\n{body}", **how)


@contextmanager
def outer_kernel(folder: Path, notebook: Path | None = None, *, extension: bool = True) -> Iterator[OuterKernel]:
    """Start a kernel in ``folder``, of ``notebook``; its first cell, In[1], loads the extension or does nothing."""
    env = {**os.environ, "IPYTHONDIR": str(folder / ".ipython"), "XDG_STATE_HOME": str(folder / ".state")}
    env["JPY_SESSION_NAME"] = str(notebook or "")
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=env)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        kernel = OuterKernel(manager=manager, client=client)
        assert kernel.run("%load_ext jupyter_docker" if extension else "pass").status == "ok"
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook with those code cells."""
    code: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": cell,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for number, cell in enumerate(cells)
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    return path


def comparable(ran: Ran) -> list[Any]:
    """Return the outputs as a frontend ends up with: streams joined, ids by their order, addresses left out."""
    result: list[Any] = []
    ids: dict[str, str] = {}
    for kind, content in ran.outputs:
        if kind == "stream":
            last = result[-1] if result else None
            if last is not None and last[0] == "stream" and last[1]["name"] == content["name"]:
                last[1]["text"] += content["text"]
                continue
        copy = json.loads(_ADDRESS.sub("0x", json.dumps(content)))
        if name := copy.get("transient", {}).get("display_id"):
            copy["transient"]["display_id"] = ids.setdefault(name, f"id {len(ids)}")
        result.append((kind, copy))
    return result
