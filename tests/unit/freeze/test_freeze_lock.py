"""Locks have the host's versions and hashes, are made once, and fail in words that say what is wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.resolve import Root
from jupyter_docker.freeze.lock.failure import SourceOnlyError, VersionMissingError, explain_failure
from jupyter_docker.freeze.lock.index import read_index_settings
from jupyter_docker.freeze.lock.lock import lock
from jupyter_docker.values.environment import Distribution, PythonEnvironment
from jupyter_docker.values.errors import LockError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.requirements import Pin
from tests.unit.freeze.package_index import add_sdist, add_wheel, serve


@pytest.fixture
def index(tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an index that is the only one."""
    folder = tmp_path / "index"
    folder.mkdir()
    with serve(folder) as url:
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        yield folder


def installed(*distributions: Distribution, environment: PythonEnvironment) -> PythonEnvironment:
    return PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=environment.executable,
        distributions=distributions, stdlib=frozenset(), path=(),
    )  # fmt: skip


def distribution(name: str, version: str, *requires: str, origin: str = "") -> Distribution:
    return Distribution(name=name, version=version, modules=(name,), requires=requires, origin=origin)


def locked(
    roots: Sequence[Root], environment: PythonEnvironment, *, python: str = "3.11.7", platform: str = "linux/amd64"
) -> tuple[dict[str, Pin], list[str]]:
    events: list[Event] = []
    pins = lock(roots, environment, python_version=python, platform=platform, emit=events.append)
    return {pin.name: pin for pin in pins}, [event.message for event in events if isinstance(event, Warned)]


def versions(pins: dict[str, Pin]) -> dict[str, str]:
    return {name: pin.version for name, pin in pins.items()}


def root(name: str, version: str = "", *, declared: str = "", extras: tuple[str, ...] = ()) -> Root:
    return Root(name=name, version=version, declared=declared, extras=extras, why=(f"cell 1: import {name}",))


def test_the_hosts_versions_from_the_public_index(environment: PythonEnvironment, cold_cache: Path) -> None:
    pins, warnings = locked([root("python-dateutil", "2.9.0.post0")], environment)
    assert versions(pins) == {"python-dateutil": "2.9.0.post0", "six": "1.16.0"}
    assert pins["python-dateutil"].why == ("cell 1: import python-dateutil",)
    assert pins["six"].why == ("needed by python-dateutil",)
    assert pins["six"].hashes == ("sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254",)
    assert warnings == []


def test_no_roots_are_no_pins(environment: PythonEnvironment) -> None:
    assert locked([], environment) == ({}, [])


def test_a_lock_is_made_once(environment: PythonEnvironment, index: Path, cold_cache: Path) -> None:
    add_wheel(index, "one", "1.0")
    host = installed(distribution("one", "1.0"), environment=environment)
    first = locked([root("one", "1.0")], host)
    shutil.rmtree(index / "simple")  # a second question would find nothing
    assert locked([root("one", "1.0")], host) == first
    (file,) = (cold_cache / "locks").iterdir()
    assert "127.0.0.1" not in file.read_text(), "an index's address is not kept"


def test_an_unrelated_install_changes_no_lock(
    environment: PythonEnvironment, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_wheel(index, "one", "1.0")
    one = distribution("one", "1.0")
    first = locked([root("one", "1.0")], installed(one, environment=environment))
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert locked([root("one", "1.0")], installed(one, distribution("two", "2"), environment=environment)) == first


def test_versions_and_extras_are_the_hosts_though_the_index_has_newer(
    environment: PythonEnvironment, index: Path
) -> None:
    for version in ("1.0", "2.0"):
        add_wheel(index, "one", version, requires=["two", "three; extra == 'more'", "four; sys_platform == 'win32'"])
        add_wheel(index, "two", version)
        add_wheel(index, "three", version)
    one = distribution("one", "1.0", "two", 'three; extra == "more"')
    host = installed(one, distribution("two", "1.0"), distribution("three", "1.0"), environment=environment)
    pins, _ = locked([root("one", "1.0", extras=("more",))], host)
    assert versions(pins) == {"one": "1.0", "three": "1.0", "two": "1.0"}
    assert (pins["one"].extras, pins["three"].why) == (("more",), ("needed by one",))
    assert versions(locked([root("one", "1.0")], host)[0]) == {"one": "1.0", "two": "1.0"}


def test_what_only_the_images_platform_needs_is_added(environment: PythonEnvironment, index: Path) -> None:
    marker = "platform_machine == 'aarch64'"
    add_wheel(index, "one", "1.0", requires=[f"two; {marker}"])
    add_wheel(index, "two", "1.0")
    host = installed(distribution("one", "1.0", f"two; {marker}"), environment=environment)
    assert versions(locked([root("one", "1.0")], host)[0]) == {"one": "1.0"}
    pins, warnings = locked([root("one", "1.0")], host, platform="linux/arm64")
    assert (versions(pins), warnings) == ({"one": "1.0", "two": "1.0"}, [])
    assert pins["two"].why == ("needed by one",)


def test_only_files_for_the_platform_are_hashed(environment: PythonEnvironment, index: Path) -> None:
    tags = ["cp311-cp311-manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_28_aarch64", "cp311-cp311-win_amd64"]
    hashes = [add_wheel(index, "one", "1.0", tag=tag) for tag in tags]
    host = installed(distribution("one", "1.0"), environment=environment)
    assert locked([root("one", "1.0")], host)[0]["one"].hashes == (hashes[0],)
    assert locked([root("one", "1.0")], host, platform="linux/arm64")[0]["one"].hashes == (hashes[1],)


def test_what_is_declared_but_not_installed_is_taken_from_the_index(
    environment: PythonEnvironment, index: Path
) -> None:
    for version in ("1.0", "1.5", "2.0"):
        add_wheel(index, "new", version, requires=["two"])
        add_wheel(index, "two", version)
    host = installed(distribution("two", "1.0"), environment=environment)
    pins, warnings = locked([root("new", declared="new<2")], host)
    assert versions(pins) == {"new": "1.5", "two": "1.0"}
    assert (pins["two"].why, warnings) == (("needed by new",), [])


def test_a_host_that_contradicts_itself_is_pinned_as_it_is(environment: PythonEnvironment, index: Path) -> None:
    add_wheel(index, "one", "1.0", requires=["two>=2", "gone", "three"])
    for name in ("two", "three", "gone"):
        add_wheel(index, name, "1.0")
    one = distribution("one", "1.0", "two>=2", "gone", "three")
    host = installed(one, distribution("two", "1.0"), distribution("three", "1.0"), environment=environment)
    pins, warnings = locked([root("one", "1.0")], host)
    assert versions(pins) == {"one": "1.0", "three": "1.0", "two": "1.0"}
    (warning,) = warnings
    assert warning == (
        "What is installed contradicts itself: 'one' needs 'gone', which is not installed; 'one' needs 'two>=2', "
        "but 1.0 is installed. It is pinned as it is."
    )


def test_a_local_version_that_the_index_has_is_kept(environment: PythonEnvironment, index: Path) -> None:
    for version in ("1.0", "1.0+cpu", "1.0+gpu"):
        add_wheel(index, "one", version)
    host = installed(distribution("one", "1.0+cpu"), environment=environment)
    pins, warnings = locked([root("one", "1.0+cpu")], host)
    assert (versions(pins), warnings) == ({"one": "1.0+cpu"}, [])


def test_a_local_version_that_it_lacks_is_never_replaced(environment: PythonEnvironment, index: Path) -> None:
    add_wheel(index, "one", "1.0")
    host = installed(distribution("one", "1.0+cpu"), environment=environment)
    with pytest.raises(VersionMissingError, match=r"^The package index has no version 1\.0\+cpu of 'one'"):
        locked([root("one", "1.0+cpu")], host)


def test_what_came_from_no_index_is_never_taken_from_one_that_has_its_name(
    environment: PythonEnvironment, index: Path
) -> None:
    add_wheel(index, "mine", "1.0")
    mine = distribution("mine", "1.0", origin="git+https://me:t0ken@host/mine@abc")
    host = installed(distribution("one", "1.0", "mine"), mine, environment=environment)
    with pytest.raises(LockError) as raised:
        locked([root("one", "1.0")], host)
    assert raised.value.message == (
        "'mine' 1.0 came from 'git+https://****@host/mine@abc', and no package index has that version."
    )


def test_a_version_or_a_name_that_the_index_lacks(environment: PythonEnvironment, index: Path) -> None:
    add_wheel(index, "one", "1.0")
    host = installed(distribution("one", "9.0"), distribution("private", "1.0"), environment=environment)
    with pytest.raises(VersionMissingError, match=r"^The package index has no version 9\.0 of 'one'"):
        locked([root("one", "9.0")], host)
    with pytest.raises(VersionMissingError, match=r"^The package index has no 'private'\."):
        locked([root("private", "1.0")], host)


def test_a_pin_that_the_images_python_is_too_old_for(environment: PythonEnvironment, index: Path) -> None:
    add_wheel(index, "one", "1.0", python=">=3.11.5")
    host = installed(distribution("one", "1.0"), environment=environment)
    with pytest.raises(LockError, match=r"^A pinned version does not support the Python of the image\."):
        locked([root("one", "1.0")], host, python="3.11.2")
    assert versions(locked([root("one", "1.0")], host, python="3.11.5")[0]) == {"one": "1.0"}


def test_a_pin_without_a_wheel_for_the_platform(environment: PythonEnvironment, index: Path) -> None:
    add_wheel(index, "one", "1.0", tag="cp311-cp311-win_amd64")
    host = installed(distribution("one", "1.0"), environment=environment)
    with pytest.raises(LockError, match=r"^A pinned version has no wheel for the image's platform\."):
        locked([root("one", "1.0")], host)


def test_a_source_distribution_is_never_built_here(
    environment: PythonEnvironment, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sdist(index, "one", "1.0", runs=f"open({str(tmp_path / 'ran')!r}, 'w')")
    add_wheel(index, "other", "1.0", requires=["one"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uv.toml").write_text("no-build = false\n")
    (tmp_path / "pyproject.toml").write_text("[tool.uv]\nno-build = false\n")
    monkeypatch.setenv("UV_NO_BUILD", "0")
    host = installed(distribution("unrelated", "1.0"), environment=environment)
    for asked in (root("one", declared="one"), root("other", declared="other"), root("one", declared="one==1.0")):
        with pytest.raises(SourceOnlyError, match=r"^The package index has 'one' only as source") as raised:
            locked([asked], host)
        assert "%pip install one" in raised.value.hint
    assert not (tmp_path / "ran").exists()


def test_the_resolver_is_given_no_variable_that_it_does_not_need(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "UV_INDEX_MINE_PASSWORD", "PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "planted")
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{tmp_path}")
    given = read_index_settings().environment()
    assert "planted" not in given.values()
    assert given["PATH"] == str(tmp_path)


def test_an_index_that_does_not_answer(
    environment: PythonEnvironment, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://me:s3cret@127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    pins, (warning,) = locked([root("python-dateutil", "2.9.0.post0")], environment)
    assert warning.startswith("The package index can't be reached: 'http://")
    assert warning.endswith("has no hashes, and nothing that only the image's platform needs.")
    assert "s3cret" not in warning
    assert [(pin.name, pin.version, pin.hashes, pin.why) for pin in pins.values()] == [
        ("python-dateutil", "2.9.0.post0", (), ("cell 1: import python-dateutil",)),
        ("six", "1.16.0", (), ("needed by python-dateutil",)),
    ]
    with pytest.raises(LockError, match=r"^The package index can't be reached: 'http://.*127\.0\.0\.1:9/") as raised:
        locked([root("new", declared="new>=1")], environment)
    assert "s3cret" not in raised.value.message


def test_an_index_that_asks_for_a_password(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_wheel(tmp_path, "one", "1.0")
    host = installed(distribution("one", "1.0"), environment=environment)
    with serve(tmp_path, user="me", password="s3cret") as url:
        monkeypatch.setenv("PIP_INDEX_URL", url.replace("s3cret", "wr0ng"))
        with pytest.raises(LockError, match=r"^The package index refused: 401 Unauthorized") as raised:
            locked([root("one", "1.0")], host)
        assert "wr0ng" not in raised.value.message
        monkeypatch.setenv("PIP_INDEX_URL", url)
        assert versions(locked([root("one", "1.0")], host)[0]) == {"one": "1.0"}
    assert all("s3cret" not in file.read_text() for file in (cold_cache / "locks").iterdir())


def test_offline_is_said(environment: PythonEnvironment, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    host = installed(distribution("never-seen-here", "1.0"), environment=environment)
    pins, (warning,) = locked([root("never-seen-here", "1.0")], host)
    assert versions(pins) == {"never-seen-here": "1.0"}
    assert warning.startswith("The network is turned off for uv")


def test_what_uv_has_in_its_cache_is_hashed_without_the_index(
    environment: PythonEnvironment, index: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = add_wheel(index, "cached", "1.0")
    host = installed(distribution("cached", "1.0"), environment=environment)
    monkeypatch.setenv("UV_CACHE_DIR", str(cold_cache / "uv"))
    locked([root("cached", "1.0")], host)
    shutil.rmtree(cold_cache / "locks")
    monkeypatch.setenv("UV_OFFLINE", "1")
    pins, warnings = locked([root("cached", "1.0")], host)
    assert (pins["cached"].hashes, warnings) == ((expected,), [])


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            "error: x\n  cause: invalid peer certificate: UnknownIssuer",
            "The package index's TLS certificate is not trusted.",
        ),
        (
            "Because one depends on two>=2 and you require two==1, your\nrequirements are unsatisfiable.",
            "The versions can't be",
        ),
        (
            "error: Failed to initialize cache at `/x/uv`\n  cause: failed to create directory",
            "uv can't write its cache folder, '/x/uv'.",
        ),
        ("something new", "uv could not lock the packages.\n  something new"),
        ("", "uv could not lock the packages."),
    ],
)
def test_other_failures(output: str, message: str) -> None:
    assert explain_failure(output).message.startswith(message)


def test_what_is_only_there_as_source_has_a_fix_that_allows_building_it() -> None:
    error = explain_failure("Wheels are required for `sourced` because building from source is disabled")
    assert [fix.arguments for fix in error.fixes] == ["--allow-build sourced"]


@pytest.mark.parametrize(("platform", "machine"), [("linux/amd64", "x86_64"), ("linux/arm64", "aarch64")])
def test_a_mac_locks_for_the_images_platform(
    environment: PythonEnvironment, index: Path, platform: str, machine: str
) -> None:
    requires = ["mac-only; sys_platform == 'darwin'", f"linux-only; platform_machine == '{machine}'", "both"]
    add_wheel(index, "one", "1.0", requires=requires)
    add_wheel(index, "linux-only", "3.0")
    add_wheel(index, "mac-only", "1.0")
    add_wheel(index, "both", "2.0", tag="cp311-cp311-macosx_11_0_arm64")
    expected = add_wheel(index, "both", "2.0", tag=f"cp311-cp311-manylinux_2_28_{machine}")
    host = installed(
        distribution("one", "1.0", *requires), distribution("mac-only", "1.0"), distribution("both", "2.0"),
        environment=environment,
    )  # fmt: skip
    pins, warnings = locked([root("one", "1.0")], replace(host, platform="darwin-arm64"), platform=platform)
    assert (versions(pins), warnings) == ({"one": "1.0", "linux-only": "3.0", "both": "2.0"}, [])
    assert pins["both"].hashes == (expected,)
