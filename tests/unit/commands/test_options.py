"""The grammar: Docker's words, the notebook's stored choices, and errors in place of exits."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.commands.call import VERBS
from jupyter_docker.commands.command_line import read_command
from jupyter_docker.commands.options.parser import build_help_parser, build_parser
from jupyter_docker.commands.options.request import NotebookRequest, container_options, image_options
from jupyter_docker.commands.options.values import build_choices, environment, run_spec
from jupyter_docker.gate.consent import allow
from jupyter_docker.gate.judging import Admitted
from jupyter_docker.gate.wishes import Wish
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.errors import MountError, UsageError
from jupyter_docker.values.image import PROJECT_ROOT


def parse(*words: str) -> argparse.Namespace:
    return build_parser().read(words)


def spec_of(folder: Path, *words: str) -> RunSpec:
    return run_spec(container_options(parse("run", "x.ipynb", *words)), Admitted(), start=folder, folder=folder)


def asked(path: Path, *words: str, verb: str = "run") -> NotebookRequest:
    request = read_command([verb, str(path), *words]).request
    assert request is not None
    return request


def make_notebook(folder: Path, **chosen: Any) -> Path:
    cell = {"cell_type": "code", "source": "1"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"containerize": chosen}, "cells": [cell]}
    path = folder / "a b.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def test_a_volume_that_was_meant_as_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "results").mkdir()
    for text, words in (
        ("nope:data", "would hide 'data' beside the notebook"),
        ("nope:data:ro", "would hide 'data' beside the notebook"),
        ("results:output", "'results' is a volume's name and not the folder here"),
    ):
        with pytest.raises(UsageError) as caught:
            spec_of(tmp_path, "-v", text)
        assert words in caught.value.message
        assert "write its whole target" in caught.value.hint
    for text in ("nope:/app/data", "results:/app/output", "kept:output", "./data:data:ro"):
        assert spec_of(tmp_path, "-v", text).mounts[0].target in (PROJECT_ROOT / "data", PROJECT_ROOT / "output")


@pytest.mark.parametrize("verb", ["run", "plan", "build", "freeze", "push"])
def test_a_notebook_may_be_named_without_its_suffix(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    request = read_command([verb, "a b"]).request
    assert request is not None
    assert request.notebook == Path("a b.ipynb")


def test_every_verb_of_the_grammar_is_performed_by_something() -> None:
    actions = build_parser()._subparsers
    assert actions is not None
    assert set(actions._group_actions[0].choices or ()) == set(VERBS)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("run", "a.ipynb", "b.ipynb"), "one notebook at a time"),
        (("run", "Monthly", "report.ipynb"), "in quotes"),
        (("run", "a.ipynb", "--memroy", "1g"), "Did you mean --memory?"),
        (("runn", "a.ipynb"), "Did you mean `jupyter containerize run`?"),
        (("a b.ipynb", "-P", "x=1"), "To run that notebook: `jupyter containerize run 'a b.ipynb'`."),
        (("xyzzy",), "`jupyter containerize --help` lists what there is"),
        (("run", "a.ipynb", "--xyzzy"), "`jupyter containerize run --help` lists what there is"),
        (("prune", "--all"), "--all is an option of `images`, `ps`, not of `prune`."),
        (("prune", "--forse"), "Did you mean --force?"),
        (("images", "-d"), "-d is an option of `plan`, `run`, `sweep`, not of `images`."),
        (("freeze", "a.ipynb", "surplus"), "--help` lists what there is"),
    ],
)
def test_words_that_are_not_known(words: tuple[str, ...], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(*words)
    assert hint in caught.value.hint


def test_dockers_words_become_a_run_spec(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    spec = spec_of(
        tmp_path, "-v", "./data:data:ro", "-v", "cache:/cache", "-e", "A=1=2", "-p", "8080:80", "-d",
        "--memory", "1g", "--cpus", "1.5", "--network", "none", "--name", "me", "--gpus", "all", "--user", "7:8",
    )  # fmt: skip
    assert [str(mount) for mount in spec.mounts] == [f"{tmp_path}/data:/app/data:ro", "cache:/cache"]
    assert (spec.env, spec.detach, spec.name, spec.user, spec.gpus) == ({"A": "1=2"}, True, "me", "7:8", "all")
    assert (spec.limits.memory, spec.limits.cpus, spec.network) == (2**30, 1.5, "none")
    assert [str(port) for port in spec.ports] == ["127.0.0.1:8080:80/tcp"]


def test_a_missing_mount_source_is_an_error_before_anything_else(tmp_path: Path) -> None:
    with pytest.raises(MountError, match="nowhere"):
        spec_of(tmp_path, "-v", "./nowhere:x")


def test_a_mount_outside_the_roots_is_refused_links_followed(tmp_path: Path) -> None:
    root, secret = tmp_path / "root", tmp_path / "secret"
    (root / "data").mkdir(parents=True)
    secret.mkdir()
    (root / "link").symlink_to(secret)
    inside = ["-v", "./data:a", "-v", "cache:/b", "--mount-root", str(tmp_path / "other"), "--mount-root", str(root)]
    assert len(spec_of(root, *inside).mounts) == 2
    for source in ("./link", "../secret", str(secret), "./link/../secret"):
        with pytest.raises(MountError, match="secret' can't be mounted at '/app/x': it is outside") as caught:
            spec_of(root, "-v", f"{source}:x", "--mount-root", str(root))
        assert str(root) in caught.value.message
        assert "--mount-root" in caught.value.hint


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--cpus", "0"], ["run", "--cpus", "nan"], ["run", "--cpus", "x"], ["run", "--memory", "1"],
        ["run", "--gpus", "x;y"],
        ["run", "--name", "a b"], ["run", "--user", "a;b"], ["run", "--network", "-x y"], ["run", "-e", "1A=2"],
        ["run", "-e", "NOT_SET_ANYWHERE"], ["run", "--env-file", "nowhere.env"], ["run", "-p", "x"],
        ["build", "--apt", "a b"], ["build", "--apt", "-y"], ["build", "-t", "A B"], ["build", "--base", "x:"],
        ["build", "--platform", "a;b"], ["build", "-P", "1=2"], ["logs", "x", "-n", "-1"], ["fly"], ["run", "--fly"],
        ["stop"],
    ],
)  # fmt: skip
def test_bad_words_are_usage_errors_with_a_hint(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:  # noqa: PT012  # the parser or the values may refuse
        args = parse(*words)
        build_choices(image_options(args), Admitted(), tmp_path / "x.ipynb")
        run_spec(container_options(args), Admitted(), start=tmp_path, folder=tmp_path)
    assert caught.value.hint


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True), st.text(st.characters(exclude_characters="\0"))
    )
)
def test_variables_arrive_as_they_are(variables: dict[str, str]) -> None:
    assert dict(environment([f"{name}={value}" for name, value in variables.items()], [])) == variables


def test_an_env_file_is_read_as_docker_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSED_ON", "here")
    file = tmp_path / "x.env"
    file.write_bytes(b'# comment\nA=1 # not a comment\r\n\nB="quoted"\nPASSED_ON\nC=\n')
    found = dict(environment(["A=2"], [file]))
    assert found == {"A": "2", "B": '"quoted"', "PASSED_ON": "here", "C": ""}


def test_the_notebooks_choices_come_first_and_the_words_win(tmp_path: Path) -> None:
    for name in ("data", "own"):
        (tmp_path / name).mkdir()
    path = make_notebook(tmp_path, mounts=["./data:data:ro", "./data:x"], memory="1g", ports=[8000], apt="git", cpus=2)
    request = asked(path, "--memory", "2g", "-v", "x1:/y", "-v", f"{tmp_path}/own:x", "--apt", "curl")
    spec = request.spec()
    assert (request.notebook, spec.limits.memory, spec.limits.cpus) == (path, 2**31, 2.0)
    assert [str(each) for each in spec.mounts] == [
        f"{tmp_path}/data:/app/data:ro", "x1:/y", f"{tmp_path}/own:/app/x",
    ]  # fmt: skip
    assert [port.container for port in spec.ports] == [8000]
    assert [each.name for each in request.choices().system] == ["git", "curl"]
    assert [each.name for each in asked(path, verb="build").choices().system] == ["git"]


@pytest.mark.parametrize("chosen", ["text", ["--volume=/:/host"], 1, {"mounts": {"a": 1}}, {"env": [None]}])
def test_stored_choices_of_another_form_are_an_error_with_a_hint(tmp_path: Path, chosen: Any) -> None:
    path = make_notebook(tmp_path)
    path.write_text(path.read_text().replace('{"containerize": {}}', json.dumps({"containerize": chosen})))
    with pytest.raises(UsageError, match="metadata") as caught:
        read_command(["run", str(path)])
    assert caught.value.hint


@pytest.mark.parametrize("mount", ["../secrets:data", "/etc:data", "~/.ssh:keys"])
def test_a_notebook_may_not_ask_for_folders_outside_its_own(tmp_path: Path, mount: str) -> None:
    with pytest.raises(UsageError, match="outside its own folder"):
        read_command(["run", str(make_notebook(tmp_path, mounts=[mount]))])


def test_a_notebook_may_do_without_network(tmp_path: Path) -> None:
    path = make_notebook(tmp_path, network="none")
    assert asked(path).spec().network == "none"
    assert asked(path, verb="build").asked.wishes == ()


BEYOND = [
    ({"ports": ["0.0.0.0:80:80"]}, ["-p", "0.0.0.0:80:80"]), ({"network": "host"}, ["--network", "host"]),
    ({"env": ["MY_TOKEN", "MODE=fast"]}, ["-e", "MY_TOKEN"]), ({"env": ["MY_TOKEN"]}, ["-e", "MY_TOKEN="]),
    ({"gpus": "all"}, ["--gpus", "all"]), ({"base": "a:1"}, ["--base", "a:1"]), ({"base": "a:1"}, ["--base", "b:2"]),
    ({"mounts": ["somebodys-volume:/x"]}, ["-v", "somebodys-volume:/x"]), ({"mounts": [".:/x"]}, ["-v", ".:/x"]),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "words"), BEYOND)
def test_what_a_notebook_may_not_have_by_itself_takes_the_persons_words(
    tmp_path: Path, chosen: dict[str, Any], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    path = make_notebook(tmp_path, **chosen)
    with pytest.raises(UsageError, match="metadata asks") as caught:
        read_command(["run", str(path)])
    assert "say so yourself" in caught.value.hint
    assert asked(path, verb="plan").asked.unmet != ()
    assert "MY_TOKEN" not in asked(path, verb="plan").spec().env
    request = asked(path, *words)
    assert request.asked.unmet == ()
    request.spec(), request.choices()


@pytest.mark.parametrize("verb", ["run", "build", "export", "push", "kernel"])
def test_nothing_is_built_on_a_base_image_that_nobody_has_allowed(tmp_path: Path, verb: str) -> None:
    path = make_notebook(tmp_path, base="a:1")
    with pytest.raises(UsageError, match="base image 'a:1'"):
        read_command([verb, str(path)])
    for other in ("plan", "freeze"):  # which do nothing with it
        request = asked(path, verb=other)
        assert (request.choices().base, len(request.asked.unmet)) == (None, 1)


def test_consent_holds_for_what_was_allowed_and_no_longer_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("MY_TOKEN", "secret")
    path = make_notebook(tmp_path, base="a:1", env=["MY_TOKEN"])
    for wish in (Wish(kind="base", value="a:1"), Wish(kind="variable", value="MY_TOKEN")):
        allow(path, wish)
    request = asked(path)
    assert (str(request.choices().base), request.spec().env) == ("a:1", {"MY_TOKEN": "secret"})
    with pytest.raises(UsageError, match="base image 'a:2'"):
        read_command(["run", str(make_notebook(tmp_path, base="a:2", env=["MY_TOKEN"]))])


def test_the_site_says_which_base_images_are_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jupyter_containerize_config.py").write_text('c.Defaults.allowed_base_images = ["team/*"]')
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    assert str(asked(make_notebook(tmp_path, base="team/x:1")).choices().base) == "team/x:1"


def test_a_link_out_of_the_folder_is_outside(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "data").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="outside its own folder"):
        read_command(["run", str(make_notebook(inside, mounts=["./data:data"]))])


@pytest.mark.parametrize("chosen", [{"mounts": [1.5, {}]}, {"memory": {}}, {"apt": [True]}, {"apt": [["x"]]}])
def test_metadata_of_another_shape_is_an_error(tmp_path: Path, chosen: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        read_command(["run", str(make_notebook(tmp_path, **chosen))])


def test_in_a_notebook_the_current_one_is_meant(tmp_path: Path) -> None:
    current = make_notebook(tmp_path)
    command = read_command(["run"], current=current, in_notebook=True)
    assert command.request is not None
    assert command.request.notebook == current
    command = read_command(["export", "out"], current=current, in_notebook=True)
    assert command.request is not None
    assert (command.request.notebook, command.request.folder) == (current, Path("out"))


def test_the_quick_help_is_that_of_the_whole_grammar() -> None:
    assert build_help_parser().format_help() == build_parser().format_help()
