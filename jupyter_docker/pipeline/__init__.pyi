from .container import container_spec, describe_data, outputs_of, project_of, with_run_cache
from .environment import environment_of
from .images import build_image, build_kernel_image, export_context
from .plan import Plan
from .preparation import export, freeze, notebook_of, prepare
from .verification import Verified, verify

__all__ = [
    "Plan", "Verified", "build_image", "build_kernel_image", "container_spec", "describe_data", "environment_of",
    "export", "export_context", "freeze", "notebook_of", "outputs_of", "prepare", "project_of", "verify",
    "with_run_cache",
]  # fmt: skip
