"""Programs are run, heard and ended; real ones."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from jupyter_docker.values.process import ProcessError, quoted, run_program


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def heard(code: str, **options: object) -> list[str]:
    lines: list[str] = []
    run_program(python(code), on_line=lines.append, **options)  # type: ignore[arg-type]
    return lines


def test_lines_of_both_streams_arrive_in_order() -> None:
    code = "import sys; print('a ä', flush=True); print('b', file=sys.stderr, flush=True); print('c', end='')"
    assert heard(code) == ["a ä", "b", "c"]


def test_what_is_not_utf8_is_replaced() -> None:
    assert heard("import sys; sys.stdout.buffer.write(b'\\xff\\n')") == ["\ufffd"]


def test_the_environment_and_the_folder_are_those_given(tmp_path: Path) -> None:
    code = "import os; print(os.environ['WORD'], os.getcwd())"
    assert heard(code, env={"WORD": "a b"}, folder=tmp_path) == [f"a b {tmp_path}"]


def test_nothing_waits_for_an_answer() -> None:
    assert heard("import sys; print(repr(sys.stdin.read()))") == ["''"]


@pytest.mark.parametrize("size", [1, 5_000_000])
def test_what_it_is_given_to_read_arrives_or_is_left(size: int) -> None:
    assert heard("import sys; print(len(sys.stdin.read()))", stdin="x" * size) == [str(size)]
    assert heard("print('enough')", stdin="x" * size) == ["enough"]
    with pytest.raises(ProcessError):
        heard("import sys; sys.exit(sys.stdin.read(1))", stdin="x" * size)


def test_a_status_raises_with_the_end_of_the_output() -> None:
    command = python("for n in range(500): print(n)\nraise SystemExit(3)")
    with pytest.raises(ProcessError) as caught:
        run_program(command, on_line=lambda _: None)
    assert caught.value.status == 3
    assert caught.value.output.splitlines() == [str(number) for number in range(300, 500)]
    assert caught.value.command == quoted(command)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        run_program(["/nowhere/program"], on_line=lambda _: None)


@pytest.mark.parametrize("ending", ["", "signal.signal(signal.SIGINT, signal.SIG_IGN)"])
def test_an_interrupt_ends_the_whole_group(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr("jupyter_docker.values.process._SECONDS_TO_STOP", 0.5)
    code = (
        f"import os, signal, subprocess, sys, time; {ending}\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
        "print(os.getpid(), child.pid, flush=True); time.sleep(1000)"
    )
    pids: list[int] = []

    def interrupt(line: str) -> None:
        pids.extend(map(int, line.split()))
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_program(python(code), on_line=interrupt)
    assert len(pids) == 2
    assert [pid for pid in pids if not ends(pid)] == []


def test_an_error_of_the_listener_ends_it_too() -> None:
    pids: list[int] = []

    def refuse(line: str) -> None:
        pids.append(int(line))
        raise ValueError(line)

    with pytest.raises(ValueError, match=r"\d+"):
        run_program(python("import os, time; print(os.getpid(), flush=True); time.sleep(1000)"), on_line=refuse)
    assert ends(pids[0])


def ends(pid: int) -> bool:
    """Whether the process is soon gone, or a zombie: a killed grandchild that nobody has reaped yet."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
