"""A wheel of a project's folder, for what is installed editable: built by uv from a copy, so that the folder stays."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from jupyter_docker.errors import LockError
from jupyter_docker.freeze.index import IndexSettings
from jupyter_docker.freeze.installed_wheel import write_wheel
from jupyter_docker.freeze.project_source import ProjectSource
from jupyter_docker.freeze.uv_program import run_uv
from jupyter_docker.process import ProcessError
from jupyter_docker.scratch import scratch_folder

_EPOCH = "315532800"  # the time in archives: 1980, the first year that zip files can hold


def build_wheel(
    name: str, version: str, source: ProjectSource, settings: IndexSettings, *, python: Path, into: Path
) -> Path:
    """Build the wheel of a project in the folder ``into``; raises LockError. The same source gives the same bytes."""
    with scratch_folder() as temporary:
        copy, built = temporary / "project", temporary / "built"
        for path in source.files:
            target = copy / path.relative_to(source.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        command = ["build", "--wheel", "--quiet", "--color", "never", "--no-create-gitignore"]
        command += ["--python", str(python), "--out-dir", str(built), str(copy)]
        try:
            run_uv(command, settings, folder=temporary, environment=_environment(version))
            (wheel,) = built.glob("*.whl")
        except (ProcessError, ValueError) as error:
            raise _failure(name, settings.redact(getattr(error, "output", ""))) from None
        with zipfile.ZipFile(wheel) as archive:
            write_wheel(into / wheel.name, [(each, archive.read(each)) for each in archive.namelist()])
    return into / wheel.name


def _environment(version: str) -> dict[str, str]:
    """Return the variables for the build: there is no repository in the copy to read the version from."""
    return {"SETUPTOOLS_SCM_PRETEND_VERSION": version, "PDM_BUILD_SCM_VERSION": version, "SOURCE_DATE_EPOCH": _EPOCH}


def _failure(name: str, output: str) -> LockError:
    shown = "\n".join(f"  {line}" for line in output.strip().splitlines()[-12:])
    return LockError(
        f"'{name}' is installed from its source folder, and building a wheel of that folder failed.\n{shown}".rstrip(),
        hint=f"Build it yourself to see why: uv build --wheel FOLDER. Or install a release: %pip install {name}",
    )
