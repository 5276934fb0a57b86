"""A Jupyter server with the extension in this process, with folders of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp
from platformdirs import user_cache_path
from pytest_jupyter.jupyter_server import *  # noqa: F403 - its hooks and fixtures, for this folder alone

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server.services import SETTING, Services
from jupyter_docker.values.config import APPLICATION
from jupyter_docker.values.image import LABEL_PREFIX
from tests.engine.conftest import base, engine, spare_engine
from tests.server.api import Api, Connect, Fetch

__all__ = ["base", "engine", "spare_engine"]

WriteNotebook: TypeAlias = Callable[..., str]


_CACHE = user_cache_path(APPLICATION).parent


@pytest.fixture(autouse=True)
def state(jp_environ: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """State of its own, but the caches of every day: what the index has said need not be asked again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(_CACHE))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("PYTHONPATH")
    return tmp_path / "state"


@pytest.fixture  # type: ignore[no-redef]
def jp_server_config(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The extension alone, and what a test's parameter has: ``{"ContainerizeServer": {"kept_jobs": 2}}``."""
    chosen: dict[str, Any] = getattr(request, "param", {})
    server = {"jpserver_extensions": {"jupyter_docker": True}, **chosen.get("ServerApp", {})}
    return {**chosen, "ServerApp": server}


@pytest.fixture
def api(jp_fetch: Fetch, jp_ws_fetch: Connect) -> Api:
    """The extension, asked with the server's token."""
    return Api(jp_fetch, jp_ws_fetch)


@pytest.fixture
def allow_engine(jp_serverapp: ServerApp) -> Callable[[str], None]:
    """List an engine's address in the server's configuration."""
    application: Any = jp_serverapp.web_app

    def allow(url: str) -> None:
        services: Services = application.settings[SETTING]
        application.settings[SETTING] = replace(services, engines=(*services.engines, url))

    return allow


@pytest.fixture
def known_proxy(allow_engine: Callable[[str], None], tmp_path: Path) -> None:
    """Allow the address of the `engine_proxy` in the test's folder."""
    allow_engine(f"unix://{tmp_path / 'engine.sock'}")


@pytest.fixture
def write_notebook(jp_root_dir: Path, request: pytest.FixtureRequest) -> Iterator[WriteNotebook]:
    """Write a notebook of code cells into the server's folder: ``write_notebook("print(1)", name="a")``."""

    def write(*cells: str, name: str = "analysis", metadata: dict[str, Any] | None = None) -> str:
        code = [nbformat.v4.new_code_cell(text) for text in cells]  # type: ignore[no-untyped-call]
        notebook = nbformat.v4.new_notebook(cells=code, metadata=metadata or {})  # type: ignore[no-untyped-call]
        path = jp_root_dir / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
        return f"{name}.ipynb"

    found = request.getfixturevalue("engine") if "engine" in request.fixturenames else None
    yield write
    if found is not None:
        _remove_images({path.stem for path in jp_root_dir.rglob("*.ipynb")}, found)


def _remove_images(repositories: set[str], found: Engine) -> None:
    for image in found.client.images.list(filters={"label": f"{LABEL_PREFIX}notebook"}):
        for tag in image.tags:
            if tag.partition(":")[0] in repositories:
                found.client.api.remove_image(tag, force=True)
