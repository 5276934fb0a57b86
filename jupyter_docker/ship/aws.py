"""Amazon ECS and AWS Batch on Fargate, as the JSON that ``aws … --cli-input-json`` takes.

Task definitions: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
Job definitions: https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from jupyter_docker.ship.shipment import Shipment, Shipped
from jupyter_docker.values import UsageError

FILE_SYSTEM, ROLE = "REPLACE-WITH-EFS-FILE-SYSTEM-ID", "REPLACE-WITH-EXECUTION-ROLE-ARN"
SECRET = "REPLACE-WITH-SECRET-ARN"  # noqa: S105 - no secret, its place
_DEFAULT_CPUS, _DEFAULT_MEMORY = 1.0, 2048


def fargate_sizes() -> Iterator[tuple[int, int]]:
    """Yield the pairs of CPU units (1024 are a core) and MiB that Fargate takes, the smallest first.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
    """
    yield from ((256, memory) for memory in (512, 1024, 2048))
    for units, low, high, step in (
        (512, 1, 4, 1), (1024, 2, 8, 1), (2048, 4, 16, 1), (4096, 8, 30, 1), (8192, 16, 60, 4), (16384, 32, 120, 8),
    ):  # fmt: skip
        yield from ((units, memory * 1024) for memory in range(low, high + 1, step))


def fargate_size(shipment: Shipment) -> tuple[int, int]:
    """Return the smallest pair that holds the limits; raises UsageError where Fargate has none so large."""
    units = (shipment.limits.cpus or _DEFAULT_CPUS) * 1024
    memory = math.ceil(shipment.limits.memory / 2**20) if shipment.limits.memory else _DEFAULT_MEMORY
    for size in fargate_sizes():
        if size[0] >= units and size[1] >= memory:
            return size
    raise UsageError(
        "Fargate has no task that large.", hint="It has up to 16 CPUs and 120 GiB: --cpus 16 --memory 120g"
    )


def ecs(shipment: Shipment) -> Shipped:
    """Return task-definition.json: a task on Fargate, or on instances of your cluster where it needs GPUs."""
    units, memory = fargate_size(shipment)
    container: dict[str, Any] = {
        "name": "notebook",
        "image": str(shipment.image),
        "essential": True,
        "command": list(shipment.arguments),
        "user": shipment.user,
        "environment": _environment(shipment),
        "secrets": _secrets(shipment),
        "mountPoints": _mount_points(shipment),
        "portMappings": [{"containerPort": port.container, "protocol": port.protocol} for port in shipment.ports],
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "resourceRequirements": _gpu_requirement(shipment),
        "logConfiguration": {"logDriver": "awslogs", "options": _logs(shipment)},
    }
    definition: dict[str, Any] = {
        "family": shipment.name,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["EC2" if shipment.gpus else "FARGATE"],
        "cpu": str(units),
        "memory": str(memory),
        "executionRoleArn": ROLE,
        "runtimePlatform": {"operatingSystemFamily": "LINUX"},
        "containerDefinitions": [_without_empty(container)],
        "volumes": _volumes(shipment),
    }
    kind, network = "EC2" if shipment.gpus else "FARGATE", "'awsvpcConfiguration={subnets=[SUBNET]}'"
    run = f"aws ecs run-task --launch-type {kind} --task-definition {shipment.name} --cluster CLUSTER"
    register = "aws ecs register-task-definition --cli-input-json file://task-definition.json"
    steps = (*_replacements(shipment), register, f"{run} --network-configuration {network}")
    return Shipped(files={"task-definition.json": _dump(_without_empty(definition))}, steps=steps)


def aws_batch(shipment: Shipment) -> Shipped:
    """Return job-definition.json: a job on Fargate, or on instances where it needs GPUs."""
    units, memory = fargate_size(shipment)
    cpus = units / 1024
    sizes = [("VCPU", f"{cpus:g}"), ("MEMORY", str(memory))]
    container: dict[str, Any] = {
        "image": str(shipment.image),
        "command": list(shipment.arguments),
        "user": shipment.user,
        "resourceRequirements": [{"type": kind, "value": value} for kind, value in sizes] + _gpu_requirement(shipment),
        "environment": _environment(shipment),
        "secrets": _secrets(shipment),
        "mountPoints": _mount_points(shipment),
        "volumes": _volumes(shipment),
        "executionRoleArn": ROLE,
        "linuxParameters": {"initProcessEnabled": True},
    }
    if not shipment.gpus:
        container["networkConfiguration"] = {"assignPublicIp": "ENABLED"}
    definition = {
        "jobDefinitionName": shipment.name,
        "type": "container",
        "platformCapabilities": ["EC2" if shipment.gpus else "FARGATE"],
        "retryStrategy": {"attempts": 1},
        "containerProperties": _without_empty(container),
    }
    register = "aws batch register-job-definition --cli-input-json file://job-definition.json"
    submit = f"aws batch submit-job --job-name {shipment.name} --job-queue QUEUE --job-definition {shipment.name}"
    return Shipped(files={"job-definition.json": _dump(definition)}, steps=(*_replacements(shipment), register, submit))


def _replacements(shipment: Shipment) -> Iterator[str]:
    yield f"put your execution role in the place of {ROLE}"
    if shipment.mounts:
        yield f"copy the data into an EFS file system, and put its id in the place of {FILE_SYSTEM}"
    if shipment.secrets:
        yield f"put the ARN of the secret in Secrets Manager in the place of {SECRET}"


def _environment(shipment: Shipment) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in shipment.variables.items()]


def _secrets(shipment: Shipment) -> list[dict[str, str]]:
    return [{"name": name, "valueFrom": f"{SECRET}:{name}::"} for name in shipment.secrets]


def _mount_points(shipment: Shipment) -> list[dict[str, Any]]:
    return [
        {"sourceVolume": mount.name, "containerPath": str(mount.target), "readOnly": mount.read_only}
        for mount in shipment.mounts
    ]


def _volumes(shipment: Shipment) -> list[dict[str, Any]]:
    return [
        {
            "name": mount.name,
            "efsVolumeConfiguration": {
                "fileSystemId": FILE_SYSTEM,
                "rootDirectory": mount.source.removeprefix("."),
                "transitEncryption": "ENABLED",
            },
        }
        for mount in shipment.mounts
    ]


def _gpu_requirement(shipment: Shipment) -> list[dict[str, str]]:
    count = shipment.gpus if shipment.gpus.isdigit() else "1"
    return [{"type": "GPU", "value": count}] if shipment.gpus else []


def _logs(shipment: Shipment) -> dict[str, str]:
    return {"awslogs-group": f"/ecs/{shipment.name}", "awslogs-stream-prefix": "run", "awslogs-create-group": "true"}


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ([], {}, "")}


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
