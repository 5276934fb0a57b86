"""Files for working in the image or starting it: dev containers, Binder, Apptainer, GitHub Actions."""

from __future__ import annotations

import json
import shlex
from typing import Any

import yaml

from jupyter_docker.ship.shipment import Shipment, Shipped, ShippedMount, entrypoint_of
from jupyter_docker.values import UsageError

_EXTENSIONS = ("ms-python.python", "ms-toolsai.jupyter")


def devcontainer(shipment: Shipment) -> Shipped:
    """Return .devcontainer/devcontainer.json.

    Its form: https://containers.dev/implementors/json_reference/
    """
    document = {"name": shipment.name, "image": str(shipment.image), **devcontainer_metadata(shipment)}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    steps = ("put the folder .devcontainer beside the notebook, and open that folder in VS Code", "Reopen in Container")
    return Shipped(files={".devcontainer/devcontainer.json": text}, steps=steps)


def devcontainer_metadata(shipment: Shipment) -> dict[str, Any]:
    """Return what the label ``devcontainer.metadata`` of an image may hold: all but its name and the image."""
    _refuse(shipment, "${", "a dev container", "puts something of the machine in its place")
    variables = dict(shipment.variables) | {name: "${localEnv:" + name + "}" for name in shipment.secrets}
    metadata: dict[str, Any] = {
        "overrideCommand": True,
        "runArgs": ["--init", "--cap-drop=ALL", "--security-opt=no-new-privileges"],
        "mounts": [_devcontainer_mount(mount) for mount in shipment.mounts if not mount.read_only],
        "containerEnv": variables,
        "customizations": {"vscode": {"extensions": list(_EXTENSIONS)}},
    }
    return {name: value for name, value in metadata.items() if value}


def _devcontainer_mount(mount: ShippedMount) -> dict[str, str]:
    source = "${localWorkspaceFolder}/" + mount.source.removeprefix("./")
    return {"source": source, "target": str(mount.target), "type": "bind"}


def _refuse(shipment: Shipment, sign: str, place: str, reason: str) -> None:
    """Raise UsageError where a text that a notebook may have chosen has a sign that ``place`` can't be told to keep."""
    mounts = (text for mount in shipment.mounts for text in (mount.source, str(mount.target)))
    for text in (*shipment.variables.values(), *mounts):
        if sign in text:
            hint = "Rename it, or give the variable another value."
            raise UsageError(f"'{text}' can't go to {place}, which {reason}.", hint=hint)


def apptainer(shipment: Shipment) -> Shipped:
    """Return NAME.def and run.sh, which mounts nothing of the caller's but the data.

    Its form: https://apptainer.org/docs/user/latest/definition_files.html
    """
    for mount in shipment.mounts:
        if set(mount.source + str(mount.target)) & set(":,"):
            hint = "Rename it."
            raise UsageError(f"'{mount.source}' can't go to Apptainer, which takes : and , for its own.", hint=hint)
    entry = shlex.join(entrypoint_of(shipment))
    definition = (
        f"Bootstrap: docker\nFrom: {shipment.image}\n\n%runscript\n"
        f'    exec {entry} "$@"\n\n%labels\n    Name {shipment.name}\n'
    )
    binds = [f"{mount.source}:{mount.target}{':ro' if mount.read_only else ''}" for mount in shipment.mounts]
    options = [f"--bind {shlex.quote(bind)}" for bind in binds]
    options += [f"--env {shlex.quote(f'{name}={value}')}" for name, value in shipment.variables.items()]
    options += [f'--env {name}="${{{name}:?Set it first: it is a secret}}"' for name in shipment.secrets]
    options += ["--nv"] if shipment.gpus else []
    made = " ".join(shlex.quote(mount.source) for mount in shipment.mounts if not mount.read_only and not mount.is_file)
    lines = [
        "#!/bin/sh",
        "# Runs the notebook's image as you, with its data mounted; arguments go to the notebook.",
        "set -eu",
    ]
    lines += [f"mkdir -p {made}"] if made else []
    words = ["exec apptainer run --containall --no-home --writable-tmpfs", *options, f"{shipment.name}.sif"]
    words += [*map(shlex.quote, shipment.arguments), '"$@"']
    lines.append(" \\\n    ".join([words[0], *words[1:-1], words[-1]]))
    steps = (f"apptainer build {shipment.name}.sif {shipment.name}.def", "sh run.sh")
    return Shipped(files={f"{shipment.name}.def": definition, "run.sh": "\n".join(lines) + "\n"}, steps=steps)


def github_action(shipment: Shipment) -> Shipped:
    """Return a workflow that runs the image over the repository's data, by hand or when the data changes.

    https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
    """
    volumes = [f"-v {shlex.quote(f'{mount.source}:{mount.target}{_read_only(mount)}')}" for mount in shipment.mounts]
    variables = [f"-e {name}" for name in (*shipment.variables, *shipment.secrets)]
    made = [mount.source for mount in shipment.mounts if not mount.read_only and not mount.is_file]
    command = " ".join(["docker run --rm --init", '-u "$(id -u):$(id -g)"', *volumes, *variables, str(shipment.image)])
    command = " ".join([command, *map(shlex.quote, shipment.arguments)])
    run: dict[str, Any] = {"name": "Run the notebook", "run": _literal(command)}
    values = {name: _literal(value) for name, value in shipment.variables.items()} | {
        name: "${{ secrets." + name + " }}" for name in shipment.secrets
    }
    if values:
        run["env"] = values
    steps: list[dict[str, Any]] = [{"uses": "actions/checkout@v4"}]
    if made:
        steps.append({"name": "Make the output folders", "run": _literal(f"mkdir -p {shlex.join(made)}")})
    steps.append(run)
    if made:
        upload = {"name": "output", "path": _literal("\n".join(made))}
        steps.append({"uses": "actions/upload-artifact@v4", "if": "always()", "with": upload})
    workflow = {
        "name": shipment.name,
        "on": {"workflow_dispatch": {}},
        "permissions": {"contents": "read"},
        "jobs": {"run": {"runs-on": "ubuntu-latest", "steps": steps}},
    }
    path = f".github/workflows/{shipment.name}.yml"
    text = yaml.safe_dump(workflow, sort_keys=False, allow_unicode=True)
    return Shipped(files={path: text}, steps=(f"commit {path}", "start it under Actions, Run workflow"))


def _literal(text: str) -> str:
    """Return what Actions reads as ``text``: it would put the repository's secrets in place of their names."""
    return text.replace("${{", "${{ '${{' }}")


def _read_only(mount: ShippedMount) -> str:
    return ":ro" if mount.read_only else ""


def binder(shipment: Shipment) -> Shipped:
    """Return binder/requirements.txt, apt.txt and runtime.txt.

    Their form: https://repo2docker.readthedocs.io/en/latest/config_files.html

    Binder makes an image of its own from a repository, so these need the notebook's lock. Raises UsageError without.
    """
    from jupyter_docker.freeze import requirements_text

    if shipment.recipe is None:
        raise UsageError("Binder needs a notebook, not an image.", hint="Name the notebook: ship NB --as binder")
    requirements = shipment.recipe.requirements
    wheels = [pin.name for pin in requirements.pins if pin.wheel is not None]
    if wheels:
        raise UsageError(
            f"Binder can't install {', '.join(wheels)}: no package index has them.",
            hint="Put them on an index, or ship the image: --as devcontainer",
        )
    files = {
        "binder/runtime.txt": f"python-{requirements.python}\n",
        "binder/requirements.txt": requirements_text(requirements),
    }
    if requirements.system:
        files["binder/apt.txt"] = "".join(f"{package.name.partition('=')[0]}\n" for package in requirements.system)
    return Shipped(files=files, steps=("commit the folder binder beside the notebook", "open the repository in Binder"))
