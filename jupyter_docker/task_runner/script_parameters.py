"""Parameters of a notebook's script: what its cell tagged ``parameters`` sets, and values for them from outside.

It is copied into the image, so it needs the standard library of Python 3.9 alone; the host reads scripts by it too.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

PARAMETERS_TAG, INJECTED_TAG = "parameters", "injected-parameters"
VALUES_VARIABLE = "CONTAINERIZE_PARAMETERS"
TABLE_VARIABLE = "CONTAINERIZE_TABLE"
# The engine's own index of a task in its array; ours first, so that it can be set where an engine's counts otherwise.
# https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/, https://slurm.schedmd.com/job_array.html,
# https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html,
# https://cloud.google.com/run/docs/container-contract#jobs-env-vars
INDEX_VARIABLES = (
    "CONTAINERIZE_TASK_INDEX",
    "JOB_COMPLETION_INDEX",
    "SLURM_ARRAY_TASK_ID",
    "AWS_BATCH_JOB_ARRAY_INDEX",
    "CLOUD_RUN_TASK_INDEX",
)
# A task of a sweep writes its record into a folder, named by its index, of the one that the first of these names. Files
# of the output folders (with colons) are its results, and so are the variables with these names (with commas), which
# the package in the zip file of the last one writes.
RECORD_VERSION = 1
RECORDS_VARIABLE = "CONTAINERIZE_RECORDS"
ATTEMPT_VARIABLE = "CONTAINERIZE_ATTEMPT"
HOST_VARIABLE = "CONTAINERIZE_HOST"
FOLDERS_VARIABLE = "CONTAINERIZE_OUTPUT_FOLDERS"
NAMES_VARIABLE = "CONTAINERIZE_OUTPUT_NAMES"
EXCHANGE_VARIABLE = "CONTAINERIZE_EXCHANGE"
EXCHANGE_PACKAGE = "_containerize_exchange"
_FENCE = re.compile(r"^# (%+) \[", re.MULTILINE)
_CONSTANTS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_TYPES = ("bool", "int", "float", "str", "list", "tuple", "dict", "set")


class ParameterError(ValueError):
    """A value that a script can't be given; ``hint`` says what to do. Both are for the person who gave it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class Part(NamedTuple):
    """A part of a script: ``line`` is that of its first line of source, from 1; ``tags`` follow its name."""

    name: str
    tags: tuple[str, ...]
    line: int
    source: str

    @property
    def end(self) -> int:
        """The last line of its source."""
        return self.line + self.source.count("\n")


class Parameter(NamedTuple):
    """A variable that the script's defaults set.

    ``default`` is Python source; ``type`` one of `_TYPES`, or empty where any value is taken; ``help`` is the comment
    beside it or above it.
    """

    name: str
    default: str
    type: str
    help: str


def read_parts(text: str) -> Iterator[Part]:
    """Yield the parts of a script in percent format.

    Its first marker line ``# %% [title] tags`` shows how many ``%`` all have; the exporter takes more where a cell has
    such a line itself. A blank line that belongs to no cell is before each marker but the first, and at the end.
    """
    fence = _FENCE.search(text)
    marker = rf"^# {fence[1]} \[([^\]\n]*)\](.*)\n" if fence else r"(?!)()()"
    before, *parts = re.split(marker, text, flags=re.MULTILINE)
    line = before.count("\n") + 1
    for title, tags, source in zip(parts[::3], parts[1::3], parts[2::3]):  # noqa: B905 (Python 3.9)
        yield Part(title, tuple(tags.split()), line + 1, source.removesuffix("\n").removesuffix("\n"))
        line += 1 + source.count("\n")


def source_line(lines: Sequence[str], line: int) -> int:
    """Return which of the cell's ``lines`` IPython means by ``line`` (both from 1).

    It leaves out the blank lines at the top, and counts the lines of a continued magic as one.
    """
    at = next((place for place, text in enumerate(lines) if text.strip()), 0)
    for _ in range(line - 1):
        continued = at < len(lines) and lines[at].lstrip().startswith(("%", "!"))
        while continued and lines[at].endswith("\\") and at + 1 < len(lines):
            at += 1
        at += 1
    return min(at + 1, len(lines))


def parameters_part(text: str) -> Part | None:
    """Return the script's first part tagged ``parameters``; None where there is none."""
    return next((part for part in read_parts(text) if PARAMETERS_TAG in part.tags), None)


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """Return the parameters of the script ``text``, in the order of their first assignment."""
    part = parameters_part(text)
    return () if part is None else cell_parameters(part.source)


def cell_parameters(source: str) -> tuple[Parameter, ...]:
    """Return the parameters that a cell sets; none where it is not Python."""
    if source.lstrip().startswith("%%"):
        return ()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # it has lines for IPython
        try:
            tree = ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE))
        except SyntaxError:
            return ()
    found: dict[str, Parameter] = {}
    lines = source.split("\n")
    for target, value, annotation in _assignments(tree.body):
        if target.id not in found and not target.id.startswith("_"):
            default = "" if value is None else _one_line(ast.unparse(value))
            kind = _annotated_type(annotation) or _type_of(value)
            found[target.id] = Parameter(target.id, default, kind, _comment(lines, target, value))
    return tuple(found.values())


def _assignments(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.Name, ast.expr | None, ast.expr | None]]:
    """Yield each name that ``body`` sets, also in the branches of its statements: target, value, annotation."""
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _targets(target, node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target, node.value, node.annotation
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for field in ("body", "orelse", "finalbody"):
                yield from _assignments(getattr(node, field, None) or ())


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.Name, ast.expr | None, None]]:
    if isinstance(target, ast.Name):
        yield target, value, None
    elif isinstance(target, (ast.Tuple, ast.List)):
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        for place, each in enumerate(target.elts):
            yield from _targets(each, values[place] if len(values) == len(target.elts) else None)


def _annotated_type(annotation: ast.expr | None) -> str:
    text = "" if annotation is None else ast.unparse(annotation).strip("'\"")
    name = text.partition("[")[0].rpartition(".")[2].lower()
    return name if name in _TYPES else ""


def _type_of(value: ast.expr | None) -> str:
    try:
        kind = type(ast.literal_eval(value)).__name__ if value is not None else ""
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ""
    return kind if kind in _TYPES else ""


def _comment(lines: Sequence[str], target: ast.expr, value: ast.expr | None) -> str:
    """Return the comment behind the assignment, else the one on the lines above it."""
    row = (value.end_lineno if value is not None else target.end_lineno) or 1
    column = (value.end_col_offset if value is not None else target.end_col_offset) or 0
    behind = lines[row - 1].encode()[column:].decode("utf-8", "replace")
    if re.match(r"[\s)\]};,]*#", behind):
        return behind.partition("#")[2].strip(" #")
    above: list[str] = []
    for line in reversed(lines[: target.lineno - 1]):
        if not line.lstrip().startswith("#"):
            break
        above.insert(0, line.strip(" #\t"))
    return " ".join(filter(None, above))


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004


def values_of(text: str, words: Sequence[str], variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that ``words`` and environment ``variables`` give the script's parameters.

    A row of a table gives way to the variable with JSON, that to files, and those to single values. Raises
    ParameterError for what the script has not, or does not take.
    """
    options = _Options(words)
    given: dict[str, Any] = {}
    table = options.table or variables.get(TABLE_VARIABLE, "")
    if table:
        given.update(read_row(table, options.index if options.index is not None else task_index(variables)))
    if variables.get(VALUES_VARIABLE):
        given.update(_json_object(variables[VALUES_VARIABLE], f"The variable {VALUES_VARIABLE}"))
    for file in options.files:
        given.update(read_values(file))
    known = {each.name: each for each in read_parameters(text)}
    values = {name: checked(known, name, value) for name, value in given.items()}
    values.update((name, from_text(known, name, word)) for name, word in options.values)
    return values


class _Options:
    """The words of a run: ``-P NAME=VALUE``, ``--parameters-file FILE``, ``--table FILE``, ``--index N``."""

    def __init__(self, words: Sequence[str]) -> None:
        self.values: list[tuple[str, str]] = []
        self.files: list[str] = []
        self.table = ""
        self.index: int | None = None
        rest = list(words)
        while rest:
            self._take(rest.pop(0), rest)

    def _take(self, word: str, rest: list[str]) -> None:
        option, has_value, value = word.partition("=")
        if word.startswith("-P") and word != "-P":
            option, has_value, value = "-P", "=", word[2:].removeprefix("=")
        if option not in ("-P", "--parameter", "--parameters-file", "--table", "--index"):
            raise ParameterError(f"'{word}' is not an option.", "--help lists what there is.")
        if not has_value:
            if not rest:
                raise ParameterError(f"'{word}' needs a value behind it.", "--help shows its form.")
            value = rest.pop(0)
        if option in ("-P", "--parameter"):
            self.values.append(split_value(value))
        elif option == "--parameters-file":
            self.files.append(value)
        elif option == "--table":
            self.table = value
        else:
            self.index = _number(value, "--index")


def split_value(word: str) -> tuple[str, str]:
    """Return the name and the text of ``NAME=VALUE``; raises ParameterError."""
    name, has_value, text = word.partition("=")
    if not has_value or not name.strip().isidentifier():
        raise ParameterError(f"'{word}' is not a parameter.", "Write NAME=VALUE, as in -P year=2024")
    return name.strip(), text


def task_index(variables: Mapping[str, str]) -> int:
    """Return which task this process is in its engine's array, from 0; raises ParameterError."""
    for name in INDEX_VARIABLES:
        if name in variables:
            return _number(variables[name], name)
    raise ParameterError("Which row of the table?", f"Give --index N, or set {INDEX_VARIABLES[0]}.")


def _number(text: str, what: str) -> int:
    if not text.strip().isdecimal():
        raise ParameterError(f"{what} is '{text}', not a number from 0.")
    return int(text)


def read_row(path: str, index: int) -> dict[str, Any]:
    """Return row ``index`` (from 0) of a table, as `read_rows` reads it. Raises ParameterError."""
    rows = _table(path)
    if not 0 <= index < len(rows):
        raise ParameterError(f"'{path}' has {len(rows)} rows, counted from 0: there is no row {index}.")
    return _row(rows[index], index, path)


def read_rows(path: str) -> list[dict[str, Any]]:
    """Return the rows of a table: JSON lines or a JSON list of objects, else CSV with a header.

    An empty field of CSV gives nothing, so the default holds. Raises ParameterError.
    """
    return [_row(row, index, path) for index, row in enumerate(_table(path))]


def _table(path: str) -> Sequence[Any]:
    """Return the rows, those of JSON lines as text: of a long table most are not asked for."""
    text = _read(path)
    if os.path.splitext(path)[1].lower() in (".csv", ".tsv"):
        dialect = "excel-tab" if path.lower().endswith(".tsv") else "excel"
        return [{name: _Text(field) for name, field in row.items() if field} for row in _csv_rows(text, dialect)]
    if text.lstrip().startswith("["):
        rows: Sequence[Any] = _json(text, f"'{path}'")
        return rows
    return [line for line in text.split("\n") if line.strip()]  # a value may hold what `splitlines` splits at


def _row(row: Any, index: int, path: str) -> dict[str, Any]:
    row = _json(row, f"Row {index} of '{path}'") if isinstance(row, str) else row
    if not isinstance(row, dict):
        raise ParameterError(f"Row {index} of '{path}' is not an object of names and values.")
    return row


class _Text(str):
    """A field of CSV: text that is read as the parameter's type asks."""

    __slots__ = ()


def _csv_rows(text: str, dialect: str) -> Iterator[Mapping[str, str]]:
    for row in csv.DictReader(io.StringIO(text, newline=""), dialect=dialect):
        if None in row:
            raise ParameterError("A row of the table has more fields than its header.")
        yield row


def read_values(path: str) -> dict[str, Any]:
    """Return the values of a file, JSON or, where the image has PyYAML, YAML. Raises ParameterError."""
    text = _read(path)
    if os.path.splitext(path)[1].lower() not in (".yaml", ".yml"):
        return _json_object(text, f"'{path}'")
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        raise ParameterError(f"'{path}' is YAML, which can't be read here.", "Write it as JSON.") from None
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ParameterError(f"'{path}' is not YAML: {_one_line(str(error))}") from None
    if not isinstance(values, dict):
        raise ParameterError(f"'{path}' holds no names and values.")
    return values


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise ParameterError(
            f"'{path}' can't be read: {reason}.", "Check the path; in a container, mount it."
        ) from None


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"{what} is not JSON: {error}") from None


def _json_object(text: str, what: str) -> dict[str, Any]:
    values = _json(text, what)
    if not isinstance(values, dict):
        raise ParameterError(f"{what} is not a JSON object of names and values.")
    return values


def from_text(known: Mapping[str, Parameter], name: str, text: str) -> Any:
    """Return the value that ``text`` means for the parameter ``name``; raises ParameterError.

    A text stays as it is where the default is text; else it is a Python literal, or true, false, null as in JSON.
    """
    parameter = _known(known, name)
    value = _literal(text)
    if parameter.type == "str":
        return value if isinstance(value, str) and text.strip()[:1] in "'\"" else text
    if parameter.type == "float" and isinstance(value, str):
        try:
            value = float(text)
        except ValueError:
            raise _mistyped(parameter, text) from None
    return _fitting(parameter, value, text)


def checked(known: Mapping[str, Parameter], name: str, value: Any) -> Any:
    """Return ``value``, which has a type already, as the parameter ``name`` takes it; raises ParameterError."""
    if isinstance(value, _Text):
        return from_text(known, name, str(value))
    return _fitting(_known(known, name), value, repr(value))


def _known(known: Mapping[str, Parameter], name: str) -> Parameter:
    if name in known:
        return known[name]
    near = nearest(name, known)
    there = f"It has {', '.join(known)}." if known else "Tag the cell that sets its defaults with 'parameters'."
    hint = f"Do you mean {near}? {there}" if near else there
    raise ParameterError(f"The notebook has no parameter '{name}'.", hint)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the name of ``known`` that ``name`` is most likely meant to be; empty where none is near."""
    folded = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.5)
    return folded[found[0]] if found else ""


def _literal(text: str) -> Any:
    stripped = text.strip()
    if stripped in _CONSTANTS:
        return _CONSTANTS[stripped]
    for read in (json.loads, ast.literal_eval):  # JSON first: its pairs of \\ud83d\\ude00 are one character
        try:
            return read(stripped)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
    return text


def _fitting(parameter: Parameter, value: Any, text: str) -> Any:
    """Return the value as the parameter's type: a whole number is a float too, a list also a tuple or a set."""
    kind = parameter.type
    if kind in ("", type(value).__name__) or value is None:
        return value
    if kind == "float" and type(value) is int:
        return float(value)
    if kind == "int" and isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    if kind in ("list", "tuple", "set") and isinstance(value, (list, tuple, set)):
        return {"list": list, "tuple": tuple, "set": set}[kind](value)
    raise _mistyped(parameter, text)


def help_text(name: str, text: str) -> str:
    """Return what ``--help`` of an image prints: the parameters of the script ``text``, and how values are given."""
    parameters = read_parameters(text)
    lines = [f"{name}: a notebook's script. Run as it is, or with other values for its parameters.", ""]
    lines += [line for each in parameters for line in _described(each)]
    lines += [""] if parameters else ["It has no parameters: no cell of the notebook is tagged 'parameters'.", ""]
    lines += [
        "  -P NAME=VALUE             set a parameter; repeatable",
        "  --parameters-file FILE    set those that a JSON file names (YAML, where the image can read it)",
        "  --table FILE --index N    set those of row N, from 0, of a CSV file or of JSON lines",
        f"  {VALUES_VARIABLE}    a variable with a JSON object of names and values",
        "  COMMAND …                 run that command in place of the script",
    ]
    return "\n".join(lines) + "\n"


def _described(parameter: Parameter) -> Iterator[str]:
    kind = f": {parameter.type}" if parameter.type else ""
    default = f" = {parameter.default}" if parameter.default else ""
    yield f"  {parameter.name}{kind}{default}" + (f"    {parameter.help}" if parameter.help else "")


_NOUNS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "list": "a list, such as [1, 2]",
    "tuple": "a list, such as [1, 2]",
    "set": "a list, such as [1, 2]",
    "dict": 'names and values, such as {"a": 1}',
}


def _mistyped(parameter: Parameter, text: str) -> ParameterError:
    default = f" (its default is {parameter.default})" if parameter.default else ""
    return ParameterError(f"The parameter '{parameter.name}' is {_NOUNS[parameter.type]}{default}, not '{text}'.")
