"""Image references: what Docker takes and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.image_reference import ImageReference, slug

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("penguins", "", "penguins", "", ""),
        ("penguins:v1", "", "penguins", "v1", ""),
        ("lab/penguins:v1", "", "lab/penguins", "v1", ""),
        ("localhost/penguins", "localhost", "penguins", "", ""),
        ("localhost:5000/penguins:v1", "localhost:5000", "penguins", "v1", ""),
        ("127.0.0.1:5000/a/b_c-d.e:V.1", "127.0.0.1:5000", "a/b_c-d.e", "V.1", ""),
        (f"registry.example.org/x@{DIGEST}", "registry.example.org", "x", "", DIGEST),
        (f"x:1@{DIGEST}", "", "x", "1", DIGEST),
    ],
)
def test_parse_splits_as_docker_does(text: str, registry: str, repository: str, tag: str, digest: str) -> None:
    reference = ImageReference.parse(text)
    assert reference == ImageReference(registry=registry, repository=repository, tag=tag, digest=digest)
    assert str(reference) == text


@pytest.mark.parametrize(
    "text",
    [
        "", ":v1", "Penguins", "a b", "a:", "a:-x", "a:b:c", "a//b", "/a", "a/", "-a", "a\n", "a;b", "a$(x)", "é",
        "a@sha256:1", "a:" + "x" * 129, "x" * 256, "Lab/x",
    ],
)  # fmt: skip
def test_parse_refuses_what_docker_refuses(text: str) -> None:
    with pytest.raises(UsageError):
        ImageReference.parse(text)


@given(st.text())
def test_any_text_is_a_reference_or_an_error(text: str) -> None:
    try:
        reference = ImageReference.parse(text)
    except UsageError:
        return
    assert str(reference) == text
    assert not set(text) & set(" \n\"'$;&|<>`\\")


@given(st.text())
def test_every_name_has_a_slug_that_is_a_repository(name: str) -> None:
    assert ImageReference.parse(slug(name)).repository == slug(name)


def test_slug_keeps_what_can_be_read() -> None:
    assert slug("Données d'été (2024)") == "donnees-d-ete-2024"
    assert slug("数据") == "notebook"
