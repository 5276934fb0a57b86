"""The files of a pack: what goes in comes out, links become files or are named, and no filter of Python is needed."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from jupyter_docker.pipeline.packing import _add, _extract, _left_out
from jupyter_docker.values import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "given"
    (made / "empty").mkdir(parents=True)
    (made / "a.txt").write_text("a")
    (made / "a.txt").chmod(0o600)
    os.utime(made / "a.txt", (1_000_000_000, 1_000_000_000))
    (made / "program").write_text("b" * 3_000_000)
    (made / "program").chmod(0o775)
    return made


def there_and_back(folder: Path, tmp_path: Path) -> tuple[Path, list[Path]]:
    with tarfile.open(tmp_path / "pack.tar", "w") as archive:
        left_out = _add(archive, folder, "data/0")
    (tmp_path / "out").mkdir()
    _extract(tmp_path / "pack.tar", tmp_path / "out")
    return tmp_path / "out/data/0", left_out


def test_files_come_out_as_they_went_in_on_a_python_without_filters(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tarfile.TarFile, "extract", lambda self, member, path="", set_attrs=True: None)  # as in 3.11.2
    out, left_out = there_and_back(folder, tmp_path)
    assert left_out == []
    assert sorted(path.name for path in out.iterdir()) == ["a.txt", "empty", "program"]
    assert (out / "a.txt").read_text() == "a"
    assert (out / "a.txt").stat().st_mtime == 1_000_000_000
    assert (out / "program").read_bytes() == (folder / "program").read_bytes()
    assert [(out / name).stat().st_mode & 0o777 for name in ("a.txt", "program")] == [0o600, 0o755]


def test_a_second_name_of_a_file_is_a_copy_and_a_link_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "second").hardlink_to(folder / "a.txt")
    (folder / "link").symlink_to("a.txt")
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "empty/pipe")
    out, left_out = there_and_back(folder, tmp_path)
    assert (out / "second").read_text() == "a"
    assert left_out == [folder / "elsewhere", folder / "empty/pipe", folder / "link"]
    assert not [path for path in out.rglob("*") if path.is_symlink()]
    assert all(f"'{path}'" in _left_out(left_out).message for path in left_out)
    many = _left_out([Path(f"link\n{number}") for number in range(12)]).message
    assert many.endswith(r"'link\n9' and 2 more.")


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "pack.tar", "w") as archive:
        for _ in range(2):
            archive.addfile(tarfile.TarInfo("data/0"))
    with pytest.raises(UsageError, match="can't be unpacked"):
        _extract(tmp_path / "pack.tar", tmp_path)
