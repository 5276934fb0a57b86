"""The copy that a proof's run writes into: what is in the folder, and nothing from elsewhere."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_docker.pipeline import verification as verify
from jupyter_docker.pipeline.folder_copy import FolderCopy, TooMuchError
from jupyter_docker.values.events import Event, Warned


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "home" / ".ssh" / "id_rsa"
    path.parent.mkdir(parents=True)
    path.write_text("PRIVATE KEY")
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "output"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.csv").write_text("1,2")
    return folder


def texts(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


PLANTS: dict[str, Callable[[Path, Path], object]] = {
    "link to a file": lambda output, secret: (output / "plant").symlink_to(secret),
    "link to a folder": lambda output, secret: (output / "plant").symlink_to(secret.parent),
    "link to the root": lambda output, _: (output / "plant").symlink_to("/"),
    "relative link": lambda output, secret: (output / "plant").symlink_to(os.path.relpath(secret, output)),
    "link below": lambda output, secret: (output / "deep" / "plant").symlink_to(secret),
    "link to a link": lambda output, _: (output / "plant").symlink_to("plant"),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_nothing_from_outside_comes_in(
    plant: Callable[[Path, Path], object], output: Path, secret: Path, tmp_path: Path
) -> None:
    plant(output, secret)
    copy, target = FolderCopy(allowance=3), tmp_path / "copy"
    copy.copy(output, target)
    assert texts(target) == ["1,2"]
    assert copy.left_out == []


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_source_that_is_a_link_is_left_out(kind: str, secret: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(secret if kind == "file" else secret.parent)
    copy = FolderCopy(allowance=1000)
    copy.copy(link, tmp_path / "copy")
    assert copy.left_out == [link]
    assert not (tmp_path / "copy").exists()


def test_a_socket_is_left_out_and_a_file_keeps_its_mode(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (output / "run.sh").write_text("#!/bin/sh")
    (output / "run.sh").chmod(0o755)
    monkeypatch.chdir(output)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("sock")
        copy = FolderCopy(allowance=1000)
        copy.copy(output, tmp_path / "copy")
    assert [path.name for path in copy.left_out] == ["sock"]
    assert (tmp_path / "copy" / "run.sh").stat().st_mode & 0o777 == 0o755


def test_what_counts_is_what_is_copied(output: Path, tmp_path: Path) -> None:
    with (output / "sparse").open("wb") as file:
        file.truncate(2**20)
    with pytest.raises(TooMuchError):
        FolderCopy(allowance=2**20).copy(output, tmp_path / "copy")
    FolderCopy(allowance=2**20 + 3).copy(output, tmp_path / "again")


def test_a_proof_says_what_it_runs_without(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    os.mkfifo(output / "pipe\x1b[31m")
    verify.copy_for_proof(output, tmp_path / "copy", events.append)
    monkeypatch.setattr(verify, "MAX_COPIED", 1)
    verify.copy_for_proof(output, tmp_path / "empty", events.append)
    verify.copy_for_proof(tmp_path / "nowhere", tmp_path / "new", events.append)
    said = [event.message for event in events if isinstance(event, Warned)]
    assert "pipe\\x1b[31m" in said[0]
    assert "runs with an empty folder" in said[1]
    assert [list((tmp_path / name).iterdir()) for name in ("empty", "new")] == [[], []]
