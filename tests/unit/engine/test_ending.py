"""How a container ended, in words."""

from __future__ import annotations

import pytest

from jupyter_docker.engine.containers.ending import describe
from jupyter_docker.values.container_spec import Limits, RunResult, RunSpec


def told(code: int, *, oom: bool = False, memory: int | None = None, command: tuple[str, ...] | None = None) -> str:
    result = RunResult(container_id="c0ffee", name="penguins-3f9a2c", exit_code=code, oom_killed=oom)
    spec = RunSpec(image="penguins", limits=Limits(memory=memory), command=command)
    return " | ".join(describe(result, spec))


def test_out_of_memory_names_the_limit_and_the_option() -> None:
    assert told(137, oom=True, memory=512 * 2**20) == (
        "The run was stopped because it used all the memory it may, 512 MB."
        " | Allow it more, as in --memory 1024m, or load less data at once."
    )


def test_out_of_memory_without_a_limit_is_the_machines() -> None:
    assert told(137, oom=True).startswith("The run was stopped because the machine ran out of memory. | ")


def test_out_of_memory_counts_whatever_the_script_made_of_it() -> None:
    assert told(1, oom=True, memory=2**30).startswith(
        "The run was stopped because it used all the memory it may, 1 GB."
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (137, "The run was killed from outside (exit status 137)."),
        (143, "The run was stopped from outside (exit status 143)."),
        (139, "The Python process crashed: segmentation fault (exit status 139)."),
        (134, "The Python process aborted (exit status 134)."),
        (132, "The Python process used an instruction that this processor does not have (exit status 132)."),
        (130, "The run was ended by signal SIGINT (exit status 130)."),
        (1, "The script failed: exit status 1."),
        (255, "The script failed: exit status 255."),
        (3, "The script failed: exit status 3."),
    ],
)
def test_every_exit_status_has_its_words(code: int, words: str) -> None:
    assert told(code).partition(" | ")[0] == words


def test_a_missing_program_is_named() -> None:
    assert told(127, command=("pyhton", "x.py")).startswith("The image does not have the program 'pyhton'. | ")
    assert told(127).startswith("The image does not have the program of its own command. | ")
    assert told(126, command=("/app",)).startswith("The image can't execute the program '/app'. | ")


@pytest.mark.parametrize("code", [0, 137, 143])
def test_a_run_that_took_too_long_names_the_limit_whatever_its_status(code: int) -> None:
    result = RunResult(container_id="c0ffee", name="penguins-3f9a2c", exit_code=code, timed_out=True)
    assert not result.ok
    message, hint = describe(result, RunSpec(image="penguins", limits=Limits(timeout=5400)))
    assert message == "The run was stopped because it took longer than it may, 1h30m."
    assert hint == "Allow it more, as in --timeout 3h, or let it do less."


def test_nothing_is_wrong_with_zero() -> None:
    assert told(0) == "The run ended well. | "
