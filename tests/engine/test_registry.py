"""Push to and pull from a real registry that wants a password, with Docker's own credentials."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.engine.images.registry import pull, push
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import BaseImageError, ContainerizeError, MissingError, PushError, UsageError
from jupyter_docker.values.events import Event, Progress
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.local_registry import PASSWORD, USER, Registry, local_registry

pytestmark = pytest.mark.engine

SOURCE = "containerize-test/push:one"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with local_registry(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture(scope="module")
def source(engine: Engine, base: str) -> Iterator[str]:
    """An image with a layer of its own, which says "pulled"."""
    dockerfile = f'FROM {base}\nRUN echo pulled > /word\nCMD ["cat", "/word"]\n'
    engine.client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=SOURCE, rm=True)
    yield SOURCE
    engine.client.api.remove_image(SOURCE, force=True)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Docker configuration."""
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder


LogIn = Callable[..., Engine]


@pytest.fixture
def log_in(engine: Engine, registry: Registry, config: Path) -> Iterator[LogIn]:
    """Connect as a user of the registry; without a password as nobody."""
    opened: list[Engine] = []

    def connected(*, password: str = "") -> Engine:
        if password:
            registry.credentials(config, password=password)
        opened.append(connect(engine.endpoint))
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


@pytest.fixture
def target(engine: Engine, registry: Registry, source: str, request: pytest.FixtureRequest) -> Iterator[ImageReference]:
    """A name in the registry that no other test uses, gone from the engine afterwards."""
    name = "".join(character for character in request.node.name.lower() if character.isalnum())
    reference = ImageReference(registry=registry.address, repository=name, tag="v1")
    yield reference
    if find_image(engine, str(reference)):
        engine.client.api.remove_image(str(reference))


def test_pushed_and_pulled_back_by_digest_it_runs(log_in: LogIn, source: str, target: ImageReference) -> None:
    engine = log_in(password=PASSWORD)
    events: list[Event] = []
    digest = push(engine, source, target, events.append)
    assert digest.startswith("sha256:")
    layers = {event.item: event for event in events if isinstance(event, Progress)}
    assert layers
    assert all(event.done and event.step == "push" for event in layers.values())
    assert find_image(engine, str(target)) is not None
    engine.client.api.remove_image(str(target))

    by_digest = replace(target, tag="", digest=digest)
    pull(engine, by_digest, emit=events.append)
    image = find_image(engine, str(by_digest))
    assert image is not None
    assert (image.digest, image.reference) == (digest, by_digest)
    assert engine.client.containers.run(str(by_digest), remove=True, network_mode="none") == b"pulled\n"
    engine.client.api.remove_image(str(by_digest))


def test_layers_that_the_registry_has_are_not_sent_again(log_in: LogIn, source: str, target: ImageReference) -> None:
    engine = log_in(password=PASSWORD)
    first = push(engine, source, target, lambda _: None)
    events: list[Event] = []
    assert push(engine, source, target, events.append) == first
    layers = {event.item: event for event in events if isinstance(event, Progress)}
    assert layers
    assert all(event.cached for event in layers.values())


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_is_pushed(
    log_in: LogIn, source: str, target: ImageReference, password: str
) -> None:
    engine = log_in(password=password)
    with pytest.raises(PushError) as caught:
        push(engine, source, target, lambda _: None)
    assert caught.value.message == (
        f"Could not push '{target}': the registry '{target.registry}' does not accept the credentials, "
        "or has none of yours."
    )
    assert caught.value.hint == f"Log in first: docker login {target.registry}"
    assert find_image(engine, str(target)) is None
    assert find_image(engine, source) is not None


def test_a_tag_that_was_there_before_a_failed_push_is_as_it_was(
    log_in: LogIn, source: str, base: str, target: ImageReference
) -> None:
    engine = log_in()
    before = find_image(engine, base)
    assert before is not None
    engine.client.api.tag(before.id, target.name, target.tag)
    with pytest.raises(PushError):
        push(engine, source, target, lambda _: None)
    after = find_image(engine, str(target))
    assert after is not None
    assert after.id == before.id


def test_an_image_without_any_other_tag_survives_a_failed_push(
    log_in: LogIn, engine: Engine, base: str, target: ImageReference
) -> None:
    built, _ = engine.client.images.build(fileobj=io.BytesIO(f"FROM {base}\nLABEL a=alone\n".encode()), rm=True)
    with pytest.raises(PushError):
        push(log_in(), str(built.id), target, lambda _: None)
    assert find_image(engine, str(built.id)) is not None


def test_an_interrupted_push_leaves_no_tag(log_in: LogIn, source: str, target: ImageReference) -> None:
    engine = log_in(password=PASSWORD)

    def emit(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(engine, source, target, emit)
    assert find_image(engine, str(target)) is None


def test_a_credential_helper_is_asked(
    log_in: LogIn, source: str, target: ImageReference, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = config / "docker-credential-test"
    answer = json.dumps({"ServerURL": target.registry, "Username": USER, "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{answer}'\n")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(config), prepend=":")
    (config / "config.json").write_text(json.dumps({"credHelpers": {target.registry: "test"}}))
    assert push(log_in(), source, target, lambda _: None).startswith("sha256:")


@pytest.mark.filterwarnings("ignore:docker-credential-nowhere not installed")
def test_a_credential_helper_that_is_not_installed(
    log_in: LogIn, source: str, target: ImageReference, config: Path
) -> None:
    (config / "config.json").write_text(json.dumps({"credsStore": "nowhere"}))
    with pytest.raises(PushError) as caught:
        push(log_in(), source, target, lambda _: None)
    assert "docker-credential-nowhere not installed" in caught.value.message
    assert "`credsStore`" in caught.value.hint


def test_a_registry_that_is_not_there(engine: Engine, source: str) -> None:
    target = ImageReference(registry="127.0.0.1:9", repository="a", tag="b")
    with pytest.raises(PushError) as caught:
        push(engine, source, target, lambda _: None)
    assert caught.value.message == "Could not push '127.0.0.1:9/a:b': the registry '127.0.0.1:9' can't be reached."
    assert find_image(engine, str(target)) is None


def test_what_can_not_be_pushed_at_all(engine: Engine, source: str) -> None:
    target = ImageReference(registry="127.0.0.1:9", repository="a")
    with pytest.raises(MissingError):
        push(engine, "containerize-test/nothing:1", target, lambda _: None)
    with pytest.raises(UsageError):
        push(engine, source, replace(target, digest=f"sha256:{'0' * 64}"), lambda _: None)


@pytest.mark.parametrize(
    ("password", "words", "hint"),
    [(PASSWORD, "has no such image", "Check the name and the tag"), ("", "does not accept", "docker login")],
)
def test_what_can_not_be_pulled(log_in: LogIn, registry: Registry, password: str, words: str, hint: str) -> None:
    missing = ImageReference(registry=registry.address, repository="nothing", tag="1")
    with pytest.raises(ContainerizeError) as caught:
        pull(log_in(password=password), missing, emit=lambda _: None)
    assert type(caught.value) is BaseImageError
    assert words in caught.value.message
    assert hint in caught.value.hint
