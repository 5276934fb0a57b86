"""What a job leaves: its outputs, its place in the list, an image in a registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.local_registry import PASSWORD, local_registry
from tests.server.api import Api
from tests.server.conftest import WriteNotebook

WRITING = """
from pathlib import Path
Path('output').mkdir(exist_ok=True)
print(Path('data/a.txt').read_text())
Path('output/result.txt').write_text('done')
"""


@pytest.mark.engine
async def test_a_run_says_what_it_could_write_to(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, engine: Engine
) -> None:
    notebook = write_notebook(WRITING, name="deep/job-writing")
    (jp_root_dir / "deep" / "data").mkdir()
    (jp_root_dir / "deep" / "data" / "a.txt").write_text("read")
    (jp_root_dir / "deep" / "output").mkdir()
    job = await api.start(notebook)
    ended = await api.ended(job["id"])
    assert (ended["state"], ended["notebook"], ended["step"]) == ("succeeded", "deep/job-writing.ipynb", "run")
    assert ended["outputs"] == ["deep/output"]
    assert (jp_root_dir / "deep" / "output" / "result.txt").read_text() == "done"


@pytest.mark.engine
async def test_a_run_that_fails_says_where_and_still_what_it_could_write_to(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, engine: Engine
) -> None:
    (jp_root_dir / "out").mkdir()
    notebook = write_notebook("x = 1", "open('out/a.txt', 'w').write('a')\n1 / 0", name="job-failing")
    job = await api.start(notebook, options={"mounts": ["./out:out"]})
    ended = await api.ended(job["id"])
    assert (ended["state"], ended["error"], ended["exit_code"]) == ("failed", "ScriptFailedError", 1)
    assert (ended["cell"], ended["line"], ended["outputs"]) == (2, 2, ["out"])
    assert "ZeroDivisionError" in ended["summary"]
    assert ended["hint"]


@pytest.mark.engine
async def test_a_mount_outside_of_the_roots_is_refused_whoever_asks(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, engine: Engine
) -> None:
    (jp_root_dir / "link").symlink_to("/etc")
    for mount in ("/etc:etc", "../:up", "./link:etc"):
        notebook = write_notebook("print(1)", name="job-reaching")
        body = {"verb": "run", "notebook": notebook, "options": {"mounts": [mount]}}
        refused = await api.post("jobs", body=body)
        assert (refused.status, refused.value["error"]) == (403, "MountError"), refused


@pytest.mark.engine
async def test_an_image_is_pushed_by_a_job(
    api: Api, write_notebook: WriteNotebook, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "docker"
    config.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(config))
    built = await api.ended((await api.start(write_notebook("print(1)", name="job-pushing"), "build"))["id"])
    image = built["facts"]["image"]
    with local_registry(tmp_path) as registry:
        registry.credentials(config, password=PASSWORD)
        target = f"{registry.address}/job-pushing:v1"
        refused = await api.post("jobs", body={"verb": "push", "image": image, "notebook": "job-pushing.ipynb"})
        assert refused.status == 400
        answer = await api.post("jobs", body={"verb": "push", "image": image, "options": {"tag": target}})
        pushed = await api.ended(answer.value["id"])
        by_notebook = await api.start("job-pushing.ipynb", "push", options={"tag": target})
        again = await api.ended(by_notebook["id"])
    assert (pushed["state"], pushed["image"], pushed["notebook"]) == ("succeeded", image, ""), pushed
    assert pushed["facts"] == again["facts"]
    engine.client.api.remove_image(target)


@pytest.mark.parametrize("jp_server_config", [{"ContainerizeServer": {"kept_jobs": 2}}], indirect=True)
async def test_so_many_are_kept_and_who_watches_sees_them_go(
    api: Api, write_notebook: WriteNotebook, jp_serverapp: ServerApp, state: Path
) -> None:
    notebook = write_notebook("print(1)")
    async with api.socket("watch") as socket:
        jobs = [await api.start(notebook, "export", options={"folder": f"out{number}"}) for number in range(4)]
        gone: list[Any] = []
        async for message in socket:
            gone += [message["id"]] if message["type"] == "gone" else []
            if len(gone) == 2:
                break
    assert set(gone) == {job["id"] for job in jobs[:2]}
    kept = (await api.get("jobs")).value
    assert [job["id"] for job in kept] == [job["id"] for job in reversed(jobs[2:])]
    assert {path.name for path in state.rglob("jobs/*/*")} == {job["id"] for job in kept}


async def test_a_job_asks_for_the_same_again(api: Api, write_notebook: WriteNotebook, jp_root_dir: Path) -> None:
    job = await api.start(write_notebook("print(1)"), "export", options={"folder": "out", "base": "python:3.12"})
    assert (await api.ended(job["id"]))["outputs"] == ["out"]
    again = (await api.post("jobs", job["id"], "rerun")).value
    assert again["id"] != job["id"]
    assert {key: again[key] for key in ("verb", "notebook", "options")} == {
        key: job[key] for key in ("verb", "notebook", "options")
    }
    ended = await api.ended(again["id"])
    assert ended["state"] == "failed"  # the folder is there by now
    assert "'" + str(jp_root_dir / "out") + "'" in ended["summary"]
