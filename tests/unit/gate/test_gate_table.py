"""The table of what a notebook may ask for by itself, walked row by row, and consent, which is kept outside of it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.gate.consent import allow, consents_of, withdraw
from jupyter_docker.gate.judging import judge
from jupyter_docker.gate.project import Project
from jupyter_docker.gate.table import TABLE, Site
from jupyter_docker.gate.wishes import WISH_KINDS, Wish, read_wishes
from jupyter_docker.values.errors import UsageError

# Of each row values of every verdict; {top} is the folder above the project, whose notebook lies in project/nb.
ROWS: dict[str, dict[str, list[str]]] = {
    "base": {
        "allowed": ["python:3.11-slim", "python:3.12.1-slim", "registry.example.org/team/any:1"],
        "consent": [
            "python:3.11", "python:3.11-slim-evil", "evil/python:3.11-slim", "a:1", "registry.example.org:5000/team/x",
            f"python:3.11-slim@sha256:{'0' * 64}", "registry.example.org/other/team/x", "localhost/python:3.11-slim",
        ],
    },
    "apt": {"allowed": ["git", "libgomp1 # why"]},
    "no_apt": {"allowed": ["git"]},
    "requirements": {"allowed": ["openpyxl", "rich>=13  # verified"]},
    "allow_build": {"consent": ["sourced", "scikit-learn"]},
    "allow_mismatch": {"consent": ["sourced", "ruamel.yaml"]},
    "mounts": {
        "allowed": ["./data:data", "./data:data:ro", "../shared:/shared", "./linked_inside:x", "./new:new"],
        "consent": ["./:x", ".:/x", ".:/x:ro", "..:/x", "../nb:/x", "{top}/project:/x"],
        "refused": [
            "volume:/x", "/:/host", "/etc:etc", "{top}:/x", "../../outside:x", "./linked_outside:x", "./.hidden:x",
            "~/.ssh:keys", "/var/run/docker.sock:/s", "../.git:git", "./data/../../../outside:x", "./engine.sock:/s",
        ],
    },
    "env": {"allowed": ["MODE=fast", "A="]},
    "variable": {"consent": ["AWS_SECRET_ACCESS_KEY", "HOME", "_x"]},
    "ports": {
        "allowed": ["8080", "8080:80", "127.0.0.1:1024:80", "[::1]:9000:9", "53/udp"],
        "consent": ["80:80", "1023:8080", "0.0.0.0:8080:80", "127.0.0.1:22:22", "192.168.0.1:8080:80", "[::]:8080:80"],
    },
    "memory": {"allowed": ["2g"]},
    "cpus": {"allowed": ["1.5"]},
    "gpus": {"consent": ["all", "1", "device=0"]},
    "network": {"allowed": ["none"], "consent": ["host", "bridge", "container:other", "None"]},
    "data": {
        "allowed": ["data", "data/x.csv", "../shared"],
        "refused": ["../../outside", "..", ".", ".hidden", "/etc/passwd", "linked_outside", "engine.sock"],
    },
    "file": {
        "allowed": ["x.py", "../shared/x.py"],
        "refused": ["../../outside/x.py", "linked_outside/x.py", ".hidden/x.py", "/opt/x.py"],
    },
    "requirement file": {
        "allowed": ["requirements.txt", "../requirements.txt"],
        "refused": ["../../outside/r.txt", "/etc/passwd", "linked_outside/r.txt", "../.git/config"],
    },
}  # fmt: skip
CASES = [(kind, verdict, value) for kind, row in ROWS.items() for verdict in row for value in row[verdict]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    top = tmp_path_factory.mktemp("site").resolve()
    for name in ("outside", "project/.git", "project/shared", "project/nb/.hidden", "project/nb/data"):
        (top / name).mkdir(parents=True)
    notebook = top / "project/nb"
    (notebook / "linked_outside").symlink_to(top / "outside")
    (notebook / "linked_inside").symlink_to("data")
    os.mkfifo(notebook / "engine.sock")
    return Site(project=Project.of(notebook), allowed_base_images=["registry.example.org/team/*"])


def test_every_row_is_walked() -> None:
    assert ROWS.keys() == TABLE.keys() >= set(WISH_KINDS)
    for kind, rule in TABLE.items():
        assert all(verdict in rule.verdicts for verdict in ROWS[kind]), rule


@pytest.mark.parametrize(("kind", "verdict", "value"), CASES)
def test_a_row(kind: str, verdict: str, value: str, site: Site) -> None:
    value = value.format(top=site.project.root.parent)
    ruling = TABLE[kind].judge(value, site)  # type: ignore[index]
    assert ruling.verdict == verdict
    if verdict != "allowed":
        assert ruling.wish
        assert ruling.arguments.startswith("-")
        assert value.split(":")[0] in ruling.arguments or kind == "file"


@pytest.mark.parametrize(("kind", "verdict", "value"), [case for case in CASES if case[0] in WISH_KINDS])
def test_consent_is_for_this_value_and_never_for_what_is_refused(
    kind: str, verdict: str, value: str, site: Site
) -> None:
    wish = Wish(kind=kind, value=value.format(top=site.project.root.parent))  # type: ignore[arg-type]
    other = Wish(kind=wish.kind, value=f"{wish.value} ")
    assert bool(judge([wish], site).unmet) == (verdict != "allowed")
    assert bool(judge([wish], site, consents=[other]).unmet) == (verdict != "allowed")
    assert bool(judge([wish], site, consents=[wish]).unmet) == (verdict == "refused")


def test_what_is_unmet_is_said_at_once_with_the_words_that_allow_it(site: Site) -> None:
    judged = judge(read_wishes({"env": ["TOKEN", "A=1"], "base": "a:1", "memory": "1g"}), site)
    assert [(wish.kind, wish.value) for wish in judged.wishes] == [("env", "A=1"), ("memory", "1g")]
    with pytest.raises(
        UsageError, match=r"metadata asks for the base image 'a:1', .*; for your variable 'TOKEN'"
    ) as told:
        judged.check()
    assert told.value.hint.endswith("--base a:1 -e TOKEN")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WISH_KINDS) | st.text(), inner),
    )
)
def test_metadata_of_any_form_is_wishes_or_an_error(site: Site, chosen: object) -> None:
    try:
        judged = judge(read_wishes(chosen), site)
    except UsageError:
        return
    for wish in judged.wishes:
        assert TABLE[wish.kind].judge(wish.value, site).verdict == "allowed"


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "a.ipynb").touch()
    return tmp_path / "a.ipynb"


def test_consent_is_kept_outside_of_the_notebook_for_its_owner_alone(notebook: Path, tmp_path: Path) -> None:
    token, base = Wish(kind="variable", value="TOKEN"), Wish(kind="base", value="a:1")
    assert consents_of(notebook) == frozenset()
    allow(notebook, token)
    allow(notebook, base)
    assert consents_of(notebook) == {token, base}
    (tmp_path / "link.ipynb").symlink_to(notebook)
    assert consents_of(tmp_path / "link.ipynb") == {token, base}  # it is the same notebook
    assert consents_of(tmp_path / "b.ipynb") == frozenset()
    withdraw(notebook, token)
    assert consents_of(notebook) == {base}
    [file] = (tmp_path / "state").rglob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert notebook.read_bytes() == b""


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"allowed": [1]}', '{"allowed": [{"kind": "x", "value": "y"}]}', "\0"]
)
def test_consent_that_can_not_be_read_is_none(notebook: Path, tmp_path: Path, text: str) -> None:
    allow(notebook, Wish(kind="gpus", value="all"))
    [file] = (tmp_path / "state").rglob("*.json")
    file.write_text(text)
    assert consents_of(notebook) == frozenset()
    allow(notebook, Wish(kind="gpus", value="1"))
    assert json.loads(file.read_text())["allowed"] == [{"kind": "gpus", "value": "1"}]
