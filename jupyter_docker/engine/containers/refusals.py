"""Why the engine did not make or start a container, in words for people who know notebooks and not engines."""

from __future__ import annotations

import re

from jupyter_docker.advice.diagnosis import diagnose
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.errors import (
    ContainerizeError,
    EngineError,
    MissingError,
    MountError,
    NameTakenError,
    PortTakenError,
)


def explained(error: ContainerizeError, spec: RunSpec, name: str) -> ContainerizeError:
    """Return ``error`` with what the user can do about it; itself where the engine's words are all there is."""
    match error:
        case PortTakenError():
            return PortTakenError(f"{_taken(error.message, spec)} in use on this machine, so '{name}' was not started.")
        case NameTakenError():
            return NameTakenError(
                f"There is a container named '{name}' already.",
                hint=f"Choose another --name, or end and remove that one: jupyter containerize rm -f {name}",
            )
        case MountError():
            return MountError(error.message, hint="Create the folder or file first, or correct the path.")
        case MissingError() if spec.network and f"network {spec.network} not found" in error.message:
            return MissingError(
                f"There is no network '{spec.network}'.", hint=f"Make it: docker network create {spec.network}"
            )
        case EngineError():
            return _by_words(error, spec)
    return error


def _taken(words: str, spec: RunSpec) -> str:
    """Return which port it is; the engine does not always say."""
    fixed = [port.host for port in spec.ports if port.host]
    named = [port for port in fixed if re.search(rf":{port}\b", words)]
    if len(named or fixed) == 1:
        return f"Port {(named or fixed)[0]} is"
    return f"One of the ports {', '.join(map(str, fixed))} is" if fixed else "A port that the engine chose is"


def _by_words(error: EngineError, spec: RunSpec) -> EngineError:
    found = diagnose(error.message, "start")
    if not found or (found.kind == "gpu" and not spec.gpus):
        return error
    message = f"{found.message}: {error.message}" if found.message else error.message
    return EngineError(message, hint=found.advice.hint)
