"""A session and the kernel in its container, honest or not."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

import psutil
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.kernel.container.launch import container_kernel
from jupyter_docker.kernel.sessions.relay import Overflow, Relay
from jupyter_docker.kernel.sessions.session import CellOutcome, Session
from jupyter_docker.pipeline.images import build_kernel_image
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.container_spec import Mount, RunSpec
from jupyter_docker.values.errors import InterruptedRunError, KernelDiedError, UsageError
from tests.engine.outer import write_notebook
from tests.unit.kernel.test_kernel_relay import RecordingOutlet

pytestmark = pytest.mark.engine

HOSTILE = Path(__file__).parent / "hostile_kernel.py"
LABEL = "jupyter-containerize.test-session"


@pytest.fixture(scope="module")
def image(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image with ipykernel alone."""
    notebook = write_notebook(tmp_path_factory.mktemp("session") / "session.ipynb", "1")
    _, built = build_kernel_image(BuildChoices(notebook=notebook), engine, Defaults(), lambda _: None)
    return str(built.reference)


@contextmanager
def session_of(engine: Engine, spec: RunSpec, *, timeout: float = 60) -> Iterator[Session]:
    """An open session; its container is gone afterwards."""
    label = os.urandom(4).hex()
    session = Session(container_kernel(engine, replace(spec, labels={LABEL: label})), name="tested")
    try:
        session.start(timeout=timeout)
        yield session
    finally:
        session.close()
        assert [one.name for one in list_containers(engine, all=True) if one.labels.get(LABEL) == label] == []


@pytest.fixture
def session(engine: Engine, image: str) -> Iterator[Session]:
    with session_of(engine, RunSpec(image=image)) as opened:
        yield opened


def hostile(image: str, behaviour: str) -> RunSpec:
    """A container whose kernel is `hostile_kernel.py`, which `python -m` finds first in the working directory."""
    mount = Mount(kind="bind", source=str(HOSTILE), target=PurePosixPath("/app/ipykernel_launcher.py"), read_only=True)
    return RunSpec(image=image, mounts=(mount,), env={"HOSTILE": behaviour})


def execute(session: Session, code: str, folder: Path) -> tuple[CellOutcome, RecordingOutlet]:
    outlet = RecordingOutlet()
    relay = Relay(outlet, Overflow(folder, "tested"), scope="S", warned=set())
    return session.execute(code, relay), outlet


def printed(outlet: RecordingOutlet) -> str:
    return "".join(each[2] for each in outlet.shown if each[0] == "stream")


@contextmanager
def interrupts_after(seconds: float, *more: float) -> Iterator[None]:
    """Press Ctrl-C that many seconds from now, and again after ``more``."""

    def press() -> None:
        for pause in (seconds, *more):
            if over.wait(pause):
                return
            os.kill(os.getpid(), signal.SIGINT)

    over = threading.Event()
    thread = threading.Thread(target=press)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_traceback_names_the_notebooks_cell(session: Session, tmp_path: Path) -> None:
    named = []
    for number in (3, 8, 8, 2):
        relay = Relay(RecordingOutlet(), Overflow(tmp_path, "tested"), scope="S", warned=set())
        error = session.execute("1 / 0", relay, number=number).error
        assert error is not None
        named += re.findall(r"In\[(\d+)\]", "".join(error.traceback))
    assert named == ["3", "8", "9", "10"]  # none twice


def test_silent_code_leaves_no_trace(session: Session, tmp_path: Path) -> None:
    relay = Relay(RecordingOutlet(), Overflow(tmp_path, "tested"), scope="S", warned=set())
    assert session.execute("y = 5", relay, silent=True).error is None
    _, outlet = execute(session, "y, In[1:]", tmp_path)
    assert [each[1]["text/plain"] for each in outlet.shown if each[0] == "result"] == ["(5, ['y, In[1:]'])"]


def test_one_cell_at_a_time(session: Session, tmp_path: Path) -> None:
    refused = list[BaseException]()

    class Nested(RecordingOutlet):
        def stream(self, name: str, text: str) -> None:
            with pytest.raises(UsageError, match="runs another cell") as caught:
                execute(session, "1", tmp_path)
            refused.append(caught.value)

    relay = Relay(Nested(), Overflow(tmp_path, "tested"), scope="S", warned=set())
    assert session.busy is False
    assert session.execute("print('x')", relay).error is None
    assert len(refused) == 1


def test_a_session_that_is_over_runs_nothing(session: Session, tmp_path: Path) -> None:
    session.close()
    session.close()
    assert session.open is False
    with pytest.raises(UsageError, match="is over"):
        execute(session, "1", tmp_path)


def test_a_kernel_that_ends_says_why(session: Session, tmp_path: Path) -> None:
    with pytest.raises(KernelDiedError, match=r"The session 'tested' ended: .*exit status 3"):
        execute(session, "import os; os._exit(3)", tmp_path)
    assert session.open is False


def test_an_interrupt_before_the_cell_begins_is_not_lost(session: Session, tmp_path: Path) -> None:
    with interrupts_after(0.01):
        outcome, _ = execute(session, "import time; time.sleep(60)", tmp_path)
    assert outcome.error is not None
    assert outcome.error.ename == "KeyboardInterrupt"


def test_what_was_printed_between_cells_comes_with_the_next(session: Session, tmp_path: Path) -> None:
    execute(session, "import threading\nthreading.Timer(0.3, print, ['late']).start()", tmp_path)
    time.sleep(1)
    _, outlet = execute(session, "print('now')", tmp_path)
    assert printed(outlet) == "late\nnow\n"


def test_a_kernel_that_never_answers_is_given_up(engine: Engine, image: str) -> None:
    with (
        pytest.raises(KernelDiedError, match="does not answer"),
        session_of(engine, hostile(image, "mute"), timeout=3),
    ):
        pass


def test_an_interrupt_ends_the_wait_for_a_kernel(engine: Engine, image: str) -> None:
    with (
        pytest.raises(InterruptedRunError, match="while the session started"),
        interrupts_after(6),
        session_of(engine, hostile(image, "mute"), timeout=60),
    ):
        pass


def test_a_cell_without_a_reply_ends_with_a_second_interrupt(engine: Engine, image: str, tmp_path: Path) -> None:
    with session_of(engine, hostile(image, "silent")) as session, interrupts_after(1, 1):
        with pytest.raises(InterruptedRunError, match="Interrupted twice"):
            execute(session, "1", tmp_path)
        assert session.open is False


@pytest.mark.parametrize("behaviour", ["replies_alone", "endless"])
def test_a_kernel_that_is_never_idle_does_not_hold_the_notebook(
    behaviour: str, engine: Engine, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_docker.kernel.sessions.running._LATE", 2.0)
    with session_of(engine, hostile(image, behaviour)) as session:
        outcome, outlet = execute(session, "1", tmp_path)
    assert outcome.error is None
    assert printed(outlet).startswith("shown" if behaviour == "replies_alone" else "more\n")


def test_malformed_messages_are_ignored(engine: Engine, image: str, tmp_path: Path) -> None:
    with session_of(engine, hostile(image, "malformed")) as session:
        outcome, outlet = execute(session, "1", tmp_path)
    assert outcome.error is None
    assert printed(outlet) == "half ? pair\n"
    assert [each[0] for each in outlet.shown if each[0] not in {"flush", "stream", "note"}] == []


@pytest.fixture
def grown() -> Callable[[], float]:
    """How many MB this process's memory has grown since the test began, at its peak."""
    process, peak, over = psutil.Process(), [0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()

    def stop() -> float:
        over.set()
        thread.join()
        return (peak[0] - before) / 2**20

    return stop


class ForgetfulOutlet(RecordingOutlet):
    """Keeps the sizes alone, as a kernel does that sends outputs on; it hangs a while, so that the flood is ahead."""

    def stream(self, name: str, text: str) -> None:
        if ("stream", len(text)) not in self.shown:
            time.sleep(5)
        self.shown.append(("stream", len(text)))

    def display(self, data: object, metadata: object, *, display_id: str, update: bool) -> None:
        self.shown.append(("display",))


def test_a_flood_fills_no_memory(engine: Engine, image: str, tmp_path: Path, grown: Callable[[], float]) -> None:
    outlet = ForgetfulOutlet()
    with session_of(engine, hostile(image, "flood")) as session:
        relay = Relay(outlet, Overflow(tmp_path / "kept", "tested"), scope="S", warned=set())
        assert session.execute("1", relay).error is None
    assert grown() < 300
    assert sum(each[1] for each in outlet.shown if each[0] == "stream") == 24 << 20
    (kept,) = (tmp_path / "kept").iterdir()
    notes = [each[1] for each in outlet.shown if each[0] == "note"]
    assert notes == [f"This cell's output is more than a notebook can hold. The rest goes to {kept}"]
    assert kept.stat().st_size > 100 << 20


def test_a_message_too_large_to_take_fills_no_memory(
    engine: Engine, image: str, tmp_path: Path, grown: Callable[[], float]
) -> None:
    with session_of(engine, hostile(image, "huge")) as session:
        outcome, outlet = execute(session, "1", tmp_path)
        assert outcome.error is None
        assert printed(outlet) == "before\n"
        again, _ = execute(session, "1", tmp_path)
        assert again.error is None
    assert grown() < 150
