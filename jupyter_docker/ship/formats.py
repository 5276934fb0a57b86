"""An image and how it runs → files for other places to run it in: pure text, by dumping data."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_docker.ship.aws import aws_batch, ecs
from jupyter_docker.ship.cloud_run import cloud_run
from jupyter_docker.ship.compose import compose
from jupyter_docker.ship.kubernetes import kubernetes
from jupyter_docker.ship.shipment import Writer
from jupyter_docker.ship.workspaces import apptainer, binder, devcontainer, github_action

FORMATS: Mapping[str, Writer] = {
    "compose": compose,
    "kubernetes": kubernetes,
    "ecs": ecs,
    "aws-batch": aws_batch,
    "cloud-run": cloud_run,
    "devcontainer": devcontainer,
    "binder": binder,
    "apptainer": apptainer,
    "github-action": github_action,
}
