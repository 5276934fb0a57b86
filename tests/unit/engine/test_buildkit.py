"""The program that builds, seen from outside: a stand-in that ends as the real one may."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from jupyter_docker.engine.building.buildkit import build_with_buildx
from jupyter_docker.values.errors import BuildError
from jupyter_docker.values.image import BuildContext

STEP = '{"vertexes": [{"digest": "sha256:1", "name": "[2/3] RUN make", "started": "2024-01-01T00:00:00Z"}]}'


def failure_of(tmp_path: Path, end: str) -> BuildError:
    program = tmp_path / "buildx"
    program.write_text(f"#!/bin/sh\necho '{STEP}'\n{end}\n")
    program.chmod(0o700)
    engine = Mock(context="default", cli_environment=dict)
    context = BuildContext(root=tmp_path, dockerfile=tmp_path / "Dockerfile", digest="0", files=())
    with pytest.raises(BuildError) as caught:
        build_with_buildx(
            engine, program, context, tags=(), secrets={}, build_contexts={}, proxies={}, cache=True, platform=None,
            target=None, emit=lambda _: None,
        )  # fmt: skip
    return caught.value


def test_one_that_is_killed_is_said_without_its_own_lines(tmp_path: Path) -> None:
    error = failure_of(tmp_path, "kill -9 $$")
    assert "was ended by signal 9" in error.message
    assert "vertexes" not in error.message
    assert "Run the command again" in error.hint


@pytest.mark.parametrize(("end", "said"), [("echo 'no builder'; exit 1", "no builder"), ("exit 1", "it said nothing")])
def test_one_that_fails_without_an_error_of_a_step(tmp_path: Path, end: str, said: str) -> None:
    assert failure_of(tmp_path, end).message == f"The build failed: {said}."
