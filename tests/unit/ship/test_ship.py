"""What is shipped, checked by the strictest reader that each place has, with nothing of this machine in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from jupyter_docker.commands.options.parser import PLACES
from jupyter_docker.ship.aws import fargate_size, fargate_sizes
from jupyter_docker.ship.formats import FORMATS
from jupyter_docker.ship.shipment import Shipment, Shipped, shipment_of
from jupyter_docker.values.container_spec import Limits, Mount, Port, RunSpec
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.image_reference import ImageReference

DIGEST = "sha256:" + "a" * 64
IMAGE = ImageReference(registry="registry.example.com", repository="team/penguins", digest=DIGEST)
OF_IMAGES = [name for name in FORMATS if name != "binder"]


def full(folder: Path, **changes: Any) -> Shipment:
    data, output, file = folder / "data", folder / "output", folder / "my table.csv"
    for each in (data, output):
        each.mkdir()
    file.touch()
    settings: dict[str, Any] = {
        "image": str(IMAGE),
        "mounts": (
            Mount(kind="bind", source=str(data), target=PurePosixPath("/app/data"), read_only=True),
            Mount(kind="bind", source=str(output), target=PurePosixPath("/app/output")),
            Mount(kind="bind", source=str(file), target=PurePosixPath("/app/my table.csv"), read_only=True),
            Mount(kind="bind", source="/somewhere/else", target=PurePosixPath("/data"), read_only=True),
        ),
        "env": {"GREETING": "it's $HOME and $(HOME)", "TOKEN": "hunter2"},
        "ports": (Port(container=80, host=8080),),
        "limits": Limits(memory=3 * 2**30 + 1, cpus=1.5, shared_memory=2**30),
        "command": ("-P", "year=2024", "-P", "label=it's"),
        **changes,
    }
    return shipment_of(RunSpec(**settings), IMAGE, folder, secrets=("TOKEN",))


def plain(folder: Path) -> Shipment:
    return shipment_of(RunSpec(image=str(IMAGE)), IMAGE, folder)


@pytest.fixture(params=["plain", "full", "gpus"])
def shipment(request: pytest.FixtureRequest, tmp_path: Path) -> Shipment:
    if request.param == "plain":
        return plain(tmp_path)
    return full(tmp_path, **({"gpus": "2", "user": "42:43"} if request.param == "gpus" else {}))


def documents(shipped: Shipped) -> Iterator[Any]:
    for name, text in shipped.files.items():
        if name.endswith((".yaml", ".yml")):
            yield yaml.safe_load(text)
        elif name.endswith(".json"):
            yield json.loads(text)


@pytest.mark.parametrize("place", OF_IMAGES)
def test_nothing_of_this_machine_travels(place: str, tmp_path: Path) -> None:
    shipped = FORMATS[place](full(tmp_path))
    text = "\n".join([*shipped.files.values(), *shipped.steps])
    assert str(tmp_path) not in text
    assert "/somewhere" not in text
    assert "hunter2" not in text
    assert "TOKEN" in text
    assert f"team/penguins@{DIGEST}" in text
    assert not re.search(r"penguins:\w", text)


@pytest.mark.parametrize("place", OF_IMAGES)
def test_the_same_makes_the_same(place: str, shipment: Shipment) -> None:
    assert FORMATS[place](shipment) == FORMATS[place](shipment)
    assert all(text.endswith("\n") for text in FORMATS[place](shipment).files.values())


@pytest.mark.parametrize("version", ["1.28.0", "1.33.0"])
def test_kubernetes_takes_the_job(shipment: Shipment, version: str) -> None:
    import kubernetes_validate

    for document in documents(FORMATS["kubernetes"](shipment)):
        kubernetes_validate.validate(document, version, strict=True)
        assert len(document["metadata"]["name"]) <= 63


def test_kubernetes_runs_it_without_rights(tmp_path: Path) -> None:
    job = yaml.safe_load(FORMATS["kubernetes"](full(tmp_path)).files["job.yaml"])
    pod = job["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert container["env"][0] == {"name": "GREETING", "value": "it's $HOME and $$(HOME)"}
    assert container["env"][1]["valueFrom"] == {"secretKeyRef": {"name": "penguins", "key": "TOKEN"}}
    assert container["resources"]["limits"] == {"memory": "3073Mi", "cpu": "1500m"}


@pytest.mark.parametrize(
    ("place", "service", "operation"),
    [("ecs", "ecs", "RegisterTaskDefinition"), ("aws-batch", "batch", "RegisterJobDefinition")],
)
def test_aws_takes_the_definition(place: str, service: str, operation: str, shipment: Shipment) -> None:
    from botocore.session import get_session
    from botocore.validate import ParamValidator

    (document,) = documents(FORMATS[place](shipment))
    shape = get_session().get_service_model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(document, shape)
    assert not report.has_errors(), report.generate_report()


def test_fargate_gets_a_size_that_it_has(tmp_path: Path) -> None:
    sizes = set(fargate_sizes())
    assert {(256, 512), (1024, 8192), (4096, 30720), (8192, 20480), (16384, 122880)} <= sizes
    assert not {(256, 4096), (512, 512), (8192, 17408), (16384, 34816)} & sizes
    assert fargate_size(plain(tmp_path)) == (1024, 2048)
    shipment = full(tmp_path)
    assert fargate_size(shipment) == (2048, 4096)
    (definition,) = documents(FORMATS["ecs"](shipment))
    assert (int(definition["cpu"]), int(definition["memory"])) in sizes


@pytest.mark.parametrize("limits", [Limits(memory=2**37 + 1), Limits(cpus=17)])
def test_what_fargate_has_not_is_refused(limits: Limits, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Fargate has no task that large"):
        FORMATS["ecs"](full(tmp_path, limits=limits))


def test_cloud_run_takes_the_job(shipment: Shipment) -> None:
    from google.cloud import run_v2

    text = FORMATS["cloud-run"](shipment).files["job.json"]
    job = run_v2.Job.from_json(text, ignore_unknown_fields=False)
    container = job.template.template.containers[0]
    assert container.image == str(IMAGE)
    assert list(container.args) == list(shipment.arguments)


def test_github_takes_the_workflow(shipment: Shipment, tmp_path: Path) -> None:
    from check_jsonschema.builtin_schemas import get_builtin_schema
    from jsonschema.validators import validator_for

    (path, text) = next(iter(FORMATS["github-action"](shipment).files.items()))
    assert path == ".github/workflows/penguins.yml"
    schema = get_builtin_schema("vendor.github-workflows")
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but text; "on" stays a word
    workflow["jobs"]["run"].pop("timeout-minutes", None)
    validator_for(schema)(schema).validate(workflow)


def test_compose_keeps_a_dollar_sign_and_asks_for_a_secret(tmp_path: Path) -> None:
    service = yaml.safe_load(FORMATS["compose"](full(tmp_path)).files["compose.yaml"])["services"]["penguins"]
    assert service["environment"]["GREETING"] == "it's $$HOME and $$(HOME)"
    assert service["environment"]["TOKEN"].startswith("${TOKEN:?")
    assert service["ports"] == ["127.0.0.1:8080:80/tcp"]
    assert [volume["source"] for volume in service["volumes"]] == ["./data", "./output", "./my table.csv", "./data-2"]


def test_a_dev_container_asks_for_no_rights(shipment: Shipment) -> None:
    (document,) = documents(FORMATS["devcontainer"](shipment))
    assert document["image"] == str(IMAGE)
    assert "--cap-drop=ALL" in document["runArgs"]


def test_binder_needs_a_notebook(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Binder needs a notebook"):
        FORMATS["binder"](plain(tmp_path))


def test_the_command_knows_every_place() -> None:
    assert tuple(FORMATS) == PLACES


EXPRESSIONS = [
    "${{ secrets.TOKEN }}",
    "${TOKEN}",
    "$TOKEN",
    "$(TOKEN)",
    "a; touch b",
    "'x\"",
    "a,target=/etc",
    "a:/etc",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_a_notebook_named_is_no_expression_elsewhere(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "data" / text.replace("/", "_")
    folder.mkdir(parents=True)
    mount = Mount(kind="bind", source=str(folder), target=PurePosixPath("/app/out"))
    spec = RunSpec(image=str(IMAGE), mounts=(mount,), env={"A": text})
    shipment = shipment_of(spec, IMAGE, tmp_path)
    service = yaml.safe_load(FORMATS["compose"](shipment).files["compose.yaml"])["services"]["penguins"]
    assert "$" not in re.sub(r"\$\$", "", json.dumps([service["environment"], service["volumes"]]))
    workflow = next(iter(FORMATS["github-action"](shipment).files.values()))
    assert "${{ '${{' }} secrets" in workflow if text.startswith("${{") else "${{" not in workflow
    for place in ("devcontainer", "apptainer"):
        try:
            files = FORMATS[place](shipment).files
        except UsageError:
            continue
        assert not re.search(r"\$\{(?!localWorkspaceFolder)", "".join(files.values())) or place == "apptainer"
