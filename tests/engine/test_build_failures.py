"""Of builds that fail for a known cause, each is named rightly, and doing what its hint says lets it go through."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.building.build import build
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import BuildError
from jupyter_docker.values.image import BuildContext
from jupyter_docker.values.image_reference import ImageReference
from tests.engine.seeded_failures import FILES, SEEDED, SeededFailure

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

TAG = ImageReference(repository="containerize-test/failure", tag="one")
PREPARED, COMPILER, MENDED = TAG.tagged("prepared"), TAG.tagged("compiler"), TAG.tagged("mended")
_OFFERED = re.compile(r"add it with --apt (\S+[^\s.,])")
# The official image has pip without its compiled modules: compiling them is most of what each start of it takes.
_PREPARED = f"""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
COPY {" ".join(FILES)} /
RUN python -m compileall -q /usr/local/lib/python3.*/site-packages/pip
"""


@dataclass
class Builder:
    """Builds the seeded steps on bases that have the index's files."""

    engine: Engine
    folder: Path
    uv: Path

    def build(self, lines: str, base: str, tag: ImageReference = TAG) -> BuildError | None:
        """Return the error, None where the build went through."""
        dockerfile = self.folder / "Dockerfile"
        dockerfile.write_text(f"FROM {base}\n{lines}\n")
        context = BuildContext(root=self.folder, dockerfile=dockerfile, files=(), digest="")
        contexts = {"uv": self.uv}
        try:
            build(self.engine, context, tags=[tag], secrets={}, build_contexts=contexts, emit=lambda _: None)
        except BuildError as error:
            return error
        return None

    def made(self, lines: str, base: str, tag: ImageReference) -> None:
        """Build what must go through."""
        error = self.build(lines, base, tag)
        assert error is None, error.log_tail

    def hint(self, seeded: SeededFailure, lines: str) -> str:
        """Return the hint of the build that fails."""
        error = self.build(lines, str(COMPILER if seeded.compiler else PREPARED))
        assert error is not None, f"{seeded.name}: the build went through"
        return error.hint


@pytest.fixture(scope="module")
def builder(engine: Engine, base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    context, prepared, uv = (tmp_path_factory.mktemp(name) for name in ("context", "prepared", "uv"))
    shutil.copy2(find_uv_bin(), uv / "uv")
    for name, content in FILES.items():
        (prepared / name).write_bytes(content)
    try:
        Builder(engine, prepared, uv).made(_PREPARED, base, PREPARED)
        made = Builder(engine, context, uv)
        made.made(with_apt("build-essential"), str(PREPARED), COMPILER)
        yield made
    finally:
        for tag in (TAG, MENDED, COMPILER, PREPARED):
            if find_image(engine, str(tag)):
                engine.client.api.remove_image(str(tag), force=True)


def with_apt(*packages: str) -> str:
    """Return the step that installs Debian packages, as --apt does."""
    return f"RUN apt-get update && apt-get install -y --no-install-recommends {' '.join(sorted(packages))}"


def wrongly_named(hints: Mapping[SeededFailure, str]) -> dict[str, str]:
    return {each.name: hint for each, hint in hints.items() if each.named not in hint}


def test_seeded_failures_are_named_and_mended(builder: Builder) -> None:
    hints = {each: builder.hint(each, each.lines) for each in SEEDED}
    assert wrongly_named(hints) == {}

    offered = {each: set(_OFFERED.findall(hint)) for each, hint in hints.items()}
    mendable = [each for each in SEEDED if each.mended or offered[each]]
    builder.made(with_apt(*set().union(*offered.values())), str(COMPILER), MENDED)
    errors = {each.name: builder.build(each.mended or each.lines, str(MENDED)) for each in mendable}
    assert {name: error.log_tail for name, error in errors.items() if error} == {}

    assert len(SEEDED) >= 20
    assert len(mendable) >= 12


def test_the_classic_builder_s_failures_are_named_alike(builder: Builder) -> None:
    classic = replace(builder.engine)
    vars(classic)["buildx_program"] = None
    told = [each for each in SEEDED if not each.uv_alone]
    hints = {each: replace(builder, engine=classic).hint(each, each.by_pip) for each in told}
    assert wrongly_named(hints) == {}
    assert len(told) >= 20
