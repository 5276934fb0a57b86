"""The wheels of a lock, fetched and checked on this machine, so that a build needs no network and no login."""

from jupyter_docker.wheelhouse.comparison import Comparison, compare, explain_differences
from jupyter_docker.wheelhouse.download import fetch
from jupyter_docker.wheelhouse.files import WheelFile, find_wheels
from jupyter_docker.wheelhouse.folder import UV_TOML, uv_program, wheelhouse

__all__ = [
    "UV_TOML",
    "Comparison",
    "WheelFile",
    "compare",
    "explain_differences",
    "fetch",
    "find_wheels",
    "uv_program",
    "wheelhouse",
]
