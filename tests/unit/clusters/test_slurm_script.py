"""What Slurm is given, as text: the script, its options, and arrays within the site's limit."""

from __future__ import annotations

import json
import subprocess
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.clusters.slurm.cluster import SlurmCluster, job_of
from jupyter_docker.clusters.slurm.script import RUNTIMES, Runtime, array_of, batch_script, chunks_of, sbatch_options
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.values import EngineError, Mount, RunSpec, UsageError
from tests.unit.clusters.sweep_folder import SPEC, swept

ROWS = [{"rate": 1}, {"rate": 2}]
SWEEP = Sweep(
    id="toy-0123abcd", notebook="/x/toy.ipynb", image="toy:1", count=3, outputs=("a", "b"), variables=("TOKEN",),
    own_folders=(PurePosixPath("/app/my out"),), retries=2,
    spec=replace(
        SPEC, limits=replace(SPEC.limits, shared_memory=1 << 26),
        mounts=(Mount(kind="bind", source="/a $b", target=PurePosixPath("/app/data"), read_only=True),),
    ),
)  # fmt: skip


# It says each mount by itself, split as the runtimes split the option.
PROGRAM = """\
#!/bin/bash
while [ $# -gt 0 ]; do
  case "$1" in
    --bind | --volume) shift; tr , "\\n" <<<"$1" | sed "s/^/mount /" ;;
    --env-file) shift; sed "s/^/file /" "$1" ;;
    *) printf "%s\\n" "$1" ;;
  esac
  shift
done
env | grep ENV_ | sort
exit 3
"""


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_shell_reads_it_as_it_is_meant(runtime: Runtime, tmp_path: Path) -> None:
    """The script runs in a real shell, with programs in place of the runtime that print what they are given."""
    folder, programs = tmp_path / "it's a folder", tmp_path / "bin"
    programs.mkdir()
    for name in ("apptainer", "singularity", "docker", "podman"):
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)
    script = tmp_path / "task.sh"
    image = tmp_path / "the image.sif"
    image.touch()
    script.write_text(batch_script(SWEEP, folder, image, runtime))
    env = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "SLURM_ARRAY_TASK_ID": "2",
        "SLURMD_NODENAME": "n1",
        "CONTAINERIZE_GIVEN_TOKEN": "hunter 2",
    }
    assert subprocess.run(["bash", script, "10"], env=env, check=False).returncode == 3
    task = folder / "tasks/12"
    said = (task / "slurm.log").read_text().splitlines()
    assert (task / "exit").read_text() == "3\n"
    assert (task / "files/my out").is_dir()
    assert [line.removeprefix("mount ") for line in said if line.startswith("mount ")] == [
        "/a $b:/app/data:ro", f"{folder}/input:/containerize-sweep/input:ro",
        f"{task}:/containerize-sweep/tasks/12", f"{task}/files/my out:/app/my out",
    ]  # fmt: skip
    if runtime in ("apptainer", "singularity"):
        prefix = f"{runtime.upper()}ENV_"
        assert {f"{prefix}TOKEN=hunter 2", f"{prefix}CONTAINERIZE_OUTPUT_NAMES=a,b", str(image)} <= set(said)
        assert {f"{prefix}CONTAINERIZE_TASK_INDEX=12", f"{prefix}CONTAINERIZE_HOST=n1"} <= set(said)
    else:
        assert {
            "file TOKEN=hunter 2",
            "--shm-size",
            "CONTAINERIZE_OUTPUT_NAMES=a,b",
            "CONTAINERIZE_TASK_INDEX=12",
            "toy:1",
        } <= set(said)
        assert "hunter 2" not in said


@pytest.mark.parametrize("sign", ",:")
@pytest.mark.parametrize("where", ["source", "target", "own folder", "state"])
def test_a_path_that_would_be_several_mounts_is_refused(
    where: str, sign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook says where it mounts to, and its code what the folders that it makes are called."""
    path = f"/app/o{sign}/home/v"
    [mount] = SWEEP.spec.mounts
    mount = {
        "source": replace(mount, source=path), "target": replace(mount, target=PurePosixPath(path))
    }.get(where, mount)  # fmt: skip
    own = (PurePosixPath(path),) if where == "own folder" else SWEEP.own_folders
    sweep = replace(SWEEP, spec=replace(SWEEP.spec, mounts=(mount,)), own_folders=own)
    state = tmp_path / (f"a{sign}b" if where == "state" else "state")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    for refused in (
        lambda: SlurmCluster().check(sweep),
        lambda: batch_script(sweep, state / sweep.id, Path("/no.sif"), "apptainer"),
    ):
        with pytest.raises(UsageError, match="can't be mounted on Slurm"):
            refused()


def test_what_a_site_says_beside_a_job_is_not_its_number() -> None:
    assert job_of("sbatch: your account is charged 3 units\n4711;cluster\nsbatch: 12 is a nice number") == 4711
    with pytest.raises(EngineError):
        job_of("sbatch: no")


def test_what_a_site_says_beside_the_queue_is_no_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(
        tmp_path, monkeypatch, squeue=r"printf 'maintenance\n\n7 3 RUNNING\n7 4 PENDING\n9 N/A RUNNING\n2 news: none\n'"
    )
    folder = swept(tmp_path, [{}] * 6)
    (folder.path / "jobs.json").write_text('{"7": 1}')
    states = SlurmCluster().states(folder)
    assert ({index: task.state for index, task in states.tasks.items()}, states.active) == (
        {4: "running", 5: "waiting"}, True,
    )  # fmt: skip


def site(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Put programs of a site first on PATH; each is the text of a script."""
    (folder / "bin").mkdir(exist_ok=True)
    for name, text in programs.items():
        (folder / "bin" / name).write_text(f"#!/bin/bash\n{text}\n")
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")


def test_a_job_gets_what_it_needs_of_the_environment_and_a_notebook_steers_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook's variables are the container's: LD_PRELOAD would run its code here, BASH_ENV on the node."""
    said = tmp_path / "said"
    site(
        tmp_path, monkeypatch, apptainer="", scontrol="echo MaxArraySize = 5",
        sbatch=f"env >{said}; printf '%s\\n' \"$@\" >>{said}; echo 'sbatch: welcome'; echo '17;cluster'",
    )  # fmt: skip
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("SBATCH_ACCOUNT", "lab")
    asked = {"BASH_ENV": "/app/evil", "PATH": "/app/evil", "TOKEN": "hunter2"}
    spec = replace(SPEC, mounts=())
    folder = swept(tmp_path / "sweeps", ROWS, spec=spec, cluster="slurm", variables=tuple(asked))
    (folder.path.parent / ".images").mkdir()
    (folder.path.parent / ".images/toy_1.sif").touch()
    SlurmCluster("apptainer").submit(folder, [0, 1], asked, lambda _: None)
    lines = said.read_text().splitlines()
    assert {f"CONTAINERIZE_GIVEN_{name}={value}" for name, value in asked.items()} <= set(lines)
    assert {"SBATCH_ACCOUNT=lab", f"PATH={tmp_path / 'bin'}:/usr/bin:/bin", "--export=ALL"} <= set(lines)
    assert not [line for line in lines if line.startswith(("BASH_ENV", "TOKEN", "AWS"))]
    assert json.loads((folder.path / "jobs.json").read_text()) == {"17": 0}


def test_a_value_of_two_lines_is_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path, monkeypatch, docker="")
    folder = swept(tmp_path, ROWS, cluster="slurm", variables=("KEY",))
    with pytest.raises(UsageError, match="line break"):
        SlurmCluster("docker").submit(folder, [0], {"KEY": "a\nb"}, lambda _: None)


def test_what_does_not_end_is_not_waited_for_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path, monkeypatch, scancel="", squeue="echo 7 0 COMPLETING")
    folder = swept(tmp_path, ROWS, cluster="slurm")
    (folder.path / "jobs.json").write_text('{"7": 0}')
    monkeypatch.setattr("jupyter_docker.clusters.slurm.cluster._SECONDS_TO_STOP", -1)
    with pytest.raises(EngineError, match="not ended yet"):
        SlurmCluster().cancel(folder)


def test_an_image_that_no_sweep_needs_goes_with_the_last_one(tmp_path: Path) -> None:
    first, second = swept(tmp_path, ROWS), swept(tmp_path, ROWS, id="toy-00000000")
    image = tmp_path / ".images/toy_1.sif"
    image.parent.mkdir()
    image.touch()
    SlurmCluster().clear(first, tmp_path, lambda _: None)
    assert image.exists()
    second.remove()
    SlurmCluster().clear(first, tmp_path, lambda _: None)
    assert not image.exists()


def test_an_image_whose_build_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path, monkeypatch, apptainer='touch "$2"; echo no space; exit 1')
    module = "jupyter_docker.clusters.slurm.cluster"
    monkeypatch.setattr(f"{module}.connect", lambda _: nullcontext())
    monkeypatch.setattr(f"{module}.save_images", lambda _engine, _names, path: path.touch())
    folder = swept(tmp_path / "sweeps", ROWS, cluster="slurm")
    with pytest.raises(EngineError, match="no space"):
        SlurmCluster("apptainer").submit(folder, [0], {}, lambda _: None)
    assert not list((tmp_path / "sweeps/.images").iterdir())


def test_apptainer_takes_no_size_of_shared_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path, monkeypatch, sinfo="")
    SlurmCluster("docker").check(SWEEP)
    with pytest.raises(UsageError, match="shared memory"):
        SlurmCluster("apptainer").check(SWEEP)


def test_a_task_with_a_record_does_not_run_again(tmp_path: Path) -> None:
    task = tmp_path / "tasks/1"
    task.mkdir(parents=True)
    (task / "record.json").touch()
    script = batch_script(SWEEP, tmp_path, tmp_path / "no.sif", "apptainer")
    env = {"PATH": "/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "1"}
    assert subprocess.run(["bash", "-c", script, "task", "0"], env=env, check=False).returncode == 0
    assert not (task / "exit").exists()


def test_limits_are_slurms() -> None:
    assert sbatch_options(SWEEP)[-3:] == ["--mem=1024M", "--cpus-per-task=2", "--time=1"]
    assert not [word for word in sbatch_options(replace(SWEEP, spec=RunSpec(image="a"))) if word.startswith("--mem")]


@given(st.sets(st.integers(0, 300), min_size=1), st.integers(1, 50))
def test_every_index_is_in_one_array(indices: set[int], size: int) -> None:
    found: list[int] = []
    for offset, chunk in chunks_of(sorted(indices), size).items():
        assert all(0 <= place < size for place in chunk)
        for run in array_of(chunk).split(","):
            first, _, last = run.partition("-")
            found += range(offset + int(first), offset + int(last or first) + 1)
    assert found == sorted(indices)


def test_arrays_are_short() -> None:
    assert array_of([0, 1, 2, 3, 7, 9, 10]) == "0-3,7,9-10"
