"""What must hold of each case, whatever it tries: looked for in all that came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.hostile.world import Outcome, World, has_needle

_LOCKED = re.compile(r"\s*#.*|\s*--hash=sha256:[0-9a-f]{64}( \\)?|[a-z0-9][a-z0-9._-]*(\[[a-z0-9,._-]+\])?==\S+( \\)?|")
_INSTRUCTIONS = re.compile(r"FROM|WORKDIR|COPY|ENV|USER|CMD|LABEL|RUN|ARG|ENTRYPOINT|SHELL")
_TRACEBACK = "Traceback (most recent call last)"


class Watch:
    """The world before a case; `problems` says what has changed that must not, and where a decoy is."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before = world.state()
        self._log = len(world.log())

    def problems(self, *texts: str, allowed: Path | None = None) -> list[str]:
        """Return them: executions on the host, decoys, files written outside of our own folders and of ``allowed``."""
        world, after = self._world, self._world.state()
        changed = {path for path in {*self._before, *after} if self._before.get(path) != after.get(path)}
        found = [
            f"was written: {path}" for path in sorted(changed) if not (allowed and Path(path).is_relative_to(allowed))
        ]
        found += [f"ran on the host: {mark.name}" for mark in world.marks.iterdir()]
        found += world.leaks(*texts)
        if _TRACEBACK in world.log()[self._log :]:
            found.append(f"the server failed: {world.log()[self._log :][-2000:]}")
        return found

    def clear(self) -> None:
        """Let the next case begin as this one did."""
        for mark in self._world.marks.iterdir():
            mark.unlink()
        self._world.asked.clear()


def outcome_problems(verb: str, outcome: Outcome) -> Iterator[str]:
    """Yield what is wrong with how a command ended: it goes through, or says in words why not."""
    if _TRACEBACK in outcome.stderr or _TRACEBACK in outcome.stdout or outcome.status < 0:
        yield f"{verb} broke: {outcome.stderr[-2000:]}"
    elif outcome.status and not outcome.stderr.strip() + outcome.stdout.strip():
        yield f"{verb} said nothing, with status {outcome.status}"


def plan_problems(plan: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield what of a plan reaches outside of ``folder``, the case's, or is hidden in it."""
    for mount in plan["mounts"]:
        if mount["kind"] != "bind" or not _may_travel(Path(mount["source"]), folder):
            yield f"would mount {mount['source']} at {mount['target']}"
        elif Path(mount["source"]).resolve() == folder and not mount["read_only"]:
            yield "would mount the whole folder to be written to"
    for local in plan["local"]:
        if not _may_travel(Path(plan["folder"]) / local["path"], folder):
            yield f"would copy {local['path']}"
    yield from (f"would hand over {each['name']}" for each in plan["env"] if each["is_set"] == "host")
    yield from dockerfile_problems(plan["dockerfile"])
    yield from lock_problems(plan["lock"])


def dockerfile_problems(text: str) -> Iterator[str]:
    """Yield the lines that no Dockerfile of ours has: cases call what they inject ``injected``."""
    joined = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    for line in joined.splitlines():
        if line.strip() and not _INSTRUCTIONS.match(line):
            yield f"has the line {line!r} in its Dockerfile"
        if line.startswith("RUN") and "injected" in line:
            yield f"runs in its build {line!r}"


def lock_problems(text: str) -> Iterator[str]:
    """Yield the lines of requirements.txt that are more than pins."""
    for line in text.split("\n"):
        if not _LOCKED.fullmatch(line):
            yield f"has the line {line!r} in its lock"


def folder_problems(folder: Path) -> Iterator[str]:
    """Yield what of an exported build context has a decoy, or leads out of it."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            yield f"exported the link {path.name}"
        elif path.is_file() and has_needle(path.read_bytes()):
            yield f"exported a decoy in {path.relative_to(folder)}"


def _may_travel(path: Path, folder: Path) -> bool:
    real = path.resolve()
    return real.is_relative_to(folder) and not any(part.startswith(".") for part in real.relative_to(folder).parts)
