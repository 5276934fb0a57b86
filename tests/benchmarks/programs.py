"""Programs and what of them is measured: the time to their end, or until they print something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter

from jupyter_docker.freeze.lock.index import IndexSettings
from jupyter_docker.image.secrets import build_secrets
from jupyter_docker.values.scratch import scratch_folder

OURS = str(Path(sys.executable).with_name("jupyter-containerize"))


def seconds_of(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> float:
    """Return how long the program took; its output is shown, and the benchmark ends, where it failed."""
    began = perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, check=False)
    seconds = perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}")
    return seconds


def installed_environment(folder: Path) -> dict[str, str]:
    """Return the environment in which Python keeps compiled modules, as where a program is installed: in ``folder``."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def seconds_to(command: Sequence[str], token: str) -> float:
    """Return the seconds until the program prints ``token``, after waiting for its end."""
    began, seen = perf_counter(), None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            if seen is None and token in line:
                seen = perf_counter() - began
    if seen is None or process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}; it must print {token} and end with 0")
    return seen


@contextmanager
def secret_options(settings: IndexSettings) -> Iterator[list[str]]:
    """Yield the options that give a build the secrets as a person gives them by hand: in files."""
    with scratch_folder() as folder:
        options = []
        for identifier, secret in build_secrets(settings).items():
            if isinstance(secret, str):
                (folder / identifier).write_text(secret, encoding="utf-8")
            path = folder / identifier if isinstance(secret, str) else secret
            options.append(f"--secret=id={identifier},src={path}")
        yield options


def image_size(reference: str) -> int:
    """Return the bytes of an image, its base included."""
    command = ["docker", "image", "inspect", "--format", "{{.Size}}", reference]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def images_of(repository: str) -> list[str]:
    """Return the references of the repository's images, newest first."""
    command = ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}", repository]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def remove_images(repository: str) -> None:
    """Remove all images of the repository."""
    references = images_of(repository)
    if references:
        subprocess.run(["docker", "image", "rm", "--force", *references], stdout=subprocess.DEVNULL, check=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with read-only files in it, as uv's cache has."""
    with suppress(FileNotFoundError):
        for parent, _, _ in os.walk(folder):
            Path(parent).chmod(0o700)
        shutil.rmtree(folder)
