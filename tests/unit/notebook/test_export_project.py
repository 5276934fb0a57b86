"""A project's own files declare for all its notebooks: the nearest folder's count, and none that can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.notebook.script import project_requirements


def found(folder: Path) -> list[tuple[str, str]]:
    return [(each.requirement, each.why) for each in project_requirements(folder)]


def test_both_files_of_the_nearest_folder(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("too-far\n")
    folder = tmp_path / "project/notebooks"
    folder.mkdir(parents=True)
    (tmp_path / "project/requirements.txt").write_text("# all\nsix>=1\n")
    (tmp_path / "project/pyproject.toml").write_text('[project]\ndependencies = ["attrs", 3]\n')
    assert found(folder) == [("six>=1", "requirements.txt, line 2"), ("attrs", "pyproject.toml")]


def test_not_beyond_the_repository(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six\n")
    (tmp_path / "repository/.git").mkdir(parents=True)
    assert found(tmp_path / "repository") == []


@pytest.mark.parametrize(
    "text", ["", "[project", "project = 3\n", "[project]\ndependencies = 'six'\n", "[tool.x]\n", "\xff"]
)
def test_a_project_file_without_dependencies(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(text, encoding="latin-1")
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe")
    assert found(tmp_path) == []
