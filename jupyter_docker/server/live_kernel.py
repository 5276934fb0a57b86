"""The notebook's running kernel, asked what it has loaded: without a trace in its history, and only for a moment."""

from __future__ import annotations

import ast
import asyncio
import json
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

from jupyter_docker.freeze import kernel_query

_SECONDS = 3
_LOOKS = 10
_MAX_LENGTH = 20_000_000
# exec in a namespace of its own: what a notebook calls `str` or `list` may be its own.
_EXPRESSION = '(lambda scope: __import__("builtins").exec({}, scope) or scope["answer"])({{}})'


async def ask_kernel(kernels: Any, kernel_id: str) -> dict[str, Any]:
    """Return what the kernel has loaded, as `freeze.read_answer` takes it; ``problem`` says why it is not known.

    ``kernels`` is the server's kernel manager. It never raises for what a kernel does.
    """
    if kernel_id not in kernels:
        return {"problem": "it is not running any more"}
    kernel = kernels.get_kernel(kernel_id)
    if await _is_busy(kernel):
        return {"problem": "it is busy"}
    client = AsyncKernelClient()
    client.load_connection_info(kernel.get_connection_info())
    client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)  # noqa: S604 - the channel
    try:
        return _read(await asyncio.wait_for(_ask(client), _SECONDS))
    except TimeoutError:
        return {"problem": f"it did not answer in {_SECONDS} seconds"}
    except (ValueError, SyntaxError, KeyError, TypeError):
        return {"problem": "its answer can't be read"}
    finally:
        client.stop_channels()


async def _is_busy(kernel: Any) -> bool:
    """Whether a cell runs, and not only ended just now."""
    for _ in range(_LOOKS):
        if getattr(kernel, "execution_state", "idle") != "busy":
            return False
        await asyncio.sleep(_SECONDS / 6 / _LOOKS)
    return True


async def _ask(client: AsyncKernelClient) -> dict[str, Any]:
    """Return the content of the kernel's reply."""
    asked = client.execute(
        "",
        silent=True,
        store_history=False,
        user_expressions={"answer": _EXPRESSION.format(repr(kernel_query()))},
        allow_stdin=False,
    )
    while True:
        reply: dict[str, Any] = await client.get_shell_msg()
        if reply["parent_header"].get("msg_id") == asked:
            content: dict[str, Any] = reply["content"]
            return content


def _read(content: dict[str, Any]) -> dict[str, Any]:
    shown = content["user_expressions"]["answer"]["data"]["text/plain"]
    if len(shown) > _MAX_LENGTH:
        raise ValueError(len(shown))
    answer: dict[str, Any] = json.loads(ast.literal_eval(shown))
    return answer
