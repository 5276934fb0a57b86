"""Why the script failed, from what it printed: the cell and line, the error, and what to do about it."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from jupyter_docker.errors import ScriptFailedError
from jupyter_docker.export import locate_failure
from jupyter_docker.fixes import Advice, Fix
from jupyter_docker.gate import Project
from jupyter_docker.models import IMPORT_FOLDER, WORKDIR, Script
from jupyter_docker.mount_words import target_of
from jupyter_docker.runspec import RunResult, RunSpec

_TAIL = 64 * 1024
_SHELLS_FIRST = 126  # exit statuses from there on have a meaning of their own
_TRACEBACK = "Traceback (most recent call last)"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ERROR_LINE = re.compile(
    r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning)\b.*$", re.MULTILINE
)
_MISSING_FILE = re.compile(r"(?:FileNotFoundError|No such file or directory)[^\n]*?['\"]([^'\"\n]+)['\"]")
_MISSING_MODULE = re.compile(r"No module named ['\"]([\w.]+)['\"]|Missing optional dependency ['\"]([\w.-]+)['\"]")
_OF_MODULES = re.compile(rf"(?:{IMPORT_FOLDER}|/usr/local/lib/python3\.\d+(?:/site-packages)?)/")
_FORBIDDEN = re.compile(r"Permission denied: ['\"]([^'\"\n]+)['\"]")
_READ_ONLY = re.compile(r"Read-only file system: ['\"]([^'\"\n]+)['\"]")


def script_failure(script: Script, result: RunResult, spec: RunSpec, ending: str, hint: str) -> ScriptFailedError:
    """Return the error for a container that ended with another status than 0.

    ``ending`` and ``hint`` are what the engine's side says of the exit status; the script's own words say more.
    """
    tail = script_output(result)
    position = locate_failure(script, tail)
    errors = _ERROR_LINE.findall(tail)
    message, advice = ending, Advice(hint=hint)
    if position is not None and errors and not result.oom_killed:
        message = f"{errors[-1].strip()}\n    {script.line_of(position)}"
        advice = _advice(tail, spec) or Advice(hint="Correct that line, save the notebook, and run it again.")
    elif _ended_itself(result, tail):
        message = f"{ending}\n    {tail.rstrip().splitlines()[-1].strip()}"
        hint = "No exception was raised: the code called sys.exit, or its like. That is the last line it printed."
        advice = Advice(hint=hint)
    return ScriptFailedError(
        message.rstrip(),
        status=result.exit_code,
        hint=advice.hint,
        position=position,
        log=str(result.log or ""),
        fixes=advice.fixes,
    )


def _ended_itself(result: RunResult, tail: str) -> bool:
    """Whether the script printed something, and no exception."""
    chosen = 0 < result.exit_code < _SHELLS_FIRST and not result.oom_killed
    return chosen and bool(tail.strip()) and not (_TRACEBACK in tail or _ERROR_LINE.search(tail))


def script_output(result: RunResult) -> str:
    """Return the end of what the script printed, without colours."""
    return _ANSI.sub("", _log_tail(result.log))


def _log_tail(log: Path | None) -> str:
    if log is None or not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _TAIL))
        return stream.read().decode(errors="replace")


def _advice(tail: str, spec: RunSpec) -> Advice:
    if modules := _MISSING_MODULE.findall(tail):
        return Advice(hint=_missing_module(modules[-1][0] or modules[-1][1]))
    if paths := _READ_ONLY.findall(tail):
        return _read_only(paths[-1], spec)
    if paths := _FORBIDDEN.findall(tail):
        who = f"user {spec.user}" if spec.user else "you"
        hint = f"The container runs as {who}, who may not use '{paths[-1]}'"
        return Advice(hint=f"{hint}: change its mode, or who the run is (--user).")
    if "EOFError: EOF when reading a line" in tail:
        hint = "Nobody can type into a run: give the value as a parameter (-P NAME=VALUE)"
        return Advice(hint=f"{hint}, or a variable (-e NAME=VALUE).")
    if paths := _MISSING_FILE.findall(tail):
        return _missing_file(paths[-1], spec)
    return Advice()


def _mounted(hint: str, fix: Fix, after: str = "") -> Advice:
    return Advice(hint=f"{hint} {fix.arguments}{after}", fixes=(fix,))


def _read_only(name: str, spec: RunSpec) -> Advice:
    where, folder = target_of(name), spec.words.folder
    for mount in spec.mounts:
        if mount.read_only and mount.kind == "bind" and where.is_relative_to(mount.target):
            source = os.path.relpath(mount.source, os.path.realpath(folder))
            fix = spec.words.fix(source, target=mount.target, read_only=False)
            hint = f"'{name}' is mounted read-only. If the code may write there, mount it:"
            return _mounted(hint, fix) if fix else Advice(hint=f"{hint} without :ro")
    hint = f"'{name}' is read-only in the container: write to the notebook's folder, or to one that is mounted."
    return Advice(hint=hint)


def _missing_module(name: str) -> str:
    package, _, last = name.rpartition(".")
    if package:  # which was imported, or it would be what is missing
        return f"'{package}' is in the image and has no module '{last}': correct the name, or install another version."
    return f"Nothing in the notebook imports '{name}' by name. Add a line `%pip install {name}` to it, and run again."


def missing_file_hint(error: str, spec: RunSpec) -> str:
    """Return what to do where an error names a missing file; empty where it does not."""
    paths = _MISSING_FILE.findall(error)
    return _missing_file(paths[-1], spec).hint if paths else ""


def _beside_modules(name: str, spec: RunSpec) -> Fix | None:
    """Return the mount of what a module finds by its ``__file__``, where the project has it."""
    place, folder = _OF_MODULES.match(name), Path(os.path.realpath(spec.words.folder))
    tail = PurePosixPath(name[place.end() :] if place else "")
    project = Project.of(folder).root
    if place is None or not tail.parts or not (project / tail).exists():
        return None
    top = tail.parts[0]
    way = os.path.relpath(project / top, folder)
    return spec.words.fix(way, target=PurePosixPath(place[0], top), read_only=False)


def _missing_file(name: str, spec: RunSpec) -> Advice:
    path, words = target_of(name), spec.words
    if not path.is_relative_to(WORKDIR) or path == WORKDIR:
        return _missing_outside(name, spec)
    top = path.relative_to(WORKDIR).parts[0]
    if (words.folder / top).exists() and not any(mount.target == WORKDIR / top for mount in spec.mounts):
        hint, fix = f"'{top}' is beside the notebook but not in the container", words.fix(top, read_only=True)
        return _mounted(f"{hint}: mount it with", fix) if fix else Advice(hint=f"{hint}.")
    if fix := _above(path.relative_to(WORKDIR), spec):
        hint = f"The container has no '{name}', but the project has it: mount it where the code looks with"
        return _mounted(hint, fix)
    return Advice(hint=f"There is no '{name}' in the container, nor beside the notebook.")


def _missing_outside(name: str, spec: RunSpec) -> Advice:
    around, fix = spec.words.fix_around(name, read_only=True)
    if fix and (spec.words.folder / around).exists():
        what = "it" if str(around) == name else "its folder"
        return _mounted(f"The container has no '{name}': mount {what} with", fix, " (without :ro to write there)")
    if fix := _beside_modules(name, spec):
        hint = "A module looks for it from its own place, which is another in the container: mount it with"
        return _mounted(hint, fix)
    hint = f"There is no '{name}' in the container, nor on this machine: correct the path, or make its folder first."
    return Advice(hint=hint)


def _above(path: PurePosixPath, spec: RunSpec) -> Fix | None:
    """Return the mount of what lies above the notebook in its project, as for code that may go there."""
    folder = Path(os.path.realpath(spec.words.folder))
    project = Project.of(folder).root
    holders = (above for above in folder.parents if above.is_relative_to(project) and (above / path).exists())
    if (above := next(holders, None)) is None:
        return None
    top = path.parts[0]
    return spec.words.fix(os.path.relpath(above / top, folder), target=PurePosixPath(top), read_only=True)
