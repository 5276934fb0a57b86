"""Script + Python environment → Requirements: what the code imports, pinned to what is installed, closed and hashed."""

from __future__ import annotations

from jupyter_docker.freeze.answer import question, read_answer
from jupyter_docker.freeze.environment import inspect_environment
from jupyter_docker.freeze.explain import Explained, explain, requirements_text
from jupyter_docker.freeze.imports import Import, find_imports
from jupyter_docker.freeze.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.kernel import kernel_pins
from jupyter_docker.freeze.lock import lock
from jupyter_docker.freeze.requirements import resolve_requirements
from jupyter_docker.freeze.resolve import Resolution, Root, resolve_roots
from jupyter_docker.freeze.system import default_base

__all__ = [
    "Explained",
    "Import",
    "IndexSettings",
    "Resolution",
    "Root",
    "default_base",
    "explain",
    "find_imports",
    "inspect_environment",
    "kernel_pins",
    "lock",
    "question",
    "read_answer",
    "read_index_settings",
    "requirements_text",
    "resolve_requirements",
    "resolve_roots",
]
