"""Files that the code reads and writes: the paths and the URLs of databases in its calls, as far as text tells them."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, takewhile
from typing import Literal, TypeAlias

from jupyter_docker.freeze.scan.climbing import Climbing
from jupyter_docker.freeze.scan.magics import Magic, read_magic, written_path
from jupyter_docker.freeze.scan.path_names import NO_PATHS, PathNames
from jupyter_docker.freeze.scan.path_values import path_value
from jupyter_docker.freeze.scan.source_location import SourceLocation
from jupyter_docker.freeze.scan.working_folder import WorkingFolder

_DATABASE_URL = re.compile(r"\s*(?:sqlite|duckdb)(?:\+\w+)?:///(?!:memory:|file:)([^?\s][^?]*)(?:\?.*)?")
_MAX_DEPTH = 20


def database_files(arguments: Iterable[ast.expr], names: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the paths in URLs of databases among ``arguments``; ``names`` are what variables stand for."""
    for each in arguments:
        if found := _DATABASE_URL.fullmatch(_composed_text(each, names) or ""):
            yield posixpath.normpath(found[1].strip())


def databases_of_magic(line: str) -> Iterator[str]:
    """Yield those that the words of a magic name, as ``%sql sqlite:///shop.db`` does."""
    for word in line.split():
        if found := _DATABASE_URL.fullmatch(word):
            yield posixpath.normpath(found[1])


def _composed_text(node: ast.expr, names: Mapping[str, ast.expr], depth: int = 0) -> str | None:
    """Return the text as it is written, with the paths that stand for a part of it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.FormattedValue):
        return _composed_text(node.value, names, depth)
    if isinstance(node, ast.Name) and node.id in names and depth < _MAX_DEPTH:
        return _composed_text(names[node.id], names, depth + 1)
    parts = _parts(node)
    if not parts or depth > _MAX_DEPTH:
        return path_value(node, names)
    texts = [_composed_text(part, names, depth + 1) for part in parts]
    return None if None in texts else "".join(filter(None, texts))


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return node.values
    return [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else []


_ASKS = frozenset({"exists", "is_file", "isfile"})
_URL = re.compile(r"(?:https?|ftp)://[^\s?#]+/([\w.-]+\.[A-Za-z]\w{0,9})(?:[?#]\S*)?")


class Downloads:
    """Reads the calls of one namespace, in the order of its text: before one downloads, one asks what exists."""

    def __init__(self) -> None:
        self._asks = False

    def of_call(self, call: ast.Call, name: str) -> Iterator[str]:
        """Yield the file names that the URLs in a call of ``name`` end with."""
        self._asks = self._asks or name in _ASKS
        for each in call.args if self._asks else ():
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and (url := _URL.fullmatch(each.value)):
                yield url[1]


Access: TypeAlias = Literal["read", "write", "maybe"]

_READS = re.compile(
    r"read_(?!sql|gbq|clipboard|database)\w+|scan_\w+|load(?!s$)\w*|open_\w+|from_?file|genfromtxt|imread|listdir|scandir|walk|i?glob|rglob|iterdir|"
    r"ImageFolder|image_dataset_from_directory|flow_from_directory|VideoCapture|memmap"
)
_WRITES = re.compile(
    r"to_(?!datetime|numeric|timedelta|numpy|list|dict|records|string|period|timestamp|tensor|device|torch|frame|dense"
    r"|sparse|pandas|polars|arrow|dataframe)\w+|save\w*|dump|write_(?!row|table)\w+|sink_\w+|im(?:write|save)|mkdir|"
    r"makedirs|PdfPages|\w*Writer|tofile|urlretrieve|connect|download|extractall|FileHandler"
)
_OF_RECEIVER = frozenset(
    {"glob", "iterdir", "mkdir", "open", "read_bytes", "read_text", "rglob", "touch", "write_bytes", "write_text"}
)
_FOLDER_MAKERS = frozenset({"makedirs", "mkdir"})
_WITH_MODE = frozenset({"File", "TarFile", "ZipFile", "open"})
_MODE = re.compile(r"[rwaxbt+]{1,3}(?::\w*)?|r\||w\|")
_JOINS = frozenset({"Path", "PosixPath", "PurePath", "join", "joinpath"})
_COPIES = frozenset({"copy", "copy2", "copyfile", "copytree", "move", "rename", "replace", "unpack_archive"})
_FOLDERS = frozenset({"data_dir", "data_home", "directory", "folder", "image_dir", "root", "root_dir"})
_WILDCARD = re.compile(r"[*?\[]")
_LOOKS_LIKE_PATH = re.compile(r"[\w.][\w./ -]*(?:/|\.[A-Za-z]\w{0,9})[\w./ -]*")
_MAX_PATH = 300


@dataclass(frozen=True, kw_only=True)
class DataUse(SourceLocation):
    """One path, relative to the notebook's folder or absolute, and what is done to it.

    ``access`` is "maybe" where the call is not known: then the path counts as read if there is such a file. ``partial``
    is a folder of which the file's own name is not known; ``optional`` is what the code can do without. ``is_folder``
    is whether the call makes a folder, ``is_new`` whether it fails where the folder is there already. ``climbs`` is
    whether the code may have gone up from there before.
    """

    path: str
    access: Access
    partial: bool = False
    optional: bool = False
    is_folder: bool = False
    is_new: bool = False
    climbs: bool = False


class DataFinder:
    """Collects the uses of one namespace, in the order of its text."""

    def __init__(self, file: str = "", shared: Mapping[str, str] = NO_PATHS) -> None:
        self.names = PathNames(file, shared)
        self._names = self.names.values
        self._folder = WorkingFolder()
        self._downloads = Downloads()
        self._climbing = Climbing()
        self.found: list[tuple[DataUse, SourceLocation]] = []

    @property
    def signs(self) -> frozenset[str]:
        """The names that the code looks for on its way up."""
        return frozenset(self._climbing.signs)

    def visit(self, node: ast.AST, location: SourceLocation, *, optional: bool, called: bool = True) -> None:
        """Take the node at ``location``, parents before children; ``called`` is whether it surely runs."""
        if self._climbing.visit(node):
            return
        self.names.visit(node)
        if self._folder.visit(node, self._names):
            self.found.append(
                (DataUse(path=self._folder.here, access="read", partial=True, optional=optional), location)
            )
        elif isinstance(node, ast.Call):
            for name in self._downloads.of_call(node, _called(node)):
                self.found.append((DataUse(path=self._from_here(name), access="read", optional=True), location))
            for path, access, partial in self._of_call(node):
                use = DataUse(
                    path=path,
                    access=access,
                    partial=partial,
                    optional=optional or not called,
                    is_folder=_called(node) in _FOLDER_MAKERS,
                    is_new=_called(node) in _FOLDER_MAKERS and not optional and not _may_exist(node),
                    climbs=bool(self.signs),
                )
                self.found.append((use, location))

    def _of_call(self, call: ast.Call) -> Iterator[tuple[str, Access, bool]]:
        name = _called(call)
        if magic := read_magic(call):
            yield from self._of_magic(magic)
        if name in ("run_line_magic", "run_cell_magic", "print"):
            return
        databases = [self._from_here(each) for each in database_files(_arguments(call), self._names)]
        given = [(each, found) for each in _arguments(call) if (found := _path(each, self._names))]
        paths = [(self._folder.path(each, path), partial) for each, (path, partial) in given]
        if name in _COPIES and _of_system(call.func) and len(paths) > 1:
            yield (*paths[0][:1], "read", paths[0][1])
            yield (*paths[1][:1], "write", paths[1][1])
            return
        access = _access(name, call)
        if name == "connect":
            databases += [path for path, partial in paths[:1] if not partial]
        yield from self._filled(databases)
        receiver = call.func.value if isinstance(call.func, ast.Attribute) and name in _OF_RECEIVER else None
        of = self._path(receiver) if receiver is not None else None
        if of and access != "maybe":
            yield of[0], access, of[1]
        elif access == "maybe":
            likely = [bool(_LOOKS_LIKE_PATH.fullmatch(path)) for _, (path, _) in given]
            yield from ((path, access, partial) for path, partial in compress(paths, likely))
            folders = [self._path(each.value) for each in call.keywords if each.arg in _FOLDERS]
            yield from ((each[0], "read", True) for each in folders if each)
        elif paths:
            yield paths[0][0], access, paths[0][1]

    def _of_magic(self, magic: Magic) -> Iterator[tuple[str, Access, bool]]:
        """Yield what ``%%writefile`` writes to a folder; a module beside the notebook is written anew in each run."""
        yield from self._filled([self._from_here(each) for each in databases_of_magic(magic.line)])
        written = written_path(magic)
        path = self._from_here(written)
        if written and posixpath.dirname(path) and not written.startswith("~"):
            yield path, "write", False

    def _filled(self, databases: Iterable[str]) -> Iterator[tuple[str, Access, bool]]:
        """Yield files that have been filled before, or are made."""
        for each in databases:
            yield from ((each, "read", False), (each, "write", False))

    def _from_here(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._folder.here, path))

    def _path(self, node: ast.expr) -> tuple[str, bool] | None:
        found = _path(node, self._names)
        return (self._folder.path(node, found[0]), found[1]) if found else None


def _access(name: str, call: ast.Call) -> Access:
    if name in _WITH_MODE:
        modes = [each.value for each in _arguments(call) if isinstance(each, ast.Constant)]
        mode = next((text for text in modes if isinstance(text, str) and _MODE.fullmatch(text)), "r")
        return "write" if set(mode) & set("wax+") else "read"
    if _WRITES.fullmatch(name) or name in ("touch", "write_text", "write_bytes"):
        return "write"
    return "read" if _READS.fullmatch(name) else "maybe"


def _may_exist(call: ast.Call) -> bool:
    return any(each.arg == "exist_ok" and ast.unparse(each.value) == "True" for each in call.keywords)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords)]


def _path(node: ast.expr, names: Mapping[str, ast.expr]) -> tuple[str, bool] | None:
    """Return the path, without what follows a wildcard, and whether something of it is not known."""
    constant = path_value(node, names)
    path = constant if constant is not None else _beginning(node, names)
    if not path or len(path) > _MAX_PATH or "\n" in path or "://" in path or path.startswith(("~", "http:", "https:")):
        return None
    wild = _WILDCARD.search(path)
    if wild:
        path = posixpath.dirname(path[: wild.start()])
    return (posixpath.normpath(path or "."), constant is None or bool(wild))


def _beginning(node: ast.expr, names: Mapping[str, ast.expr]) -> str | None:
    """Return the folder that an expression begins with: ``data`` of ``DATA / name`` and of ``f"data/{name}.csv"``."""
    if isinstance(node, ast.Name) and node.id in names and not isinstance(names[node.id], ast.Name):
        return _beginning(names[node.id], {key: value for key, value in names.items() if key != node.id})
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return path_value(node.left, names) or _beginning(node.left, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _folder(_text(node.left, names))
    if isinstance(node, ast.JoinedStr):
        known = ""
        for part in node.values:
            text = _text(part.value if isinstance(part, ast.FormattedValue) else part, names)
            known += text or ""
            if text is None:
                break
        return _folder(known)
    if isinstance(node, ast.Call) and _called(node) in _JOINS:
        receiver = [node.func.value] if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath" else []
        parts = [path_value(each, names) for each in (*receiver, *node.args)]
        beginning = [*takewhile(bool, parts)]
        return posixpath.join(*map(str, beginning)) if beginning else None
    return None


def _of_system(function: ast.expr) -> bool:
    """Whether it is a function of ``os`` or ``shutil``: texts and frames have some of the same name."""
    return isinstance(function, ast.Name) or ast.unparse(function).startswith(("os.", "shutil."))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.expr, names: Mapping[str, ast.expr]) -> str | None:
    """Return the text of a constant, or of a variable that is one; a path without its last slash."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    return path_value(node, names)


def _folder(text: str | None) -> str | None:
    return posixpath.dirname(text) or None if text else None
