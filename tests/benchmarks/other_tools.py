"""The tools that people freeze notebooks with, run on a copy of a folder, with the packages of an environment in sight.

`pipreqs` works without the index (--use-local), `pigar` as it comes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from tests.case_environments import site_packages

_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*?)(?:\[[^\]]*\])?\s*(?:==|@|$)", re.MULTILINE)


def pipreqs(folder: Path, environment: Path, *, env: Mapping[str, str] = os.environ) -> set[str]:
    """Return the distributions that pipreqs finds."""
    return _run(folder, environment, env, "pipreqs", "--scan-notebooks", "--use-local", "--savepath", "{out}")


def pigar(folder: Path, environment: Path, *, env: Mapping[str, str] = os.environ) -> set[str]:
    """Return the distributions that pigar finds."""
    return _run(folder, environment, env, "pigar", "generate", "--question-answer", "no", "-f", "{out}")


def pinned_names(requirements: str) -> set[str]:
    """Return the normalized names of a requirements file."""
    return {canonicalize_name(name) for name in _PINNED.findall(requirements)}


def _run(folder: Path, environment: Path, env: Mapping[str, str], name: str, *words: str) -> set[str]:
    with tempfile.TemporaryDirectory() as temporary:
        copy, out = Path(temporary, "folder"), Path(temporary, "out.txt")
        shutil.copytree(folder, copy)
        command = [str(_tools() / "bin" / name), *(word.format(out=out) for word in words), str(copy)]
        seeing = {**env, "PYTHONPATH": str(site_packages(environment))}
        subprocess.run(command, capture_output=True, text=True, env=seeing, check=False)
        return pinned_names(out.read_text(encoding="utf-8")) if out.exists() else set()


def _tools() -> Path:
    """Return an environment with the tools, made once."""
    place = platformdirs.user_cache_path("jupyter-containerize-cases", appauthor=False) / "tools"
    if not (place / "bin/pigar").exists():
        subprocess.run([find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(place)], check=True)
        packages = ["pigar==2.2.0", "pipreqs==0.5.0"]
        subprocess.run([find_uv_bin(), "pip", "install", "--quiet", "--python", str(place), *packages], check=True)
    return place
