"""The bill of materials of an image: valid whatever its packages are called, and always the same."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_docker.engine.images.packages import _debian_packages, _python_packages
from jupyter_docker.image.sbom import make_sbom
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.image import Image, ImagePackages, InstalledPackage
from jupyter_docker.values.image_reference import ImageReference

IMAGE = Image(
    id="sha256:" + "a" * 64,
    reference=ImageReference.parse("lab/penguins:v1"),
    size=1,
    platform="linux/amd64",
    labels={},
    created="2024-05-06T07:08:09.123456789Z",
)
PACKAGES = ImagePackages(
    packages=(
        InstalledPackage(kind="pypi", name="Typing_Extensions", version="4.12.2"),
        InstalledPackage(kind="deb", name="libstdc++6", version="1:12.2~0-14+deb12u1", architecture="amd64"),
    ),
    system_version="12",
)
VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)
RECORD = """\
Package: tzdata
Status: install ok installed
Architecture: all
Version: 2025b-0
Description: time zones
 Package: not-a-field

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: half
Status: install ok half-configured
Architecture: amd64
Version: 2

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 1:3

Package: libc6
Status: install ok installed
Architecture: i386
Version: 1:3

"""


@pytest.fixture(autouse=True)
def _no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def document(found: ImagePackages = PACKAGES, image: Image = IMAGE) -> dict[str, Any]:
    sbom = make_sbom(image, found)
    assert VALIDATOR.validate_str(sbom.text) is None
    assert sbom == make_sbom(image, found)
    whole: dict[str, Any] = sbom.as_json()
    return whole


def test_it_says_what_is_in_which_image() -> None:
    whole = document()
    assert (whole["specVersion"], whole["metadata"]["timestamp"]) == ("1.6", "2024-05-06T07:08:09.123456+00:00")
    assert whole["metadata"]["component"]["name"] == "lab/penguins:v1"
    assert whole["metadata"]["component"]["version"] == IMAGE.id
    assert [(each["name"], each["version"], each.get("purl")) for each in whole["components"]] == [
        ("Typing_Extensions", "4.12.2", "pkg:pypi/typing-extensions@4.12.2"),
        ("libstdc++6", "1:12.2~0-14+deb12u1", "pkg:deb/debian/libstdc%2B%2B6@1:12.2~0-14%2Bdeb12u1?arch=amd64"),
        ("debian", "12", None),
    ]


def test_the_digest_names_an_image_that_has_one() -> None:
    digest = "sha256:" + "b" * 64
    assert document(image=replace(IMAGE, digest=digest))["metadata"]["component"]["version"] == digest


def test_another_image_has_another_number() -> None:
    assert document()["serialNumber"] != document(image=replace(IMAGE, id="sha256:" + "c" * 64))["serialNumber"]


@pytest.mark.parametrize("created", ["", "yesterday"])
def test_no_time_is_taken_from_the_clock(created: str) -> None:
    assert document(image=replace(IMAGE, created=created))["metadata"]["timestamp"].startswith("1970-01-01T00:00:00")


def test_the_date_of_a_reproducible_build_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert document()["metadata"]["timestamp"].startswith("1970-01-02T00:00:00")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        make_sbom(IMAGE, PACKAGES)


def test_without_the_extra_it_is_named() -> None:
    code = "import sys; sys.modules['cyclonedx'] = None; from jupyter_docker.cli import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, "sbom", "x:1"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "jupyter-containerize[sbom]" in done.stderr


def test_packages_that_were_removed_are_not_there() -> None:
    found = [(each.name, each.version, each.architecture) for each in _debian_packages(RECORD)]
    assert found == [
        ("tzdata", "2025b-0", "all"), ("half", "2", "amd64"), ("libc6", "1:3", "amd64"), ("libc6", "1:3", "i386"),
    ]  # fmt: skip


def test_the_first_of_a_name_is_the_one_that_is_imported() -> None:
    found = _python_packages([["A_b", "2"], ["a-B", "1"], ["c", None], [None, "1"], "dd", 3, ["d", "1", "2"]])
    assert [(each.name, each.version) for each in found] == [("A_b", "2")]


# Each of a list of Python's packages and of dpkg's record as an image may have made them up.
NAMES = st.text() | st.sampled_from(["\x1b[31mred", "a\x00b", "\ud800", "a/../b", "@", "?arch=", "x" * 1000])


@settings(max_examples=50)
@given(st.lists(st.tuples(NAMES, NAMES)))
def test_whatever_an_image_says_gives_a_valid_one(pairs: list[tuple[str, str]]) -> None:
    told = json.loads(json.dumps(pairs))
    record = "\n\n".join(f"Package: {name}\nVersion: {version}\nArchitecture: {name}" for name, version in pairs)
    packages = (*_python_packages(told), *_debian_packages(record))
    for each in packages:
        assert (each.name + each.version + each.architecture).isprintable()
        assert max(map(len, (each.name, each.version, each.architecture))) <= 256
    document(ImagePackages(packages=packages))
