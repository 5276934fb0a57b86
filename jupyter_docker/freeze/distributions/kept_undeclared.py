"""What libraries need without declaring it, looked for once as long as the files that say so stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.distributions.undeclared import undeclared_roots
from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.values import disk_cache as cache
from jupyter_docker.values.environment import Distribution, PythonEnvironment


def kept_undeclared(
    imports: Sequence[Import], reached: Mapping[str, Distribution], environment: PythonEnvironment
) -> list[Root]:
    """Return what the imported modules of ``reached`` import, and is installed, but not in it."""
    providers = Providers(environment)
    key = cache.digest(
        "undeclared",
        sorted({(each.module, each.members) for each in imports if each.module and not each.optional}),
        sorted(reached),
        [str(folder) for folder in environment.path],
        sorted((name, each.version) for name, each in providers.by_name.items()),
    )
    kept = _read_kept(cache.load("undeclared", key), providers)
    if kept is not None:
        return kept
    seen: set[Path] = set()
    roots = list(undeclared_roots(imports, reached, providers, environment, seen))
    files = {str(file): cache.changed(file) for file in seen}
    cache.store("undeclared", key, {"files": files, "roots": [[root.name, *root.why] for root in roots]})
    return roots


def _read_kept(kept: Any, providers: Providers) -> list[Root] | None:
    """Return the roots of a cache entry; None where there is none, or a file has changed since."""
    try:
        if any(cache.changed(file) != time for file, time in kept["files"].items()):
            return None
        return [installed_root(providers.by_name[canonicalize_name(name)], why=why) for name, why in kept["roots"]]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
