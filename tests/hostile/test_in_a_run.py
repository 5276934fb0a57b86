"""Cases of the corpus, built and run: what a container and its image have is the notebook's own and no decoy."""

from __future__ import annotations

import gzip
import json
import subprocess
import tarfile
import textwrap
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.hostile.case import Case
from tests.hostile.cases import ALL, CASES
from tests.hostile.checks import Watch, outcome_problems
from tests.hostile.world import NEEDLE, Outcome, World, has_needle

pytestmark = pytest.mark.engine

_RUN = [case for case in CASES if case.cells and (case.runs or ALL)]
_FOUND = "this is a decoy:"
# Looks for decoys in all that the container has beside its base; it does not itself hold what it looks for.
_PRY = f"""
def pry():
    import os

    needle = {NEEDLE[:5]!r}.encode() + {NEEDLE[5:]!r}.encode()
    base = ["bin", "boot", "dev", "lib", "lib64", "proc", "sbin", "sys", "usr"]
    mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
    tops = [f"/{{name}}" for name in os.listdir("/") if name not in base]
    tops += [mount for mount in mounts if mount.split("/")[1] not in ("", "proc", "sys", "dev")]
    for top in tops:
        for folder, names, files in os.walk(top, followlinks=False):
            for path in [os.path.join(folder, name) for name in files] or [top]:
                try:
                    if os.path.isfile(path) and needle in open(path, "rb").read(10_000_000).lower():
                        print("this is a", "decoy:", path)
                except OSError:
                    pass
    for name, value in os.environ.items():
        if needle in value.encode("utf-8", "surrogateescape").lower():
            print("this is a", "decoy:", name)
    if os.path.exists("/var/run/docker.sock"):
        print("this is a", "decoy: the engine's socket")

pry()
"""


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in _RUN])
def test_nothing_leaks_in_a_run(case: Case, world: World, engine: Engine, base: str) -> None:
    folder = world.work / f"run-{case.name.replace(' ', '-')}"
    notebook = replace(case, cells=(_PRY, *map(_guarded, case.cells))).make(folder, world.places)
    watch = Watch(world)
    ran = world.command("run", *case.words, "--json", "--", str(notebook.relative_to(folder)), folder=folder)
    image = _image(ran)
    try:
        problems = [*outcome_problems("run", ran), *watch.problems(ran.stdout, ran.stderr, allowed=folder)]
        problems += [line for line in ran.stdout.split("\\n") if _FOUND in line]
        problems += _image_problems(engine, image, base) if image else []
    finally:
        watch.clear()
        if image:
            engine.client.api.remove_image(image, force=True)
    assert not problems, f"must not: {case.must_not}\n" + "\n".join(problems)
    assert bool(image) != case.refused, f"it was {'' if image else 'not '}run: {ran.stdout} {ran.stderr}"


def test_a_decoy_that_a_person_mounts_is_found(world: World, engine: Engine) -> None:
    case = Case(name="own mount", must_not="be missed", cells=(_PRY,))
    notebook = case.make(world.work / "own-mount", world.places)
    ran = world.command(
        "run", "-v", f"{world.home}/.ssh:/keys:ro", "--json", "--", notebook.name, folder=notebook.parent
    )
    engine.client.api.remove_image(_image(ran), force=True)
    assert f"{_FOUND} /keys/id_rsa" in ran.stdout, ran


def _guarded(cell: str) -> str:
    """Let the next cell run too where this one fails, as it must."""
    return f"try:\n{textwrap.indent(cell, '    ')}\nexcept Exception as error:\n    print(repr(error))"


def _image(ran: Outcome) -> str:
    """Return the image that it ran, empty where it ran none."""
    said = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    started = [each["title"] for each in said if each.get("type") == "StepStarted" and each["step"] == "run"]
    return str(started[0].split()[1]) if started else ""


def _image_problems(engine: Engine, image: str, base: str) -> Iterator[str]:
    """Yield the files of the saved image, those of its base left out, that have a decoy."""
    known = {layer.removeprefix("sha256:") for layer in engine.client.images.get(base).attrs["RootFS"]["Layers"]}
    saving = subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE)
    with saving, tarfile.open(fileobj=saving.stdout, mode="r|") as archive:
        for member in archive:
            if member.isfile() and member.name.rpartition("/")[2] not in known:
                file = archive.extractfile(member)
                content = file.read() if file else b""
                if has_needle(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content):
                    yield f"a decoy is in {member.name} of the image"
    assert saving.returncode == 0
