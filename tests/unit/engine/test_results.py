"""What is said of files that a run wrote and no mount keeps: words that work when they are followed."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePosixPath
from unittest.mock import Mock

import pytest
from docker.errors import APIError

from jupyter_docker.engine.files import results
from jupyter_docker.engine.files.rescue import Rescued
from jupyter_docker.values.container_spec import Mount
from jupyter_docker.values.errors import EngineError, EngineLostError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.mount_arguments import MountArguments


def hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], mount_arguments: MountArguments | None
) -> str:
    monkeypatch.setattr(results, "written_state", lambda *_: "later")
    monkeypatch.setattr(results, "rescue", lambda _, into, **__: Rescued(into=into, relative=tuple(map(Path, files))))
    events: list[Event] = []
    container = Mock(attrs={"Config": {"WorkingDir": str((mount_arguments or MountArguments()).workdir)}})
    results.Results(
        engine=Mock(),
        container=container,
        into=tmp_path / "into",
        emit=events.append,
        removal=Mock(),
        mount_arguments=mount_arguments,
    ).save("before")
    [event] = events
    assert isinstance(event, Warned)
    return event.hint


def test_what_the_hint_says_can_be_done_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sales"
    (folder / "there").mkdir(parents=True)
    mount_arguments = MountArguments(folder=folder, start=tmp_path)
    said = hint(tmp_path, monkeypatch, ["my results/a.csv", "there/b.csv", "c.csv"], mount_arguments)
    make = shlex.split(said.partition("`")[2].partition("`")[0])
    assert make == ["mkdir", "./sales/my results"]
    (tmp_path / make[1]).mkdir()
    mounts = [word for word in shlex.split(said.partition(" and add ")[2]) if word != "-v"]
    parsed = [Mount.parse(word, folder=tmp_path) for word in mounts]
    assert [str(mount) for mount in parsed] == [
        f"{folder}/my results:/app/my results",
        f"{folder}/there:/app/there",
    ]
    for mount in parsed:
        mount.check()
    again = hint(tmp_path, monkeypatch, ["there/b.csv"], mount_arguments)
    assert again == "To keep them beside the notebook add -v ./sales/there:there"


def test_what_the_project_has_elsewhere_is_to_be_mounted_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("notebooks/out", "reports"):
        (tmp_path / name).mkdir(parents=True)
    mount_arguments = MountArguments(
        folder=tmp_path / "notebooks", start=tmp_path, workdir=PurePosixPath("/app/notebooks")
    )
    said = hint(
        tmp_path, monkeypatch, ["reports/deep/a.csv", "notebooks/out/b.csv", "notebooks/c.csv"], mount_arguments
    )
    assert said == "To keep them beside the notebook add -v ./reports:/app/reports -v ./notebooks/out:out"


def test_files_in_no_folder_and_of_an_unknown_notebook_have_no_mount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for files, mount_arguments in ((["a.csv"], MountArguments(folder=tmp_path, start=tmp_path)), (["out/a.csv"], None)):
        assert "-v" not in hint(tmp_path, monkeypatch, files, mount_arguments)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (EngineLostError("gone"), "Start the engine again: the next run saves them"),
        (EngineError("no"), "docker export a "),
    ],
)
def test_what_can_not_be_saved_now_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: EngineError, said: str
) -> None:
    monkeypatch.setattr(results, "written_state", Mock(side_effect=error))
    container = Mock(attrs={"Config": {"WorkingDir": "/app"}}, rename=Mock(side_effect=[lost_or_refused(error)]))
    container.name = "a"
    saving = results.Results(
        engine=Mock(), container=container, into=tmp_path, emit=lambda _: None, removal=Mock(), are_mounts_lasting=False
    )
    assert saving.save() == ()
    assert saving.error is not None
    assert said in saving.error.hint


def lost_or_refused(error: EngineError) -> Exception:
    """Return what docker-py raises for such an error."""
    return ConnectionError() if isinstance(error, EngineLostError) else APIError("no")
