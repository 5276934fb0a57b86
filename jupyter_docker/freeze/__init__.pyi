from .distributions.closure import target_markers
from .distributions.providers import Providers
from .environment.inspection import inspect_environment
from .environment.loaded_libraries import kernel_query, read_answer
from .lock.failure import VersionMissingError, explain_failure
from .lock.index import IndexSettings, read_index_settings
from .lock.installed_wheel import find_installed
from .lock.kernel import jupyter_pins
from .lock.resolver import WHEELS_ONLY, LockInputs, resolve, run_uv
from .reasons import explain, requirements_text
from .requirements import resolve_requirements
from .scan.imports import Import, find_imports
from .system.packages import default_base
from .system.table import system_table

__all__ = [
    "WHEELS_ONLY", "Import", "IndexSettings", "LockInputs", "Providers", "VersionMissingError", "default_base",
    "explain", "explain_failure", "find_imports", "find_installed", "inspect_environment", "jupyter_pins",
    "kernel_query", "read_answer", "read_index_settings", "requirements_text", "resolve", "resolve_requirements",
    "run_uv", "system_table", "target_markers",
]  # fmt: skip
