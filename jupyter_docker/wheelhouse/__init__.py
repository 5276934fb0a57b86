"""The wheels of a lock, fetched and checked on this machine, so that a build needs no network and no login."""

from jupyter_docker.wheelhouse.comparison import Comparison, compare, explain_differences
from jupyter_docker.wheelhouse.download import fetch
from jupyter_docker.wheelhouse.files import Index, WheelFile
from jupyter_docker.wheelhouse.folder import UV_TOML, uv_program, wheelhouse
from jupyter_docker.wheelhouse.sources import build_requirements, check_needs

__all__ = [
    "UV_TOML",
    "Comparison",
    "Index",
    "WheelFile",
    "build_requirements",
    "check_needs",
    "compare",
    "explain_differences",
    "fetch",
    "uv_program",
    "wheelhouse",
]
