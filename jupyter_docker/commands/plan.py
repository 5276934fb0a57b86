"""The verb that shows what a run would build and mount."""

from __future__ import annotations

import argparse
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.data_mounts import with_data
from jupyter_docker.events import Event, Warned
from jupyter_docker.options.values import build_choices, run_spec, variables
from jupyter_docker.pipeline import environment_of, notebook_of, prepare, project_of
from jupyter_docker.plan import Plan
from jupyter_docker.runspec import RunSpec


def plan(call: Call) -> Plan:
    """Export and freeze, and return what a run with these words would build and mount; needs no engine."""
    choices = build_choices(call.args, call.source, live=call.live)
    spec = _spec(call.args, choices.folder if call.live else Path.cwd())
    warned: list[Warned] = []

    def emit(event: Event) -> None:
        if isinstance(event, Warned):
            warned.append(event)
        call.emit(event)

    recipe = prepare(choices, call.defaults, emit)
    return Plan(
        notebook=call.source,
        folder=choices.folder,
        recipe=recipe,
        spec=with_data(
            spec, recipe, choices.folder, chosen=call.args.data, project=project_of(choices), roots=choices.mount_roots
        ),
        variables=variables(call.args.env, call.args.env_file),
        warnings=tuple(warned),
        live=bool(environment_of(choices, notebook_of(choices)).loaded),
    )


def _spec(args: argparse.Namespace, folder: Path) -> RunSpec:
    """Return the container without its variables: one that is passed on need not be set before it runs."""
    return run_spec(argparse.Namespace(**{**vars(args), "env": [], "env_file": []}), folder)
