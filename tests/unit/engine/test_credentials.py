"""A broken entry of Docker's config.json stops what needs that registry, and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docker.errors import DockerException

from jupyter_docker.engine.connection import credentials
from jupyter_docker.engine.connection.credentials import Client, Credentials
from jupyter_docker.engine.images.registry import refusal
from jupyter_docker.values.image_reference import ImageReference

GOOD = base64.b64encode(b"me:pass:word").decode()
BROKEN = [
    {"auth": "%%%"}, {"auth": base64.b64encode(b"no colon").decode()},
    {"auth": base64.b64encode(b"\xff:\xfe").decode()}, {"auth": 3}, "text", None, [], {"auth": "é"},
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))

    def write(**sections: Any) -> Path:
        (tmp_path / "config.json").write_text(json.dumps(sections))
        return tmp_path / "config.json"

    return write


def client() -> Any:
    return Client(base_url="tcp://127.0.0.1:1", version="1.41")


@pytest.mark.parametrize("entry", BROKEN, ids=repr)
def test_a_broken_entry_is_named_where_its_registry_is_needed(config: Callable[..., Path], entry: object) -> None:
    file = config(auths={"broken.test": entry, "good.test": {"auth": GOOD}, "https://index.docker.io/v1/": entry})
    with closing(client()) as opened:
        found = opened.api._auth_configs
        assert found.resolve_authconfig("good.test")["password"] == "pass:word"
        assert found.resolve_authconfig("other.test") is None
        assert set(found.get_all_credentials()) == {"good.test"}
        for registry, name in (("broken.test", "broken.test"), ("docker.io", "https://index.docker.io/v1/")):
            with pytest.raises(DockerException) as raised:
                found.resolve_authconfig(registry)
            message, hint = refusal(raised.value, ImageReference(registry=registry, repository="one"))
            assert message.startswith(f"the entry '{name}' in '{file}' can't be read: it")
            assert hint.endswith(f"docker login {registry}")


def program(folder: Path, name: str, text: str) -> None:
    path = folder / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_credentials_program_is_asked_and_waited_for_within_a_limit(
    config: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "good", """cat > /dev/null; echo '{"Username": "me", "Secret": "word"}'""")
    program(tmp_path, "hangs", "exec sleep 60")
    program(tmp_path, "empty", "cat > /dev/null; echo 'credentials not found in native keychain'; exit 1")
    program(tmp_path, "odd", "cat > /dev/null; echo '[1]'")
    found = Credentials({"credHelpers": {name: name for name in ("good", "hangs", "empty", "odd", "gone", "../x")}})
    assert found.resolve_authconfig("good") == {"ServerAddress": "good", "Username": "me", "Password": "word"}
    assert found.resolve_authconfig("empty") is None
    for name, reason in {
        "hangs": "docker-credential-hangs does not answer in 0.3 s",
        "odd": "list indices must be integers or slices, not str",
        "gone": "docker-credential-gone not installed",
        "../x": "docker-credential-../x not installed",
    }.items():
        with pytest.raises(DockerException, match=f"^credentials store error: {reason}"):
            found.resolve_authconfig(name)
    assert set(found.get_all_credentials()) == {"good"}


def test_a_program_beside_the_notebook_is_not_run(
    config: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "near", f"touch {tmp_path}/ran")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".::{Path('/usr/bin')}")
    with pytest.raises(DockerException, match="not installed"):
        Credentials({"credsStore": "near"}).resolve_authconfig("one.test")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("sections", [{}, {"auths": 3}, {"credHelpers": []}, {"proxies": {"default": {}}}], ids=repr)
def test_other_shapes_are_no_credentials(config: Callable[..., Path], sections: dict[str, Any]) -> None:
    config(**sections)
    with closing(client()) as opened:
        assert opened.api._auth_configs.resolve_authconfig("one.test") is None
