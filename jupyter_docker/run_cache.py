"""What a run would compute anew each time, kept in a named volume: compiled modules, and matplotlib's list of fonts.

The image holds no ``.pyc`` files: they would make it larger and its build slower, and whoever runs it may not write
beside the modules. So the first run compiles what it imports into this volume, and later ones find it there. Python
checks each file against its source (PEP 3147, PYTHONPYCACHEPREFIX), so a stale one is compiled again.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

from jupyter_docker.freeze import requirements_text
from jupyter_docker.models import Recipe
from jupyter_docker.recipe import CACHE_FOLDER
from jupyter_docker.runspec import CACHE_VOLUME_PREFIX, Mount, RunSpec


def with_run_cache(spec: RunSpec, recipe: Recipe) -> RunSpec:
    """Return ``spec`` with the volume of these packages, this notebook and the user who runs it.

    No other notebook shares it: what one compiles, another would run.
    """
    user = spec.user or (str(os.getuid()) if hasattr(os, "getuid") else "user")
    notebook = recipe.script.source.absolute() if recipe.script.source else ""
    owner = f"{recipe.base}\n{requirements_text(recipe.requirements)}\n{notebook}\n{user}"
    name = CACHE_VOLUME_PREFIX + hashlib.sha256(owner.encode()).hexdigest()[:12]
    mount = Mount(kind="volume", source=name, target=CACHE_FOLDER)
    variables = {"PYTHONPYCACHEPREFIX": f"{CACHE_FOLDER}/pycache", "MPLCONFIGDIR": f"{CACHE_FOLDER}/matplotlib"}
    return replace(spec, mounts=(*spec.mounts, mount), env={**variables, **spec.env})
