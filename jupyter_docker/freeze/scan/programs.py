"""Programs that the code starts: shell lines, the cells of shells, and calls of ``subprocess`` and ``os.system``."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from jupyter_docker.freeze.scan.source_location import SourceLocation

_SHELLS = frozenset({"bash", "sh", "script", "sx", "system", "!", "zsh"})
_SHELL_CALLS = frozenset({"getoutput", "getstatusoutput", "popen", "system"})
_LIST_CALLS = frozenset({"Popen", "call", "check_call", "check_output", "run", "create_subprocess_exec"})
_PREFIXES = frozenset({"env", "exec", "nice", "nohup", "sudo", "time", "xargs"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")
_PYTHON = re.compile(r"(?:\S*/)?python[\d.]*|\{?\$?\{?sys\.executable\}?")


@dataclass(frozen=True, kw_only=True)
class Program(SourceLocation):
    """A program by its name, or a ``module`` that is run with ``python -m``."""

    name: str = ""
    module: str = ""

    @property
    def why(self) -> str:
        """The program in words: "cell 3: !black"."""
        return f"{self.source}: {self.text or self.name or f'python -m {self.module}'}"


def find_programs(node: ast.AST) -> Iterator[Program]:
    """Yield the programs that a call starts, in order."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node.func)
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if name == "run_line_magic" and texts[:1] and texts[0] in _SHELLS:
        yield from programs_of(" ".join(texts[1:]))
    elif name == "run_cell_magic" and texts[:1] and texts[0] in _SHELLS:
        yield from programs_of(texts[-1])
    elif name in _SHELL_CALLS and texts:
        yield from programs_of(texts[0])
    elif name in _LIST_CALLS and node.args:
        yield from _started(node.args[0])


def programs_of(shell: str) -> Iterator[Program]:
    """Yield the programs of shell text; of what can't be read as such, the first word of each line."""
    for line in shell.replace("\\\n", " ").splitlines():
        for argv in _commands(line):
            yield from _program(argv)


def _started(command: ast.expr) -> Iterator[Program]:
    """Yield the program of ``["black", path]`` or ``"black x.py"``; sys.executable is Python."""
    if isinstance(command, ast.Constant) and isinstance(command.value, str):
        yield from programs_of(command.value)
    elif isinstance(command, ast.List | ast.Tuple):
        yield from _program([_text(each) for each in command.elts])


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return "python" if isinstance(node, ast.Attribute) and node.attr == "executable" else ""


def _commands(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split, argv = True, list[str]()
    try:
        for word in lexer:
            if set(word) <= set(";&|()"):
                yield argv
                argv = []
            else:
                argv.append(word)
    except ValueError:  # quotes that do not match, as of a text over several lines
        argv = line.split()
    yield argv


def _program(argv: list[str]) -> Iterator[Program]:
    while argv and (argv[0] in _PREFIXES or _ASSIGNMENT.fullmatch(argv[0])):
        argv = argv[1:]
    if not argv:
        return
    if _PYTHON.fullmatch(argv[0]) and argv[1:2] == ["-m"] and len(argv) > 2:  # noqa: PLR2004
        yield Program(module=argv[2])
    elif argv[0]:
        name = argv[0].rpartition("/")[2]
        yield Program(name=name)
        if name == "jupyter" and argv[1:] and not argv[1].startswith("-"):  # it starts a program of that name
            yield Program(name=f"jupyter-{argv[1]}")


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
