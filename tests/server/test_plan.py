"""Plans over HTTP: what the panel shows before anything is built."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_docker.notebook.parameters import parameter_arguments, parameter_values
from jupyter_docker.server.schema import check
from jupyter_docker.task_runner.script_parameters import read_parameters
from jupyter_docker.values.errors import UsageError
from tests.server.api import Api
from tests.server.conftest import WriteNotebook
from tests.server.test_live_kernel import evaluate, running


async def plan(api: Api, notebook: str, **fields: Any) -> dict[str, Any]:
    answer = await api.post("plan", body={"notebook": notebook, **fields})
    assert answer.status == 200, answer
    check("Plan", answer.value)
    value: dict[str, Any] = answer.value
    return value


def planning(notebook: str) -> list[psutil.Process]:
    """Return the processes that make a plan of the notebook."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "plan" in words and any(word.endswith(notebook) for word in words):
            found.append(process)
    return found


async def until(condition: Any) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_plan_with_choices(api: Api, write_notebook: WriteNotebook, jp_root_dir: Path) -> None:
    (jp_root_dir / "sub" / "data").mkdir(parents=True)
    name = write_notebook(
        "import packaging\nopen('data')", name="sub/-v", metadata={"containerize": {"apt": ["git"], "env": ["TOKEN"]}}
    )
    made = await plan(api, name, options={"ports": ["8080:80"], "mounts": ["./data:/d:ro"], "verify": True, "tag": "a"})
    assert (made["notebook"], made["live"]) == ("sub/-v.ipynb", False)
    assert [(each["name"], each["cells"]) for each in made["packages"]] == [("packaging", [1])]
    assert [each["name"] for each in made["system"]] == ["git"]
    assert made["env"] == [{"name": "TOKEN", "is_set": False}]
    assert made["ports"] == ["8080:80"]
    assert {(each["source"], each["target"]) for each in made["mounts"]} >= {(f"{jp_root_dir}/sub/data", "/d")}
    assert not planning("-v.ipynb")


async def test_a_value_for_a_parameter_is_checked_in_the_words_of_a_run(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path
) -> None:
    name = write_notebook("year = 2023  # of the table", "print(year)")
    text = json.loads((jp_root_dir / name).read_text())
    text["cells"][0]["metadata"]["tags"] = ["parameters"]
    (jp_root_dir / name).write_text(json.dumps(text))
    made = await plan(api, name)
    assert made["parameters"] == [{"name": "year", "default": "2023", "type": "int", "help": "of the table"}]
    answers = {
        (key, value): await api.post("parameters", body={"notebook": name, "name": key, "text": value})
        for key, value in (("year", "2024"), ("year", "soon"), ("yaer", "2024"), ("", "2024"))
    }
    assert [each.status for each in answers.values()] == [204, 400, 400, 400]
    for (key, value), answer in [*answers.items()][1:]:
        with pytest.raises(UsageError) as refused:
            parameter_values(read_parameters(made["script"]["text"]), parameter_arguments([f"{key}={value}"]))
        assert (answer.value["message"], answer.value["hint"]) == (refused.value.message, refused.value.hint)
    assert "Do you mean year?" in answers["yaer", "2024"].value["hint"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"notebook": "none.ipynb"}, (404, "MissingError")),
        ({"notebook": "../a.ipynb"}, (400, "UsageError")),
        ({}, (400, "UsageError")),
        ({"notebook": "a.ipynb", "options": {"fly": 1}}, (400, "UsageError")),
        ({"notebook": "a.ipynb", "options": {"env": ["--"]}}, (400, "UsageError")),
        ({"notebook": "a.ipynb", "options": {"base": "A B"}}, (400, "UsageError")),
        ({"notebook": "a.ipynb", "options": {"mounts": ["/etc:/x"]}}, (403, "MountError")),
        ({"notebook": "a.ipynb", "options": {"mounts": ["./link:/x"]}}, (403, "MountError")),
        ({"notebook": "a.ipynb", "options": {"memory": "-v/:/x"}}, (400, "UsageError")),
    ],
)
async def test_what_can_not_be_planned_says_why(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, fields: dict[str, Any], expected: tuple[int, str]
) -> None:
    write_notebook("1", name="a")
    (jp_root_dir / "link").symlink_to("/etc")
    answer = await api.post("plan", body=fields)
    assert (answer.status, answer.value["error"]) == expected, answer
    assert answer.value["hint"]


async def test_a_failed_freeze_names_the_cell(api: Api, write_notebook: WriteNotebook) -> None:
    answer = await api.post("plan", body={"notebook": write_notebook("1", "\nimport nowhere_at_all")})
    assert (answer.status, answer.value["error"]) == (422, "UnresolvedImportError")
    assert (answer.value["cell"], answer.value["line"]) == (2, 2)


async def test_the_running_kernel_tells_what_it_has_loaded(
    api: Api, jp_serverapp: ServerApp, write_notebook: WriteNotebook
) -> None:
    name = write_notebook("import packaging")
    async with running(jp_serverapp) as (kernel, client):
        await evaluate(client, "import hypothesis")
        made = await plan(api, name, kernel_id=kernel)
    assert (made["live"], made["warnings"]) == (True, [])
    assert [each["name"] for each in made["packages"]] == ["packaging"]
    assert "hypothesis" in [each["name"] for each in made["candidates"]]
    made = await plan(api, name, kernel_id=kernel)
    assert (made["live"], made["candidates"]) == (False, [])
    assert "not running any more" in made["warnings"][0]["message"]


@pytest.fixture
def slow_kernel(jp_data_dir: Path, tmp_path: Path) -> str:
    """A kernelspec whose Python does not answer, so that a plan with it takes as long as a test likes."""
    python = tmp_path / "slow-python"
    python.write_text("#!/bin/sh\nexec sleep 600\n")
    python.chmod(0o755)
    spec = jp_data_dir / "kernels" / "slow"
    spec.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "slow", "language": "python"}))
    return "slow"


async def test_only_the_latest_question_on_a_notebook_counts(
    api: Api, write_notebook: WriteNotebook, slow_kernel: str
) -> None:
    name = write_notebook("import packaging", name="latest")
    first = asyncio.ensure_future(api.post("plan", body={"notebook": name, "options": {"kernel": slow_kernel}}))
    await until(lambda: planning(name))
    second, third = await asyncio.gather(*(plan(api, name, options={"apt": ["git"]}) for _ in range(2)))
    refused = await first
    assert refused.status == 409
    assert "refresh the plan" in refused.value["hint"]
    assert second == third
    assert [each["name"] for each in second["system"]] == ["git"]
    assert not planning(name)


@pytest.mark.usefixtures("jp_fetch")  # which starts the server
async def test_a_plan_that_nobody_waits_for_is_given_up(
    write_notebook: WriteNotebook, slow_kernel: str, jp_http_port: int, jp_base_url: str, jp_auth_header: dict[str, str]
) -> None:
    name = write_notebook("1", name="dropped")
    body = json.dumps({"notebook": name, "options": {"kernel": slow_kernel}})
    _, writer = await asyncio.open_connection("127.0.0.1", jp_http_port)
    head = [
        f"POST {jp_base_url}containerize/plan HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}",
        *(f"{key}: {value}" for key, value in jp_auth_header.items()),
    ]  # fmt: skip
    writer.write(("\r\n".join([*head, "", body])).encode())
    await until(lambda: planning(name) and planning(name)[0].children())
    [process] = planning(name)
    [probe] = process.children()
    writer.close()
    await until(lambda: not process.is_running() and not probe.is_running())


async def test_what_the_notebook_asks_for_is_allowed_outside_of_it(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "a value")
    chosen = {"base": "a:1", "env": ["TOKEN"], "mounts": ["/etc:/x"], "memory": "1g"}
    name = write_notebook("1", name="asks", metadata={"containerize": chosen})
    before = (jp_root_dir / name).read_bytes()
    unmet = (await plan(api, name))["unmet"]
    assert [(each["kind"], each["value"], each["verdict"]) for each in unmet] == [
        ("base", "a:1", "consent"), ("mounts", "/etc:/x", "refused"), ("variable", "TOKEN", "consent"),
    ]  # fmt: skip
    refused = await api.post("jobs", body={"verb": "run", "notebook": name})
    assert (refused.status, refused.value["error"]) == (400, "UsageError")
    for each in unmet:
        answer = await api.post("consents", body={"notebook": name, "kind": each["kind"], "value": each["value"]})
        assert answer.status == (400 if each["verdict"] == "refused" else 204), answer
    made = await plan(api, name)
    assert [each["kind"] for each in made["unmet"]] == ["mounts"]
    assert (made["base"], made["env"]) == ("a:1", [{"name": "TOKEN", "is_set": True}])
    again = {"notebook": name, "kind": "variable", "value": "TOKEN", "allowed": False}
    assert (await api.post("consents", body=again)).status == 204
    assert [each["kind"] for each in (await plan(api, name))["unmet"]] == ["mounts", "variable"]
    assert (jp_root_dir / name).read_bytes() == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "memory", "value": "1g"}, 204),  # needs none
        ({"kind": "fly", "value": "x"}, 400),
        ({"kind": "base", "value": "A B"}, 400),
        ({"kind": "variable", "value": "1 \0"}, 400),
        ({"kind": "variable", "value": 1}, 400),
        ({"kind": "gpus", "value": "all", "notebook": "../a.ipynb"}, 400),
        ({"kind": "gpus", "value": "all", "notebook": "none.ipynb"}, 404),
        ({"kind": "mounts", "value": "volume:/x"}, 400),
        ({"value": "x"}, 400),
    ],
)
async def test_consent_of_another_form_is_refused(
    api: Api, write_notebook: WriteNotebook, fields: dict[str, Any], status: int
) -> None:
    write_notebook("1", name="a")
    answer = await api.post("consents", body={"notebook": "a.ipynb", **fields})
    assert answer.status == status, answer
