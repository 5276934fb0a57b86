"""An archive of a container's: whatever it says, only its regular files are written, and only into the folder."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.engine.files.unpacking import TooLargeError, Unpacking, members, printable


def archive(*entries: tuple[str, bytes, bytes]) -> io.BytesIO:
    """Return an archive with entries of that name, type and content (of a link: where it leads)."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind, content in entries:
            member = tarfile.TarInfo(name)
            member.type, member.mode = kind, 0o6777
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                member.linkname = content.decode()
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    made.seek(0)
    return made


def unpack(data: io.BytesIO, folder: Path, allowance: int = 1000) -> Unpacking:
    unpacking = Unpacking(into=folder, allowance=allowance)
    with tarfile.open(fileobj=data, mode="r|") as tar:
        for member in members(tar):
            unpacking.add(tar, member, PurePosixPath(member.name))
    return unpacking


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "parent" / "into"
    folder.mkdir(parents=True)
    return folder


def outside(into: Path) -> list[Path]:
    return [path for path in into.parent.parent.rglob("*") if path != into.parent and not path.is_relative_to(into)]


@pytest.mark.parametrize("name", ["/etc/absolute", "../out", "a/../../out", "..", "a/..", "x/../../../out"])
def test_no_name_leads_out(name: str, into: Path) -> None:
    done = unpack(archive((name, tarfile.REGTYPE, b"x"), ("good", tarfile.REGTYPE, b"y")), into)
    assert outside(into) == []
    assert [path.read_bytes() for path in done.saved.values()] == [b"y"]
    assert list(done.unsaved) == [PurePosixPath(name)]


def test_nothing_is_written_through_a_planted_link(into: Path) -> None:
    entries = [
        ("out", tarfile.SYMTYPE, b".."),
        ("out/plant", tarfile.REGTYPE, b"x"),
        ("passwd", tarfile.SYMTYPE, b"/etc/passwd"),
        ("passwd", tarfile.REGTYPE, b"x"),
        ("key", tarfile.LNKTYPE, b"/etc/passwd"),
        ("pipe", tarfile.FIFOTYPE, b""),
        ("disk", tarfile.BLKTYPE, b""),
        ("tty", tarfile.CHRTYPE, b""),
    ]
    done = unpack(archive(*entries), into)
    assert outside(into) == []
    assert {str(path) for path in done.skipped} == {"out", "passwd", "pipe", "disk", "tty"}
    assert {str(path) for path in done.saved} == {"out/plant", "passwd"}
    assert all(path.is_file() and not path.is_symlink() for path in done.saved.values())
    assert "another name of '/etc/passwd'" in done.unsaved[PurePosixPath("key")]
    assert not any(path.stat().st_mode & 0o7077 for path in done.saved.values())


def test_a_second_name_of_a_file_has_what_the_first_has(into: Path) -> None:
    done = unpack(archive(("a", tarfile.REGTYPE, b"same"), ("d/b", tarfile.LNKTYPE, b"a")), into)
    assert [path.read_bytes() for path in done.saved.values()] == [b"same", b"same"]
    assert done.unsaved == {}


def test_files_and_folders_in_place_of_each_other_fail_by_themselves(into: Path) -> None:
    entries = [
        ("a", tarfile.REGTYPE, b"1"),
        ("a/b", tarfile.REGTYPE, b"2"),
        ("d/e", tarfile.REGTYPE, b"3"),
        ("d", tarfile.REGTYPE, b"4"),
        ("twice", tarfile.REGTYPE, b"5"),
        ("twice", tarfile.REGTYPE, b"6"),
        ("x" * 300, tarfile.REGTYPE, b"7"),
        ("last", tarfile.REGTYPE, b"8"),
    ]
    done = unpack(archive(*entries), into)
    assert {str(path): target.read_bytes() for path, target in done.saved.items()} == {
        "a": b"1", "d/e": b"3", "twice": b"5", "last": b"8",
    }  # fmt: skip
    assert [str(path)[:5] for path in done.unsaved] == ["a/b", "d", "twice", "xxxxx"]


def test_what_is_too_large_is_left_and_the_rest_is_taken(into: Path) -> None:
    entries = [("a", tarfile.REGTYPE, b"1" * 6), ("b", tarfile.REGTYPE, b"2" * 6), ("c", tarfile.REGTYPE, b"3" * 4)]
    done = unpack(archive(*entries, ("d", tarfile.LNKTYPE, b"a")), into, allowance=10)
    assert [str(path) for path in done.saved] == ["a", "c"]
    assert set(done.unsaved.values()) == {"it is too large"}
    assert sorted(path.name for path in into.iterdir()) == ["a", "c"]


def test_what_says_that_it_is_huge_is_not_read(into: Path) -> None:
    data = archive(("huge", tarfile.REGTYPE, b""))
    with tarfile.open(fileobj=data, mode="r|") as tar:
        member = tar.next()
        assert member is not None
        member.size = 2**40
        with pytest.raises(TooLargeError):
            Unpacking(into=into, allowance=1000).add(tar, member, PurePosixPath("huge"))


def test_an_archive_that_breaks_off_leaves_no_half_a_file(into: Path) -> None:
    data = archive(("a", tarfile.REGTYPE, b"whole"), ("b", tarfile.REGTYPE, b"x" * 5000))
    done = unpack(io.BytesIO(data.getvalue()[:3000]), into, allowance=10**6)
    assert [str(path) for path in done.saved] == ["a"]
    assert [path.name for path in into.iterdir()] == ["a"]
    assert list(done.unsaved) == [PurePosixPath("b")]


def test_a_full_disk_costs_the_file_alone(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(file: io.FileIO, content: bytes) -> None:
        if len(content) > 2:
            raise OSError(28, "No space left on device")
        file.write(content)

    monkeypatch.setattr("jupyter_docker.engine.files.unpacking.write_all", write)
    done = unpack(archive(("big", tarfile.REGTYPE, b"abc"), ("small", tarfile.REGTYPE, b"x")), into)
    assert [path.name for path in into.iterdir()] == ["small"]
    assert done.unsaved == {PurePosixPath("big"): "No space left on device"}


@given(st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name))
def test_names_are_shown_without_what_steers_a_terminal(name: bytes) -> None:
    shown = printable(PurePosixPath(os.fsdecode(name)))
    assert shown.isprintable() or not shown
    shown.encode()
