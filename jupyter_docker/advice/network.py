"""Causes in the network, in package indexes and registries, and in what a full disk keeps from coming."""

from __future__ import annotations

from jupyter_docker.advice import patterns
from jupyter_docker.advice.cause import Cause

DISK = (
    Cause(
        kind="disk",
        patterns=(patterns.DISK_FULL,),
        hints={
            "build": "The engine's disk is full: `jupyter containerize prune` shows what can be freed, and frees it.",
            "script": (
                "Free some space where the code writes, and run it again: on the disk of the mounted folder, or else "
                "on the engine's (`jupyter containerize prune` shows what can be freed there)."
            ),
        },
    ),
    Cause(
        kind="cache",
        patterns=(r"Failed to initialize cache at `([^`]+)`",),
        message="uv can't write its cache folder, '{0}'.",
        hints={"lock": "Set UV_CACHE_DIR to a folder where you may write."},
    ),
)

# What comes of a network, an index or a registry; what is said of it stands beside what follows from it.
NETWORK = (
    Cause(
        kind="offline",
        patterns=(r"network was disabled|not found in the cache",),
        message="The network is turned off for uv, and its cache does not have all that is needed.",
        hints={"lock": "Unset UV_OFFLINE, or freeze once while online."},
    ),
    Cause(
        kind="platform",
        patterns=(r"(?i:exec format error|does not match the specified platform|no match for platform in manifest)",),
        hints={
            "build": (
                "The image is for another processor than the engine's: leave --platform out, or choose a base "
                "image that exists for both."
            ),
        },
    ),
    Cause(
        kind="credentials",
        patterns=(r"\b(401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)",),
        message="The package index refused: {0}.",
        hints={"lock": "Check the user and password of the index, in pip's or uv's configuration or in ~/.netrc."},
    ),
    Cause(
        kind="certificate",
        patterns=(patterns.CERTIFICATE,),
        message="The package index's TLS certificate is not trusted.",
        hints={
            "lock": "Set SSL_CERT_FILE to your organization's CA bundle.",
            "build": (
                "The build does not trust the server's certificate: set SSL_CERT_FILE to your organisation's CA "
                "bundle; the build is given that file. The classic builder is not: install docker-buildx where "
                "that is yours."
            ),
        },
    ),
    Cause(
        kind="credentials",
        patterns=(
            r"(?i)\b40[13] (?:client )?error\b",
            r"(?i)\b40[13] (?:unauthorized|forbidden)",
            r"(?i)status client error \(40[13]",
            r"(?i)returned HTTP 40[13]",
            r"(?i)^User for \S+: ",  # pip asks, and nobody is there to answer
        ),
        hints={
            "build": (
                "The server refuses the credentials: check those in the settings of pip or uv, or in ~/.netrc; "
                "the build uses the same. The classic builder gets none: install docker-buildx where that is "
                "yours."
            ),
        },
    ),
    Cause(
        kind="index",
        patterns=(r"(?i)HTTP status server error \(5\d\d [^)]*\)", r"(?i)\b50[0234] Server Error"),
        hints={"build": "The package index is out of order: try again later, or use another index."},
    ),
    Cause(
        kind="hash",
        patterns=(r"(?i)hash mismatch", r"(?i)do not match the hashes"),
        hints={
            "build": (
                "The package index serves another file than the one that was locked: someone uploaded it anew, "
                "or a proxy changes downloads. Check the index, then run the command again."
            ),
        },
    ),
    Cause(
        kind="network",
        patterns=(
            (
                r"(?i:name resolution|Name or service not known|Network is unreachable|gaierror|Max retries exceeded|"
                r"ConnectError|ConnectionError|URLError|No address associated|Could not resolve host)"
            ),
        ),
        message="needs the network",
        hints={
            "verification": (
                "Verification runs without one. Keep the downloaded file beside the notebook, or run it without "
                "--verify."
            ),
        },
    ),
    Cause(
        kind="network",
        patterns=(r"Failed to fetch:? `?([^\s`]+)|error sending request for url \(([^)]*)\)|[Dd]ns error",),
        message="The package index can't be reached{at}.",
        hints={"lock": "Check the network, and the proxy where there is one (HTTPS_PROXY)."},
    ),
    Cause(
        kind="network",
        patterns=(patterns.NO_NAME,),
        hints={
            "build": (
                "The build can't find the server by its name: check the network. Behind a proxy, set "
                "HTTPS_PROXY, which the build is given."
            ),
        },
    ),
    Cause(
        kind="network",
        patterns=(
            r"(?i)connection refused|cannot connect to proxy|tunnel connection failed|network is unreachable|timed out",
        ),
        hints={
            "build": (
                "The build can't reach the server: check the network, the proxy and the address of the package "
                "index. A server on this machine's localhost is out of a build's reach."
            ),
        },
    ),
)
