"""The stamp of a run: small, the same for the same content, and another for any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.compare import environment_changes
from jupyter_docker.pipeline.stamping import MAX_DATA, data_digests, lock_digest, make_stamp
from jupyter_docker.values.container_spec import Mount
from jupyter_docker.values.image import Image, Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import Pin, Requirements, SystemPackage
from jupyter_docker.values.script import Script
from jupyter_docker.values.stamp import Stamp

BASE = ImageReference.parse("python:3.11-slim@sha256:" + "b" * 64)
IMAGE = Image(id="sha256:" + "a" * 64, reference=BASE, size=1, platform="linux/amd64", labels={})


def recipe(pins: Iterator[Pin] | tuple[Pin, ...]) -> Recipe:
    script = Script(name="a.py", source=None, text="", cells=())
    return Recipe(base=BASE, script=script, requirements=Requirements(python="3.11", pins=tuple(pins)))


def mount(source: Path, target: str, *, read_only: bool = True) -> Mount:
    return Mount(kind="bind", source=str(source), target=PurePosixPath("/app") / target, read_only=read_only)


def test_a_stamp_is_small_however_much_there_is(tmp_path: Path) -> None:
    pins = (Pin(name=f"a-long-package-name-{number}", version="2024.10.31", direct=True) for number in range(200))
    files = [tmp_path / f"a file with a long name {number}.csv" for number in range(50)]
    for file in files:
        file.write_text(file.name)
    stamp = make_stamp(recipe(pins), [mount(file, file.name) for file in files], python="3.11.7", image=IMAGE)
    assert len(json.dumps(stamp.as_json())) <= 3000
    assert len(stamp.data) == MAX_DATA
    files[-1].write_text("changed")
    again = make_stamp(recipe(pins), [mount(file, file.name) for file in files], python="3.11.7", image=IMAGE)
    assert again.data != stamp.data  # also of those that are not named


def test_data_is_what_is_only_read(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "a.csv"
    folder.mkdir()
    (folder / "b.csv").write_text("1")
    file.write_text("2")
    mounts = [mount(folder, "data"), mount(file, "a.csv"), mount(tmp_path, "output", read_only=False)]
    digests = dict(data_digests(mounts))
    assert set(digests) == {"data", "a.csv"}
    (folder / "b.csv").write_text("3")
    (folder / "link").symlink_to("/etc/passwd")
    changed = dict(data_digests(mounts))
    assert changed["data"] != digests["data"]
    assert changed["a.csv"] == digests["a.csv"]
    (folder / "link").unlink()
    assert dict(data_digests(mounts)) == changed  # what a link leads to is not the notebook's


def test_a_lock_is_its_pins_in_any_order() -> None:
    one, two = Pin(name="a", version="1"), Pin(name="b", version="2", extras=("x",))
    locks = [lock_digest(Requirements(python="3.11", pins=pins)) for pins in ((one, two), (two, one), (one,))]
    assert locks[0] == locks[1] != locks[2]


def test_a_lock_is_its_system_packages_too_in_any_order_whatever_needs_them() -> None:
    one, two, again = (SystemPackage(name=name, why=why) for name, why in (("a", "x"), ("b", "x"), ("a", "y")))
    systems = ((one, two), (two, again), (one,), ())
    locks = [lock_digest(Requirements(python="3.11", system=system)) for system in systems]
    assert locks[0] == locks[1]
    assert len(set(locks)) == 3


def test_changes_are_said_with_both_versions() -> None:
    before = Stamp(time="", python="3.11.7", lock="1", packages={"pandas": "2.1.4", "six": "1.16.0"})
    after = Stamp(time="", python="3.12.1", lock="2", packages={"pandas": "2.3.0", "six": "1.16.0"})
    assert list(environment_changes(before, after)) == ["Python 3.11.7 → 3.12.1", "pandas 2.1.4 → 2.3.0"]
    assert list(environment_changes(before, before)) == []
    deeper = Stamp(time="", python="3.11.7", lock="2", packages=before.packages)
    assert list(environment_changes(before, deeper)) == ["packages that others need"]


def _table(of: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    names = st.sampled_from(["time", "python", "lock", "packages", "data", "image", "base", "engine"])
    return st.dictionaries(names | st.text(max_size=3), of, max_size=4)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda of: st.lists(of) | _table(of)
)


@given(JSON)
def test_any_metadata_is_a_stamp_or_none(value: object) -> None:
    stamp = Stamp.from_json(value)
    assert stamp is None or Stamp.from_json(stamp.as_json()) == stamp


@pytest.mark.parametrize("value", [{"packages": {"a": 1}}, {"time": 3}, [], "x", None])
def test_what_is_no_stamp_is_none(value: object) -> None:
    assert Stamp.from_json(value) is None
