"""The line that builds a context with Docker alone: what it hands over, and what it never shows."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from jupyter_docker.freeze.lock.index import IndexSettings
from jupyter_docker.image.secrets import plain_build

FOLDER = Path("my context")


def words(settings: IndexSettings) -> list[str]:
    return shlex.split(plain_build(settings, "analysis", FOLDER))


def test_a_machine_that_needs_nothing_has_the_plain_line() -> None:
    assert words(IndexSettings()) == ["docker", "build", "-t", "analysis", "my context"]


def test_certificates_alone_need_one_option() -> None:
    given = words(IndexSettings(ca_bundle=Path("/etc/ssl/my company.pem")))
    assert given[:-1] == ["docker", "build", "-t", "analysis", "--secret", "id=ca,src=/etc/ssl/my company.pem"]


def test_an_index_is_handed_over_without_its_password() -> None:
    settings = IndexSettings(default="https://user:pa55@index.example.org/simple")
    given = words(settings)
    assert given[0] == 'CONTAINERIZE_UV=\n[[index]]\nurl = "https://index.example.org/simple"\ndefault = true\n'
    assert "id=pip,env=CONTAINERIZE_PIP" in given
    assert "pa55" not in " ".join(given)


def test_logins_are_handed_over_as_the_file_that_has_them(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine index.example.org login me password pa55\n")
    settings = IndexSettings(default="https://index.example.org/simple", netrc=netrc)
    assert f"id=netrc,src={netrc}" in words(settings)
    assert f"id=netrc,src={netrc}" not in words(IndexSettings(netrc=netrc))


def test_a_proxy_keeps_its_value_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:pa55@proxy.example.org")
    given = words(IndexSettings(proxies={"HTTPS_PROXY": "http://user:pa55@proxy.example.org"}))
    assert given[4:6] == ["--build-arg", "HTTPS_PROXY"]
    assert "pa55" not in " ".join(given)
