"""Two users of one engine, real ones with numbers of their own: each sees and reaches what is theirs, by default."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import ROLE_LABEL
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.spare import BASE

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be two other users"),
]

START = """
import sys
from jupyter_docker.engine import connect
from jupyter_docker.engine.containers.containers import start_detached
from jupyter_docker.values.container_spec import RunSpec
with connect() as engine:
    spec = RunSpec(image=sys.argv[1], name=sys.argv[2], command=("sh", "-c", "echo mine; exec sleep 600"))
    start_detached(engine, spec, lambda _: None)
"""


@dataclass(frozen=True, kw_only=True)
class User:
    """A user of this machine, who may use the engine, with a home of their own."""

    uid: int
    home: Path
    hub_name: str = ""

    def wrapped(self, *words: str) -> list[str]:
        """Return the words that run Python as that user; it may read any file, where this Python is in root's home."""
        group = Path("/var/run/docker.sock").stat().st_gid
        caps = [f"--{kind}=-all,+dac_read_search" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
        user = [f"--reuid={self.uid}", f"--regid={self.uid}", f"--groups={group}"]
        return ["setpriv", *user, *caps, sys.executable, "-P", *words]

    @property
    def environment(self) -> dict[str, str]:
        """The variables of that user's programs."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home)}
        return env | ({"JUPYTERHUB_USER": self.hub_name} if self.hub_name else {})

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python as that user."""
        return subprocess.run(
            self.wrapped(*words), env=self.environment, cwd=self.home, capture_output=True, text=True, check=False
        )

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command as that user."""
        return self.python("-m", "jupyter_docker", *words)

    def listed(self, *words: str) -> dict[str, dict[str, Any]]:
        """Return what ``ps`` lists, by name."""
        done = self.command("ps", "--json", *words)
        assert done.returncode == 0, done.stderr
        return {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}


@pytest.fixture
def users(tmp_path: Path) -> tuple[User, User]:
    """Ana and Ben."""
    for each in (tmp_path, *tmp_path.parents):
        if "pytest" in str(each):
            each.chmod(each.stat().st_mode | 0o011)
    made = []
    for uid in (4301, 4302):
        home = tmp_path / str(uid)
        home.mkdir(mode=0o700)
        os.chown(home, uid, uid)
        made.append(User(uid=uid, home=home))
    return made[0], made[1]


@pytest.fixture
def names(engine: Engine) -> Iterator[tuple[str, str]]:
    """Names for a container of each."""
    hers, his = (f"two-users-{name}-{secrets.token_hex(3)}" for name in ("ana", "ben"))
    yield hers, his
    for container in engine.client.containers.list(all=True, filters={"name": "two-users-"}):
        if container.name in {hers, his, f"{hers}-old"}:
            container.remove(force=True)


def test_each_sees_and_reaches_their_own(engine: Engine, users: tuple[User, User], names: tuple[str, str]) -> None:
    for user, name in zip(users, names, strict=True):
        started = user.python("-c", START, BASE, name)
        assert started.returncode == 0, started.stderr
    (ana, ben), (hers, his) = users, names
    old = f"{hers}-old"
    engine.client.containers.run(BASE, ["sleep", "600"], detach=True, name=old, labels={ROLE_LABEL: "detached"})
    assert set(ana.listed()) & {hers, his, old} == {hers}
    assert set(ben.listed()) & {hers, his, old} == {his}
    everyone = ben.listed("-a")
    assert (everyone[his]["own"], everyone[hers]["own"], everyone[old]["own"]) == (True, False, False)
    assert everyone[hers]["owner"].startswith("4301@")
    assert "4301@" in ben.command("ps", "-a").stdout
    assert "earlier version" in everyone[old]["owner"]
    for words in (["logs", hers], ["exec", hers, "true"], ["stop", hers], ["rm", "-f", hers], ["rm", "-f", old]):
        refused = ben.command(*words)
        assert refused.returncode == 89, refused.stdout
        assert "another user's" in refused.stderr
        assert "--any-owner" in refused.stderr
    assert engine.client.containers.get(hers).status == "running"
    assert ben.command("logs", "--any-owner", hers).stdout == "mine\n"
    assert ana.command("logs", hers).stdout == "mine\n"
    engine.client.containers.get(hers).kill()
    assert ben.command("rm", "--any-owner", hers).returncode == 0
    assert ben.command("rm", "-f", his).returncode == 0


def write_notebook(user: User, name: str) -> Path:
    """Write a notebook of the user's, of a content of its own."""
    path = user.home / f"{name}.ipynb"
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": f"print({name!r})"}]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    os.chown(path, user.uid, user.uid)
    return path


@pytest.fixture
def built(engine: Engine, users: tuple[User, User], names: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The images that Ana and Ben built, each of a notebook."""
    found = []
    for user, name in zip(users, names, strict=True):
        done = user.command("build", str(write_notebook(user, name)), "--json")
        assert done.returncode == 0, done.stdout
        found.append(json.loads(done.stdout.splitlines()[-1])["facts"]["image"])
    yield found[0], found[1]
    for one in found:
        if find_image(engine, one):
            engine.client.api.remove_image(one, force=True)


def images_of(user: User, *words: str) -> set[str]:
    """Return the references that ``images`` lists."""
    done = user.command("images", "--json", *words)
    assert done.returncode == 0, done.stderr
    return {str(ImageReference(**each["reference"])) for each in map(json.loads, done.stdout.splitlines())}


def test_each_sees_and_frees_the_images_that_they_built(
    engine: Engine, users: tuple[User, User], built: tuple[str, str]
) -> None:
    (ana, ben), (hers, his) = users, built
    assert images_of(ana) & {*built} == {hers}
    assert images_of(ben) & {*built} == {his}
    assert images_of(ben, "--any-owner") >= {*built}
    her_path = f"images/{quote(hers, safe='')}"
    own, every, refused, freed = asked(
        ben, ("GET", "images"), ("GET", "images?all=true"), ("DELETE", her_path), ("GET", "prune")
    )
    assert {each["reference"] for each in own[1]} & {*built} == {his}
    assert {each["reference"]: each["own"] for each in every[1] if each["reference"] in built} == {
        hers: False,
        his: True,
    }
    assert (refused[0], "another user" in refused[1]["message"]) == (404, True)
    assert {each["name"] for each in freed[1]["items"]} & {*built} == {his}
    assert ben.command("prune", "--force").returncode == 0
    assert (find_image(engine, hers) is None, find_image(engine, his) is None) == (False, True)


def test_what_two_users_built_alike_is_both_of_theirs(
    engine: Engine, users: tuple[User, User], built: tuple[str, str]
) -> None:
    """The engine has it once, whoever was first."""
    ana, ben = users
    copy = ben.home / (ana.home / f"{built[0].partition(':')[0]}.ipynb").name
    copy.write_bytes((ana.home / copy.name).read_bytes())
    os.chown(copy, ben.uid, ben.uid)
    assert ben.command("build", str(copy)).returncode == 0
    assert images_of(ana) & images_of(ben) & {*built} == {built[0]}


def test_two_users_of_a_hub_with_one_number_are_told_apart(users: tuple[User, User], names: tuple[str, str]) -> None:
    """Their homes may come from one image, with what its maker's state folder held."""
    ana, ben = (User(uid=4301, home=users[0].home, hub_name=name) for name in ("ana", "ben"))
    for user, name in zip((ana, ben), names, strict=True):
        assert user.python("-c", START, BASE, name).returncode == 0
    assert set(ana.listed()) & {*names} == {names[0]}
    assert set(ben.listed()) & {*names} == {names[1]}
    assert ana.listed("-a")[names[1]]["owner"].startswith("ben@")


def test_what_a_user_keeps_is_closed_to_others(users: tuple[User, User]) -> None:
    ana, _ = users
    assert ana.command("ps").returncode == 0
    state = ana.home / ".local/state/jupyter-containerize"
    assert {each.stat().st_mode & 0o077 for each in (state, *state.rglob("*"))} == {0}
    assert {each.stat().st_uid for each in (state, *state.rglob("*"))} == {ana.uid}


def asked(user: User, *requests: tuple[str, str]) -> list[tuple[int, Any]]:
    """Ask the extension of a Jupyter server that runs as that user; return the status and answer of each request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = [
        f"--ServerApp.root_dir={user.home}", f"--port={port}", "--ServerApp.port_retries=0", "--no-browser",
        "--IdentityProvider.token=of-the-tests", "--ServerApp.jpserver_extensions={'jupyter_docker': True}",
    ]  # fmt: skip
    server = subprocess.Popen(
        user.wrapped("-m", "jupyter_server", *settings), env=user.environment, cwd=user.home,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await_answer(port)
        return [answer_of(port, method, path) for method, path in requests]
    finally:
        server.terminate()
        server.wait()


def await_answer(port: int) -> None:
    for _ in range(1200):
        try:
            answer_of(port, "GET", "jobs")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")


def answer_of(port: int, method: str, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, f"/containerize/{path}", headers={"Authorization": "token of-the-tests"})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    finally:
        connection.close()


def test_each_sees_and_reaches_their_own_through_a_server(
    engine: Engine, users: tuple[User, User], names: tuple[str, str]
) -> None:
    for user, name in zip(users, names, strict=True):
        assert user.python("-c", START, BASE, name).returncode == 0
    hers, his = names
    own, every, removed, stopped, followed, freed = asked(
        users[1], ("GET", "containers"), ("GET", "containers?all=true"), ("DELETE", f"containers/{hers}"),
        ("POST", f"containers/{hers}/stop"), ("GET", f"containers/{hers}/logs"), ("GET", "prune"),
    )  # fmt: skip
    assert {each["name"] for each in own[1]} & {*names} == {his}
    assert every[0] == 200, every
    assert {each["name"]: each["own"] for each in every[1] if each["name"] in names} == {hers: False, his: True}
    assert next(each["shell"] for each in every[1] if each["name"] == hers) == ""
    for status, answer in (removed, stopped, followed):
        assert (status, "another user's" in answer["message"]) == (404, True)
    assert hers not in {each["name"] for each in freed[1]["items"]}
    assert engine.client.containers.get(hers).status == "running"
