"""Why uv could not lock, in words: the index, the credentials, a version, the Python, or a conflict."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from jupyter_docker.errors import LockError


class VersionMissingError(LockError):
    """The index does not have that version, or that distribution: ``name``, normalized."""

    name: str = ""


class SourceOnlyError(VersionMissingError):
    """The index has that distribution, but no wheel of it: it would have to be built."""


class IndexUnreachableError(LockError):
    """The index does not answer, or uv may not ask it."""


@dataclass(frozen=True, kw_only=True)
class _Failure:
    pattern: str
    message: str
    hint: str
    error: type[LockError] = LockError


_PINS = "Every version comes from your environment."

# In order: what is said of the network stands beside what follows from it. Groups of the pattern fill the message.
_FAILURES = (
    _Failure(
        pattern=r"Failed to initialize cache at `([^`]+)`",
        message="uv can't write its cache folder, '{0}'.",
        hint="Set UV_CACHE_DIR to a folder where you may write.",
    ),
    _Failure(
        pattern=r"network was disabled|not found in the cache",
        message="The network is turned off for uv, and its cache does not have all that is needed.",
        hint="Unset UV_OFFLINE, or freeze once while online.",
        error=IndexUnreachableError,
    ),
    _Failure(
        pattern=r"\b(401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)",
        message="The package index refused: {0}.",
        hint="Check the user and password of the index, in pip's or uv's configuration or in ~/.netrc.",
    ),
    _Failure(
        pattern=r"invalid peer certificate: (\w+)|certificate verify failed|self.signed certificate",
        message="The package index's TLS certificate is not trusted.",
        hint="Set SSL_CERT_FILE to your organization's CA bundle.",
    ),
    _Failure(
        pattern=r"Failed to fetch:? `?(?P<url>[^\s`]+)|error sending request for url \((?P<url2>[^)]*)\)|[Dd]ns error",
        message="The package index can't be reached{at}.",
        hint="Check the network, and the proxy where there is one (HTTPS_PROXY).",
        error=IndexUnreachableError,
    ),
    _Failure(
        pattern=r"Wheels are required for `?([\w.-]+)`? because building from source is disabled",
        message="The package index has '{0}' only as source, and building that runs code of whoever uploaded it.",
        hint="If you trust it, have the image build it (--allow-build {0}), or install it in the notebook's kernel "
        "(%pip install {0}): it is then packed from there.",
        error=SourceOnlyError,
    ),
    _Failure(
        pattern=r"there (?:is|are) no versions? of ([\w.-]+)==([\w.+!-]+)",
        message="The package index has no version {1} of '{0}', which is the one installed here.",
        hint="Add the index that it came from to pip's configuration, or install a version that the index has.",
        error=VersionMissingError,
    ),
    _Failure(
        pattern=r"([\w.-]+) was not found in the (?:package registry|provided)",
        message="The package index has no '{0}'.",
        hint="Add the index that it came from to pip's configuration, or put its code beside the notebook.",
        error=VersionMissingError,
    ),
    _Failure(
        pattern=r"Python[ >=<\d.,*]+ and .*depends on Python|does not satisfy Python|requested Python version",
        message="A pinned version does not support the Python of the image.",
        hint="Choose a base image with your own Python version: --base python:X.Y.Z-slim",
    ),
    _Failure(
        pattern=r"no wheels? with a matching|no (?:usable|compatible) wheels?",
        message="A pinned version has no wheel for the image's platform.",
        hint="Install a version that has one, or choose another platform.",
    ),
    _Failure(
        pattern=r"unsatisfiable|No solution found",
        message="The versions can't be installed together.",
        hint=f"{_PINS} Correct the requirement that uv names, or upgrade what it conflicts with.",
    ),
)


def explain_failure(output: str) -> LockError:
    """Return the error that uv's ``output`` (credentials removed) tells of; what it does not know, it says in full."""
    for failure in _FAILURES:
        match = re.search(failure.pattern, re.sub(r"\s+", " ", output))
        if match is None:
            continue
        named = match.groupdict()
        url = next(filter(None, (named.get("url"), named.get("url2"))), "")
        message = failure.message.format(*match.groups(), at=f": '{url}'" if url else "")
        error = failure.error(f"{message}\n{_shown(output)}", hint=failure.hint.format(*match.groups()))
        if isinstance(error, VersionMissingError):
            error.name = canonicalize_name(match[1])
        return error
    return LockError(f"uv could not lock the packages.\n{_shown(output)}", hint="The lines above are uv's own.")


def _shown(output: str) -> str:
    lines = [line.rstrip() for line in output.strip().splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in lines[-12:])
