"""Of builds that fail for a known cause, each is named rightly, and doing what its hint says lets it go through."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine import Engine, build, find_image
from jupyter_docker.errors import BuildError
from jupyter_docker.models import BuildContext
from jupyter_docker.reference import ImageReference
from tests.engine.seeded_failures import FILES, SEEDED, SeededFailure

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

TAG = ImageReference(repository="containerize-test/failure", tag="one")
COMPILER, MENDED = TAG.tagged("compiler"), TAG.tagged("mended")
_OFFERED = re.compile(r"add it with --apt (\S+[^\s.,])")


@dataclass
class Builder:
    """Builds the seeded steps on a base, with the index's files in it."""

    engine: Engine
    folder: Path
    uv: Path

    def build(self, lines: str, base: str, tag: ImageReference = TAG) -> BuildError | None:
        """Return the error, None where the build went through."""
        for name, content in FILES.items():
            (self.folder / name).write_bytes(content)
        dockerfile = self.folder / "Dockerfile"
        dockerfile.write_text(f"FROM {base}\nCOPY {' '.join(FILES)} /\n{lines}\n")
        context = BuildContext(root=self.folder, dockerfile=dockerfile, files=(), digest="")
        contexts = {"uv": self.uv}
        try:
            build(self.engine, context, tags=[tag], secrets={}, build_contexts=contexts, emit=lambda _: None)
        except BuildError as error:
            return error
        return None

    def install(self, packages: set[str], base: str, tag: ImageReference) -> None:
        """Make an image with Debian packages, as --apt does."""
        names = " ".join(sorted(packages))
        error = self.build(f"RUN apt-get update && apt-get install -y --no-install-recommends {names}", base, tag)
        assert error is None, error.log_tail


@pytest.fixture
def builder(engine: Engine, tmp_path: Path) -> Iterator[Builder]:
    (tmp_path / "context").mkdir()
    (tmp_path / "uv").mkdir()
    shutil.copy2(find_uv_bin(), tmp_path / "uv" / "uv")
    yield Builder(engine, tmp_path / "context", tmp_path / "uv")
    for tag in (TAG, MENDED, COMPILER):
        if find_image(engine, str(tag)):
            engine.client.api.remove_image(str(tag), force=True)


def test_seeded_failures_are_named_and_mended(builder: Builder, base: str) -> None:
    builder.install({"build-essential"}, base, COMPILER)
    hints = {each: failure(builder, each, base) for each in SEEDED}
    wrong = {each.name: hint for each, hint in hints.items() if each.named not in hint}
    assert wrong == {}

    offered = {each: set(_OFFERED.findall(hint)) for each, hint in hints.items()}
    mendable = [each for each in SEEDED if each.mended or offered[each]]
    builder.install(set().union(*offered.values()), str(COMPILER), MENDED)
    errors = {each.name: builder.build(each.mended or each.lines, str(MENDED)) for each in mendable}
    assert {name: error.log_tail for name, error in errors.items() if error} == {}

    assert len(SEEDED) >= 20
    assert len(mendable) >= 12


def failure(builder: Builder, seeded: SeededFailure, base: str) -> str:
    """Return the hint of the failed build."""
    error = builder.build(seeded.lines, str(COMPILER) if seeded.compiler else base)
    assert error is not None, f"{seeded.name}: the build went through"
    return error.hint
