"""The Dockerfile: pure, deterministic, and closed to whatever a name or value holds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.image.recipe import quoted, render_dockerfile
from jupyter_docker.values.image import Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import Pin, Requirements, SystemPackage
from jupyter_docker.values.script import Script

SCRIPT = Script(name="a-b.py", text="print(1)\n", source=Path("a b.ipynb"), cells=())
REQUIREMENTS = Requirements(python="3.11", pins=(Pin(name="six", version="1.17.0"),))
RECIPE = Recipe(
    base=ImageReference.parse("python:3.11-slim"), script=SCRIPT, requirements=REQUIREMENTS, labels={"b": "2", "a": "1"}
)


def instructions(dockerfile: str) -> list[str]:
    joined = dockerfile.replace("\\\n", "")
    return [line.split()[0] for line in joined.split("\n") if line and not line.startswith("#")]


def test_the_layers_come_in_order_of_how_often_they_change() -> None:
    system = replace(REQUIREMENTS, system=(SystemPackage(name="libgomp1", why="--apt"),))
    text = render_dockerfile(replace(RECIPE, requirements=system), uv_version="1")
    assert instructions(text) == [
        "FROM", "RUN", "WORKDIR",  # the installer's stage
        "FROM", "WORKDIR",  # the wheels'
        "FROM", "RUN", "RUN", "RUN", "ENV", "WORKDIR", "COPY", "COPY", "USER", "ENTRYPOINT",
        "LABEL",
    ]  # fmt: skip
    assert text.index("apt-get install") < text.index("/uv/bin/uv pip install") < text.index("COPY app/")
    assert 'LABEL a="1" \\\n      b="2"\n' in text


def test_a_script_without_packages_needs_no_installer() -> None:
    text = render_dockerfile(replace(RECIPE, requirements=Requirements(python="3.11")), uv_version="1")
    assert instructions(text) == ["FROM", "RUN", "ENV", "WORKDIR", "COPY", "COPY", "USER", "ENTRYPOINT", "LABEL"]


@pytest.mark.parametrize("kernel", [(), (Pin(name="ipykernel", version="7"),)])
def test_no_build_writes_where_another_reads(kernel: tuple[Pin, ...]) -> None:
    system = (SystemPackage(name="libgomp1", why="--apt"),)
    text = render_dockerfile(
        replace(RECIPE, kernel=kernel, requirements=replace(REQUIREMENTS, system=system)), uv_version="1"
    )
    assert "type=cache" not in text
    assert "rw" not in re.findall(r"--mount=\S+", text)


def test_a_login_is_mounted_where_pip_and_uv_install_and_nowhere_else() -> None:
    system = (SystemPackage(name="libgomp1", why="--apt"),)
    text = render_dockerfile(replace(RECIPE, requirements=replace(REQUIREMENTS, system=system)), uv_version="1")
    steps = [step for step in text.replace("\\\n", "").split("\n") if step.startswith("RUN ")]
    with_login = [step for step in steps if re.search(r"id=(?:netrc|pip|uv),", step)]
    assert len(with_login) == 2
    trusted = r"(?:PIP_CERT=\$\([^)]*\)|SSL_CERT_FILE=\S+)"
    assert all(re.search(rf"target=\S+ +{trusted} +(?:pip|/uv/bin/uv pip) install ", step) for step in with_login)


def test_a_classic_builder_gets_no_mounts() -> None:
    assert "--mount" not in render_dockerfile(RECIPE, uv_version="1", mounts=False)


def test_the_image_is_a_program_that_takes_values() -> None:
    entrypoint = 'ENTRYPOINT ["python", "/opt/containerize/run_task.py", "/app/a-b.py"]\n'
    text = render_dockerfile(RECIPE, uv_version="1")
    assert entrypoint in text
    assert "\nCMD" not in text
    baked = render_dockerfile(replace(RECIPE, arguments=("-P", "label=a 'b'")), uv_version="1")
    assert f"""{entrypoint}CMD ["-P", "label=a 'b'"]\n""" in baked


@given(st.text())
def test_a_quoted_value_is_one_word_of_one_line(value: str) -> None:
    word = quoted(value)
    inner = word[1:-1]
    assert word[0] == word[-1] == '"'
    assert len(inner.splitlines()) <= 1
    # Every quote, dollar and backslash is escaped: taking the escapes away leaves none.
    assert not set(inner.replace("\\\\", "").replace('\\"', "").replace("\\$", "")) & set('"$\\')


@pytest.mark.parametrize("name", ['x"\nRUN rm -rf /.ipynb', "a\rUSER root.ipynb", "a\u2028FROM scratch.ipynb"])
def test_a_hostile_name_adds_no_instruction(name: str) -> None:
    hostile = replace(
        RECIPE,
        script=replace(SCRIPT, source=Path(name)),
        labels={"title": name},
        env={"X": name},
        requirements=replace(REQUIREMENTS, system=(SystemPackage(name="libgomp1", why=name),)),
    )
    kept = replace(hostile, script=SCRIPT, labels={"title": "x"}, env={"X": "x"})
    assert instructions(render_dockerfile(hostile, uv_version="1")) == instructions(
        render_dockerfile(kept, uv_version="1")
    )
