"""Causes in what is installed: tools that a build from source lacks, and versions that do not fit."""

from __future__ import annotations

from jupyter_docker.advice import patterns
from jupyter_docker.advice.cause import Cause, Context
from jupyter_docker.values import Advice, build_fix

_PROGRAM = (
    r"(cc|gcc|g\+\+|c\+\+|\w+-linux-gnu-gcc|make|cmake|gfortran|ninja|swig|cargo|rustc|rust compiler|git|pkg-config)"
)
_SOURCE_ONLY = (
    "If you trust it, have the image build it (--allow-build {0}), or install it in the notebook's kernel "
    "(%pip install {0}): it is then packed from there."
)


def _source_only(name: str, _context: Context) -> Advice:
    return Advice(hint=_SOURCE_ONLY.format(name), fixes=(build_fix(name),))


_DEV_PACKAGE = "add the Debian package that has it (its name ends in -dev) with --apt"

# What a build from source lacks in the image.
TOOLS = (
    Cause(
        kind="apt",
        patterns=(
            r"(?i)E: Unable to locate package (\S+)",
            r"(?i)E: Package '([^']+)' has no installation candidate",
        ),
        hints={"build": "Debian has no package '{0}' for this base image: correct the name given with --apt."},
    ),
    Cause(
        kind="headers",
        patterns=(r"(?i)fatal error: (Python\.h): No such file",),
        hints={
            "build": (
                "A package is compiled, but the base image lacks Python's headers: choose an official one with --base."
            ),
        },
    ),
    Cause(
        kind="headers",
        patterns=(r"(?i)fatal error: (\S+): No such file or directory",),
        hints={
            "build": (
                "A package is compiled and needs the header '{0}': {1}. A compiler (--apt build-essential) goes "
                "with it."
            ),
        },
        lacks="headers",
        unknown=_DEV_PACKAGE,
        also=("build-essential",),
    ),
    Cause(
        kind="headers",
        patterns=(
            r"(?i)(pg_config) executable not found",
            r"(?i)(mysql_config|mysqlclient\.pc)[:\s].*not found",
            r"(?i)cannot find -l([\w.+-]+)",
        ),
        hints={"build": "A package is compiled and needs '{0}': {1}. A compiler (--apt build-essential) goes with it."},
        lacks="links",
        unknown=_DEV_PACKAGE,
        also=("build-essential",),
    ),
    Cause(
        kind="library",
        patterns=(f"(?i){patterns.MISSING_LIBRARY}",),
        hints={"build": "The library '{0}' is missing in the image: {1}."},
        lacks="libraries",
        unknown="add the Debian package that has it with --apt",
    ),
    Cause(
        kind="program",
        patterns=(
            rf"(?i)no such file or directory: ['\"]{_PROGRAM}['\"]",
            rf"(?i)unable to execute ['\"]?{_PROGRAM}['\"]?",
            rf"(?i)command ['\"`](?:/\S*/)?{_PROGRAM}['\"`] failed(?! with exit)",  # with an exit status it is there
            rf"(?i)\b{_PROGRAM}: (?:command )?not found",
            rf"(?i)could not find (?:an? )?(?:program|compiler):? ['\"`]?{_PROGRAM}",
            rf"(?i)can't find (?:a )?{_PROGRAM}\b",
            r"(?i)unknown compiler\(s\): \[\['(\w+)'",
            rf"(?i)cannot find command ['\"`]{_PROGRAM}",
        ),
        hints={
            "build": (
                "A package has no wheel for this Python and is built in the image, which has no '{0}': {1}, or "
                "choose a version of the package that has a wheel."
            ),
        },
        lacks="tools",
        unknown="add it with --apt",
    ),
)

# Versions, and what fits together.
VERSIONS = (
    Cause(
        kind="source-only",
        patterns=(r"Wheels are required for `?([\w.-]+)`? because building from source is disabled",),
        message="The package index has '{0}' only as source, and building that runs code of whoever uploaded it.",
        hints={
            "lock": _source_only,
        },
    ),
    Cause(
        kind="missing-version",
        patterns=(r"there (?:is|are) no versions? of ([\w.-]+)==([\w.+!-]+)",),
        message="The package index has no version {1} of '{0}', which is the one installed here.",
        hints={
            "lock": (
                "Add the index that it came from to pip's configuration, or install a version that the index has."
            ),
        },
    ),
    Cause(
        kind="missing-version",
        patterns=(r"([\w.-]+) was not found in the (?:package registry|provided)",),
        message="The package index has no '{0}'.",
        hints={"lock": "Add the index that it came from to pip's configuration, or put its code beside the notebook."},
    ),
    Cause(
        kind="missing-version",
        patterns=(
            r"(?i)no matching distribution found for ([^\s;(]+)",
            r"(?i)because ([\w.-]+(?:==[\w.+-]+)?) was not found in",
            r"(?i)because ([\w.-]+(?:==[\w.+-]+)?) has no (?:usable )?wheels",
            r"(?i)because there is no version of ([\w.-]+(?:==[\w.+-]+)?)",
        ),
        hints={
            "build": (
                "The package index has no '{0}' for the base image's Python: check its name and version, or "
                "choose the base image of your kernel's Python with --base."
            ),
        },
    ),
    Cause(
        kind="python",
        patterns=(r"Python[ >=<\d.,*]+ and .*depends on Python|does not satisfy Python|requested Python version",),
        message="A pinned version does not support the Python of the image.",
        hints={"lock": "Choose a base image with your own Python version: --base python:X.Y.Z-slim"},
    ),
    Cause(
        kind="wheel",
        patterns=(r"no wheels? with a matching|no (?:usable|compatible) wheels?",),
        message="A pinned version has no wheel for the image's platform.",
        hints={"lock": "Install a version that has one, or choose another platform."},
    ),
    Cause(
        kind="conflict",
        patterns=(r"unsatisfiable|No solution found",),
        message="The versions can't be installed together.",
        hints={
            "lock": (
                "Every version comes from your environment. Correct the requirement that uv names, or upgrade "
                "what it conflicts with."
            ),
        },
    ),
    Cause(
        kind="conflict",
        patterns=(
            r"(?i)because (?:all versions of )?(\S+) depends? on [^\n]*(?:\n[^\n]*){0,6}unsatisfiable",
            r"(?i)Cannot install (.{1,80}?) because these package versions have conflicting dependencies",
            r"(?i)(ResolutionImpossible)",
        ),
        hints={
            "build": (
                "The packages do not fit together ('{0}'): install versions here that `pip check` finds no fault"
                " with, and run again."
            ),
        },
    ),
    Cause(
        kind="python",
        patterns=(r"(?i)requires a different python", r"(?i)does not satisfy python"),
        hints={
            "build": (
                "A package does not support the base image's Python: choose the image of your kernel's Python "
                "with --base."
            ),
        },
    ),
)
