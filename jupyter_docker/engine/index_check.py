"""Whether the package index can be reached from this machine, with its settings."""

from __future__ import annotations

import ssl
from base64 import b64encode
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPSHandler, Request, build_opener

from jupyter_docker.engine.check import Check
from jupyter_docker.freeze import read_index_settings
from jupyter_docker.freeze.redaction import redacted_urls

PUBLIC_INDEX = "https://pypi.org/simple/"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
_SECONDS = 10


def check_index() -> Check:
    """Ask the index that pip and uv would use on this machine."""
    settings = read_index_settings()
    return ask_index(settings.default or PUBLIC_INDEX, ca_bundle=settings.ca_bundle)


def ask_index(url: str, *, ca_bundle: Path | None = None) -> Check:
    """Send a HEAD request, with the credentials of the URL, which the answer does not show."""
    shown = redacted_urls(url)
    if urlsplit(url).scheme == "file":
        return _of_folder(url)
    try:
        context = ssl.create_default_context(cafile=str(ca_bundle) if ca_bundle else None)
        build_opener(HTTPSHandler(context=context)).open(_request(url), timeout=_SECONDS).close()
    except HTTPError as error:
        error.close()
        return _of_status(error.code, shown)
    except (OSError, ValueError) as error:
        return _of_failure(getattr(error, "reason", error), shown)
    return _of_status(HTTPStatus.OK, shown)


def _of_status(status: int, shown: str) -> Check:
    if status in _REFUSED:
        return _problem(f"{shown} refuses the credentials ({status}).", "Check those in pip's settings or ~/.netrc.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _problem(f"{shown} is out of order ({status}).", "Try again later, or use another index.")
    return Check(name="index", detail=f"{shown} answers")


def _of_failure(reason: object, shown: str) -> Check:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _problem(
            f"The certificate of {shown} is not trusted: {reason.verify_message}.",
            "Set SSL_CERT_FILE to your organisation's CA bundle; builds are given it too.",
        )
    return _problem(
        f"{shown} can't be reached: {redacted_urls(str(reason))}.",
        "Check the network, the proxy (HTTPS_PROXY) and the address in pip's settings.",
    )


def _request(url: str) -> Request:
    parts = urlsplit(url)
    credentials, _, host = parts.netloc.rpartition("@")
    request = Request(urlunsplit(parts._replace(netloc=host)), method="HEAD")  # noqa: S310 - http and https are what an index has
    if credentials:
        user, _, password = credentials.partition(":")
        pair = f"{unquote(user)}:{unquote(password)}"
        request.add_header("Authorization", f"Basic {b64encode(pair.encode()).decode()}")
    return request


def _of_folder(url: str) -> Check:
    folder = Path(unquote(urlsplit(url).path))
    if folder.exists():
        return Check(name="index", detail=f"{folder} is there")
    return _problem(f"The index folder '{folder}' does not exist.", "Correct the address in pip's settings.")


def _problem(detail: str, remedy: str) -> Check:
    return Check(name="index", level="problem", detail=detail, remedy=remedy)
