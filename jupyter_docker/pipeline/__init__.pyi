from .container import container_spec, describe_data, outputs_of, project_of, with_run_cache
from .environment import environment_of
from .images import build_image, build_kernel_image, export_context
from .packing import Pack, read_pack, write_pack
from .plan import Plan
from .preparation import export, freeze, notebook_of, prepare
from .stamping import make_stamp
from .sweep import SweepRequest, make_sweep, start_sweep, watch_sweep
from .verification import Verified, aside, proof_copy, verify

__all__ = [
    "Pack", "Plan", "SweepRequest", "Verified", "aside", "build_image", "build_kernel_image", "container_spec",
    "describe_data", "environment_of", "export", "export_context", "freeze", "make_stamp", "make_sweep",
    "notebook_of", "outputs_of", "prepare", "project_of", "proof_copy", "read_pack", "start_sweep", "verify",
    "watch_sweep", "with_run_cache", "write_pack",
]  # fmt: skip
