"""The terminal's display: what goes to which stream, with and without a terminal, colours, Unicode and a reader."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from jupyter_docker.display.html.outcome import result_part
from jupyter_docker.display.json_lines import JsonDisplay
from jupyter_docker.display.logtail import plain_lines
from jupyter_docker.display.plain import render_plain
from jupyter_docker.display.state import DisplayState
from jupyter_docker.display.terminal.display import TerminalDisplay
from jupyter_docker.values.events import (
    Event,
    Failed,
    Finished,
    Log,
    Progress,
    StepFinished,
    StepStarted,
    Warned,
    from_json,
)

FREEZE: list[Event] = [
    StepStarted(step="freeze", title="Freezing requirements"),
    StepFinished(step="freeze", summary="24 packages pinned", seconds=0.7),
]
BUILD: list[Event] = [
    StepStarted(step="build", title="Building the image"),
    Progress(step="build", item="1", label="RUN uv", current=5_000_000, total=20_000_000, unit="bytes"),
    Log(step="build", text="Downloading \x1b[1mnumpy\x1b[0m\nInst"),
    Log(step="build", text="alled"),
    StepFinished(step="build", summary="penguins:3f2a9c", seconds=65),
]
RUN: list[Event] = [
    StepStarted(step="run", title="Running penguins:3f2a9c"),
    Log(step="run", text="\x1b[32mhello\x1b[0m\n"),
    Log(step="run", text=" 50%|\r100%|\n", stream="stderr"),
    StepFinished(step="run", summary="exit status 0", seconds=2),
    Finished(summary="Finished: exit status 0", facts={"image": "penguins:3f2a9c", "log": "/tmp/run.log"}),
]


class Tty(StringIO):
    """Text that says it is a terminal's."""

    def isatty(self) -> bool:
        return True


def show(*events: Event, verbose: bool = False, color: bool | None = None) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with TerminalDisplay(out, err, verbose=verbose, color=color) as emit:
        for event in events:
            emit(event)
    return out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_stdout_holds_the_containers_output_and_nothing_else() -> None:
    out, _ = show(*FREEZE, *BUILD, *RUN)
    assert out == "\x1b[32mhello\x1b[0m\n"


def test_a_pipe_gets_plain_lines() -> None:
    _, err = show(*FREEZE, *BUILD, *RUN)
    assert err == (
        "▸ Freezing requirements…\n"
        "✓ Freezing requirements  24 packages pinned  0.7 s\n"
        "▸ Building the image…\n"
        "✓ Building the image     penguins:3f2a9c  1 min 5 s\n"
        "▸ Running penguins:3f2a9c…\n"
        " 50%|\r100%|\n"
        "✓ Running penguins:3f2a9c  exit status 0  2.0 s\n"
        "✓ Finished: exit status 0\n"
        "  image  penguins:3f2a9c\n"
        "  log    /tmp/run.log\n"
    )


def test_a_build_log_is_shown_on_demand() -> None:
    _, err = show(*BUILD, verbose=True)
    assert err.splitlines()[1:] == [
        "  | Downloading numpy",
        "  | Installed",
        "✓ Building the image     penguins:3f2a9c  1 min 5 s",
    ]


def test_a_failure_names_the_cell_shows_the_tail_and_the_hint() -> None:
    failed = Failed(
        error="BuildError",
        message="The build failed.\n  \x1b[31mpg_config not found\x1b[0m\nexit code: 1",
        hint="Add --apt libpq-dev.",
        exit_code=85,
        cell=7,
        line=3,
        facts={"log": "/tmp/x"},
    )
    _, err = show(BUILD[0], failed)
    started, step, *rest = err.splitlines()
    assert started == "▸ Building the image…"
    assert step.startswith("✗ Building the image     ")
    assert rest == [
        "error: The build failed. (cell 7, line 3)",
        "    pg_config not found",
        "  exit code: 1",
        "hint: Add --apt libpq-dev.",
        "  log  /tmp/x",
    ]


@pytest.mark.parametrize(
    ("message", "located", "shown"),
    [
        ("cell 7, line 3 does not parse.", True, "cell 7, line 3 does not parse."),
        ("Cell 7, line 3 is not valid Python.", True, "Cell 7, line 3 is not valid Python."),
        ("cell 7, line 31 is not meant.", False, "cell 7, line 31 is not meant. (cell 7, line 3)"),
    ],
)
def test_a_place_that_the_message_names_is_not_named_twice(message: str, located: bool, shown: str) -> None:
    failed = Failed(
        error="CellSyntaxError", message=message, hint="", exit_code=66, cell=7, line=3, facts={}, is_located=located
    )
    assert show(failed)[1] == f"error: {shown}\n"
    state = DisplayState()
    state.apply(failed)
    assert f"error: {shown}" in render_plain("book.ipynb", state, {}).splitlines()
    assert result_part(failed).count("cell 7, line 3<") == shown.count("(cell 7")


def test_an_interrupt_is_no_error() -> None:
    failed = Failed(error="InterruptedRunError", message="The container was removed.", hint="", exit_code=130, facts={})
    step, message = show(RUN[0], failed)[1].splitlines()[1:]
    assert step.startswith("■ Running penguins:3f2a9c  ")
    assert message == "stopped: The container was removed."


def test_a_warning_has_a_hint() -> None:
    _, err = show(Warned(step="freeze", message="No hashes.", hint="Upgrade."))
    assert err == "warning: No hashes.\nhint: Upgrade.\n"


def test_words_after_half_a_line_start_a_new_one() -> None:
    _, err = show(Log(step="run", text="no newline", stream="stderr"), Warned(step="run", message="Slow."))
    assert err == "no newline\nwarning: Slow.\n"
    both = StringIO()
    with TerminalDisplay(both, both) as emit:
        emit(Log(step="run", text="no newline"))
        emit(Warned(step="run", message="Slow."))
    assert both.getvalue() == "no newline\nwarning: Slow.\n"


def test_colours_are_for_terminals_and_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in show(*FREEZE, color=True)[1]
    assert "\x1b[" not in show(*FREEZE, color=False)[1]
    for no_color, colored in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", no_color)
        err = Tty()
        with TerminalDisplay(StringIO(), err) as emit:
            emit(Warned(step="run", message="Slow."))
        assert ("\x1b[" in err.getvalue()) is colored


def test_an_ascii_terminal_gets_ascii() -> None:
    raw_out, raw_err = BytesIO(), BytesIO()
    out, err = TextIOWrapper(raw_out, encoding="ascii"), TextIOWrapper(raw_err, encoding="ascii")
    with TerminalDisplay(out, err) as emit:
        emit(FREEZE[0])
        emit(FREEZE[1])
        emit(Log(step="run", text="naïve ✓\n"))
    assert raw_out.getvalue() == b"na?ve ?\n"
    assert raw_err.getvalue() == b"> Freezing requirements...\n+ Freezing requirements  24 packages pinned  0.7 s\n"


def test_a_closed_stream_is_silence() -> None:
    out, err = StringIO(), StringIO()
    out.close()
    err.close()
    with TerminalDisplay(out, err) as emit:
        for event in (*FREEZE, *BUILD, *RUN):
            emit(event)


SCRIPT = """
import sys
from test_display_terminal import BUILD, FREEZE, RUN
from jupyter_docker.display.html.outcome import result_part
from jupyter_docker.display.plain import render_plain
from jupyter_docker.display.state import DisplayState
from jupyter_docker.display.terminal.display import TerminalDisplay
from jupyter_docker.values.events import Log
with TerminalDisplay(sys.stdout, sys.stderr) as emit:
    for event in (*FREEZE, *BUILD[:-1]):
        emit(event)
    sys.stdin.readline()
    for event in (BUILD[-1], *RUN):
        emit(event)
    for number in range(int(sys.argv[1])):
        emit(Log(step="run", text=f"line {number}\\n"))
print("still here", file=sys.stderr)
"""


def test_a_reader_that_leaves_is_no_error() -> None:
    command = [sys.executable, "-c", SCRIPT, "5000"]
    with subprocess.Popen(
        command,
        cwd=Path(__file__).parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "\x1b[32mhello\x1b[0m\n"
        process.stdout.close()
        assert process.stderr.read().splitlines()[-1] == "still here"
    assert process.returncode == 0


def on_terminal(go_on_at: str) -> str:
    """Return all that the script writes on a terminal; its build ends when ``go_on_at`` was seen there."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", SCRIPT, "0"]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=slave, stderr=slave
    ) as process:
        assert process.stdin is not None
        os.close(slave)
        written = b""
        with suppress(OSError):  # Linux says so when the last writer is gone
            while part := os.read(master, 4096):
                written += part
                if go_on_at.encode() in written and not process.stdin.closed:
                    process.stdin.close()
    os.close(master)
    return written.decode()


def test_a_terminal_is_left_with_the_finished_lines() -> None:
    written = on_terminal(go_on_at=" 25%")
    assert [line for line in plain_lines(written) if line] == [
        "✓ Freezing requirements  24 packages pinned  0.7 s",
        "✓ Building the image     penguins:3f2a9c  1 min 5 s",
        "▸ Running penguins:3f2a9c…",
        "hello",
        "100%|",
        "✓ Running penguins:3f2a9c  exit status 0  2.0 s",
        "✓ Finished: exit status 0",
        "  image  penguins:3f2a9c",
        "  log    /tmp/run.log",
        "still here",
    ]
    assert "RUN uv" in written  # the live region was there…
    start = written.index("▸ Running")
    assert "\x1b[?25l" not in written[start:]  # …and not while the container ran


def test_json_lines_are_events_numbered_from_one() -> None:
    out = StringIO()
    with JsonDisplay(out, StringIO()) as emit:
        for event in (*FREEZE, *RUN):
            emit(event)
    objects = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [item["seq"] for item in objects] == list(range(1, len(FREEZE + RUN) + 1))
    assert [from_json(item) for item in objects] == FREEZE + RUN


def test_a_json_line_is_one_line_whatever_the_text() -> None:
    out = StringIO()
    with JsonDisplay(out, StringIO()) as emit:
        emit(Log(step="run", text="a\nb\u2028\ud800"))
    assert out.getvalue() == (
        '{"v": 2, "seq": 1, "type": "Log", "step": "run", "text": "a\\nb\\u2028\\ud800", "stream": "stdout"}\n'
    )
