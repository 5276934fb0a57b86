"""Mounts, ports, limits: Docker's words, read strictly."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.values.container_spec import Mount, Port, duration_text, parse_duration, parse_memory
from jupyter_docker.values.errors import MountError, UsageError

FOLDER = Path("/lab")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./data:data", "/lab/data:/app/data"),
        ("./data:data:ro", "/lab/data:/app/data:ro"),
        ("./data:/mnt/data:rw", "/lab/data:/mnt/data"),
        ("/abs/x y:/z", "/abs/x y:/z"),
        ("../up:up", "/up:/app/up"),
        ("data/raw:raw", "/lab/data/raw:/app/raw"),
        ("cache:/cache", "cache:/cache"),
        ("/at 10:30/data:/app/data", "/at 10:30/data:/app/data"),
        ("/at 10:30/data:/app/data:ro", "/at 10:30/data:/app/data:ro"),
        ("/a:/b:/c", "/a:/b:/c"),
    ],
)
def test_mount_reads_sources_below_the_folder_and_targets_below_app(text: str, expected: str) -> None:
    assert str(Mount.parse(text, folder=FOLDER)) == expected


def test_mount_tells_paths_from_volumes() -> None:
    assert Mount.parse("data:data", folder=FOLDER).kind == "volume"
    assert Mount.parse("./data:data", folder=FOLDER).kind == "bind"
    assert Mount.parse("~/data:data", folder=FOLDER).source == str(Path.home() / "data")
    assert Mount.parse("C:\\data:data:ro", folder=FOLDER).target == PurePosixPath("/app/data")


@pytest.mark.parametrize(
    "text",
    [
        "", "a", ":", ":/x", "./a:", "./a:b:c", "./a:b:ro:x", "./a:.", "./a:/app", "./a://app", "./a:/", "./a://",
        "./a:../etc", "a b:/x", "./a:b\nc", "./a\0:b", "-x:/y",
    ],
)  # fmt: skip
def test_bad_mounts_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Mount.parse(text, folder=FOLDER)
    assert caught.value.hint


def test_a_target_above_the_notebook_is_refused_with_the_one_to_write() -> None:
    with pytest.raises(UsageError) as caught:
        Mount.parse("../a/b:../a/b:ro", folder=FOLDER)
    assert "'..'" in caught.value.message
    assert "/a/b" in caught.value.hint
    assert Mount.parse("../a/b:/a/b:ro", folder=FOLDER).target == PurePosixPath("/a/b")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_is_a_mount_or_an_error(text: str) -> None:
    try:
        mount = Mount.parse(text, folder=FOLDER)
    except UsageError:
        return
    assert mount.target.is_absolute()
    assert mount.target not in {PurePosixPath("/"), PurePosixPath("/app")}
    assert ".." not in mount.target.parts
    assert Mount.parse(str(mount), folder=FOLDER) == mount


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\n"), min_size=1))
def test_a_folder_of_any_name_is_read_back(name: str) -> None:
    mount = Mount.parse("./data:data:ro", folder=Path("/lab") / name)
    assert Mount.parse(str(mount), folder=FOLDER) == mount


def test_missing_source_is_an_error(tmp_path: Path) -> None:
    Mount.parse(".:sub", folder=tmp_path).check()
    with pytest.raises(MountError, match="nowhere"):
        Mount.parse("./nowhere:sub", folder=tmp_path).check()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8080:80", "127.0.0.1:8080:80/tcp"),
        ("80", "127.0.0.1:0:80/tcp"),
        ("0:80", "127.0.0.1:0:80/tcp"),
        ("0.0.0.0:8080:80", "0.0.0.0:8080:80/tcp"),
        ("5353:53/udp", "127.0.0.1:5353:53/udp"),
        ("[::1]:8080:80", "::1:8080:80/tcp"),
    ],
)
def test_ports(text: str, expected: str) -> None:
    assert str(Port.parse(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "0", "x", "80:", "1:2:3:4", "99999:80", "80/icmp", "-1:80", "80:٣", "80 ", "8080:80\n"]
)
def test_bad_ports_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Port.parse(text)


@given(st.text())
def test_any_text_is_a_port_or_an_error(text: str) -> None:
    try:
        port = Port.parse(text)
    except UsageError:
        return
    assert 0 < port.container < 65536
    assert 0 <= port.host < 65536


def test_memory() -> None:
    assert parse_memory("512m") == 512 * 2**20
    assert parse_memory("1.5g") == 3 * 2**29
    assert parse_memory("2GiB") == 2**31
    for text in ("", "1", "5m", "-1g", "2x", "g", "1e9", "nan", "9" * 400, f"{2**63}"):
        with pytest.raises(UsageError):
            parse_memory(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("0.5s", 0.5), ("10m", 600), ("1h30m", 5400), ("2h", 7200), ("1d", 86400)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-1", "1x", "m", "1m1h", "nan", "1e3", "٣", "366d", "9" * 400])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an amount of time"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=365 * 86400))
def test_a_duration_is_read_as_it_is_written(seconds: int) -> None:
    assert parse_duration(duration_text(seconds)) == seconds
