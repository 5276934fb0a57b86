"""Why a kernel did not start, in a form that Jupyter Server passes on to the browser.

The server shows the words of tornado's HTTPError alone, and of any other exception only "Unhandled error".
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from tornado.web import HTTPError

from jupyter_docker.values import ContainerizeError


def shown_in_browser(error: ContainerizeError) -> ContainerizeError:
    """Return ``error``, of a class that is its own and HTTPError's."""
    kind: Any = type(type(error).__name__, (type(error), HTTPError), {"__str__": lambda self: self.message})
    shown: ContainerizeError = kind.__new__(kind)
    HTTPError.__init__(shown, HTTPStatus.INTERNAL_SERVER_ERROR, f"{error.message} {error.hint}".rstrip())  # type: ignore[arg-type]
    vars(shown).update(vars(error))
    return shown
