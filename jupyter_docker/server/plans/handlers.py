"""The requests for a plan, and for consent to what the notebook asks for in it."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.live_kernel import ask_kernel
from jupyter_docker.server.notebooks import find_notebook
from jupyter_docker.server.plans.consent import keep_consent
from jupyter_docker.server.plans.making import make_plan, plan_words
from jupyter_docker.server.schema import check


class PlanHandler(ContainerizeHandler):
    """``/plan``."""

    _planning: asyncio.Task[dict[str, Any]] | None = None

    @authenticated
    @authorized
    async def post(self) -> None:
        """Make one; it is given up when the client goes."""
        body = self.body()
        check("PlanRequest", body)
        file, version = await self.extension.files.run(partial(_find, self.extension.root, body["notebook"]))
        make = partial(self._make, body, file)
        question = json.dumps([body, version], sort_keys=True)
        self._planning = asyncio.ensure_future(self.extension.plans.plan(str(file), question, make))
        try:
            self.reply(await self._planning)
        except asyncio.CancelledError:
            if not self._planning.cancelled():
                raise

    async def _make(self, body: dict[str, Any], file: Path) -> dict[str, Any]:
        options = body.get("options", {})
        self.extension.engine(options.get("engine", ""))
        words = plan_words(file, options, self.extension.roots)
        kernel = body.get("kernel_id")
        loaded = await ask_kernel(self.kernel_manager, kernel) if kernel else None
        plan = await make_plan(words, file.parent, loaded)
        return {**plan, "notebook": file.relative_to(self.extension.root).as_posix()}

    def on_connection_close(self) -> None:
        """Give it up."""
        if self._planning is not None:
            self._planning.cancel()


class ConsentHandler(ContainerizeHandler):
    """``/consents``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Keep that the person allows the notebook a wish, or no longer does."""
        body = self.body()
        check("ConsentRequest", body)
        await self.extension.files.run(partial(keep_consent, self.extension.root, body))
        self.set_status(204)
        self.finish()


def _find(root: Path, notebook: str) -> tuple[Path, int]:
    """Return the notebook's file and what tells its versions apart."""
    file = find_notebook(root, notebook)
    return file, file.stat().st_mtime_ns
