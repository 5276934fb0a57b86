"""What a proof copies: the notebook's own results, and nothing that a link among them leads to."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_docker.pipeline.verification import copy_for_proof


def test_links_stay_links_whatever_they_lead_to(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("private")
    results = tmp_path / "results"
    (results / "deep").mkdir(parents=True)
    (results / "deep/own.txt").write_text("own")
    links = {
        "key": secret / "key", "folder": secret, "root": Path("/"), "circle": results, "gone": tmp_path / "x",
        "inside": Path("deep"),
    }  # fmt: skip
    for name, target in links.items():
        (results / name).symlink_to(target)
    os.mkfifo(results / "pipe")
    copy = tmp_path / "copy"
    copy_for_proof(results, copy)
    assert (copy / "deep/own.txt").read_text() == "own"
    assert {path.name for path in copy.iterdir()} == {*links, "deep"}
    for name, target in links.items():
        assert (copy / name).is_symlink()
        assert (copy / name).readlink() == target


def test_a_file_is_copied_and_what_is_not_there_is_made(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_text("a")
    copy_for_proof(tmp_path / "result.csv", tmp_path / "copy.csv")
    assert (tmp_path / "copy.csv").read_text() == "a"
    copy_for_proof(tmp_path / "nowhere", tmp_path / "made")
    assert (tmp_path / "made").is_dir()
