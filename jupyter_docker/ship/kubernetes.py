"""Kubernetes: a Job that runs once, and a claim for its data.

Its manual: https://kubernetes.io/docs/concepts/workloads/controllers/job/
"""

from __future__ import annotations

import math
from typing import Any

import yaml

from jupyter_docker.ship.shipment import Shipment, Shipped, ShippedMount

_HOUR = 3600
_MAX_NAME = 52


def kubernetes(shipment: Shipment) -> Shipped:
    """Return job.yaml and, for data, claim.yaml: one volume claim with a folder for each mount."""
    name = _name(shipment)
    uid, gid = shipment.user_ids
    pod: dict[str, Any] = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": uid or 1000,
            "runAsGroup": gid or 1000,
            "fsGroup": gid or 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(shipment)],
        "volumes": _volumes(shipment),
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": _labels(shipment)},
        "spec": {
            "backoffLimit": 0,
            "ttlSecondsAfterFinished": 24 * _HOUR,
            "template": {"metadata": {"labels": _labels(shipment)}, "spec": pod},
        },
    }
    files = {"job.yaml": _dump(job)}
    steps = []
    if shipment.mounts:
        files["claim.yaml"] = _dump(_claim(shipment))
        steps = ["kubectl apply -f claim.yaml", "copy your data into that volume, a folder a mount (see job.yaml)"]
    steps += [f"kubectl create secret generic {name} --from-env-file=FILE"] if shipment.secrets else []
    steps += ["kubectl apply -f job.yaml", f"kubectl logs -f job/{name}"]
    return Shipped(files=files, steps=tuple(steps))


def _container(shipment: Shipment) -> dict[str, Any]:
    container: dict[str, Any] = {
        "name": "notebook",
        "image": str(shipment.image),
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [*map(_volume_mount, shipment.mounts), {"name": "shared-memory", "mountPath": "/dev/shm"}],  # noqa: S108
    }
    if shipment.arguments:
        container["args"] = list(shipment.arguments)
    if variables := _variables(shipment):
        container["env"] = variables
    if resources := _resources(shipment):
        container["resources"] = {"requests": resources, "limits": resources}
    if shipment.ports:
        ports = [{"containerPort": port.container, "protocol": port.protocol.upper()} for port in shipment.ports]
        container["ports"] = ports
    return container


def _variables(shipment: Shipment) -> list[dict[str, Any]]:
    """Return the variables; $( is Kubernetes' own sign."""
    values = [{"name": name, "value": value.replace("$(", "$$(")} for name, value in shipment.variables.items()]
    reference = [(name, {"secretKeyRef": {"name": _name(shipment), "key": name}}) for name in shipment.secrets]
    return [*values, *({"name": name, "valueFrom": source} for name, source in reference)]


def _resources(shipment: Shipment) -> dict[str, str]:
    resources = {}
    if shipment.limits.memory:
        resources["memory"] = f"{math.ceil(shipment.limits.memory / 2**20)}Mi"
    if shipment.limits.cpus:
        resources["cpu"] = f"{math.ceil(shipment.limits.cpus * 1000)}m"
    if shipment.gpus:
        resources["nvidia.com/gpu"] = shipment.gpus if shipment.gpus.isdigit() else "1"
    return resources


def _volumes(shipment: Shipment) -> list[dict[str, Any]]:
    data = (
        [{"name": "data", "persistentVolumeClaim": {"claimName": f"{_name(shipment)}-data"}}] if shipment.mounts else []
    )
    return [*data, {"name": "shared-memory", "emptyDir": {"medium": "Memory"}}]


def _volume_mount(mount: ShippedMount) -> dict[str, Any]:
    path = mount.source.removeprefix("./")
    return {"name": "data", "mountPath": str(mount.target), "subPath": path, "readOnly": mount.read_only}


def _claim(shipment: Shipment) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": f"{_name(shipment)}-data", "labels": _labels(shipment)},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }


def _name(shipment: Shipment) -> str:
    """Return the name as Kubernetes takes it: a job's pods are named after it, in 63 characters."""
    return shipment.name[:_MAX_NAME].strip("-")


def _labels(shipment: Shipment) -> dict[str, str]:
    return {"app.kubernetes.io/name": _name(shipment), "app.kubernetes.io/managed-by": "jupyter-containerize"}


def _dump(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
