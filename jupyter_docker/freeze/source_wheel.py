"""A wheel of a project's folder, for what is installed editable: built by uv from a copy, so that the folder stays."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from jupyter_docker.errors import LockError
from jupyter_docker.freeze.index import IndexSettings
from jupyter_docker.freeze.installed_wheel import write_wheel
from jupyter_docker.process import ProcessError, run_program

_NOT_SOURCE = frozenset({"__pycache__", "node_modules", "venv"})
_MADE = frozenset({"build", "dist"})  # by earlier builds, at the top of the project
_LARGEST = 20_000_000  # bytes; what is larger is data
_EPOCH = "315532800"  # the time in archives: 1980, the first year that zip files can hold


def source_files(project: Path) -> Iterator[Path]:
    """Yield the files that a build can need, in order: not hidden ones, caches, earlier builds, or large data."""
    for folder, names, files in os.walk(project):
        here = Path(folder)
        names[:] = sorted(
            name for name in names
            if not name.startswith(".") and name not in _NOT_SOURCE and not name.endswith(".egg-info")
            and not (here == project and name in _MADE) and not (here / name / "pyvenv.cfg").exists()
        )  # fmt: skip
        for path in (here / name for name in sorted(files)):
            if path.is_file() and path.suffix != ".pyc" and path.stat().st_size <= _LARGEST:
                yield path


def build_wheel(name: str, version: str, project: Path, settings: IndexSettings, *, python: Path, into: Path) -> Path:
    """Build the wheel of ``project`` in the folder ``into``; raises LockError. The same source gives the same bytes."""
    from uv import find_uv_bin

    with tempfile.TemporaryDirectory(prefix="jupyter-containerize-") as temporary:
        copy, built = Path(temporary, "project"), Path(temporary, "built")
        for path in source_files(project):
            target = copy / path.relative_to(project)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        configuration = Path(temporary, "uv.toml")
        configuration.write_text(settings.uv_toml(), encoding="utf-8")
        command = [find_uv_bin(), "build", "--wheel", "--quiet", "--color", "never", "--no-create-gitignore"]
        command += ["--config-file", str(configuration), "--python", str(python), "--out-dir", str(built), str(copy)]
        try:
            run_program(command, on_line=_ignore, env=_environment(settings, version), folder=Path(temporary))
            (wheel,) = built.glob("*.whl")
        except (ProcessError, ValueError) as error:
            raise _failure(name, settings.redact(getattr(error, "output", ""))) from None
        with zipfile.ZipFile(wheel) as archive:
            write_wheel(into / wheel.name, [(each, archive.read(each)) for each in archive.namelist()])
    return into / wheel.name


def _environment(settings: IndexSettings, version: str) -> dict[str, str]:
    """Return the variables for the build: there is no repository in the copy to read the version from."""
    fixed = {"SETUPTOOLS_SCM_PRETEND_VERSION": version, "PDM_BUILD_SCM_VERSION": version, "SOURCE_DATE_EPOCH": _EPOCH}
    return {**settings.environment(), **fixed}


def _failure(name: str, output: str) -> LockError:
    shown = "\n".join(f"  {line}" for line in output.strip().splitlines()[-12:])
    return LockError(
        f"'{name}' is installed from its source folder, and building a wheel of that folder failed.\n{shown}".rstrip(),
        hint=f"Build it yourself to see why: uv build --wheel FOLDER. Or install a release: %pip install {name}",
    )


def _ignore(_line: str) -> None:
    """Leave uv's output to the error, which has the end of it."""
