"""What an archive of images names, as either store of an engine reads it, and nothing else reaches an engine."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.images.archive_lists import ImageArchive
from jupyter_docker.values import UsageError

CONFIG = b"{}"
HEX = hashlib.sha256(CONFIG).hexdigest()
BLOB = f"blobs/sha256/{HEX}"
DIGEST = "1" * 64
IMAGE_NAME, REF_NAME = "io.containerd.image.name", "org.opencontainers.image.ref.name"


def written(path: Path, *members: tuple[str, bytes] | tarfile.TarInfo, **options: Any) -> Path:
    with tarfile.open(path / "image.tar", "w", **options) as archive:
        for each in members:
            info = each if isinstance(each, tarfile.TarInfo) else tarfile.TarInfo(each[0])
            content = b"" if isinstance(each, tarfile.TarInfo) else each[1]
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path / "image.tar"


def link(name: str, to: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, to
    return made


def old(*tags: str, **more: Any) -> tuple[str, bytes]:
    entry = {"Config": BLOB, "RepoTags": [*tags], "Layers": [], **more}
    return "manifest.json", json.dumps([entry]).encode()


def new(**annotations: str) -> tuple[str, bytes]:
    entry = {"digest": f"sha256:{DIGEST}", "size": 2, "annotations": annotations, "Annotations": {IMAGE_NAME: "x:1"}}
    return "index.json", json.dumps({"manifests": [entry], "Manifests": [entry]}).encode()


LAYOUT = ("oci-layout", b'{"imageLayoutVersion": "not that"}')


def names(archive: ImageArchive) -> list[tuple[tuple[str, ...], str]]:
    return [(image.names, image.identity) for image in archive.images]


def sent(archive: ImageArchive) -> dict[str, bytes]:
    """Return what an engine gets, by name; ``""`` for what is no file."""
    with tarfile.open(fileobj=io.BytesIO(b"".join(archive.stream()))) as read:
        files = {member.name: read.extractfile(member) for member in read if not member.issym()}
        return {name: file.read() if file else b"" for name, file in files.items()}


def test_each_store_gets_its_own_list_with_the_digest_that_it_goes_by(tmp_path: Path) -> None:
    path = written(tmp_path, (BLOB, CONFIG), old("a:1", "b:1"), new(**{IMAGE_NAME: "docker.io/library/c:1"}), LAYOUT)
    own, containerd = (ImageArchive(path, containerd=each) for each in (False, True))
    assert names(own) == [(("a:1", "b:1"), HEX)]
    assert names(containerd) == [(("c:1",), DIGEST)]
    assert sent(own).keys() == {"manifest.json", BLOB}
    assert sent(containerd).keys() == {"oci-layout", "index.json", BLOB}
    assert sent(own)[BLOB] == CONFIG


def test_a_name_for_containerd_is_the_first_that_it_takes(tmp_path: Path) -> None:
    for notes, expected in (
        ({REF_NAME: "docker.io/library/python:3.12-slim"}, ("python:3.12-slim",)),
        ({IMAGE_NAME: "docker.io/library/a:1", REF_NAME: "1"}, ("a:1",)),
        ({IMAGE_NAME: "", REF_NAME: "b:1"}, ("b:1",)),
        ({}, ()),
    ):
        archive = ImageArchive(written(tmp_path, (BLOB, CONFIG), new(**notes), LAYOUT), containerd=True)
        assert [image.names for image in archive.images] == [expected]


def test_containerd_knows_an_old_archive_by_no_digest_of_it(tmp_path: Path) -> None:
    for members in ([old("a:1")], [old("a:1"), new()]):
        assert names(ImageArchive(written(tmp_path, (BLOB, CONFIG), *members), containerd=True)) == [(("a:1",), "")]


def test_a_configuration_that_is_not_what_its_name_says_counts_by_what_it_is(tmp_path: Path) -> None:
    archive = ImageArchive(written(tmp_path, (BLOB, b"other"), old("a:1")), containerd=False)
    assert names(archive) == [(("a:1",), hashlib.sha256(b"other").hexdigest())]


def test_keys_that_only_an_engine_would_read_are_left_out(tmp_path: Path) -> None:
    own = ImageArchive(written(tmp_path, (BLOB, CONFIG), old("a:1", repotags=["x:1"])), containerd=False)
    assert json.loads(sent(own)["manifest.json"]) == [{"Config": BLOB, "RepoTags": ["a:1"], "Layers": []}]
    containerd = sent(ImageArchive(written(tmp_path, (BLOB, CONFIG), new(), LAYOUT), containerd=True))
    assert b"x:1" not in containerd["index.json"]
    assert json.loads(containerd["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}


def test_layers_that_images_of_an_old_archive_share_stay_shared(tmp_path: Path) -> None:
    one, two = "a" * 64, "b" * 64
    layers = ((f"{one}/layer.tar", b"layer"), link(f"{two}/layer.tar", f"../{one}/layer.tar"))
    path = written(tmp_path, (BLOB, CONFIG), old("a:1"), *layers)
    with tarfile.open(fileobj=io.BytesIO(b"".join(ImageArchive(path, containerd=False).stream()))) as read:
        shared = read.extractfile(f"{two}/layer.tar")
        assert shared is not None
        assert shared.read() == b"layer"


@pytest.mark.parametrize(
    "members",
    [
        [old("a:1"), ("./manifest.json", b"[]")],
        [old("a:1"), ("blobs/../manifest.json", b"[]")],
        [old("a:1"), old("x:1")],
        [link("manifest.json", BLOB)],
        [link("manifest.json", BLOB, tarfile.LNKTYPE)],
        [old("a:1"), link("index.json", BLOB)],
        [old("a:1"), link(f"{HEX}/layer.tar", "../manifest.json")],
        [old("a:1"), link("blobs", "/etc")],
        [old("a:1"), ("elsewhere", b"")],
        [("manifest.json", b"[" * 100_000)],
        [("manifest.json", b'[{"RepoTags": ["a:1"]}]')],
        [LAYOUT, ("index.json", b"[]")],
    ],
)
def test_what_no_image_has_is_refused(members: list[Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        ImageArchive(written(tmp_path, (BLOB, CONFIG), *members), containerd=True)


@pytest.mark.parametrize("start", [b"\x1f\x8b\x08\0", b"BZh9", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"])
def test_what_an_engine_takes_for_compressed_is_refused(start: bytes, tmp_path: Path) -> None:
    header = tarfile.TarInfo("x" * 4)
    header.type, header.size = tarfile.XHDTYPE, 20
    made = start + header.tobuf(tarfile.GNU_FORMAT)[4:]
    difference = sum(start) - sum(b"x" * 4)
    made = made[:148] + b"%06o\0 " % (int(made[148:154], 8) + difference) + made[156:]
    first = made + b"20 comment=abcdefgh\n".ljust(512, b"\0")
    path = written(tmp_path, (BLOB, CONFIG), old("a:1"))
    whole = path.read_bytes()
    path.write_bytes(first + whole)
    with tarfile.open(path, "r:") as read:
        assert read.getnames() == [BLOB, "manifest.json"]  # as Python reads it
    with pytest.raises(UsageError, match="read"):
        ImageArchive(path, containerd=False)
