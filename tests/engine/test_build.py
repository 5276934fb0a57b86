"""Builds on a real engine, with both builders: what comes out, what is told meanwhile, and what goes wrong."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import signal
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.engine.building.build import build
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import BaseImageError, BuildError, DiskFullError, EngineLostError
from jupyter_docker.values.events import Event, Log, Progress, Warned
from jupyter_docker.values.image import BuildContext, Image
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.spare import BASE, SpareEngineFactory

pytestmark = pytest.mark.engine

TAG = ImageReference(repository="containerize-test/build", tag="one")
OTHER = TAG.tagged("two")
TOKEN = "token-7f3a9c41d2"


@pytest.fixture(params=["buildx", "classic"])
def builder(request: pytest.FixtureRequest, engine: Engine) -> Engine:
    """The engine with each builder in turn."""
    return engine if request.param == "buildx" else without_buildx(engine)


@pytest.fixture(autouse=True)
def clean(engine: Engine) -> Iterator[None]:
    yield
    for tag in (TAG, OTHER):
        if find_image(engine, str(tag)):
            engine.client.api.remove_image(str(tag), force=True)


def without_buildx(engine: Engine) -> Engine:
    classic = replace(engine)
    vars(classic)["buildx_program"] = None
    assert not classic.has_build_mounts
    return classic


Stage = Callable[..., BuildContext]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Write a context: ``stage("RUN true", files={"a": b"…"})``; the FROM line comes by itself."""

    def written(*lines: str, base: str = BASE, files: dict[str, bytes] | None = None) -> BuildContext:
        root = tmp_path / "context"
        root.mkdir(exist_ok=True)
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        (root / "Dockerfile").write_text("\n".join((f"FROM {base}", *lines, "")))
        return BuildContext(root=root, dockerfile=root / "Dockerfile", files=(), digest="")

    return written


def built(engine: Engine, context: BuildContext, **options: object) -> tuple[Image, list[Event]]:
    events: list[Event] = []
    return build(engine, context, tags=[TAG], secrets={}, emit=events.append, **options), events  # type: ignore[arg-type]


def failed(engine: Engine, context: BuildContext, kind: type[Exception] = BuildError, **options: object) -> BuildError:
    with pytest.raises(kind) as caught:
        built(engine, context, **options)
    assert find_image(engine, str(TAG)) is None
    return caught.value  # type: ignore[return-value]


def output(engine: Engine, reference: ImageReference) -> str:
    return str(engine.client.containers.run(str(reference), remove=True, network_mode="none").decode())


def logged(events: list[Event], stream: str = "stdout") -> str:
    return "".join(event.text for event in events if isinstance(event, Log) and event.stream == stream)


def last_progress(events: list[Event]) -> dict[str, Progress]:
    return {event.label: event for event in events if isinstance(event, Progress)}


def test_an_image_is_built_tagged_and_runs(builder: Engine, stage: Stage) -> None:
    context = stage("COPY name /name", "LABEL a.b='c d'", 'CMD ["cat", "/name"]', files={"name": b"penguins\n"})
    image = build(builder, context, tags=[TAG, OTHER], secrets={}, emit=lambda _: None)
    assert image.reference == TAG
    assert image.labels == {"a.b": "c d"}
    assert image.platform == f"linux/{builder.architecture}"
    assert image.size > 10_000_000
    assert output(builder, TAG) == output(builder, OTHER) == "penguins\n"
    assert find_image(builder, str(OTHER)) == replace(image, reference=OTHER)
    assert find_image(builder, image.id) is not None


def test_what_steps_print_arrives_and_steps_end(builder: Engine, stage: Stage) -> None:
    _, events = built(builder, stage("RUN echo sailing; echo äöü 1>&2; printf 'a\\rb\\n'"), cache=False)
    out = logged(events)
    assert "sailing\n" in out
    assert "a\rb\n" in out
    assert logged(events, "stderr") == "äöü\n"
    step = last_progress(events)["[2/2] RUN echo sailing; echo äöü 1>&2; printf 'a\\rb\\n'"]
    assert (step.done, step.cached) == (True, False)


def test_a_second_build_is_cached_unless_told_otherwise(builder: Engine, stage: Stage) -> None:
    context = stage("RUN echo cachable")
    first, _ = built(builder, context)
    second, events = built(builder, context)
    assert second.id == first.id
    assert last_progress(events)["[2/2] RUN echo cachable"].cached
    assert "cachable" not in logged(events)
    _, events = built(builder, context, cache=False)
    assert not last_progress(events)["[2/2] RUN echo cachable"].cached
    assert logged(events) == "cachable\n"


def test_a_target_is_built_alone(builder: Engine, stage: Stage) -> None:
    context = stage('CMD ["echo", "early"]', f"FROM {BASE} AS late", "RUN false")
    (context.root / "Dockerfile").write_text(context.dockerfile.read_text().replace(BASE, f"{BASE} AS early", 1))
    built(builder, context, target="early")
    assert output(builder, TAG) == "early\n"


def test_a_failing_step_is_named_with_its_last_lines(builder: Engine, stage: Stage) -> None:
    error = failed(builder, stage("RUN for i in $(seq 40); do echo line $i; done; exit 3"))
    assert error.step_name == "[2/2] RUN for i in $(seq 40); do echo line $i; done; exit 3"
    assert error.log_tail.splitlines() == [f"line {number}" for number in range(26, 41)]
    assert error.message.startswith("The build failed at '[2/2] RUN for i in $(seq 40)")
    assert "3" in error.message.rpartition("'")[2]
    assert error.hint.startswith("The end of the step's log says why")


def test_of_two_steps_at_once_the_guilty_one_is_named(engine: Engine, stage: Stage) -> None:
    context = stage(
        "RUN sleep 60", f"FROM {BASE} AS b", "RUN sleep 1; echo guilty; exit 7", f"FROM {BASE}",
        "COPY --from=0 /etc/hostname /a", "COPY --from=b /etc/hostname /b",
    )  # fmt: skip
    error = failed(engine, context)
    assert error.step_name == "[b 2/2] RUN sleep 1; echo guilty; exit 7"
    assert error.log_tail == "guilty"


def test_a_dockerfile_that_does_not_parse(builder: Engine, stage: Stage) -> None:
    error = failed(builder, stage("FOO bar"))
    assert "unknown instruction: FOO" in error.message


def test_a_base_image_that_is_nowhere(builder: Engine, stage: Stage) -> None:
    error = failed(builder, stage(base="127.0.0.1:9/nobody/nothing:1"), BaseImageError)
    assert "127.0.0.1:9" in error.message
    assert "can't reach the server" in error.hint


def test_lint_warnings_are_passed_on(engine: Engine, stage: Stage) -> None:
    _, events = built(engine, stage("MAINTAINER me"))
    [warning] = [event for event in events if isinstance(event, Warned)]
    assert warning.message.startswith("MaintainerDeprecated:")
    assert warning.hint.startswith("The MAINTAINER instruction is deprecated")


def test_a_folder_stands_in_for_a_stage(engine: Engine, stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "word").write_text("swapped\n")
    context = stage("RUN false", f"FROM {BASE}", "COPY --from=uv /word /word", 'CMD ["cat", "/word"]')
    context.dockerfile.write_text(context.dockerfile.read_text().replace(BASE, f"{BASE} AS uv", 1))
    built(engine, context, build_contexts={"uv": tmp_path / "tool"})
    assert output(engine, TAG) == "swapped\n"


@pytest.mark.parametrize("in_file", [True, False])
def test_secrets_reach_the_build_and_nothing_else(engine: Engine, stage: Stage, tmp_path: Path, in_file: bool) -> None:
    file = tmp_path / 'a, "b"'
    file.write_text(TOKEN)
    secret = file if in_file else TOKEN
    context = stage(
        "RUN --mount=type=secret,id=token,target=/run/token sha256sum /run/token",
        "RUN python -c \"import hashlib, os; print(hashlib.sha256(os.environ['HTTPS_PROXY'].encode()).hexdigest())\"",
        "LABEL a=b",
    )
    proxy = f"http://user:{TOKEN}@127.0.0.1:9"
    events: list[Event] = []
    commands: list[str] = []

    def emit(event: Event) -> None:
        events.append(event)
        commands.append(command_lines())

    build(
        engine, context, tags=[TAG], secrets={"token": secret}, proxies={"HTTPS_PROXY": proxy}, cache=False, emit=emit
    )
    assert hashlib.sha256(TOKEN.encode()).hexdigest() in logged(events)
    assert hashlib.sha256(proxy.encode()).hexdigest() in logged(events)
    assert TOKEN not in repr(events)
    assert any("id=token" in seen for seen in commands)
    assert not any(TOKEN in seen for seen in commands)
    assert TOKEN not in repr(engine.client.images.get(str(TAG)).attrs)
    assert TOKEN not in repr(engine.client.images.get(str(TAG)).history())
    assert TOKEN.encode() not in saved(engine, TAG)


def command_lines() -> str:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


def saved(engine: Engine, reference: ImageReference) -> bytes:
    """Everything in `docker save`: the archive, and what is packed in it (containerd's image store packs layers)."""
    archive = b"".join(engine.client.images.get(str(reference)).save())
    everything = [archive]
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            content = members.extractfile(member)
            packed = content.read() if content else b""
            if packed.startswith(b"\x1f\x8b"):
                everything.append(gzip.decompress(packed))
    return b"\n".join(everything)


def test_the_builder_of_docker_itself_is_used(
    engine: Engine, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDX_CONFIG", str(tmp_path / "buildx"))
    monkeypatch.setenv("BUILDX_BUILDER", "elsewhere")
    create = ["buildx", "create", "--name", "elsewhere", "--driver", "remote", "--use", "tcp://127.0.0.1:9"]
    subprocess.run(["docker", *create], check=True, capture_output=True, env={**os.environ, **engine.cli_environment()})
    image, _ = built(engine, stage("RUN true"))
    assert image.reference == TAG


def test_an_interrupt_ends_the_build_and_goes_on(builder: Engine, stage: Stage) -> None:
    def emit(event: Event) -> None:
        if isinstance(event, Log):
            os.kill(os.getpid(), signal.SIGINT)

    marker = "sleep 98765"
    context = stage(f"RUN echo started; {marker}")
    with pytest.raises(KeyboardInterrupt):
        build(builder, context, tags=[TAG], secrets={}, cache=False, emit=emit)
    assert f"--tag {TAG}" not in command_lines()
    assert find_image(builder, str(TAG)) is None
    gone = threading.Event()
    for _ in range(100):
        if f"\n{marker}" not in f"\n{command_lines()}":
            break
        gone.wait(0.1)
    assert f"\n{marker}" not in f"\n{command_lines()}"


def test_two_builds_of_one_notebook_at_once(builder: Engine, stage: Stage) -> None:
    context = stage("RUN sleep 1; echo shared", 'CMD ["echo", "both"]')
    images: list[Image] = []
    builds = [threading.Thread(target=lambda: images.append(built(builder, context)[0])) for _ in range(2)]
    for thread in builds:
        thread.start()
    for thread in builds:
        thread.join()
    assert len(images) == 2
    assert output(builder, TAG) == "both\n"


def test_a_full_disk(spare_engine: SpareEngineFactory, stage: Stage) -> None:
    spare = spare_engine(size="600m", images=(BASE,))
    error = failed(spare.engine, stage("RUN dd if=/dev/zero of=/big bs=1M count=2000"), DiskFullError)
    assert "RUN dd if=/dev/zero" in error.message
    assert "prune" in error.hint


def test_the_engine_dies_during_the_build(spare_engine: SpareEngineFactory, stage: Stage) -> None:
    spare = spare_engine(images=(BASE,))

    def emit(event: Event) -> None:
        if isinstance(event, Log):
            spare.kill()

    with pytest.raises(EngineLostError) as caught:
        build(spare.engine, stage("RUN echo started; sleep 60"), tags=[TAG], secrets={}, emit=emit)
    assert caught.value.message.startswith("The container engine went away during the build")
    assert f"--tag {TAG}" not in command_lines()


def test_a_step_that_fails_for_reasons_of_its_own_has_no_invented_hint(engine: Engine, stage: Stage) -> None:
    error = failed(engine, stage('RUN python -c "assert 1 + 1 == 3"'))
    assert error.log_tail.endswith("AssertionError")
    assert error.hint.startswith("The end of the step's log says why")
