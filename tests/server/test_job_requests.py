"""A job that can't be done as it is asked for is refused with a hint, and leaves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.server.api import Answer, Api
from tests.server.conftest import WriteNotebook


def refused(answer: Answer, status: int, said: str) -> None:
    assert answer.status == status, answer
    assert said in answer.value["message"]
    assert answer.value["hint"]


def jobs_on_disk(root: Path) -> list[Path]:
    return [*(root.parent / "state").rglob("jobs/*/*")]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"verb": "destroy"}, "destroy"),
    ({}, "verb"),
    ({"verb": "run"}, "has a notebook"),
    ({"verb": "run", "image": "penguins"}, "has a notebook"),
    ({"verb": "push", "image": "-t evil"}, "image reference"),
    ({"verb": "push", "image": "--engine=tcp://evil"}, "image reference"),
    ({"verb": "run", "notebook": 3}, "notebook"),
    ({"verb": "run", "privileged": True}, "privileged"),
    ({"verb": "run", "options": {"user": "0"}}, "user"),
    ({"verb": "run", "options": {"apt": "curl"}}, "options.apt"),
    ({"verb": "run", "options": {"cpus": "many"}}, "options.cpus"),
    ({"verb": "run", "options": {"base": "a\0b"}}, "base"),
    ({"verb": "run", "options": {"verify": True}}, "--verify"),
    ({"verb": "run", "secrets": {"A=B": "x"}}, "A=B"),
    ({"verb": "run", "secrets": {"A": 1}}, "secrets.A"),
    ({"verb": "run", "secrets": {"A": "x\0"}}, "A"),
    ({"verb": "run", "notebook": "../outside.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "/../outside.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "a/../analysis.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "linked.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "linked/outside.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "circle.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "a\0.ipynb"}, "inside the server's folder"),
    ({"verb": "run", "notebook": "x" * 5000}, "is not a path"),
    ({"verb": "run", "notebook": "\ud800.ipynb"}, "inside the server's folder"),
]


async def test_what_is_asked_wrongly(api: Api, write_notebook: WriteNotebook, jp_root_dir: Path) -> None:
    (jp_root_dir.parent / "outside.ipynb").write_text("{}")
    (jp_root_dir / "linked.ipynb").symlink_to(jp_root_dir.parent / "outside.ipynb")
    (jp_root_dir / "linked").symlink_to(jp_root_dir.parent)
    (jp_root_dir / "circle.ipynb").symlink_to(jp_root_dir / "circle.ipynb")
    right = {"notebook": write_notebook("print(1)")}
    for body, said in WRONG:
        whole = {**right, **body} if {"options", "secrets"} & set(body) else body
        refused(await api.post("jobs", body=whole), 400, said)
    assert jobs_on_disk(jp_root_dir) == []
    assert (await api.get("jobs")).value == []


async def test_what_is_no_object(api: Api, jp_root_dir: Path) -> None:
    for text in (b"", b"{", b"[]", b"3", b'"run"', b"\xff", b"[" * 100_000):
        refused(await api.post_text("jobs", body=text), 400, "")
    assert jobs_on_disk(jp_root_dir) == []


async def test_what_is_no_notebook(api: Api, jp_root_dir: Path, write_notebook: WriteNotebook) -> None:
    (jp_root_dir / "folder.ipynb").mkdir()
    (jp_root_dir / "data.csv").write_text("a,b\n")
    (jp_root_dir / "broken.ipynb").write_text("{")
    refused(await api.post("jobs", body={"verb": "run", "notebook": "missing.ipynb"}), 404, "missing.ipynb")
    for name in ("folder.ipynb", "data.csv", "broken.ipynb"):
        refused(await api.post("jobs", body={"verb": "run", "notebook": name}), 422, name)
    wrong = write_notebook("print(1)", metadata={"containerize": {"mounts": ["/etc:etc"]}})
    refused(await api.post("jobs", body={"verb": "run", "notebook": wrong}), 400, "/etc")
    assert jobs_on_disk(jp_root_dir) == []


async def test_export_stays_where_the_server_may_write(
    api: Api, jp_root_dir: Path, write_notebook: WriteNotebook
) -> None:
    (jp_root_dir / "linked").symlink_to(jp_root_dir.parent)
    body = {"verb": "export", "notebook": write_notebook("print(1)")}
    for folder in ("/tmp/out", "../out", "linked/out"):
        refused(await api.post("jobs", body={**body, "options": {"folder": folder}}), 403, folder)
    assert jobs_on_disk(jp_root_dir) == []


async def test_a_job_that_is_not_there(api: Api) -> None:
    for job in ("x", "..", "20200101-000000-000000-abcdef", "x" * 3000, "%2e%2e%2f", "é"):
        for answer in (
            await api.get("jobs", job),
            await api.get("jobs", job, "log"),
            await api.post("jobs", job, "cancel"),
            await api.post("jobs", job, "rerun"),
            await api.delete("jobs", job),
        ):
            refused(answer, 404, "no job")
        assert await refusal(api, job) == 404


async def test_events_since_none_that_there_is(api: Api, write_notebook: WriteNotebook) -> None:
    job = await api.start(write_notebook("print(1)"), "export")
    await api.ended(job["id"])
    for since in ("-1", "x", "1.5", "99999", "9" * 400, "١", ""):
        assert await refusal(api, job["id"], since=since) == 400


async def refusal(api: Api, job: str, **params: str) -> int:
    """Return the status that the socket of a job's events is refused with, whose hint there is."""
    with pytest.raises(HTTPClientError) as error:
        async with api.socket("jobs", job, "events", **params):
            pass
    assert error.value.response is not None
    assert json.loads(error.value.response.body)["hint"]
    return error.value.code


async def test_a_log_of_a_step_that_there_is_not(api: Api, write_notebook: WriteNotebook, jp_root_dir: Path) -> None:
    job = await api.start(write_notebook("print(1)"), "export")
    assert len(jobs_on_disk(jp_root_dir)) == 1
    refused(await api.get("jobs", job["id"], "log", step="dance"), 400, "dance")
    assert (await api.ended(job["id"]))["state"] == "succeeded"
    assert (await api.get("jobs", job["id"], "log")).value == ""


async def test_secrets_that_were_not_given_again(
    api: Api, write_notebook: WriteNotebook, allow_engine: Callable[[str], None]
) -> None:
    options = {"engine": "unix:///nowhere.sock"}
    allow_engine(options["engine"])
    job = await api.start(write_notebook("print(1)"), secrets={"TOKEN": "x"}, options=options)
    ended = await api.ended(job["id"])
    assert (ended["state"], ended["secret_names"]) == ("failed", ["TOKEN"])
    refused(await api.post("jobs", job["id"], "rerun"), 400, "TOKEN")
    again = await api.post("jobs", job["id"], "rerun", body={"secrets": {"TOKEN": "y"}})
    assert again.status == 201
    assert (again.value["options"], again.value["secret_names"]) == (options, ["TOKEN"])
