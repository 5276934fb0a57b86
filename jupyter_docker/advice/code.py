"""Causes in what the notebook's own code meets when it runs, and in what keeps its container from starting."""

from __future__ import annotations

from jupyter_docker.advice import patterns
from jupyter_docker.advice.cause import Cause, Context
from jupyter_docker.advice.files import forbidden, missing_file, read_only
from jupyter_docker.values import Advice


def _missing_module(name: str, _context: Context) -> Advice:
    package, _, last = name.rpartition(".")
    if package:  # which was imported, or it would be what is missing
        hint = f"'{package}' is in the image and has no module '{last}': correct the name, or install another version."
    else:
        hint = (
            f"Nothing in the notebook imports '{name}' by name. Add a line `%pip install {name}` to it, and run again."
        )
    return Advice(hint=hint)


# What the notebook's own code meets when it runs.
CODE = (
    Cause(
        kind="ipykernel",
        patterns=(r"No module named '?ipykernel",),
        message="The image '{image}' has no ipykernel, so it can't be a kernel.",
        hints={"kernel": "`jupyter containerize kernel NOTEBOOK` builds one that has."},
    ),
    Cause(kind="module", patterns=(patterns.MISSING_MODULE,), hints={"script": _missing_module}),
    Cause(
        kind="read-only",
        patterns=(r"Read-only file system: ['\"]([^'\"\n]+)['\"]",),
        hints={"script": read_only},
    ),
    Cause(kind="permission", patterns=(r"Permission denied: ['\"]([^'\"\n]+)['\"]",), hints={"script": forbidden}),
    Cause(
        kind="permission",
        patterns=(r"(?i)permission denied",),
        hints={
            "build": (
                "A step may not read or write a file: check the modes of the notebook's files. A base image "
                "whose user is not root can't install packages."
            ),
        },
    ),
    Cause(
        kind="input",
        patterns=(r"EOFError: EOF when reading a line",),
        hints={
            "script": (
                "Nobody can type into a run: give the value as a parameter (-P NAME=VALUE), or a variable (-e "
                "NAME=VALUE)."
            ),
        },
    ),
    Cause(kind="file", patterns=(patterns.MISSING_FILE,), hints={"script": missing_file}),
    Cause(
        kind="file",
        patterns=(r"(?i:FileNotFoundError|No such file or directory|does not exist)",),
        message="needs a file that is not there",
        hints={"verification": "Put it beside the notebook, or correct the path."},
    ),
    Cause(
        kind="version",
        patterns=(
            (
                r"cannot import name|has no attribute|dtype size changed|compiled using NumPy|VersionConflict|"
                r"unexpected keyword argument|is required for a normal functioning|incompatible with"
            ),
        ),
        message="meets packages whose versions do not fit together",
        hints={
            "verification": "Run that cell here: if it fails here too, install versions that fit, and verify again.",
        },
    ),
    Cause(
        kind="platform",
        patterns=(
            (
                r"CUDA|NVIDIA driver|Illegal instruction|Exec format error|MemoryError|no kernel image is available|"
                r"could not connect to display|no display name"
            ),
        ),
        message="needs another machine",
        hints={
            "verification": "It needs a GPU, more memory, or another processor: see --gpus, --memory and --platform.",
        },
    ),
    Cause(
        kind="module",
        patterns=(r"ModuleNotFoundError|Missing optional dependency",),
        message="needs a module that is not installed here",
        hints={"verification": "Install it in the notebook's kernel, run the notebook there, and verify again."},
    ),
)

# What the engine says where it does not start a container.
START = (
    Cause(
        kind="gpu",
        patterns=(r"(?i:could not select device driver|nvidia)",),
        message="The container engine can't give a container a GPU",
        hints={"start": "Install the NVIDIA Container Toolkit on the engine's machine, or run without --gpus."},
    ),
    Cause(
        kind="init",
        patterns=(r"docker-init|container-init|catatonit",),
        hints={
            "start": "Install it on the engine's machine (on Debian: tini-static for Docker, catatonit for Podman).",
        },
    ),
)
