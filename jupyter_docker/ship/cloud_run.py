"""Google Cloud Run: a job.

Its form: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs
"""

from __future__ import annotations

import json
import math
from typing import Any

from jupyter_docker.ship.shipment import Shipment, Shipped

BUCKET = "REPLACE-WITH-BUCKET"
_CPUS = (1, 2, 4, 6, 8)


def cloud_run(shipment: Shipment) -> Shipped:
    """Return job.json, for the REST API and its clients; data lies in a bucket, a folder a mount."""
    container: dict[str, Any] = {
        "image": str(shipment.image),
        "args": list(shipment.arguments),
        "env": _variables(shipment),
        "resources": {"limits": _resources(shipment)},
        "volumeMounts": [{"name": mount.name, "mountPath": str(mount.target)} for mount in shipment.mounts],
    }
    task: dict[str, Any] = {
        "containers": [{name: value for name, value in container.items() if value}],
        "maxRetries": 0,
        "timeout": "3600s",
    }
    if shipment.mounts:
        task["volumes"] = [_volume(shipment, mount.name) for mount in shipment.mounts]
    if shipment.gpus:
        task["nodeSelector"] = {"accelerator": "nvidia-l4"}
    job = {"template": {"taskCount": 1, "template": task}}
    url = f"https://run.googleapis.com/v2/projects/PROJECT/locations/REGION/jobs?jobId={shipment.name[:49]}"
    header = '-H "Authorization: Bearer $(gcloud auth print-access-token)"'
    steps = [f"put the name of a bucket with your data in the place of {BUCKET}"] if shipment.mounts else []
    steps.append(f'curl -X POST {header} -H "Content-Type: application/json" -d @job.json "{url}"')
    steps.append(f"gcloud run jobs execute {shipment.name[:49]} --region REGION")
    return Shipped(files={"job.json": json.dumps(job, indent=2, ensure_ascii=False) + "\n"}, steps=tuple(steps))


def _variables(shipment: Shipment) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in shipment.variables.items()]
    sources = [(name, {"secretKeyRef": {"secret": name, "version": "latest"}}) for name in shipment.secrets]
    return [*values, *({"name": name, "valueSource": source} for name, source in sources)]


def _resources(shipment: Shipment) -> dict[str, str]:
    wanted = shipment.limits.cpus or 1
    cpus = next((each for each in _CPUS if each >= wanted), _CPUS[-1])
    memory = math.ceil((shipment.limits.memory or 2**31) / 2**20)
    gpus = {"nvidia.com/gpu": "1"} if shipment.gpus else {}
    return {"cpu": str(cpus), "memory": f"{max(memory, 512)}Mi", **gpus}


def _volume(shipment: Shipment, name: str) -> dict[str, Any]:
    mount = next(each for each in shipment.mounts if each.name == name)
    folder = mount.source.removeprefix("./")
    options = [f"only-dir={folder}", f"uid={shipment.user_ids[0]}", f"gid={shipment.user_ids[1]}"]
    return {"name": name, "gcs": {"bucket": BUCKET, "readOnly": mount.read_only, "mountOptions": options}}
