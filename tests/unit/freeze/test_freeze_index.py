"""The host's index settings reach uv and pip whole, and no text that is shown."""

from __future__ import annotations

import configparser
import os
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uv import find_uv_bin

from jupyter_docker.freeze.lock.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.lock.pip_config import read_pip_settings
from jupyter_docker.freeze.lock.redaction import redacted, redacted_urls

SECRET = "https://user:s3cret@index.example/simple"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Variables of a user with an empty home, and no settings of the machine's but those in /etc."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "xdg"), "PIP_CONFIG_FILE": os.devnull}


def put(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_nothing_set_is_nothing_said(home: dict[str, str]) -> None:
    settings = read_index_settings(home)
    assert settings == IndexSettings()
    assert (settings.uv_toml(), settings.pip_conf()) == ("", "")


def test_pips_variables(home: dict[str, str]) -> None:
    settings = read_index_settings(
        {**home, "PIP_INDEX_URL": SECRET, "PIP_EXTRA_INDEX_URL": "https://a/s http://b/s", "PIP_TRUSTED_HOST": "b c:8"}
    )
    assert settings.default == SECRET
    assert settings.extra == ("https://a/s", "http://b/s")
    assert settings.insecure_hosts == ("b", "c:8")
    assert tomllib.loads(settings.uv_toml()) == {
        "index-strategy": "unsafe-best-match",
        "allow-insecure-host": ["b", "c:8"],
        "index": [{"url": "https://a/s"}, {"url": "http://b/s"}, {"url": SECRET, "default": True}],
    }
    parser = configparser.RawConfigParser()
    parser.read_string(settings.pip_conf())
    assert {name: value.split() for name, value in parser["global"].items()} == {
        "index-url": [SECRET],
        "extra-index-url": ["https://a/s", "http://b/s"],
        "trusted-host": ["b", "c:8"],
    }


def test_pips_files_in_their_order(home: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / "xdg/pip/pip.conf", "[global]\nindex-url = https://all/s\ntimeout = 1\nproxy = http://all\n")
    put(tmp_path / ".pip/pip.conf", "[global]\nindex_url = https://legacy/s\nproxy = http://legacy\n")
    put(tmp_path / ".config/pip/pip.conf", "[global]\nindex-url = https://user/s\n[list]\nproxy = http://list\n")
    chosen = put(tmp_path / "chosen.conf", "[install]\nextra-index-url =\n  https://one/%s\n  https://two/s\n")
    settings = read_pip_settings({**home, "PIP_CONFIG_FILE": chosen, "PIP_TIMEOUT": "3"})
    assert settings["index-url"] == "https://user/s"
    assert settings["proxy"] == "http://legacy"
    assert settings["timeout"] == "3"
    assert settings["extra-index-url"].split() == ["https://one/%s", "https://two/s"]


def test_the_install_section_goes_before_a_later_global_one(home: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / ".pip/pip.conf", "[install]\nindex-url = https://install/s\n")
    chosen = put(tmp_path / "chosen.conf", "[global]\nindex-url = https://global/s\n")
    assert read_pip_settings({**home, "PIP_CONFIG_FILE": chosen})["index-url"] == "https://install/s"


@pytest.mark.parametrize("text", ["no section", "[global]\nx = 1\nx = 2\n", "[global\n", "\0"])
def test_a_broken_pip_file_counts_for_nothing(home: dict[str, str], tmp_path: Path, text: str) -> None:
    assert "x" not in read_pip_settings({**home, "PIP_CONFIG_FILE": put(tmp_path / "pip.conf", text)})


def test_uvs_settings_go_before_pips(home: dict[str, str], tmp_path: Path) -> None:
    put(
        tmp_path / ".config/uv/uv.toml",
        'index-strategy = "first-index"\nallow-insecure-host = ["h"]\n'
        '[[index]]\nname = "My-index"\nurl = "https://mine/s"\n'
        '[[index]]\nurl = "https://default/s"\ndefault = true\n'
        '[[index]]\nurl = "https://explicit/s"\nname = "e"\nexplicit = true\n',
    )
    settings = read_index_settings(
        {
            **home,
            "PIP_INDEX_URL": "https://pip/s",
            "UV_INDEX": "first=https://first/s",
            "UV_INDEX_MY_INDEX_USERNAME": "me",
            "UV_INDEX_MY_INDEX_PASSWORD": "p@ss",
        }
    )
    assert settings.default == "https://default/s"
    assert settings.extra == ("https://first/s", "https://me:p%40ss@mine/s")
    assert (settings.strategy, settings.insecure_hosts) == ("first-index", ("h",))


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_uvs_variables_go_before_its_file(home: dict[str, str], tmp_path: Path, variable: str) -> None:
    chosen = put(tmp_path / "uv.toml", '[pip]\nindex-url = "https://file/s"\nextra-index-url = ["https://more/s"]\n')
    assert read_index_settings({**home, "UV_CONFIG_FILE": chosen}).default == "https://file/s"
    settings = read_index_settings({**home, "UV_CONFIG_FILE": chosen, variable: "https://variable/s"})
    assert (settings.default, settings.extra) == ("https://variable/s", ("https://more/s",))
    assert read_index_settings({**home, "UV_CONFIG_FILE": chosen, "UV_NO_CONFIG": "1"}).default == ""


@pytest.mark.parametrize("text", ["index = 1", "index = [1]", "[[index]]\nname = 'x'", "pip = 3", "index-url = 3", "["])
def test_a_broken_uv_file_counts_for_nothing(home: dict[str, str], tmp_path: Path, text: str) -> None:
    chosen = put(tmp_path / "uv.toml", text)
    assert read_index_settings({**home, "UV_CONFIG_FILE": chosen}) == IndexSettings()


@pytest.mark.parametrize("url", ["file:///opt/wheels", "/opt/wheels", "../wheels", "https://a b", "ftp://x/s", ""])
def test_what_only_this_machine_has_is_left_out(home: dict[str, str], url: str) -> None:
    environ = {
        "PIP_INDEX_URL": url,
        "PIP_FIND_LINKS": "/opt/wheels",
        "PIP_CONSTRAINT": "/c.txt",
        "UV_DEFAULT_INDEX": url,
    }
    assert read_index_settings({**home, **environ}) == IndexSettings()


def test_certificates_netrc_and_proxies(home: dict[str, str], tmp_path: Path) -> None:
    certificates = put(tmp_path / "ca.pem", "")
    put(tmp_path / ".netrc", "")
    environ = {"SSL_CERT_FILE": "/missing", "REQUESTS_CA_BUNDLE": certificates}
    environ |= {"https_proxy": "http://p:1", "PIP_PROXY": "http://q:2"}
    settings = read_index_settings({**home, **environ})
    assert (settings.ca_bundle, settings.netrc) == (Path(certificates), tmp_path / ".netrc")
    assert settings.proxies == {"HTTP_PROXY": "http://q:2", "HTTPS_PROXY": "http://p:1"}
    assert tomllib.loads(settings.uv_toml()) == {"system-certs": True}
    assert settings.pip_conf() == "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n"


def test_uv_runs_without_the_hosts_own_restrictions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_CONSTRAINT", "UV_INDEX_X_PASSWORD", "UV_FIND_LINKS", "UV_EXCLUDE_NEWER", "UV_CONFIG_FILE"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "7")
    environment = IndexSettings(ca_bundle=Path("/ca.pem"), proxies={"HTTPS_PROXY": "http://p"}).environment()
    assert {name for name in environment if name.startswith("UV_")} - {"UV_CACHE_DIR"} == {"UV_HTTP_TIMEOUT"}
    assert (environment["SSL_CERT_FILE"], environment["HTTPS_PROXY"]) == ("/ca.pem", "http://p")


def test_uv_reads_what_is_written_for_it_without_a_warning(tmp_path: Path) -> None:
    settings = IndexSettings(
        default=SECRET, extra=("https://é:\"'@a/s",), strategy="unsafe-best-match", insecure_hosts=("h:1",),
        ca_bundle=Path("/etc/ssl/certs/ca-certificates.crt"),
    )  # fmt: skip
    file = put(tmp_path / "uv.toml", settings.uv_toml())
    (tmp_path / "in.txt").write_text("")
    command = [find_uv_bin(), "pip", "compile", "--config-file", file, str(tmp_path / "in.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [line for line in done.stderr.splitlines() if "warning" in line and "in.txt" not in line] == []


def test_nothing_secret_is_shown() -> None:
    settings = IndexSettings(
        default=SECRET, extra=("https://t0ken-only@a/s",), proxies={"HTTPS_PROXY": "http://me:pr0xy%21@p:1"}
    )
    text = f"{settings!r} {settings.public()!r} {settings}"
    text += settings.redact(f"at {SECRET}: s3cret t0ken-only pr0xy%21 pr0xy! http://x:y@z user")
    for secret in ("s3cret", "t0ken-only", "pr0xy", "x:y"):
        assert secret not in text
    assert text.endswith("at https://****@index.example/simple: **** **** **** **** http://****@z user")


def test_settings_without_credentials_change_no_text() -> None:
    assert (
        IndexSettings(default="https://a/s").redact("see https://a/s, me@host and a@b")
        == "see https://a/s, me@host and a@b"
    )


PASSWORDS = st.text(alphabet=st.characters(codec="ascii", exclude_categories=["C", "Z"]), min_size=4).filter(
    lambda text: text not in "https://****@index.example/simple"
)


@given(password=PASSWORDS, before=st.text(alphabet="é \n", max_size=5))
def test_no_password_survives(password: str, before: str) -> None:
    url = f"https://user:{quote(password, safe='')}@index.example/simple"
    shown = redacted(f"{before}{url} {password} {quote(password, safe='')}", [url])
    assert password not in shown.replace("****", "")
    assert shown.startswith(f"{before}https://****@index.example/simple")


@given(st.text())
def test_redaction_takes_any_text(text: str) -> None:
    once = redacted_urls(text)
    assert redacted_urls(once) == once
    assert redacted(text, [text, f"https://{text}"]).count("\n") <= text.count("\n")
