"""Install lines (``%pip install``, ``!conda install`` …) → the requirements in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIP = re.compile(r"(?:\S*/)?pip(?:3(?:\.\d+)?)?")
_PYTHON = re.compile(r"(?:\S*/)?python(?:3(?:\.\d+)?)?|\{sys\.executable\}|\$\{?sys\.executable\}?")
_CONDA = {"conda", "mamba", "micromamba"}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")
# "> log.txt", "2>&1", "&>/dev/null"; but not the ">=1.2" of a requirement that was left unquoted
_REDIRECTION = re.compile(r"(?<=\s)(?:\d|&)?>{1,2}\s*(?:&\d|(?![=\d])[^\s;&|]+)")
_VARIABLE = re.compile(r"[{$`]")
_INDEX = {"-i", "--index-url", "--extra-index-url", "--index", "--default-index", "-f", "--find-links"}
_FILE = {"-r", "--requirement", "--requirements", "--file"}
_EDITABLE = {"-e", "--editable"}
_WITH_VALUE = _INDEX | {
    "-t", "--target", "--platform", "--python-version", "--implementation", "--abi", "--root", "--prefix", "--src",
    "--upgrade-strategy", "--progress-bar", "--trusted-host", "--cert", "--client-cert", "--proxy", "--retries",
    "--timeout", "--default-timeout", "--exists-action", "--cache-dir", "--log", "--no-binary", "--only-binary", "-C",
    "--config-settings", "--global-option", "--report", "--use-feature", "--use-deprecated", "--root-user-action",
    "--keyring-provider", "--python", "-p", "--link-mode", "-c", "--constraint", "-P", "--upgrade-package",
}  # fmt: skip
_CONDA_WITH_VALUE = {"-n", "--name", "-p", "--prefix", "-c", "--channel", "--solver", "--platform", "--subdir"}
_CONDA_ITSELF = {"python", "pip", "conda", "mamba"}
_CONDA_SPEC = re.compile(r"(?:\S+::)?(?P<name>[\w.-]+)(?P<extras>\[[^\]]*\])?\s*(?P<rest>.*)")


@dataclass(kw_only=True)
class Install:
    """What an install line asks for: requirements, files of them, and whether it named an index.

    ``conda`` are those that conda installs. ``alone`` is False where the line does something else too; ``variable``
    holds words that only the run can tell.
    """

    requirements: list[str] = field(default_factory=list)
    conda: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    variable: list[str] = field(default_factory=list)
    index: bool = False
    alone: bool = True


def parse_install(text: str) -> Install | None:
    """Return what ``text``, a line that starts with ``%`` or ``!``, installs; None where it installs nothing."""
    line = text.lstrip("!%") if text[:1] == "!" else text[1:]
    install, found = Install(), False
    for separator, argv in _commands(line):
        arguments = _install_arguments(argv)
        if arguments is not None:
            found = True
            conda, rest = arguments
            _read_arguments(install, rest, conda=conda)
        elif argv and separator != "|":
            install.alone = False
    return install if found else None


def _commands(line: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a shell line, each with the operator before it; nothing where its quotes do not match."""
    lexer = shlex.shlex(_REDIRECTION.sub("", line), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split, lexer.commenters = True, ""
    separator, argv = "", list[str]()
    try:
        for word in lexer:
            if word.startswith("#"):
                break
            if set(word) <= set(";&|"):
                yield separator, argv
                separator, argv = word, []
            else:
                argv.append(word)
    except ValueError:
        return
    yield separator, argv


def _install_arguments(argv: list[str]) -> tuple[bool, list[str]] | None:
    """Return whether it is conda and what follows ``install``; None for any other command."""
    while argv and (argv[0] == "sudo" or _ASSIGNMENT.fullmatch(argv[0])):
        argv = argv[1:]
    if len(argv) > 2 and _PYTHON.fullmatch(argv[0]) and argv[1] == "-m":  # noqa: PLR2004
        argv = argv[2:]
    tool, rest = (argv[0], argv[1:]) if argv else ("", [])
    if tool == "uv" and rest[:1] == ["pip"]:
        tool, rest = "pip", rest[1:]
    while rest and rest[0].startswith("-"):
        rest = rest[1:]
    verb = rest[0] if rest else ""
    if (verb == "install" and (_PIP.fullmatch(tool) or tool in _CONDA)) or (tool, verb) == ("uv", "add"):
        return tool in _CONDA, rest[1:]
    return None


def _read_arguments(install: Install, argv: list[str], *, conda: bool) -> None:
    if "-" in argv:  # "- q": pip and conda refuse the whole line
        return
    with_value = _CONDA_WITH_VALUE if conda else _WITH_VALUE
    rest = iter(argv)
    for word in rest:
        option, has_value, value = word.partition("=")
        if not word.startswith("-"):
            _read_requirement(install, word, conda=conda)
        elif option in _FILE or (option in _EDITABLE and not conda):
            value = value if has_value else next(rest, "")
            if option in _FILE:
                install.files.append(value)
            else:
                install.requirements.append(f"-e {value}")
        elif word.startswith("-r") and not conda:
            install.files.append(word[2:])
        elif option in with_value:
            install.index |= option in _INDEX and not conda
            if not has_value:
                next(rest, "")


def _read_requirement(install: Install, word: str, *, conda: bool) -> None:
    if _VARIABLE.search(word):
        install.variable.append(word)
    elif not conda:
        install.requirements.append(word)
    elif requirement := conda_requirement(word):
        install.conda.append(requirement)


def conda_requirement(spec: str) -> str:
    """Return a conda spec as pip writes it: ``numpy=1.26`` is ``numpy==1.26.*``; empty for what is no library."""
    match = _CONDA_SPEC.fullmatch(spec)
    if match is None or match["name"] in _CONDA_ITSELF:
        return ""
    name, rest = match["name"] + (match["extras"] or ""), match["rest"].replace(" ", "")
    if rest.startswith("=") and not rest.startswith("=="):
        version, _, build = rest[1:].partition("=")
        plain = version.removesuffix("*").removesuffix(".")
        return f"{name}=={plain}" if build else f"{name}=={plain}.*"
    return f"{name}=={rest}" if rest[:1].isdigit() else name + rest
