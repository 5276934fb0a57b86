"""The log of a failed build → what to do about it, in words for people who know notebooks and hardly Docker."""

from __future__ import annotations

import re

from jupyter_docker.engine.cause import Cause
from jupyter_docker.fixes import Advice

_PROGRAM = (
    r"(cc|gcc|g\+\+|c\+\+|\w+-linux-gnu-gcc|make|cmake|gfortran|ninja|swig|cargo|rustc|rust compiler|git|pkg-config)"
)

_COLOUR = re.compile(r"\x1b\[[\d;]*[mK]")  # as gcc and cargo put it around their words where they are told to

_SOME_DEV_PACKAGE = "add the Debian package that has it (its name ends in -dev) with --apt"

# The first one found wins, so a cause stands above what follows from it: a full disk or a server out of reach also
# makes pip say that there is no matching distribution.
_CAUSES = (
    Cause(
        (r"no space left on device", r"disk quota exceeded"),
        "The engine's disk is full: `jupyter containerize prune` shows what can be freed, and frees it.",
    ),
    Cause(
        (r"exec format error", r"does not match the specified platform", r"no match for platform in manifest"),
        (
            "The image is for another processor than the engine's: leave --platform out, or choose a base image that "
            "exists for both."
        ),
    ),
    Cause(
        (
            r"CERTIFICATE_VERIFY_FAILED",
            r"invalid peer certificate",
            r"certificate signed by unknown authority",
            r"Certificate verification failed",
        ),
        (
            "The build does not trust the server's certificate: set SSL_CERT_FILE to your organisation's CA bundle; "
            "the build is given that file. The classic builder is not: install docker-buildx where that is yours."
        ),
    ),
    Cause(
        (
            r"\b40[13] (?:client )?error\b",
            r"\b40[13] (?:unauthorized|forbidden)",
            r"status client error \(40[13]",
            r"returned HTTP 40[13]",
            r"^User for \S+: ",  # pip asks, and nobody is there to answer
        ),
        (
            "The server refuses the credentials: check those in the settings of pip or uv, or in ~/.netrc; the build "
            "uses the same. The classic builder gets none: install docker-buildx where that is yours."
        ),
    ),
    Cause(
        (r"HTTP status server error \(5\d\d [^)]*\)", r"\b50[0234] Server Error"),
        "The package index is out of order: try again later, or use another index.",
    ),
    Cause(
        (r"hash mismatch", r"do not match the hashes"),
        (
            "The package index serves another file than the one that was locked: someone uploaded it anew, or a proxy "
            "changes downloads. Check the index, then run the command again."
        ),
    ),
    Cause(
        (
            r"name resolution",
            r"temporary failure resolving",
            r"name or service not known",
            r"failed to lookup address",
            r"could not resolve",
            r"no such host",
        ),
        (
            "The build can't find the server by its name: check the network. Behind a proxy, set HTTPS_PROXY, which "
            "the build is given."
        ),
    ),
    Cause(
        (
            r"connection refused",
            r"cannot connect to proxy",
            r"tunnel connection failed",
            r"network is unreachable",
            r"timed out",
        ),
        (
            "The build can't reach the server: check the network, the proxy and the address of the package index. A "
            "server on this machine's localhost is out of a build's reach."
        ),
    ),
    Cause(
        (r"E: Unable to locate package (\S+)", r"E: Package '([^']+)' has no installation candidate"),
        "Debian has no package '{}' for this base image: correct the name given with --apt.",
    ),
    Cause(
        (r"fatal error: (Python\.h): No such file",),
        "A package is compiled, but the base image lacks Python's headers: choose an official one with --base.",
    ),
    Cause(
        (r"fatal error: (\S+): No such file or directory",),
        "A package is compiled and needs the header '{0}': {1}. A compiler (--apt build-essential) goes with it.",
        kind="headers",
        unknown=_SOME_DEV_PACKAGE,
        also=("build-essential",),
    ),
    Cause(
        (
            r"(pg_config) executable not found",
            r"(mysql_config|mysqlclient\.pc)[:\s].*not found",
            r"cannot find -l([\w.+-]+)",
        ),
        "A package is compiled and needs '{0}': {1}. A compiler (--apt build-essential) goes with it.",
        kind="links",
        unknown=_SOME_DEV_PACKAGE,
        also=("build-essential",),
    ),
    Cause(
        (r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file",),
        "The library '{0}' is missing in the image: {1}.",
        kind="libraries",
        unknown="add the Debian package that has it with --apt",
    ),
    Cause(
        (
            rf"no such file or directory: ['\"]{_PROGRAM}['\"]",
            rf"unable to execute ['\"]?{_PROGRAM}['\"]?",
            rf"command ['\"`](?:/\S*/)?{_PROGRAM}['\"`] failed(?! with exit)",  # with an exit status it is there
            rf"\b{_PROGRAM}: (?:command )?not found",
            rf"could not find (?:an? )?(?:program|compiler):? ['\"`]?{_PROGRAM}",
            rf"can't find (?:a )?{_PROGRAM}\b",
            r"unknown compiler\(s\): \[\['(\w+)'",
            rf"cannot find command ['\"`]{_PROGRAM}",
        ),
        (
            "A package has no wheel for this Python and is built in the image, which has no '{0}': {1}, or choose a "
            "version of the package that has a wheel."
        ),
        kind="tools",
        unknown="add it with --apt",
    ),
    Cause(
        (
            r"no matching distribution found for ([^\s;(]+)",
            r"because ([\w.-]+(?:==[\w.+-]+)?) was not found in",
            r"because ([\w.-]+(?:==[\w.+-]+)?) has no (?:usable )?wheels",
            r"because there is no version of ([\w.-]+(?:==[\w.+-]+)?)",
        ),
        (
            "The package index has no '{}' for the base image's Python: check its name and version, or choose the base "
            "image of your kernel's Python with --base."
        ),
    ),
    Cause(
        (
            r"because (?:all versions of )?(\S+) depends? on [^\n]*(?:\n[^\n]*){0,6}unsatisfiable",
            r"Cannot install (.{1,80}?) because these package versions have conflicting dependencies",
            r"(ResolutionImpossible)",
        ),
        (
            "The packages do not fit together ('{0}'): install versions here that `pip check` finds no fault with, "
            "and run again."
        ),
    ),
    Cause(
        (r"requires a different python", r"does not satisfy python"),
        "A package does not support the base image's Python: choose the image of your kernel's Python with --base.",
    ),
    Cause(
        (r"permission denied",),
        (
            "A step may not read or write a file: check the modes of the notebook's files. A base image whose user is "
            "not root can't install packages."
        ),
    ),
)


def explain(log: str) -> Advice:
    """Return what to do about the failure that is in ``log``; empty where its cause is not known."""
    plain = _COLOUR.sub("", log)
    return next((advice for cause in _CAUSES if (advice := cause.explain(plain))), Advice())
