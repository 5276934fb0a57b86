"""What a kernel elsewhere has loaded comes as a file, from a question that needs nothing of ours in the kernel."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.commands.options.parser import build_parser
from jupyter_docker.commands.options.request import image_options
from jupyter_docker.commands.options.values import build_choices
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.environment.loaded_libraries import kernel_query, read_answer
from jupyter_docker.gate.judging import Admitted
from jupyter_docker.pipeline.environment import environment_of
from jupyter_docker.pipeline.preparation import notebook_of, prepare
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.environment import LoadedModule
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.events import Event, Warned

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_the_question_needs_no_package_and_an_old_python(tmp_path: Path) -> None:
    ast.parse(kernel_query(), feature_version=(3, 8))
    code = f"import csv\nscope = {{}}\nexec({kernel_query()!r}, scope)\nprint(scope['answer'])"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    file = tmp_path / "loaded.json"
    file.write_text(done.stdout)
    loaded = read_answer(file)
    names = {each.name for each in loaded.modules}
    assert "csv" in names
    assert "jupyter_docker" not in names
    assert str(loaded.python) == sys.executable


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"modules": 1}', '{"modules": {"a": 1}, "python": 2, "maps": ""}'])
def test_what_is_no_answer_is_an_error_of_use(tmp_path: Path, text: str) -> None:
    file = tmp_path / "loaded.json"
    file.write_text(text)
    with pytest.raises(UsageError, match="does not say what a kernel has loaded"):
        read_answer(file)


def choices(tmp_path: Path, answer: dict[str, Any]) -> BuildChoices:
    notebook, file = tmp_path / "a.ipynb", tmp_path / "loaded.json"
    notebook.write_text(json.dumps(NOTEBOOK))
    file.write_text(json.dumps(answer))
    args = build_parser().read(["build", str(notebook), f"--loaded={file}"])
    return build_choices(image_options(args), Admitted(), notebook)


def warned(chosen: BuildChoices) -> list[str]:
    events: list[Event] = []
    prepare(chosen, Defaults(), events.append)
    return [event.message for event in events if isinstance(event, Warned)]


def test_what_the_kernel_has_loaded_counts_for_the_environment_it_runs_in(tmp_path: Path) -> None:
    answer = {"python": str(inspect_environment().executable), "modules": {"numpy": "/numpy.py"}, "maps": ""}
    chosen = choices(tmp_path, answer)
    assert environment_of(chosen, notebook_of(chosen)).loaded == (LoadedModule(name="numpy", file="/numpy.py"),)
    assert warned(chosen) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"problem": "it is busy"}, "it is busy"),
        ({"python": "/elsewhere/bin/python", "modules": {"numpy": "/n.py"}, "maps": ""}, "it runs '/elsewhere"),
    ],
)
def test_what_is_not_known_is_said_and_nothing_is_taken(tmp_path: Path, answer: dict[str, Any], said: str) -> None:
    chosen = choices(tmp_path, answer)
    assert environment_of(chosen, notebook_of(chosen)).loaded == ()
    assert [message for message in warned(chosen) if said in message]
