"""Exceptions of docker-py and requests, translated into this package's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from jupyter_docker.engine.connection.answers import nonsense
from jupyter_docker.values import (
    ContainerizeError,
    DiskFullError,
    EngineError,
    EngineLostError,
    EnginePermissionError,
    MissingError,
    MountError,
    NameTakenError,
    PortTakenError,
)

# The engine has no codes of its own: its words are what tells these apart.
_BY_WORDS: tuple[tuple[str, type[ContainerizeError]], ...] = (
    (r"no space left on device|disk quota exceeded", DiskFullError),
    (r"port is already allocated|address already in use|ports are not available", PortTakenError),
    (r"container name .* is already in use|name is already in use", NameTakenError),
    (r"bind source path does not exist|no such file or directory.*mount", MountError),
)
_BY_STATUS: dict[int, type[ContainerizeError]] = {
    HTTPStatus.NOT_FOUND: MissingError,
    HTTPStatus.FORBIDDEN: EnginePermissionError,
}


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise what the engine raised in the body as one of our errors; ``action`` is a phrase ("stop 'penguins'").

    A dropped connection is EngineLostError; the engine's refusals are MissingError, DiskFullError, PortTakenError,
    NameTakenError, MountError, EnginePermissionError, or else EngineError.
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as error:
        explanation = str(error.explanation or error)
        refusal = classify(explanation, error.status_code)(f"Could not {action}: {explanation.strip().rstrip('.')}.")
        if isinstance(refusal, EngineError):
            refusal.status = error.status_code
        raise refusal from error
    except (RequestException, HTTPError, ConnectionError) as error:
        raise EngineLostError(f"Could not {action}: the connection to the container engine was lost.") from error
    except DockerException as error:
        raise EngineError(f"Could not {action}: {error}") from error
    except (LookupError, TypeError, AttributeError, ValueError) as error:  # docker-py reads fields of answers too
        raise nonsense(f"can't be understood: could not {action}") from error


def classify(explanation: str, status: int | None = None) -> type[ContainerizeError]:
    """Return the error class of what the engine said with that HTTP status."""
    for pattern, kind in _BY_WORDS:
        if re.search(pattern, explanation, re.IGNORECASE | re.DOTALL):
            return kind
    return _BY_STATUS.get(status or 0, EngineError)
