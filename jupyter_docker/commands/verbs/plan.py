"""The verb that shows what a run would build and mount."""

from __future__ import annotations

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.values import known_variables
from jupyter_docker.pipeline import Plan, container_spec, environment_of, notebook_of, prepare
from jupyter_docker.values import Event, Warned


def plan(call: Call) -> Plan:
    """Export and freeze, and return what a run with these words would build and mount; needs no engine."""
    choices = call.about.choices()
    spec = call.about.spec_without_variables()
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
        spec=container_spec(spec, choices, recipe, data=call.about.data),
        variables=known_variables(call.about.container, call.about.asked),
        unmet=call.about.asked.unmet,
        warnings=tuple(warned),
        live=bool(environment_of(choices, notebook_of(choices)).loaded),
    )
