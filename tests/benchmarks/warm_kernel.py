"""A kernel as a notebook's is, with the magics loaded or without."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from jupyter_client.manager import start_new_kernel

_SECONDS_TO_ANSWER = 600


class WarmKernel:
    """An IPython kernel whose notebook is ``notebook``."""

    def __init__(self, notebook: Path, *, magics: bool = True) -> None:
        # What Jupyter Server tells a kernel about its notebook.
        environ = {**os.environ, "JPY_SESSION_NAME": str(notebook)}
        self._manager, self._client = start_new_kernel(
            kernel_name="python3", cwd=str(notebook.parent), env=environ, stderr=subprocess.DEVNULL
        )
        if magics:
            self.seconds_to("%load_ext jupyter_docker\nprint('loaded')", "loaded")

    def seconds_to(self, code: str, token: str) -> float:
        """Return the seconds until ``token`` is in an output of ``code``, after waiting for its end."""
        began, seen = perf_counter(), None
        request = self._client.execute(code)
        while True:
            message = self._client.get_iopub_msg(timeout=_SECONDS_TO_ANSWER)
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != request or kind == "execute_input":
                continue
            if seen is None and token in str(content):
                seen = perf_counter() - began
            if kind == "error" or content.get("execution_state") == "idle":
                break
        if seen is None or kind == "error":
            raise SystemExit(f"{code} did not print {token}: {content}")
        return seen

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
