"""What each verb does: the words of the command → a value for the face to show, with events on the way."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from jupyter_docker.commands.call import Call

# Looked up when needed, so that `ps` does not wait for what only `run` imports.
VERBS = {
    "run": "notebooks.run",
    "plan": "plan.plan",
    "build": "notebooks.build",
    "export": "notebooks.write_context",
    "freeze": "notebooks.lock",
    "push": "notebooks.send",
    "pull": "image_runs.fetch",
    "ship": "shipping.ship",
    "kernel": "kernels.kernel",
    "ps": "containers.ps",
    "logs": "containers.logs",
    "exec": "containers.exec_",
    "stop": "containers.stop",
    "rm": "containers.rm",
    "images": "images.images",
    "prune": "images.free",
    "doctor": "images.doctor",
}


def perform(call: Call) -> Any:
    """Do what the call's verb says and return its value."""
    module, _, function = VERBS[call.args.verb].partition(".")
    return getattr(import_module(f"jupyter_docker.commands.verbs.{module}"), function)(call)
