"""Images on a real engine: find, list, tag, remove, the base image, and what can be freed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.engine.building.build import build
from jupyter_docker.engine.connection.engine import Engine, host_platform, runs_host_programs
from jupyter_docker.engine.connection.identity import ROLE_LABEL, VERSION_LABEL, user_labels
from jupyter_docker.engine.images.ownership import record_own
from jupyter_docker.engine.images.prune import PrunePlan, build_cache_size, disk_usage, plan_prune, prune
from jupyter_docker.engine.images.store import (
    UNTAGGED,
    base_python,
    ensure_base,
    find_image,
    list_images,
    remove_image,
    tag_image,
)
from jupyter_docker.values.container_spec import CACHE_VOLUME_PREFIX
from jupyter_docker.values.errors import BaseImageError, EngineError, MissingError
from jupyter_docker.values.events import Event, Progress, StepFinished, StepStarted, Warned
from jupyter_docker.values.image import BuildContext, Image
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.local_registry import local_registry
from tests.engine.spare import BASE, SpareEngineFactory

pytestmark = pytest.mark.engine

ONE = ImageReference(repository="containerize-test/images", tag="one")


def make(engine: Engine, *lines: str, base: str = BASE, tags: tuple[str, ...] = (), ours: bool = True) -> str:
    """Build an image of its own content and return its ID."""
    label = f"LABEL {VERSION_LABEL}=0" if ours else "LABEL other=1"
    dockerfile = "\n".join((f"FROM {base}", label, *lines))
    image, _ = engine.client.images.build(fileobj=io.BytesIO(dockerfile.encode()), rm=True)
    for tag in tags:
        image.tag(tag)
    record_own(str(image.id))
    return str(image.id)


@pytest.fixture
def image(engine: Engine) -> Iterator[Image]:
    """One of our images, tagged ONE."""
    identifier = make(engine, "RUN echo one > /one", tags=(str(ONE),))
    found = find_image(engine, identifier)
    assert found is not None
    yield found
    if find_image(engine, identifier):
        engine.client.api.remove_image(identifier, force=True)


def test_an_image_is_found_by_tag_and_by_id(engine: Engine, image: Image) -> None:
    assert image.reference == ONE
    assert image.labels == {VERSION_LABEL: "0"}
    for name in (str(ONE), image.id, image.id.removeprefix("sha256:")[:12]):
        assert find_image(engine, name) == image
    assert find_image(engine, "containerize-test/images:nowhere") is None
    assert find_image(engine, f"sha256:{'0' * 64}") is None


def test_an_image_without_a_tag_in_the_name_is_the_latest(engine: Engine, image: Image) -> None:
    latest = ImageReference(repository=ONE.repository)
    assert find_image(engine, str(latest)) is None
    tag_image(engine, image, latest)
    assert find_image(engine, str(latest)) == replace(image, reference=latest)
    assert find_image(engine, f"{latest}:latest") == replace(image, reference=latest.tagged("latest"))


def test_a_list_has_ours_once_for_each_tag(engine: Engine, image: Image) -> None:
    two = ONE.tagged("two")
    tag_image(engine, image, two)
    untagged = make(engine, "ENV A=untagged")
    other = make(engine, "ENV A=other", tags=("containerize-test/other:1",), ours=False)
    try:
        listed = {(one.id, one.reference) for one in list_images(engine)}
        assert {(image.id, ONE), (image.id, two), (untagged, UNTAGGED)} <= listed
        assert other not in {identifier for identifier, _ in listed}
        everything = {(one.id, str(one.reference)) for one in list_images(engine, scope="all")}
        assert (other, "containerize-test/other:1") in everything
        assert BASE in {reference for _, reference in everything}
    finally:
        for identifier in (untagged, other):
            engine.client.api.remove_image(identifier, force=True)


def test_removing(engine: Engine, image: Image) -> None:
    two = ONE.tagged("two")
    tag_image(engine, image, two)
    remove_image(engine, str(ONE))
    assert find_image(engine, str(ONE)) is None
    assert find_image(engine, image.id) == replace(image, reference=two)
    container = engine.client.containers.create(str(two))
    with pytest.raises(EngineError) as caught:
        remove_image(engine, str(two))
    assert str(container.id)[:12] in caught.value.message
    assert "ps -a" in caught.value.hint
    container.remove()
    remove_image(engine, str(two))
    assert find_image(engine, image.id) is None
    with pytest.raises(MissingError):
        remove_image(engine, str(two))


def test_an_image_that_another_user_made_is_neither_listed_nor_removed(
    private: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = make(private, "ENV A=1", tags=("theirs:1",))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    own = make(private, "ENV A=2", tags=("own:1",))
    assert [one.id for one in list_images(private)] == [own]
    assert {one.id for one in list_images(private, scope="made")} == {own, theirs}
    assert [one.id for one in plan_prune(private).images] == [own]
    assert {one.id for one in plan_prune(private, any_owner=True).images} == {own, theirs}
    for name in ("theirs:1", theirs):
        with pytest.raises(MissingError, match="another user"):
            remove_image(private, name)
    remove_image(private, "own:1")
    assert [one.id for one in list_images(private, scope="made")] == [theirs]


def test_an_image_of_others_is_left_alone(engine: Engine) -> None:
    identifier = make(engine, "RUN echo others > /others", ours=False, tags=(str(ONE),))
    for name in (str(ONE), identifier):
        with pytest.raises(MissingError, match="left alone"):
            remove_image(engine, name)
    remove_image(engine, str(ONE), scope="all")
    assert find_image(engine, identifier) is None


def test_the_base_image_says_its_python(engine: Engine) -> None:
    events: list[Event] = []
    base = ensure_base(engine, ImageReference.parse(BASE), platform=f"linux/{engine.architecture}", emit=events.append)
    assert f"python:{'.'.join(base.python_version.split('.')[:2])}-slim" == BASE
    assert events == []


def test_a_base_image_that_does_not_say_its_python_is_asked(engine: Engine) -> None:
    base = ensure_base(engine, ImageReference.parse(BASE), emit=lambda _: None)
    silent = ImageReference(repository="containerize-test/silent", tag="1")
    identifier = make(engine, "ENV PYTHON_VERSION=", 'ENTRYPOINT ["false"]', tags=(str(silent),))
    try:
        assert ensure_base(engine, silent, emit=lambda _: None).python_version == base.python_version
    finally:
        engine.client.api.remove_image(identifier, force=True)


def test_a_base_image_without_python(engine: Engine) -> None:
    identifier = make(engine, "ENV PYTHON_VERSION=", "RUN rm /usr/local/bin/python", tags=(str(ONE),))
    found = find_image(engine, identifier)
    assert found is not None
    try:
        with pytest.raises(BaseImageError) as caught:
            base_python(engine, found)
        assert caught.value.message == f"The base image '{ONE}' has no 'python' that runs."
        assert engine.client.containers.list(all=True, filters={"ancestor": identifier}) == []
    finally:
        engine.client.api.remove_image(identifier, force=True)


def test_a_base_image_is_pulled_where_it_is_missing(
    engine: Engine, image: Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jupyter_docker.engine.connection.engine import connect
    from jupyter_docker.engine.images.registry import push

    (tmp_path / "registry").mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with local_registry(tmp_path / "registry") as registry:
        registry.credentials(tmp_path)
        target = ImageReference(registry=registry.address, repository="base", tag="1")
        with connect(engine.endpoint) as mine:
            push(mine, image.id, target, lambda _: None)
            mine.client.api.remove_image(image.id, force=True)
            events: list[Event] = []
            pulled = ensure_base(mine, target, emit=events.append)
            remove_image(mine, str(target))
    assert (pulled.id, pulled.reference) == (image.id, target)
    assert pulled.digest.startswith("sha256:")
    assert events[0] == StepStarted(step="pull", title=f"Pulling {target}")
    assert isinstance(events[-1], StepFinished)
    layers = {event.item: event for event in events if isinstance(event, Progress)}
    assert {event.label.partition(" ")[0] for event in layers.values()} == {"Already", "Pull"}
    assert all(event.done and event.step == "pull" for event in layers.values())
    assert all(event.cached == event.label.startswith("Already exists") for event in layers.values())


def test_a_base_image_that_is_nowhere(engine: Engine) -> None:
    nowhere = ImageReference(registry="127.0.0.1:9", repository="nobody/nothing", tag="1")
    with pytest.raises(BaseImageError) as caught:
        ensure_base(engine, nowhere, emit=lambda _: None)
    assert caught.value.message == (f"Could not pull '{nowhere}': the registry '127.0.0.1:9' can't be reached.")


def test_a_base_image_for_another_processor_is_pulled_and_not_taken_as_it_is(engine: Engine, image: Image) -> None:
    local = ImageReference(registry="127.0.0.1:9", repository="local", tag="1")
    tag_image(engine, image, local)
    with pytest.raises(BaseImageError):
        ensure_base(engine, local, platform="linux/s390x", emit=lambda _: None)


def test_programs_of_this_machine_run_where_the_platform_is_the_same(engine: Engine) -> None:
    assert runs_host_programs(engine, "") is (host_platform() == f"linux/{engine.architecture}")
    assert runs_host_programs(engine, host_platform()) is True
    assert runs_host_programs(engine, "linux/s390x") is False


@pytest.fixture
def private(spare_engine: SpareEngineFactory) -> Engine:
    """An engine of this test's own, so that nothing of others is in the plan."""
    return spare_engine(images=(BASE,)).engine


def container(engine: Engine, image: str, *, ours: bool, ended: bool) -> str:
    """Make a container that ended, or runs for long, and return its name."""
    made = engine.client.containers.run(
        image,
        ["sh", "-c", "echo hello > /word"] if ended else ["sleep", "1000"],
        detach=True,
        labels={ROLE_LABEL: "detached", **user_labels()} if ours else {},
        network_mode="none",
    )
    if ended:
        made.wait()
    return str(made.name)


def test_only_what_is_ours_and_unused_is_freed(private: Engine, tmp_path: Path) -> None:
    unused = make(private, "ENV A=1", "RUN head -c 3000000 /dev/urandom > /blob", tags=("unused:1", "unused:2"))
    untagged = make(private, "ENV A=2")
    used = make(private, "ENV A=3", tags=("used:1",))
    foreign_use = make(private, "ENV A=4", tags=("foreign:1",))
    other = make(private, "ENV A=5", tags=("other:1",), ours=False)
    ended = container(private, unused, ours=True, ended=True)
    running = container(private, used, ours=True, ended=False)
    foreign = container(private, foreign_use, ours=False, ended=True)

    plan = plan_prune(private)
    assert plan
    assert [one.name for one in plan.containers] == [ended]
    assert [(one.id, one.tags) for one in plan.images] == [(untagged, ()), (unused, ("unused:1", "unused:2"))]
    assert 3_000_000 <= plan.size < 4_000_000
    assert plan.describe() == "1 ended container, 2 unused images: at least 3 MB"

    events: list[Event] = []
    prune(private, plan, events.append, log_folder=tmp_path)
    done = [event.label for event in events if isinstance(event, Progress)]
    assert done == [ended, untagged.removeprefix("sha256:")[:12], "unused:1, unused:2"]
    assert {one.name for one in private.client.containers.list(all=True)} == {running, foreign}
    left = {one.id for one in private.client.images.list()}
    assert {used, foreign_use, other} < left
    assert not left & {unused, untagged}
    assert not plan_prune(private)
    assert plan_prune(private).describe() == "nothing to remove"
    private.client.containers.get(running).remove(force=True)


def test_of_volumes_only_unused_run_caches_are_freed(private: Engine, tmp_path: Path) -> None:
    labels = {VERSION_LABEL: "1", **user_labels()}
    for name in (f"{CACHE_VOLUME_PREFIX}free", f"{CACHE_VOLUME_PREFIX}used", "results"):
        private.client.volumes.create(name, labels=labels)
    private.client.volumes.create(f"{CACHE_VOLUME_PREFIX}of-another", labels={})
    private.client.containers.create(BASE, volumes={f"{CACHE_VOLUME_PREFIX}used": {"bind": "/cache"}})

    plan = plan_prune(private)
    assert [one.name for one in plan.caches] == [f"{CACHE_VOLUME_PREFIX}free"]
    assert plan.describe() == "1 run cache: at least 0 MB"
    prune(private, plan, lambda _: None, log_folder=tmp_path)
    left = {volume.name for volume in private.client.volumes.list()}
    assert left == {"results", f"{CACHE_VOLUME_PREFIX}used", f"{CACHE_VOLUME_PREFIX}of-another"}


def test_the_build_cache_is_freed_where_it_is_asked_for(private: Engine, tmp_path: Path) -> None:
    """A build whose image is kept: what its steps left stays usable to no one else, and goes."""
    (tmp_path / "Dockerfile").write_text(
        f"FROM {BASE} AS made\nRUN head -c 3000000 /dev/urandom > /blob\nFROM {BASE}\nCOPY --from=made /blob /blob2\n"
    )
    context = BuildContext(root=tmp_path, dockerfile=tmp_path / "Dockerfile", digest="0" * 64, files=())
    built = build(private, context, tags=[ImageReference.parse("kept:1")], secrets={}, emit=lambda _: None)
    assert not plan_prune(private)
    plan = plan_prune(private, build_cache=True)
    assert plan.size >= 3_000_000
    assert plan.describe().startswith("the build cache: at least ")

    prune(private, plan, lambda _: None, log_folder=tmp_path)
    assert build_cache_size(disk_usage(private)) == 0
    assert find_image(private, built.id) is not None


def test_what_came_into_use_or_went_since_the_plan_does_not_stop_it(private: Engine, tmp_path: Path) -> None:
    taken = make(private, "ENV A=1", tags=("taken:1",))
    gone = make(private, "ENV A=2", tags=("gone:1",))
    plan = plan_prune(private)
    assert {one.id for one in plan.images} == {taken, gone}
    name = container(private, taken, ours=True, ended=False)
    private.client.api.remove_image(gone, force=True)

    events: list[Event] = []
    prune(private, plan, events.append, log_folder=tmp_path)
    [warning] = [event for event in events if isinstance(event, Warned)]
    assert warning.message.startswith("Could not remove 'taken:1'")
    assert find_image(private, "taken:1") is not None
    private.client.containers.get(name).remove(force=True)


def test_an_empty_plan_is_false() -> None:
    assert not PrunePlan(containers=(), images=())
