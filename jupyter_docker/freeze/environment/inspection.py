"""The Python environment to freeze: this process, an interpreter, or a kernelspec's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from string import Template
from typing import Any

from jupyter_docker.freeze.distributions.candidates import loaded_modules
from jupyter_docker.freeze.environment import probe
from jupyter_docker.freeze.environment.loaded_libraries import loaded_libraries
from jupyter_docker.values import (
    NEUTRAL_FOLDER,
    Distribution,
    EnvironmentUnavailableError,
    PythonEnvironment,
    absolute_folders,
    find_program,
    program_path,
)
from jupyter_docker.values import disk_cache as cache

_PROBE_SECONDS = 120
_METADATA = (".dist-info", ".egg-info", ".egg-link", ".pth", "_finder.py")
_SETTINGS = ("HOME", "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONPATH", "PYTHONUSERBASE")


def inspect_environment(
    *, python: Path | None = None, kernel: str | None = None, live: bool = False
) -> PythonEnvironment:
    """Return the environment of an interpreter, of a kernelspec, or else of this process.

    An environment that did not change since is read from the cache.

    Args:
        python: An interpreter, or the folder of one.
        kernel: The name of a kernelspec.
        live: Whether this process is the notebook's kernel, so that what it has loaded counts.

    Raises:
        EnvironmentUnavailableError: There is no such interpreter, or it can't be asked.
    """
    if python is not None:
        return _inspect([str(find_interpreter(python))], os.environ)
    if kernel is not None:
        return _inspect(*kernel_command(kernel))
    environment = _cached(cache.digest("live", sys.executable, sys.path), lambda: probe.describe(list(sys.path)))
    if not live:
        return environment
    return replace(environment, loaded=loaded_modules(sys.modules), libraries=loaded_libraries())


def _inspect(command: list[str], environ: Mapping[str, str]) -> PythonEnvironment:
    executable = Path(find_program(command[0]) or command[0]).absolute()
    command = [str(executable), *command[1:]]
    state = [[str(path), cache.changed(path)] for path in (executable, executable.parent.parent / "pyvenv.cfg")]
    settings = {name: environ[name] for name in _SETTINGS if name in environ}
    return _cached(cache.digest(command, state, settings), lambda: _probe(command, environ))


def _without_relative(environ: Mapping[str, str]) -> dict[str, str]:
    folders = absolute_folders(environ.get("PYTHONPATH", ""))
    return {**environ, "PYTHONPATH": os.pathsep.join(folders), "PATH": program_path()}


def _probe(command: list[str], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what `probe.describe` says in that interpreter."""
    try:
        # Neither in the folder that this process is in nor with it on the path, as an empty entry means: a module that
        # lies beside a notebook would be imported.
        done = subprocess.run(
            [*command, probe.__file__],
            env=_without_relative(environ), cwd=NEUTRAL_FOLDER, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=_PROBE_SECONDS, check=True,
        )  # fmt: skip
        described: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # a site hook may print before it
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
    except subprocess.TimeoutExpired:
        reason = f"no answer in {_PROBE_SECONDS} s"
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, IndexError):
        reason = "it does not behave like Python 3.8 or later"
    else:
        return described
    raise EnvironmentUnavailableError(f"'{command[0]}' can't be asked what is installed: {reason}.")


def _cached(key: str, describe: Callable[[], dict[str, Any]]) -> PythonEnvironment:
    entry = cache.load("environments", key)
    try:
        if entry["probe"] == cache.changed(probe.__file__) and entry["state"] == _state(entry["described"]):
            return _environment(entry["described"])
    except (KeyError, TypeError, AttributeError):
        pass  # nothing kept, or not as this version keeps it
    described = describe()
    entry = {"probe": cache.changed(probe.__file__), "state": _state(described), "described": described}
    cache.store("environments", key, entry)
    return _environment(described)


def _state(described: Mapping[str, Any]) -> str:
    """Return a digest that changes when something is installed, upgraded or removed in the environment."""
    folders = [*described["path"], described["user_site"]]
    linked = [each["editable"] for each in described["distributions"] if each["editable"]]
    conda = Path(described["executable"]).parent.parent / "conda-meta"
    return cache.digest(
        [[folder, *_metadata(folder)] for folder in folders if folder],
        [[each, cache.changed(each)] for each in linked],
        cache.changed(conda),
    )


def _metadata(folder: str) -> Iterator[list[object]]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted([each.name, each.stat().st_mtime_ns] for each in entries if each.name.endswith(_METADATA))
    except OSError:
        return


def _environment(described: Mapping[str, Any]) -> PythonEnvironment:
    return PythonEnvironment(
        python_version=described["python_version"],
        implementation=described["implementation"],
        platform=described["platform"],
        executable=Path(described["executable"]),
        distributions=tuple(_distribution(each) for each in described["distributions"]),
        stdlib=frozenset(described["stdlib"]),
        path=tuple(Path(entry) for entry in described["path"]),
    )


def _distribution(described: Mapping[str, Any]) -> Distribution:
    return Distribution(
        name=described["name"],
        version=described["version"],
        modules=tuple(described["modules"]),
        requires=tuple(described["requires"]),
        origin=described["origin"],
        editable=Path(described["editable"]) if described["editable"] else None,
        scripts=tuple(described["scripts"]),
        plugins=tuple(described["plugins"]),
    )


def find_interpreter(python: Path) -> Path:
    """Return the interpreter that ``python`` is or has: a file, a name on PATH, or a virtual environment's folder."""
    path = python.expanduser()
    # What is typed as `python` is the one on PATH, whatever lies in the folder that this process is in.
    named = find_program(str(python)) if len(path.parts) == 1 else None
    if named:
        return Path(named)
    for candidate in (path, path / "bin/python", path / "python.exe", path / "Scripts/python.exe"):
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate.absolute()
    raise EnvironmentUnavailableError(
        f"'{python}' is neither a Python interpreter nor a virtual environment.",
        hint="Name one with --python, as in --python .venv or --python /usr/bin/python3.",
    )


def kernel_command(name: str) -> tuple[list[str], Mapping[str, str]]:
    """Return how the kernel ``name`` starts its interpreter, and the variables it runs with."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise EnvironmentUnavailableError(
            f"There is no kernel '{name}' here. The kernels are: {', '.join(sorted(manager.find_kernel_specs()))}.",
            hint="Choose one with --kernel NAME, or an interpreter with --python PATH.",
        ) from None
    if spec.language.lower() != "python" or not spec.argv:
        raise EnvironmentUnavailableError(
            f"The kernel '{name}' runs {spec.language or 'no language'}, not Python.",
            hint="Choose a Python kernel with --kernel NAME, or an interpreter with --python PATH.",
        )
    frozen_from = spec.metadata.get("containerize", {}).get("python")  # a kernel of ours is a container: its source
    command = [frozen_from] if frozen_from else [*takewhile(lambda word: word not in ("-m", "-c"), spec.argv)]
    if command[0] in ("python", "python3", f"python3.{sys.version_info.minor}"):
        command[0] = sys.executable  # as jupyter_client does when it starts one
    return command, {
        **os.environ,
        **{key: Template(str(value)).safe_substitute(os.environ) for key, value in spec.env.items()},
    }
