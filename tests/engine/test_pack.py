"""A pack runs and is built again on an engine that has nothing and no network, and a hostile one does no harm."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import shlex
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.archive import load_images, save_images
from jupyter_docker.values import UsageError
from tests.engine.command import Outcome, containerize
from tests.engine.spare import SpareEngine, SpareEngineFactory

pytestmark = pytest.mark.engine

CELLS = (
    "import os, six\nfrom pathlib import Path",
    "print(sorted(os.listdir('../more')))",
    "print(six.__version__, Path('../data/in.txt').read_text(), Path('../data/again.txt').read_text())",
)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    (tmp_path / "project/data").mkdir(parents=True)
    (tmp_path / "project/pyproject.toml").touch()
    (tmp_path / "project/data/in.txt").write_text("given")
    (tmp_path / "project/data/again.txt").hardlink_to(tmp_path / "project/data/in.txt")
    (tmp_path / "project/more").mkdir()
    (tmp_path / "project/more/file.txt").touch()
    (tmp_path / "project/more/link.txt").symlink_to("file.txt")
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in CELLS]
    path = tmp_path / "project/work/packed-up.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    return path


def facts(outcome: Outcome) -> dict[str, str]:
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    found: dict[str, str] = outcome.events[-1]["facts"]
    return found


def offline(private: SpareEngine, *words: str, cwd: Path) -> Outcome:
    return containerize(*words, "--engine", private.engine.endpoint, cwd=cwd)


def test_it_runs_and_is_built_again_without_a_network(
    engine: Engine, notebook: Path, spare_engine: SpareEngineFactory, tmp_path: Path
) -> None:
    packed = tmp_path / "out.tar"
    outcome = containerize("pack", str(notebook), "--with-data", "-o", str(packed), "--json")
    written = facts(outcome)
    (warning,) = [each for each in outcome.events if "links" in each.get("message", "")]
    assert f"'{notebook.parents[1]}/more/link.txt'" in warning["message"]
    private = spare_engine()  # in a network namespace that has no way out
    assert private.engine.client.images.list() == []
    done = facts(offline(private, "unpack", str(packed), "away", "--json", cwd=tmp_path))
    _, _, *words = shlex.split(done["run it, there"])
    ran = offline(private, *words[1:] if words[0] == "containerize" else words, cwd=tmp_path / "away")
    assert ran.status == 0, ran.stderr
    assert ran.stdout.strip().splitlines()[0] == "['file.txt']"
    assert ran.stdout.strip().endswith("given given")
    subprocess.run(
        shlex.split(done["build it again, there"]), cwd=tmp_path / "away", check=True,
        env={**private.engine.cli_environment()},
    )  # fmt: skip
    original, rebuilt = (private.engine.client.images.get(f"{written['image']}{end}") for end in ("", "-rebuilt"))
    assert original.attrs["Config"]["Labels"] == rebuilt.attrs["Config"]["Labels"]
    assert [each for each in engine.client.images.list() for tag in each.tags if "-packed" in tag] == []


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    made = tarfile.TarInfo(name)
    made.size = len(content)
    for field, value in fields.items():
        setattr(made, field, value)
    return made, content


def archive_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for made, content in members:
            archive.addfile(made, io.BytesIO(content))
    return file.getvalue()


ROOT = {"type": "layers", "diff_ids": []}
CONFIG = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": ROOT, "author": secrets.token_hex(8)}).encode()
BLOB = member(f"blobs/sha256/{hashlib.sha256(CONFIG).hexdigest()}", CONFIG)
MINE, VICTIM = "mine-of-the-hostile-pack:1", "a-victim-of-hostile-packs:1"


def old_list(tag: str, name: str = "manifest.json", **more: object) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, json.dumps([{"Config": BLOB[0].name, "RepoTags": [tag], "Layers": [], **more}]).encode())


def packed(*members: tuple[tarfile.TarInfo, bytes], image: str = MINE) -> list[tuple[tarfile.TarInfo, bytes]]:
    said = json.dumps({"format": 1, "image": image, "base": "", "base_alias": "", "data": []}).encode()
    return [member("pack.json", said), member("image.tar", archive_of(*members))]


HOSTILE = {
    "a link": [member("context", type=tarfile.SYMTYPE, linkname="/etc")],
    "a hard link": [member("context/x", type=tarfile.LNKTYPE, linkname="/etc/passwd")],
    "a way out": [member("context/../../out.txt", b"x")],
    "an absolute path": [member("/context/out.txt", b"x")],
    "a device": [member("data/0", type=tarfile.CHRTYPE)],
    "another name": [member("elsewhere/x", b"x")],
    "no list": [member("image.tar", b"")],
    "another image": packed(BLOB, old_list(VICTIM)),
    "one in the place of another": packed(BLOB, old_list(VICTIM), image=VICTIM),
    "a list again by another name": packed(BLOB, old_list(MINE), old_list(VICTIM, "./manifest.json")),
    "a list again": packed(BLOB, old_list(MINE), old_list(VICTIM)),
    "a link for a list": packed(
        BLOB, member("manifest.json", type=tarfile.SYMTYPE, linkname=BLOB[0].name), old_list(MINE, "index.json")
    ),
    "no image": packed(),
    "no archive": [packed()[0], member("image.tar", b"x" * 512)],
}


@pytest.fixture
def victim(engine: Engine, base: str) -> Iterator[str]:
    """The ID of an image of a name that no one else uses, should a hostile pack get it."""
    image = engine.client.images.get(base)
    image.tag(VICTIM)
    yield str(image.id)
    engine.client.images.remove(VICTIM)


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_comes_out_of_a_hostile_one(
    engine: Engine, victim: str, members: list[tuple[tarfile.TarInfo, bytes]], tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "hostile.tar", "w") as archive:
        for made, content in members:
            archive.addfile(made, io.BytesIO(content))
    outcome = containerize("unpack", "hostile.tar", "away", cwd=tmp_path)
    assert outcome.status == 2, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.tar"]
    assert engine.client.images.get(VICTIM).id == victim
    assert not engine.client.images.list(name=MINE)


def test_what_an_engine_would_read_otherwise_than_we_does_not_reach_it(
    engine: Engine, victim: str, tmp_path: Path
) -> None:
    """Engines take ``repotags`` for ``RepoTags``, and the later of the two."""
    (tmp_path / "odd.tar").write_bytes(archive_of(*packed(BLOB, old_list(MINE, repotags=[VICTIM]))))
    try:
        for folder in ("once", "twice"):  # the very image that is there is no other
            facts(containerize("unpack", "odd.tar", folder, "--json", cwd=tmp_path))
        assert engine.client.images.get(MINE).id == f"sha256:{BLOB[0].name.rpartition('/')[2]}"
        assert engine.client.images.get(VICTIM).id == victim
    finally:
        engine.client.images.remove(MINE)


def test_one_that_is_cut_off_leaves_nothing(engine: Engine, notebook: Path, tmp_path: Path) -> None:
    containerize("pack", str(notebook), "-o", "whole.tar", cwd=tmp_path)
    whole = (tmp_path / "whole.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    outcome = containerize("unpack", "cut.tar", "away", cwd=tmp_path)
    assert outcome.status == 2
    assert not (tmp_path / "away").exists()


def renamed(archive: Path, notes: dict[str, str]) -> Path:
    """Return a copy of an image's archive whose new list has other notes, and so another name."""
    changed = archive.with_name("renamed.tar")
    with tarfile.open(archive) as old, tarfile.open(changed, "w") as new:
        for each in old:
            file = old.extractfile(each)
            content = file.read() if file else b""
            if each.name == "index.json":
                listed = json.loads(content)
                listed["manifests"][0]["annotations"] = notes
                content = json.dumps(listed).encode()
            each.size = len(content)
            new.addfile(each, io.BytesIO(content))
    return changed


def test_containerd_s_store_loads_an_image_again_and_gives_no_name_away(
    spare_engine: SpareEngineFactory, tmp_path: Path
) -> None:
    engine = spare_engine("--feature", "containerd-snapshotter=true").engine
    assert engine.containerd
    layer = archive_of(member("file", b"x"))
    for name in (MINE, VICTIM):
        repository, _, tag = name.partition(":")
        engine.client.api.import_image_from_data(layer, repository=repository, tag=tag, changes=[f"ENV NAME={name}"])
    victim, path = engine.client.images.get(VICTIM).id, tmp_path / "image.tar"
    save_images(engine, [MINE], path)
    load_images(engine, path, allowed={MINE})
    engine.client.images.remove(MINE)
    load_images(engine, path, allowed={MINE})
    assert engine.client.images.get(MINE).attrs["Config"]["Env"] == [f"NAME={MINE}"]
    for key in ("io.containerd.image.name", "org.opencontainers.image.ref.name"):
        other = renamed(path, {key: f"docker.io/library/{VICTIM}"})
        for allowed in (MINE, VICTIM):
            with pytest.raises(UsageError):
                load_images(engine, other, allowed={allowed})
    assert engine.client.images.get(VICTIM).id == victim
