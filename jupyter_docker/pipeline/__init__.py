"""The only package that knows the order of the steps: export, freeze, stage, build, run."""

from jupyter_docker.pipeline.container import (
    container_spec,
    describe_data,
    outputs_of,
    project_of,
    with_data,
    with_run_cache,
)
from jupyter_docker.pipeline.environment import environment_of
from jupyter_docker.pipeline.images import build_image, build_kernel_image, export_context
from jupyter_docker.pipeline.preparation import PYTHON_LABEL, export, freeze, notebook_of, prepare

__all__ = [
    "PYTHON_LABEL",
    "build_image",
    "build_kernel_image",
    "container_spec",
    "describe_data",
    "environment_of",
    "export",
    "export_context",
    "freeze",
    "notebook_of",
    "outputs_of",
    "prepare",
    "project_of",
    "with_data",
    "with_run_cache",
]
