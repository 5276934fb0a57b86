"""What a failed script printed, as the cell's line and what to do about it."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePosixPath

import pytest

from jupyter_docker.advice.scripts import script_failure
from jupyter_docker.values.container_spec import Mount, RunResult, RunSpec
from jupyter_docker.values.errors import ScriptFailedError
from jupyter_docker.values.mount_arguments import MountArguments
from jupyter_docker.values.script import Cell, Script

SCRIPT = Script(
    name="a-notebook.py",
    text="\n# %% [cell 1]\nfirst()\nsecond()\n",
    source=None,
    cells=(Cell(number=1, index=0, first_line=3, source="first()\nsecond()", code="first()\nsecond()"),),
)


def diagnosed(folder: Path, error: str, *, script: Script = SCRIPT, spec: RunSpec) -> ScriptFailedError:
    log = folder / "run.log"
    frame = '  File "/app/a-notebook.py", line 4, in <module>\n    second()\n'
    log.write_text(f"printed before\nTraceback (most recent call last):\n{frame}{error}\n")
    result = RunResult(container_id="1", name="a", exit_code=1, log=log)
    return script_failure(script, result, spec, "It ended with status 1.", "Look at the log.")


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        ("ModuleNotFoundError: No module named 'openpyxl'", "`%pip install openpyxl`"),
        ("ModuleNotFoundError: No module named 'sklearn.liner_model'", "no module 'liner_model': correct"),
        ("OSError: [Errno 30] Read-only file system: 'output/o.txt'", "is read-only in the container"),
        ("PermissionError: [Errno 13] Permission denied: 'output/o.txt'", "user 7, who may not use"),
        ("OSError: [Errno 28] No space left on device", "on the disk of the mounted folder"),
        ("EOFError: EOF when reading a line", "Nobody can type into a run"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/x.csv'", "nor on this machine"),
        ("ValueError: no", "Correct that line"),
    ],
)  # fmt: skip
def test_an_error_has_the_cells_line_and_a_hint(tmp_path: Path, error: str, hint: str) -> None:
    failure = diagnosed(tmp_path, error, spec=RunSpec(image="a", user="7"))
    assert failure.message == f"{error}\n    second()"
    assert (str(failure.position), failure.exit_code) == ("cell 1, line 2", 1)
    assert hint in failure.hint


def test_a_folder_beside_the_notebook_is_to_be_mounted_unless_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    script = Script(name=SCRIPT.name, text=SCRIPT.text, source=tmp_path / "a.ipynb", cells=SCRIPT.cells)
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'"
    mount_arguments = MountArguments(folder=tmp_path, start=tmp_path)
    mount = Mount(kind="bind", source=str(tmp_path / "data"), target=PurePosixPath("/app/data"))
    assert (
        "-v ./data:data:ro"
        in diagnosed(tmp_path, error, script=script, spec=RunSpec(image="a", mount_arguments=mount_arguments)).hint
    )
    mounted = diagnosed(
        tmp_path, error, script=script, spec=RunSpec(image="a", mounts=(mount,), mount_arguments=mount_arguments)
    )
    assert mounted.hint == "There is no 'data/x.csv' in the container, nor beside the notebook."


@pytest.mark.parametrize(
    ("written", "source", "mount_arguments"),
    [
        ("/data/o.txt", "data", "-v ./data:/data"),
        ("../data/sub/o.txt", "data", "-v ./data:/data"),
        ("in/o.txt", "work/in", "-v ./work/in:in"),
        ("/shared/o.txt", "my files", "-v './my files:/shared'"),
    ],
)
def test_what_is_mounted_read_only_is_to_be_mounted_to_write(
    tmp_path: Path, written: str, source: str, mount_arguments: str
) -> None:
    folder = tmp_path / "work"
    (tmp_path / source).mkdir(parents=True)
    target = PurePosixPath("/shared" if "shared" in mount_arguments else f"/{source.replace('work', 'app')}")
    mount = Mount(kind="bind", source=str(tmp_path / source), target=target, read_only=True)
    spec = RunSpec(image="a", mounts=(mount,), mount_arguments=MountArguments(folder=folder, start=tmp_path))
    hint = diagnosed(tmp_path, f"OSError: [Errno 30] Read-only file system: '{written}'", spec=spec).hint
    assert hint == f"'{written}' is mounted read-only. If the code may write there, mount it: {mount_arguments}"


def test_a_mount_that_no_words_can_name_is_to_be_mounted_without_its_option(tmp_path: Path) -> None:
    mount = Mount(kind="bind", source=str(tmp_path), target=PurePosixPath("/srv"), read_only=True)
    spec = RunSpec(image="a", mounts=(mount,), mount_arguments=MountArguments(folder=tmp_path, start=tmp_path))
    hint = diagnosed(tmp_path, "OSError: [Errno 30] Read-only file system: '/srv/o.txt'", spec=spec).hint
    assert hint.endswith("mount it: without :ro")


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("data/x.csv", "'./sales report/data:data:ro'"),
        ("../results/x.csv", "./results:/app/results:ro"),
        ("../x.csv", "./x.csv:/app/x.csv:ro"),
        ("/app/results/x.csv", "./results:/app/results:ro"),
        ("FOLDER/results/x.csv", "FOLDER/results:FOLDER/results:ro"),
    ],
)
def test_the_mount_that_is_named_is_right_where_the_command_was_typed(
    tmp_path: Path, missing: str, expected: str
) -> None:
    for name in ("sales report/data", "results"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "x.csv").touch()
    workdir = PurePosixPath("/app/sales report")
    spec = RunSpec(
        image="a", mount_arguments=MountArguments(folder=tmp_path / "sales report", start=tmp_path, workdir=workdir)
    )
    path = missing.replace("FOLDER", str(tmp_path))
    hint = diagnosed(tmp_path, f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'", spec=spec).hint
    mount_arguments = hint.partition(" -v ")[2].partition(" (")[0]
    assert mount_arguments == expected.replace("FOLDER", str(tmp_path))
    mount = Mount.parse(shlex.split(mount_arguments)[0], folder=tmp_path, workdir=workdir)
    mount.check()
    assert spec.mount_arguments.target(path).is_relative_to(mount.target)


@pytest.mark.parametrize(
    ("printed", "status", "message"),
    [
        ("read 3 files\nno input\n", 1, "Ended.\n    no input"),
        ("done\n", 4, "Ended.\n    done"),
        ("", 1, "Ended."),
        ("killed\n", 137, "Ended."),
        ("Traceback (most recent call last):\n  elsewhere\nOdd\n", 1, "Ended."),
        ("  File 'x', line 1\nSyntaxError: invalid\n", 1, "Ended."),
    ],
)
def test_a_script_that_ends_itself_has_its_last_line(tmp_path: Path, printed: str, status: int, message: str) -> None:
    log = tmp_path / "run.log"
    log.write_text(printed)
    result = RunResult(container_id="1", name="a", exit_code=status, log=log)
    failure = script_failure(SCRIPT, result, RunSpec(image="a"), "Ended.", "Look.")
    assert failure.message == message
    assert ("sys.exit" in failure.hint) == ("\n" in message)


@pytest.mark.parametrize("place", ["/usr/local/lib/python3.11/site-packages", "/opt/containerize/modules"])
def test_what_an_installed_module_looks_for_in_its_project_is_to_be_mounted_there(tmp_path: Path, place: str) -> None:
    for made in ("notebooks", "data/raw"):
        (tmp_path / made).mkdir(parents=True)
    for name in ("pyproject.toml", "data/raw/x.csv"):
        (tmp_path / name).touch()
    spec = RunSpec(image="a", mount_arguments=MountArguments(folder=tmp_path / "notebooks", start=tmp_path))
    error = f"FileNotFoundError: [Errno 2] No such file or directory: '{place}/data/raw/"
    assert f"-v ./data:{place}/data" in diagnosed(tmp_path, f"{error}x.csv'", spec=spec).hint
    assert "nor on this machine" in diagnosed(tmp_path, f"{error}y.csv'", spec=spec).hint


def test_what_the_code_would_find_above_the_notebook_is_to_be_mounted_beside_it(tmp_path: Path) -> None:
    for made in ("project/.git", "project/work/notebooks", "project/data/raw", "data"):
        (tmp_path / made).mkdir(parents=True)
    for name in ("project/data/raw/x.csv", "data/y.csv"):
        (tmp_path / name).touch()
    spec = RunSpec(
        image="a",
        mount_arguments=MountArguments(folder=tmp_path / "project/work/notebooks", start=tmp_path / "project"),
    )
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'data/"
    hint = diagnosed(tmp_path, f"{error}raw/x.csv'", spec=spec).hint
    assert hint == (
        "The container has no 'data/raw/x.csv', but the project has it: mount it where the code looks with"
        " -v ./data:data:ro"
    )
    assert "nor beside the notebook" in diagnosed(tmp_path, f"{error}y.csv'", spec=spec).hint


def test_a_mount_that_is_named_can_be_made_by_a_program(tmp_path: Path) -> None:
    (tmp_path / "my data").mkdir()
    spec = RunSpec(image="a", mount_arguments=MountArguments(folder=tmp_path, start=tmp_path))
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'my data/x.csv'"
    [fix] = diagnosed(tmp_path, error, spec=spec).fixes
    assert (fix.option, fix.value) == ("-v", "./my data:my data:ro")
    assert fix.arguments in diagnosed(tmp_path, error, spec=spec).hint
    assert diagnosed(tmp_path, "FileNotFoundError: No such file or directory: '/no/x'", spec=spec).fixes == ()
