"""What `doctor` says of a real engine, of engines with something wrong, and of none."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from jupyter_docker.doctor.examination import Check, _guarded, check_base, check_index, examine
from jupyter_docker.doctor.health import (
    check_architecture,
    check_builder,
    check_disk,
    check_limits,
    check_memory,
    check_version,
)
from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.engine.images.registry import push
from jupyter_docker.engine.images.store import find_image, remove_image
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.command import containerize
from tests.engine.local_registry import local_registry
from tests.engine.spare import BASE, SpareEngineFactory
from tests.engine.test_images import make

pytestmark = pytest.mark.engine

NAMES = ["engine", "builder", "disk", "memory", "limits", "processor", "base image", "index"]
MINOR = BASE.removeprefix("python:").removesuffix("-slim")
TOKEN = "token-7f3a9c41d2"


def altered(engine: Engine, *, info: dict[str, object] | None = None, **fields: object) -> Engine:
    """The engine as if it said something else of itself."""
    changed = replace(engine, **fields)  # type: ignore[arg-type]
    vars(changed)["info"] = {**engine.info, **(info or {})}
    return changed


@contextmanager
def index_that_answers(status: int) -> Iterator[str]:
    """An index that gives the same status to every question; yields host:port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_good_engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with index_that_answers(404) as address:
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{address}/simple")
        checks = {check.name: check for check in examine()}
    assert list(checks) == NAMES
    assert [check for check in checks.values() if not check.ok] == []
    assert f"{engine.version}, at {engine.endpoint}" in checks["engine"].detail
    assert checks["builder"].detail.startswith("BuildKit through buildx ")
    assert checks["processor"].detail == f"linux/{engine.architecture}"
    assert checks["base image"].detail.startswith(f"{BASE} is there: ")
    assert f", Python {MINOR}." in checks["base image"].detail
    assert checks["index"].detail == f"http://{address}/simple answers"


def test_without_an_engine_the_rest_is_checked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with index_that_answers(404) as address:
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{address}/simple")
        engine, index = examine("unix:///nowhere.sock")
    assert (engine.name, engine.level) == ("engine", "problem")
    assert "'unix:///nowhere.sock' (--engine): No such file or directory" in engine.detail
    assert engine.remedy == "Start the engine there, or correct --engine: without it, this machine's own is used."
    assert index.ok


@pytest.mark.parametrize(
    ("version", "level"), [("19.03.15", "problem"), ("20.10.24+dfsg1", "advice"), ("23.0.1", "ok"), ("dev", "ok")]
)
def test_old_engines(engine: Engine, version: str, level: str) -> None:
    check = check_version(replace(engine, version=version))
    assert (check.level, bool(check.remedy)) == (level, level != "ok")
    assert check.detail == f"Docker Engine {version}, at {engine.endpoint}"


def test_a_context_is_named(engine: Engine) -> None:
    assert check_version(replace(engine, context="lab")).detail.endswith(" (context lab)")


def test_no_builder(engine: Engine) -> None:
    bare = replace(engine)
    vars(bare)["buildx_program"] = None
    check = check_builder(bare)
    assert (check.level, check.ok) == ("advice", True)
    assert check.detail.startswith("buildx is not installed: builds use the classic builder")
    assert "docker-buildx" in check.remedy


def test_the_builder_of_podman(engine: Engine) -> None:
    assert check_builder(replace(engine, podman=True, version="4.3.1")).detail == "Podman's own"
    old = check_builder(replace(engine, podman=True, version="3.4.4"))
    assert old.level == "advice"
    assert old.detail.startswith("this Podman's builder has no secrets")


def test_an_old_builder(engine: Engine, tmp_path: Path) -> None:
    program = tmp_path / "docker-buildx"
    program.write_text("#!/bin/sh\necho github.com/docker/buildx v0.12.1 abcdef\n")
    program.chmod(0o755)
    old = replace(engine)
    vars(old)["buildx_program"] = program
    check = check_builder(old)
    assert (check.level, check.detail) == ("problem", "buildx v0.12.1 is too old.")


@pytest.mark.parametrize(("size", "level"), [("500m", "problem"), ("3g", "advice"), ("8g", "ok")])
def test_the_room_that_is_left(spare_engine: SpareEngineFactory, size: str, level: str) -> None:
    spare = spare_engine(size=size)
    check = check_disk(spare.engine)
    assert check.level == level
    assert f" GB free at {spare.data}; images use 0.0 GB, the build cache 0.0 GB" in check.detail
    assert check.remedy.startswith("Free some: jupyter containerize prune") is (level != "ok")
    assert (check.repair == "free") is (level != "ok")


def test_the_disk_of_another_machine_is_not_measured_here(engine: Engine) -> None:
    assert "free at" not in check_disk(altered(engine, local=False)).detail


def test_little_memory_and_no_limits(engine: Engine) -> None:
    assert check_memory(altered(engine, info={"MemTotal": 2**30, "NCPU": 3})) == Check(
        name="memory", level="advice", detail="1.0 GiB and 3 CPUs for all containers",
        remedy="Give the engine more (Docker Desktop: Resources).",
    )  # fmt: skip
    check = check_limits(altered(engine, info={"MemoryLimit": False, "PidsLimit": False}))
    assert (check.level, check.detail) == ("advice", "The engine can't enforce --memory, the limit of processes.")


def test_another_processor(engine: Engine) -> None:
    check = check_architecture(replace(engine, architecture="s390x"))
    assert check.level == "advice"
    assert check.detail.startswith("The engine is s390x, this machine ")
    check = check_base(replace(engine, architecture="s390x"), ImageReference.parse(BASE), MINOR)
    assert check.level == "advice"
    assert "the engine is s390x" in check.detail


def test_a_base_image_with_another_python(engine: Engine) -> None:
    check = check_base(engine, ImageReference.parse(BASE), "3.99")
    assert (check.level, check.remedy) == ("advice", "Choose the same: --base python:3.99-slim")
    assert check.detail.endswith("but Python 3.99 here.")


def test_a_base_image_that_is_nowhere(engine: Engine) -> None:
    check = check_base(engine, ImageReference(registry="127.0.0.1:9", repository="a", tag="b"), MINOR)
    assert check.level == "problem"
    assert check.detail.startswith("127.0.0.1:9/a:b is not there and can't be pulled: the registry '127.0.0.1:9'")
    assert check.remedy


def test_a_base_image_that_its_registry_has(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "registry").mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with local_registry(tmp_path / "registry") as registry:
        registry.credentials(tmp_path)
        target = ImageReference(registry=registry.address, repository="base", tag="1")
        with connect(engine.endpoint) as mine:
            push(mine, BASE, target, lambda _: None)
            remove_image(mine, str(target), scope="all")
            check = check_base(mine, target, MINOR)
            detail = f"{target} is not there yet; the first build pulls it."
            assert check == Check(name="base image", detail=detail, repair="pull")
            assert find_image(mine, str(target)) is None
        registry.credentials(tmp_path, password="wrong")
        with connect(engine.endpoint) as nobody:
            check = check_base(nobody, target, MINOR)
            assert (check.level, check.remedy) == ("problem", f"Log in first: docker login {registry.address}")


def test_disk_space_is_freed_where_the_person_agrees(spare_engine: SpareEngineFactory) -> None:
    low = spare_engine(size="900m", images=(BASE,)).engine
    unused = make(low, "ENV A=1", tags=("unused:1",))
    words = ["doctor", "--engine", low.endpoint, "--fix"]
    asked = containerize(*words)
    assert "To be removed: 1 unused image" in asked.stderr
    assert "Nothing was done: add --force" in asked.stderr
    assert find_image(low, unused) is not None
    containerize(*words, "--force")
    assert find_image(low, unused) is None


def test_a_base_image_that_is_missing_is_pulled(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "registry").mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with local_registry(tmp_path / "registry") as registry:
        registry.credentials(tmp_path)
        target = ImageReference(registry=registry.address, repository="base", tag="fix")
        with connect(engine.endpoint) as mine:
            push(mine, BASE, target, lambda _: None)
            remove_image(mine, str(target), scope="all")
            lines = containerize("doctor", "--base", str(target), "--fix", "--json").events
            details = [one["detail"] for one in lines if one.get("name") == "base image"]
            try:
                assert [detail.startswith(f"{target} is there: ") for detail in details] == [True]
            finally:
                remove_image(mine, str(target), scope="all")


@pytest.mark.parametrize(("status", "words"), [(401, "401 Unauthorized"), (403, "403 Forbidden"), (500, "be reached")])
def test_an_index_that_refuses(monkeypatch: pytest.MonkeyPatch, status: int, words: str) -> None:
    with index_that_answers(status) as address:
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://user:{TOKEN}@{address}/simple")
        check = check_index()
    assert check.level == "problem"
    assert words in check.detail
    assert TOKEN not in repr(check)


def test_the_credentials_of_an_index_that_answers_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with index_that_answers(404) as address:
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://user:{TOKEN}@{address}/simple")
        check = check_index()
    assert check == Check(name="index", detail=f"http://****@{address}/simple answers")


def test_an_index_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    check = check_index()
    assert (check.level, "\n" in check.detail) == ("problem", False)
    assert "can't be reached" in check.detail


# docker-py leaves a socket open where nobody answers; it is collected here, not during another test.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_check_that_fails_is_a_check_all_the_same(spare_engine: SpareEngineFactory) -> None:
    spare = spare_engine()
    spare.kill()
    lost = "the connection to the container engine was lost."
    for check, action in ((check_disk, "ask how much disk is used"), (check_limits, "ask the engine about itself")):
        found = _guarded("it", partial(check, spare.engine))
        assert (found.name, found.level, found.detail) == ("it", "problem", f"Could not {action}: {lost}")
    gc.collect()


def test_a_check_with_a_fault_of_its_own_is_advice() -> None:
    assert _guarded("it", lambda: Check(no="such field")).level == "advice"  # type: ignore[call-arg]
