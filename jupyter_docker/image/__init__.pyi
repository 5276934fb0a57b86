from .context import dockerfile_text, kernel_digest, stage_context, staged, uv_folder
from .recipe import CACHE_FOLDER, WHEELHOUSE, locks_of
from .sbom import make_sbom
from .secrets import build_secrets, plain_build
from .wheels.comparison import compare, explain_differences
from .wheels.download import fetch
from .wheels.files import Index, WheelFile
from .wheels.folder import UV_TOML, uv_program, wheelhouse
from .wheels.sources import build_requirements, check_needs

__all__ = [
    "CACHE_FOLDER", "UV_TOML", "WHEELHOUSE", "Index", "WheelFile", "build_requirements", "build_secrets",
    "check_needs", "compare", "dockerfile_text", "explain_differences", "fetch", "kernel_digest", "locks_of",
    "make_sbom", "plain_build", "stage_context", "staged", "uv_folder", "uv_program", "wheelhouse",
]  # fmt: skip
