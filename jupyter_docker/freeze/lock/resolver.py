"""uv and its resolver: requirements and constraints in, exact versions with hashes out.

It runs with the host's index settings, whose passwords are in no file, argument or variable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_docker.freeze.lock.failure import explain_failure
from jupyter_docker.freeze.lock.index import IndexSettings
from jupyter_docker.values import ProcessError, run_program, scratch_folder

_STDIN = Path("/dev/stdin")


def run_uv(
    arguments: Sequence[str],
    settings: IndexSettings,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> None:
    """Run ``uv`` in ``folder``, a scratch folder, with ``settings`` alone for its configuration.

    uv reads them from its stdin; where a system has no file of that name, from one in ``folder``.

    Args:
        arguments: What follows ``uv``.
        settings: The indexes, certificates and proxies.
        folder: The working folder.
        environment: Variables beside those of the settings.
        on_line: Called with each line of output.

    Raises:
        ProcessError: uv ended with another status than 0.
    """
    from uv import find_uv_bin

    text, file = settings.uv_toml(), _STDIN
    if not file.exists():
        file = folder / "uv.toml"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    command = [find_uv_bin(), *arguments, "--config-file", str(file)]
    variables = {**settings.environment(), **(environment or {})}
    run_program(command, on_line=on_line, env=variables, folder=folder, stdin=text)


# The newest manylinux that uv knows, so that no wheel is left out that an image could choose.
_PLATFORMS = {"linux/amd64": "x86_64-manylinux_2_40", "linux/arm64": "aarch64-manylinux_2_40"}
# A source distribution is known by running its build script, and that is anyone's who may upload to the index.
WHEELS_ONLY = ("--only-binary", ":all:", "--no-sources")


@dataclass(frozen=True, kw_only=True)
class LockInputs:
    """What uv is asked, as lines of requirements files, for a Python ("3.11.7") and a platform ("linux/amd64").

    ``exact`` asks for the requirements alone, without what they need; ``from_source`` then for their source
    distributions, which uv knows the versions of without building them.
    """

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    python_version: str
    platform: str
    exact: bool = False
    from_source: bool = False


@dataclass(frozen=True, kw_only=True)
class Locked:
    """One distribution of the answer; ``hashes`` ("sha256:…") are those of the files that the platform can install."""

    name: str
    version: str
    hashes: tuple[str, ...]


def compile_lock(
    inputs: LockInputs, settings: IndexSettings, *, interpreter: Path, offline: bool = False
) -> tuple[Locked, ...]:
    """Return what uv resolves, by name; raises LockError.

    Only wheels are looked at, so that no build script runs here. ``interpreter`` says what the inputs leave open;
    ``offline`` asks uv's cache alone. Credentials reach uv through a pipe.
    """
    return tuple(_read_pylock(resolve(inputs, settings, interpreter=interpreter, offline=offline)))


def resolve(inputs: LockInputs, settings: IndexSettings, *, interpreter: Path, offline: bool = False) -> dict[str, Any]:
    """Return uv's answer as a pylock.toml (PEP 751), with the URLs of files in it.

    Args:
        inputs: The requirements and constraints.
        settings: The index settings of the host.
        interpreter: The Python whose markers hold where the inputs leave them open.
        offline: Whether only uv's cache is asked.

    Raises:
        LockError: There is no answer.
    """
    # A folder of our own and one configuration: nothing that lies beside a notebook steers uv.
    with scratch_folder() as folder:
        answer = folder / "pylock.toml"
        command = [
            "pip",
            "compile",
            *_options(inputs, folder),
            "--python",
            str(interpreter),
            "--output-file",
            str(answer),
            *(["--offline"] if offline else []),
        ]
        try:
            run_uv(command, settings, folder=folder)
        except ProcessError as error:
            raise explain_failure(settings.redact(error.output)) from None
        return tomllib.loads(answer.read_text(encoding="utf-8"))


def _options(inputs: LockInputs, folder: Path) -> Iterator[str]:
    yield from ("--quiet", "--no-header", "--generate-hashes", "--format", "pylock.toml", "--color", "never")
    # Without what a distribution needs nothing has to be built to know it.
    yield from ("--no-deps", "--no-binary", ":all:") if inputs.exact and inputs.from_source else WHEELS_ONLY
    yield from ["--no-deps"] if inputs.exact and not inputs.from_source else []
    yield from ("--python-version", inputs.python_version)
    if inputs.platform in _PLATFORMS:
        yield from ("--python-platform", _PLATFORMS[inputs.platform])
    for option in ("constraints", "overrides", "excludes"):
        lines = getattr(inputs, option)
        if lines:
            yield from (f"--{option}", _file(folder, f"{option}.txt", lines))
    yield _file(folder, "requirements.in", inputs.requirements)


def _file(folder: Path, name: str, lines: Iterable[str]) -> str:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def _read_pylock(document: dict[str, Any]) -> Iterator[Locked]:
    """Yield the packages of a pylock.toml (PEP 751), by name; where they come from is left behind."""
    for package in sorted(document.get("packages", ()), key=lambda each: str(each["name"])):
        files = [*package.get("wheels", ()), *(package[kind] for kind in ("sdist", "archive") if kind in package)]
        hashes = {f"{kind}:{value}" for file in files for kind, value in file.get("hashes", {}).items()}
        yield Locked(name=package["name"], version=package.get("version", ""), hashes=tuple(sorted(hashes)))
