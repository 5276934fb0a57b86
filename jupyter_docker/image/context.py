"""Recipe → the folder that ``docker build`` is given: only what the image needs, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from jupyter_docker.freeze import requirements_text
from jupyter_docker.image.recipe import LAB_REQUIREMENTS, OUTSIDE_FOLDER, PROJECT_FOLDER, locks_of, render_dockerfile
from jupyter_docker.task_runner import runner_files
from jupyter_docker.values import (
    LABEL_PREFIX,
    PROJECT_ROOT,
    BuildContext,
    Recipe,
    UsageError,
    make_private_folder,
    scratch_folder,
)

DIGEST_LABEL = f"{LABEL_PREFIX}digest"
DOCKERFILE = PurePosixPath("Dockerfile")

# What is added to the folder later (data, .git, .env, keys) must not slip into a build from it.
_IGNORE = "# Only what the Dockerfile copies\n*\n"
# Layers hold the files' times, in nanoseconds since 1970: fixed ones, in 1980, the first year that zip files can hold.
_TIME, _YEAR = 315532800 * 10**9, 365 * 86400 * 10**9


def stage_context(recipe: Recipe, root: Path, *, mounts: bool = True) -> BuildContext:
    """Write the build context of ``recipe`` into the folder ``root``, which is made.

    ``mounts`` False writes the Dockerfile for a classic builder. Raises UsageError where ``root`` holds other files.

    Args:
        recipe: What to write.
        root: The folder of the context.
        mounts: Whether the builder has secret and cache mounts, as BuildKit does.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"'{root}' exists and is not an empty folder.", hint="Name a folder that does not exist yet.")
    contents = _contents(recipe)
    digest = context_digest(recipe, contents, mounts=mounts)
    labelled = replace(recipe, labels={**recipe.labels, DIGEST_LABEL: digest})
    contents[DOCKERFILE] = dockerfile_text(labelled, mounts=mounts).encode()
    for path, content in contents.items():
        _write(root / path, content)
    _fix_folders(root)
    return BuildContext(root=root, dockerfile=root / DOCKERFILE, files=tuple(sorted(contents)), digest=digest)


@contextmanager
def staged(recipe: Recipe, *, mounts: bool = True) -> Iterator[BuildContext]:
    """Stage the context in a temporary folder that is gone afterwards, whatever happened."""
    with scratch_folder() as folder:
        yield stage_context(recipe, folder / "context", mounts=mounts)


def context_digest(recipe: Recipe, contents: Mapping[PurePosixPath, bytes], *, mounts: bool) -> str:
    """Return the SHA-256 (64 hex) of the paths and bytes of the whole context, the Dockerfile among them."""
    whole = {**contents, DOCKERFILE: dockerfile_text(recipe, mounts=mounts).encode()}
    digest = hashlib.sha256()
    for path, content in sorted(whole.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def kernel_digest(recipe: Recipe) -> str:
    """Return the SHA-256 (64 hex) of all that a kernel image has, however its script and the reasons for it read.

    So a cell that is edited, but imports what it did, has the image that is there.
    """
    pins = sorted((*recipe.requirements.pins, *recipe.kernel), key=lambda pin: pin.name)
    requirements = replace(
        recipe.requirements,
        pins=(),
        system=tuple(replace(package, why="") for package in recipe.requirements.system),
    )
    lab = tuple(replace(pin, why=()) for pin in recipe.lab)
    kernel = tuple(replace(pin, why=()) for pin in pins)
    bare = replace(recipe, requirements=requirements, kernel=kernel, lab=lab)
    return context_digest(bare, _contents(bare), mounts=True)


def _contents(recipe: Recipe) -> dict[PurePosixPath, bytes]:
    if recipe.kernel:
        return _kernel_contents(recipe)
    contents = {
        PurePosixPath("requirements.txt"): requirements_text(recipe.requirements).encode(),
        _staged_path(recipe, PurePosixPath(recipe.script.name)): recipe.script.text.encode(),
    }
    for name, content in runner_files(ipython=recipe.script.interpreter == "ipython").items():
        contents[PurePosixPath("containerize", name)] = content
    return _with_ignore({**contents, **_modules(recipe), **_wheels(recipe)})


def _kernel_contents(recipe: Recipe) -> dict[PurePosixPath, bytes]:
    locks = {
        PurePosixPath(file): requirements_text(replace(recipe.requirements, pins=tuple(pins))).encode()
        for file, pins in locks_of(recipe).items()
        if pins or file != LAB_REQUIREMENTS
    }
    return _with_ignore({**locks, **_modules(recipe), **_wheels(recipe)})


def _modules(recipe: Recipe) -> dict[PurePosixPath, bytes]:
    signs = {_staged_path(recipe, each.target): b"" for each in recipe.requirements.signs if not each.is_folder}
    return signs | {
        _staged_path(recipe, local.target): local.source.read_bytes() for local in recipe.requirements.local
    }


def _staged_path(recipe: Recipe, target: PurePosixPath) -> PurePosixPath:
    path = recipe.workdir / target
    if path.is_relative_to(PROJECT_ROOT):
        return PROJECT_FOLDER / path.relative_to(PROJECT_ROOT)
    return OUTSIDE_FOLDER / path.relative_to("/")


def _wheels(recipe: Recipe) -> dict[PurePosixPath, bytes]:
    wheels = [pin.wheel for pin in recipe.pins if pin.wheel is not None]
    return {PurePosixPath("wheels") / wheel.name: wheel.read_bytes() for wheel in wheels}


def _with_ignore(contents: dict[PurePosixPath, bytes]) -> dict[PurePosixPath, bytes]:
    kept = sorted({path.parts[0] for path in contents} | {str(PROJECT_FOLDER)})
    return {PurePosixPath(".dockerignore"): (_IGNORE + "".join(f"!{name}\n" for name in kept)).encode(), **contents}


def dockerfile_text(recipe: Recipe, *, mounts: bool = True) -> str:
    """Return the Dockerfile; a staged one has the context's digest as a label besides."""
    return render_dockerfile(recipe, uv_version=version("uv"), mounts=mounts)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)
    # BuildKit, like rsync, takes a file of the same name, size and time as in an earlier build for the same file.
    time = _TIME + int.from_bytes(hashlib.sha256(content).digest()) % _YEAR
    os.utime(path, ns=(time, time))


def _fix_folders(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(0o755)
            os.utime(path, ns=(_TIME, _TIME))


def uv_folder(cache: Path) -> Path:
    """Return a folder that holds the host's uv as ``uv/bin/uv``, as the uv stage does, to take that stage's place."""
    from uv import find_uv_bin

    folder = cache / f"uv-{version('uv')}"
    if not folder.exists():
        make_private_folder(cache)
        with tempfile.TemporaryDirectory(dir=cache) as name:
            fresh = Path(name) / "whole"
            program = fresh / "uv" / "bin" / "uv"
            program.parent.mkdir(parents=True)
            shutil.copy2(find_uv_bin(), program)
            with suppress(OSError):  # another process was first
                fresh.rename(folder)
    return folder
