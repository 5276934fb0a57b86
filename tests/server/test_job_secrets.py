"""A job's secrets are for its container alone: whatever their names, they change nothing of the job's process."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server.jobs.process import JOB_VARIABLE
from tests.server.api import Api
from tests.server.conftest import WriteNotebook

pytestmark = pytest.mark.engine

NAMES = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH", "JUPYTER_DATA_DIR", "PIP_INDEX_URL", "UV_DEFAULT_INDEX",
    "UV_CONFIG_FILE", "NETRC", "SSL_CERT_FILE", "HTTPS_PROXY", "DOCKER_HOST", "DOCKER_CONFIG", "BUILDX_BUILDER",
    "LD_PRELOAD_", "PYTHONSTARTUP", "PYTHONPATH", "XDG_STATE_HOME", "TMPDIR", "HOME", "JUPYTER_CONTAINERIZE_JOB",
    "A_KEY",
)  # fmt: skip
PRINT = "import json, os\nprint(json.dumps([os.environ[name] for name in NAMES]))"


async def test_any_name_reaches_the_container_and_steers_nothing_here(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path, engine: Engine
) -> None:
    notebook = write_notebook(f"NAMES = {NAMES!r}", PRINT, name="job-secrets")
    values = {name: f"/nowhere/{name}\nsecond line" for name in NAMES}
    job = await api.start(notebook, secrets=values)
    ended = await api.ended(job["id"])
    assert ended["state"] == "succeeded", ended
    assert tuple(ended["secret_names"]) == NAMES
    log = (await api.get("jobs", job["id"], "log", step="run")).value
    assert json.loads(log if isinstance(log, str) else json.dumps(log)) == [*values.values()]
    again = await api.post("jobs", job["id"], "rerun", body={"secrets": values})
    assert (await api.ended(again.value["id"]))["state"] == "succeeded"


async def test_a_plain_variable_is_in_no_list_of_processes(api: Api, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook("import time\nprint('ready')\ntime.sleep(600)", name="job-plain")
    job = await api.start(notebook, options={"env": ["PLAIN=planted-plain-value"]})
    async with api.socket("jobs", job["id"], "events") as socket:
        async for batch in socket:
            if any(event["type"] == "Log" and event["step"] == "run" for event in batch):
                break
    lines = [" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])]
    own = [each for each in psutil.process_iter() if environment(each).get(JOB_VARIABLE) == job["id"]]
    assert own
    assert not any("planted-plain-value" in line for line in lines)
    assert (await api.post("jobs", job["id"], "cancel")).status == 200
    await api.ended(job["id"])


def environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
