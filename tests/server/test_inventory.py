"""Images and containers over HTTP, on the real engine."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import VERSION_LABEL
from jupyter_docker.engine.containers.containers import Running, start_detached
from jupyter_docker.engine.containers.lifecycle import remove
from jupyter_docker.engine.images.ownership import record_own
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.errors import MissingError
from jupyter_docker.values.image import LABEL_PREFIX
from tests.engine.spare import BASE, SpareEngineFactory
from tests.server.api import Api

pytestmark = pytest.mark.engine
NOTEBOOK = {f"{LABEL_PREFIX}notebook": "a.ipynb"}
TAG = f"containerize-test-inventory:{os.getpid()}"


def make_image(engine: Engine, *, tag: str | None = TAG) -> str:
    """Make an image of ours, of its own content, and return its ID."""
    labels = {**NOTEBOOK, VERSION_LABEL: "0"}
    words = " ".join(f'{name}="{value}"' for name, value in labels.items())
    dockerfile = f"FROM {BASE}\nLABEL {words}\nRUN echo {tag} > /one\n"
    image, _ = engine.client.images.build(fileobj=io.BytesIO(dockerfile.encode()), rm=True, tag=tag)
    record_own(str(image.id))
    return str(image.id)


@pytest.fixture
def image(engine: Engine) -> Iterator[str]:
    """The ID of one of our images, tagged TAG."""
    identifier = make_image(engine)
    yield identifier
    if engine.client.images.list(filters={"reference": TAG}):
        engine.client.api.remove_image(identifier, force=True)


@pytest.fixture
def running(engine: Engine, image: str) -> Iterator[Running]:
    """A container of ours, of our image."""
    assert image
    spec = RunSpec(image=TAG, command=("sleep", "600"), labels=NOTEBOOK)
    started = start_detached(engine, spec, lambda _: None)
    yield started
    with suppress(MissingError):
        remove(engine, started.name, force=True)


@pytest.fixture
def stranger(engine: Engine, base: str) -> Iterator[str]:
    """A running container that another program made."""
    container = engine.client.containers.run(base, ["sleep", "600"], detach=True, name=f"inventory-{os.getpid()}")
    yield str(container.name)
    container.remove(force=True)


async def listed(api: Api, what: str, name: str, **params: str) -> dict[str, Any] | None:
    """Return the image or container of that name in the list."""
    answer = await api.get(what, **params)
    assert answer.status == 200, answer
    key = "reference" if what == "images" else "name"
    return next((one for one in answer.value if one[key] == name), None)


async def test_the_engine_and_what_a_build_needs(api: Api, engine: Engine) -> None:
    state = (await api.get("engine")).value
    assert (state["available"], state["message"], state["hint"]) == (True, "", "")
    assert engine.version in state["name"]
    assert state["name"].endswith(f"linux/{engine.architecture}")
    checks = {check["name"]: check["level"] for check in (await api.get("doctor")).value}
    assert checks["engine"] == "ok"
    assert "disk" in checks


async def test_an_engine_that_is_not_there_says_what_to_do(api: Api, allow_engine: Callable[[str], None]) -> None:
    nowhere = "unix:///nowhere/docker.sock"
    allow_engine(nowhere)
    state = (await api.get("engine", engine=nowhere)).value
    assert not state["available"]
    assert nowhere in state["message"]
    assert state["hint"]
    checks = (await api.get("doctor", engine=nowhere)).value
    assert (checks[0]["name"], checks[0]["level"], bool(checks[0]["remedy"])) == ("engine", "problem", True)
    for path in (("images",), ("containers",), ("prune",)):
        answer = await api.get(*path, engine=nowhere)
        assert (answer.status, answer.value["error"]) == (503, "EngineUnavailableError")
        assert answer.value["hint"]


async def test_images_are_listed_with_who_uses_them_and_removed(api: Api, image: str, running: Running) -> None:
    found = await listed(api, "images", TAG)
    assert found is not None
    assert (found["id"], found["notebook"], found["own"]) == (image, "a.ipynb", True)
    assert found["used_by"] == [running.name]
    assert found["size"] > 10**6
    refused = await api.delete("images", TAG)
    assert (refused.status, refused.value["error"]) == (502, "EngineError")
    assert "ps -a" in refused.value["hint"]
    assert (await api.delete("containers", running.name)).status == 204
    assert (await api.delete("images", TAG)).status == 204
    assert await listed(api, "images", TAG) is None
    assert (await api.delete("images", TAG)).status == 404


async def test_an_image_without_a_tag_is_listed_and_removed_by_its_id(api: Api, engine: Engine) -> None:
    untagged = make_image(engine, tag=None)
    found = {one["id"]: one["reference"] for one in (await api.get("images")).value}
    assert found[untagged] == ""
    assert (await api.delete("images", untagged)).status == 204
    assert untagged not in {one["id"] for one in (await api.get("images")).value}


async def test_what_others_made_is_listed_on_request_and_left_alone(api: Api, engine: Engine, stranger: str) -> None:
    assert await listed(api, "containers", stranger) is None
    assert await listed(api, "images", BASE) is None
    found = await listed(api, "containers", stranger, all="true")
    assert found is not None
    assert (found["ours"], found["state"], found["shell"]) == (False, "running", "")
    base = await listed(api, "images", BASE, all="true")
    assert base is not None
    assert (base["ours"], base["own"]) == (False, False)
    assert stranger in base["used_by"]
    for answer in (
        await api.delete("containers", stranger),
        await api.post("containers", stranger, "stop"),
        await api.delete("images", BASE),
        await api.delete("images", base["id"]),
    ):
        assert (answer.status, answer.value["error"]) == (404, "MissingError")
        assert "left alone" in answer.value["message"]
    assert engine.client.containers.get(stranger).status == "running"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("localhost%3A5000%2Fnowhere%3A1", 404), ("..%2Fcontainers%2Fx", 400), ("..%2f..%2finfo", 400),
        ("x%3Fforce=1", 400), ("A%20B", 400), ("-f", 400), ("%00", 400),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("jp_serverapp")
async def test_a_name_with_slashes_is_taken_and_leads_nowhere_else(
    http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str], name: str, status: int
) -> None:
    path = f"{jp_base_url}containerize/images/{name}"
    answer = await http_server_client.fetch(path, method="DELETE", headers=jp_auth_header, raise_error=False)
    assert (answer.code, bool(json.loads(answer.body)["hint"])) == (status, True)


async def test_a_container_is_listed_entered_stopped_and_removed(api: Api, engine: Engine, running: Running) -> None:
    found = await listed(api, "containers", running.name)
    assert found is not None
    assert (found["image"], found["notebook"], found["state"]) == (TAG, "a.ipynb", "running")
    words, typed = shlex.split(found["shell"]), "echo $((6 * 7)) $BASH_VERSION"
    done = subprocess.run(words, input=typed, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("42 5."), done
    assert (await api.post("containers", running.name, "stop")).status == 204
    stopped = await listed(api, "containers", running.name)
    assert stopped is not None
    assert (stopped["state"], stopped["shell"]) == ("exited", "")
    assert (await api.delete("containers", found["id"])).status == 204
    assert await listed(api, "containers", running.name) is None
    for answer in (await api.delete("containers", running.name), await api.post("containers", running.name, "stop")):
        assert (answer.status, answer.value["error"]) == (404, "MissingError")


async def test_pruning_does_what_it_said(
    api: Api, spare_engine: SpareEngineFactory, allow_engine: Callable[[str], None]
) -> None:
    private = spare_engine(images=(BASE,)).engine
    url = private.endpoint
    allow_engine(url)
    nothing = {"items": [], "size": 0, "bound": "at least", "summary": "nothing to remove"}
    plan = (await api.get("prune", engine=url)).value
    assert {**plan, "bound": "at least"} == nothing
    make_image(private)
    used = make_image(private, tag="containerize-test-used:1")
    kept = start_detached(private, RunSpec(image="containerize-test-used:1", command=("sleep", "600")), lambda _: None)
    ended = start_detached(private, RunSpec(image=TAG, command=("true",)), lambda _: None)
    private.client.containers.get(ended.name).wait()
    plan = (await api.get("prune", engine=url)).value
    assert [(item["name"], item["kind"]) for item in plan["items"]] == [(ended.name, "container"), (TAG, "image")]
    assert plan["summary"].startswith("1 ended container, 1 unused image: ")
    late = start_detached(private, RunSpec(image=TAG, command=("true",)), lambda _: None)
    private.client.containers.get(late.name).wait()
    done = (await api.post("prune", engine=url, body={"items": plan["items"][:1]})).value
    assert (done["removed"], done["warnings"]) == ([ended.name], [])
    private.client.images.get(TAG).tag("containerize-test-late", "1")
    done = (await api.post("prune", engine=url, body={"items": plan["items"]})).value
    assert (done["removed"], done["warnings"]) == ([], [])  # it has got a name that nobody was asked about
    private.client.api.remove_image("containerize-test-late:1")
    plan = (await api.get("prune", engine=url)).value
    done = (await api.post("prune", engine=url, body={"items": plan["items"]})).value
    assert (sorted(done["removed"]), done["warnings"]) == (sorted([late.name, TAG]), [])
    assert {**(await api.get("prune", engine=url)).value, "bound": "at least"} == nothing
    assert (await api.post("prune", engine=url)).status == 400
    assert private.client.images.get(used).id == used
    assert private.client.containers.get(kept.name).status == "running"
