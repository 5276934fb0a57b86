"""The body of ``POST /jobs`` → what the job is asked to do; all that can be refused now is refused now."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_docker.commands import as_argument, option_arguments, read_command
from jupyter_docker.server.jobs.model import JobRequest
from jupyter_docker.server.notebooks import find_notebook
from jupyter_docker.server.schema import check
from jupyter_docker.values import ImageReference, MountError, UsageError, slug

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_request(body: Mapping[str, Any], *, root: Path, roots: Sequence[Path], server: str) -> JobRequest:
    """Return what is asked for; raises ContainerizeError where it can't be done as it stands."""
    check("JobRequest", body)
    verb, options = body["verb"], body.get("options", {})
    names = _secret_names(body.get("secrets", {}), verb)
    folder, subject, notebook = _subject(body, root)
    container = f"{slug(Path(subject).stem)}-{secrets.token_hex(3)}" if verb == "run" else ""
    words = [verb, subject, *_target(body, folder, roots)]
    if verb == "run":
        words += [f"--name={container}", *(f"--env={name}" for name in names)]
    if verb in {"run", "build", "compare"}:  # verification runs what was built
        words += [f"--mount-root={each}" for each in roots]
    words += [*option_arguments(options, verb), "--json"]
    request = read_command(words).request  # the grammar, and what the notebook's metadata adds
    if request is not None:
        there = replace(request, live=True)  # the job's relative paths begin in the notebook's folder
        there.choices()
        if verb in {"run", "compare"}:
            there.spec_without_variables()
    return JobRequest(
        verb=verb, notebook=notebook, image=body.get("image", ""), options=options, server=server,
        kernel_id=body.get("kernel_id", ""), secret_names=names, container=container,
        folder=str(folder), words=tuple(words),
    )  # fmt: skip


def with_values(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Return the words with the values of the variables that they name: for the container, whatever a name means here.

    They go to the job's process, and are kept nowhere.
    """
    named = {f"--env={name}": f"--env={name}={value}" for name, value in values.items()}
    return [named.get(word, word) for word in words]


def same_again(request: JobRequest, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the body that asks for the same; raises UsageError where a variable's value is missing."""
    missing = [name for name in request.secret_names if name not in values]
    if missing:
        raise UsageError(f"It needs a value for {', '.join(missing)}.", hint="Values are not kept: give them again.")
    fields = {"notebook": request.notebook, "image": request.image, "kernel_id": request.kernel_id}
    given = {name: value for name, value in fields.items() if value}
    return {"verb": request.verb, "options": dict(request.options), "secrets": dict(values), **given}


def _subject(body: Mapping[str, Any], root: Path) -> tuple[Path, str, str]:
    """Return the folder to work in, the notebook's file or the image, and the notebook's contents path."""
    path, image = body.get("notebook", ""), body.get("image", "")
    if bool(path) == bool(image) or (image and body["verb"] != "push"):
        raise UsageError("A job has a notebook, or an image to push.", hint="Name one of them.")
    if image:
        return root, str(ImageReference.parse(image)), ""
    file = find_notebook(root, path)
    return file.parent, str(file), file.relative_to(root).as_posix()


def _target(body: Mapping[str, Any], folder: Path, roots: Sequence[Path]) -> list[str]:
    """Return where export writes; raises MountError where that is outside of ``roots``."""
    name = as_argument("folder", body.get("options", {}).get("folder", ""))
    if body["verb"] != "export" or not name:
        return []
    target = (folder / name).resolve()
    if not any(target.is_relative_to(one) for one in roots):
        hint = "Choose a folder below the server's own, or have 'mount_roots' of the server's configuration extended."
        raise MountError(f"'{name}' is outside of what this server may write to.", hint=hint)
    return [str(target)]


def _secret_names(values: Mapping[str, str], verb: str) -> tuple[str, ...]:
    for name, value in values.items():
        if not _VARIABLE.fullmatch(name):
            raise UsageError(f"'{name[:100]}' is not a variable's name.", hint="Use letters, digits and _.")
        as_argument(name, value)
    return tuple(values) if verb == "run" else ()
