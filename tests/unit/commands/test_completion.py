"""Tab completion: in IPython, and in a shell that has read what ``completion`` prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from jupyter_docker.cli import main
from jupyter_docker.commands.verbs.completion import complete_magic
from jupyter_docker.magics import register


@pytest.fixture(scope="module")
def shell() -> InteractiveShell:
    found = InteractiveShell()  # type: ignore[no-untyped-call]
    register(found)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("analysis.ipynb", "annex.py", "notes.txt", "my notebook.ipynb"):
        (tmp_path / name).touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/inner.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(shell: InteractiveShell, line: str) -> set[str]:
    """Return what the last word of the line may become, as a client of the kernel is told."""
    with provisionalcompleter():
        found = list(shell.Completer.completions(line, len(line)))
    return {(line[: each.start] + each.text + line[each.end :]).rsplit(" ", 1)[-1] for each in found}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%containerize fr", {"freeze"}),
        ("%containerize freeze --wh", {"--why"}),
        ("%containerize run --mode ", {"script", "notebook"}),
        ("%containerize run --mode=no", {"--mode=notebook"}),
        ("%containerize --mode no", {"notebook"}),
        ("%containerize run an", {"analysis.ipynb", "annex.py"}),
        ("%containerize build data/", {"data/inner.ipynb"}),
        ("%containerize --memo", {"--memory"}),
        ("%%containerize --fre", {"--fresh"}),
        ("%%containerize --data a", {"auto"}),
    ],
)
def test_ipython_completes_verbs_options_values_and_notebooks(
    shell: InteractiveShell, folder: Path, line: str, expected: set[str]
) -> None:
    assert completed(shell, line) == expected


def test_a_verb_is_completed_from_those_of_a_notebook(shell: InteractiveShell, folder: Path) -> None:
    assert {"sessions", "stop", "ship"} <= completed(shell, "%containerize s")
    assert complete_magic("%containerize compl") == []


def test_a_name_with_a_space_is_one_word(folder: Path) -> None:
    assert complete_magic("%containerize run my") == [r"\ notebook.ipynb"]


def test_other_files_are_not_offered_for_a_notebook(folder: Path) -> None:
    assert complete_magic("%containerize run not") == []


@given(st.text(alphabet=st.characters(exclude_characters="\0"), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_line_can_be_completed(text: str) -> None:
    assert isinstance(complete_magic(f"%%containerize {text}"), list)


BASH = r"""
source <(jupyter-containerize completion bash)
COMP_WORDS=($LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$LINE; COMP_POINT=${#LINE}; COMP_TYPE=9
_python_argcomplete ${COMP_WORDS[0]} ${COMP_WORDS[-1]}
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="this machine has no bash")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("jupyter-containerize run --mode no", {"notebook"}),
        ("jupyter containerize run an", {"analysis.ipynb", "annex.py"}),
    ],
)
def test_bash_completes_both_ways_to_write_the_command(folder: Path, line: str, expected: set[str]) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "LINE": line}
    done = subprocess.run(["bash", "-c", BASH], env=env, capture_output=True, text=True, check=True)
    assert {match.strip() for match in done.stdout.splitlines()} == expected, done.stderr


@pytest.mark.parametrize(("name", "mark"), [("zsh", "compdef"), ("fish", "complete --command")])
def test_other_shells_have_their_scripts(name: str, mark: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", name]) == 0
    script = capsys.readouterr().out
    assert mark in script
    assert "jupyter-containerize" in script
