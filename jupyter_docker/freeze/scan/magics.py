"""Requirements of IPython's magics: modules, files to run, and the Python inside them.

Read from the calls that IPython's transform makes of them: ``get_ipython().run_line_magic("load_ext", "x")``.
"""

from __future__ import annotations

import ast
import getopt
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_RUN_OPTIONS = "nidtN:b:pD:l:rs:T:em:G"  # those of %run in IPython's core/magics/execution.py
_BUNDLED_EXTENSIONS = ("autoreload", "storemagic")  # they are part of IPython
_RUNS_ITS_LINE = frozenset({"debug", "lprun", "memit", "mprun", "prun", "time", "timeit"})
_RUNS_ITS_BODY = _RUNS_ITS_LINE | {"capture", "heat", "pyinstrument", "python", "python3", "scalene", "snakeviz"}
_USES_OPTIONALLY = {"matplotlib": ("matplotlib",)}
_USES = {"pylab": ("matplotlib", "numpy")}


@dataclass(frozen=True, kw_only=True)
class Magic:
    """A line or cell magic with its arguments; ``body`` is None for a line magic."""

    name: str
    line: str
    body: str | None = None


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a magic needs. ``written`` are the modules it writes; ``sources`` the Python inside, with lines above it."""

    modules: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    sources: tuple[tuple[str, int], ...] = ()


def read_magic(node: ast.Call) -> Magic | None:
    """Return the magic that the call runs, None where it is another call."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("run_line_magic", "run_cell_magic"):
        return None
    arguments = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    is_cell = node.func.attr == "run_cell_magic"
    if len(arguments) != (3 if is_cell else 2):
        return None
    return Magic(name=arguments[0], line=arguments[1], body=arguments[2] if is_cell else None)


def needs_of(magic: Magic) -> Needs:
    """Return what ``magic`` needs."""
    if path := written_path(magic):
        return _written(path, magic.body or "")
    if magic.name == "run":
        return _run(magic.line)
    sources = [(magic.body, 1)] if magic.body is not None and magic.name in _RUNS_ITS_BODY else []
    if magic.name in _RUNS_ITS_LINE:
        sources += [(text, 0) for text in _statement(magic.line)]
    extension = magic.line.strip() if magic.name in ("load_ext", "reload_ext") else ""
    loads = _is_dotted(extension) and extension not in _BUNDLED_EXTENSIONS
    return Needs(
        modules=((extension,) if loads else ()) + _USES.get(magic.name, ()),
        optional=_USES_OPTIONALLY.get(magic.name, ()),
        sources=tuple(sources),
    )


def without_magics(source: str) -> str:
    """Return the source as plain Python where magics and shell lines stand in it, for reading, with the same lines."""
    lines = re.sub(r"^(\s*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)
    return re.sub(r"^(\s*[\w., ]+=)\s*[%!].*$", r"\1 None", lines, flags=re.MULTILINE)


def written_path(magic: Magic) -> str:
    """Return the path of the file that ``magic`` writes its cell into; empty where it writes none."""
    arguments = _split_line(magic.line) if magic.name in ("writefile", "file") and magic.body is not None else []
    return arguments[-1] if arguments and not set("${") & set(arguments[-1]) else ""


def _written(path: str, body: str) -> Needs:
    if not path.endswith(".py") or path.startswith(("/", "..")):
        return Needs()
    parts = path.removeprefix("./").removesuffix(".py").removesuffix("/__init__").split("/")
    # In a folder, it is imported by its own name where the notebook puts the folder on sys.path.
    return Needs(written=tuple({".".join(parts), parts[-1]}), sources=((body, 1),))


def _run(line: str) -> Needs:
    arguments = _split_line(line)
    if "-m" in arguments:  # what follows the module is its own
        arguments = arguments[: arguments.index("-m") + 2]
    try:
        options, arguments = getopt.getopt(arguments, _RUN_OPTIONS)
    except getopt.GetoptError:
        return Needs()
    modules = tuple(value for option, value in options if option == "-m" and _is_dotted(value))
    if modules or not arguments or "$" in arguments[0] or "{" in arguments[0]:
        return Needs(modules=modules)
    path = arguments[0] if arguments[0].endswith((".py", ".ipy", ".ipynb")) else f"{arguments[0]}.py"
    return Needs(paths=(path,), optional=("nbformat",) if path.endswith(".ipynb") else ())


def _statement(line: str) -> Iterator[str]:
    """Yield the Python after the options of ``%timeit -n 10 …``."""
    arguments = line.strip()
    while arguments.startswith("-"):
        arguments = re.sub(r"^-\S*\s*(?:\d+\s+)?", "", arguments)
    if arguments:
        yield arguments


def _split_line(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
