"""The requests for a plan, and for consent to what the notebook asks for in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import RequestHandler, authenticated

from jupyter_docker.commands import option_arguments, restored
from jupyter_docker.gate import Wish, allow, ruling_on, withdraw
from jupyter_docker.notebook import notebook_parameters, parameter_arguments, parameter_values, read_notebook
from jupyter_docker.server.child import command
from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.live_kernel import ask_kernel
from jupyter_docker.server.notebooks import find_notebook
from jupyter_docker.server.schema import check
from jupyter_docker.values import ContainerizeError, Failed, UsageError, from_json, scratch_folder, write_private


def plan_arguments(notebook: Path, options: Mapping[str, Any], roots: Sequence[Path]) -> list[str]:
    """Return the words of the command; raises UsageError for text that can't be a word."""
    argv = ["plan", str(notebook), *(f"--mount-root={root}" for root in roots)]
    return [*argv, *option_arguments(options, "plan"), "--json"]


async def make_plan(argv: Sequence[str], folder: Path, loaded: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the schema ``Plan``; raises what the command failed with.

    ``loaded`` is what the notebook's running kernel answered, where it was asked.
    """
    with ExitStack() as stack:
        if loaded is not None:
            file = stack.enter_context(scratch_folder()) / "loaded.json"
            write_private(file, json.dumps(loaded).encode())
            argv = [*argv, f"--loaded={file}"]
        async with command(argv, folder=folder) as planner:
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


def keep_consent(root: Path, body: Mapping[str, Any]) -> None:
    """Keep what the schema ``ConsentRequest`` says.

    Nothing is kept of what needs no consent. Raises UsageError for what only a person's own words allow, and for what
    no option takes; what `find_notebook` raises.
    """
    notebook, wish = find_notebook(root, body["notebook"]), Wish(kind=body["kind"], value=body["value"])
    if not body.get("allowed", True):
        withdraw(notebook, wish)
        return
    ruling = ruling_on(wish, notebook)
    if ruling.verdict == "refused":
        hint = f"Give it yourself, where it is yours to give: {ruling.arguments}"
        raise UsageError(f"A notebook can't be allowed to ask {ruling.wish}.", hint=hint)
    if ruling.verdict == "consent":
        allow(notebook, wish)


def check_value(root: Path, body: Mapping[str, Any]) -> None:
    """Raise UsageError where a run of the notebook would refuse the schema ``ParameterValue``, and what it says."""
    parameters = notebook_parameters(read_notebook(find_notebook(root, body["notebook"])))
    parameter_values(parameters, parameter_arguments([f"{body['name']}={body['text']}"]))


class PlanHandler(ContainerizeHandler):
    """``/plan``."""

    _planning: asyncio.Task[dict[str, Any]] | None = None

    @authenticated
    @authorized
    async def post(self) -> None:
        """Make one; it is given up when the client goes."""
        body = self.body()
        check("PlanRequest", body)
        file, version = await self.services.files.run(partial(_find, self.services.root, body["notebook"]))
        make = partial(self._make, body, file)
        request = json.dumps([body, version], sort_keys=True)
        self._planning = asyncio.ensure_future(self.services.plans.plan(str(file), request, make))
        try:
            self.reply(await self._planning)
        except asyncio.CancelledError:
            if not self._planning.cancelled():
                raise

    async def _make(self, body: dict[str, Any], file: Path) -> dict[str, Any]:
        options = body.get("options", {})
        self.services.engine(options.get("engine", ""))
        argv = plan_arguments(file, options, self.services.roots)
        kernel = body.get("kernel_id")
        loaded = await ask_kernel(self.kernel_manager, kernel) if kernel else None
        plan = await make_plan(argv, file.parent, loaded)
        return {**plan, "notebook": file.relative_to(self.services.root).as_posix()}

    def on_connection_close(self) -> None:
        """Give it up."""
        if self._planning is not None:
            self._planning.cancel()


class ParametersHandler(ContainerizeHandler):
    """``/parameters``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Check a value."""
        body = self.body()
        check("ParameterValue", body)
        await self.services.files.run(partial(check_value, self.services.root, body))
        self.set_status(204)
        self.finish()


class ConsentHandler(ContainerizeHandler):
    """``/consents``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Keep that the person allows the notebook a wish, or no longer does."""
        body = self.body()
        check("ConsentRequest", body)
        await self.services.files.run(partial(keep_consent, self.services.root, body))
        self.set_status(204)
        self.finish()


def _find(root: Path, notebook: str) -> tuple[Path, int]:
    """Return the notebook's file and what tells its versions apart."""
    file = find_notebook(root, notebook)
    return file, file.stat().st_mtime_ns


ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    ("plan", PlanHandler),
    ("parameters", ParametersHandler),
    ("consents", ConsentHandler),
)
