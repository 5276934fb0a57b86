"""The running kernel is asked what it has loaded, and nothing of that shows in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_server.serverapp import ServerApp

from jupyter_docker.freeze.environment.loaded_libraries import read_answer
from jupyter_docker.server.live_kernel import ask_kernel
from tests.server.api import Api
from tests.server.conftest import WriteNotebook


@asynccontextmanager
async def running(app: ServerApp) -> AsyncIterator[tuple[str, AsyncKernelClient]]:
    """A kernel of the server's, and a client as a notebook has one."""
    kernels: Any = app.kernel_manager
    kernel = await kernels.start_kernel()
    client = kernels.get_kernel(kernel).client()
    client.start_channels()
    try:
        yield kernel, client
    finally:
        client.stop_channels()
        await kernels.shutdown_kernel(kernel, now=True)


async def evaluate(client: AsyncKernelClient, code: str, expression: str = "0") -> str:
    reply: dict[str, Any] = await client.execute(code, user_expressions={"it": expression}, reply=True, timeout=90)
    value: str = reply["content"]["user_expressions"]["it"]["data"]["text/plain"]
    return value


async def test_it_says_what_it_has_loaded_though_the_notebook_took_the_names_of_builtins(
    jp_serverapp: ServerApp,
) -> None:
    async with running(jp_serverapp) as (kernel, client):
        await evaluate(client, "import colorsys\nstr = list = isinstance = getattr = json = open = None")
        before = await evaluate(client, "", "sorted(globals()), get_ipython().execution_count")
        answer = await ask_kernel(jp_serverapp.kernel_manager, kernel)
        assert answer["modules"]["colorsys"].endswith("colorsys.py")
        assert await evaluate(client, "", "sorted(globals()), get_ipython().execution_count") == before


async def test_a_busy_kernel_is_not_waited_for(jp_serverapp: ServerApp) -> None:
    async with running(jp_serverapp) as (kernel, client):
        client.execute("import time\ntime.sleep(60)")
        manager: Any = jp_serverapp.kernel_manager.get_kernel(kernel)
        while manager.execution_state != "busy":
            await asyncio.sleep(0.05)
        assert await ask_kernel(jp_serverapp.kernel_manager, kernel) == {"problem": "it is busy"}


async def test_a_kernel_that_hangs_is_given_up(jp_serverapp: ServerApp) -> None:
    async with running(jp_serverapp) as (kernel, client):
        manager: Any = jp_serverapp.kernel_manager.get_kernel(kernel)
        await evaluate(client, "")
        while manager.execution_state != "idle":
            await asyncio.sleep(0.05)
        await manager.signal_kernel(19)  # SIGSTOP: it says nothing, and not that it is busy either
        assert "did not answer" in (await ask_kernel(jp_serverapp.kernel_manager, kernel))["problem"]


async def test_a_kernel_that_is_gone_is_said_in_the_job(
    api: Api, jp_serverapp: ServerApp, write_notebook: WriteNotebook
) -> None:
    job = await api.start(write_notebook("print(1)"), "export", kernel_id="gone")
    async with api.socket("jobs", job["id"], "events") as socket:
        events = [event async for batch in socket for event in batch]
    assert [event["message"] for event in events if event["type"] == "Warned"] == [
        "What the notebook's kernel has loaded is not known: it is not running any more."
    ]
    assert events[-1]["type"] == "Finished"


async def test_a_job_is_given_what_it_has_loaded(
    api: Api, jp_serverapp: ServerApp, write_notebook: WriteNotebook, state: Path
) -> None:
    async with running(jp_serverapp) as (kernel, client):
        await evaluate(client, "import colorsys")
        job = await api.start(write_notebook("print(1)"), "export", kernel_id=kernel)
    async with api.socket("jobs", job["id"], "events") as socket:
        types = [event["type"] async for batch in socket for event in batch]
    assert types[-1] == "Finished"
    assert "Warned" not in types
    (file,) = state.rglob(f"{job['id']}/loaded.json")
    assert "colorsys" in {each.name for each in read_answer(file).modules}
