"""The user's own code: modules and packages beside the notebook, and what they import in turn."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from jupyter_docker.events import Emit, Warned
from jupyter_docker.freeze.imports import Import, Scan, scan_source
from jupyter_docker.freeze.local_files import LARGEST_DATA, find_module, is_inside, package_files, read_source
from jupyter_docker.models import LocalFile


@dataclass(frozen=True, kw_only=True)
class LocalCode:
    """The files to copy, in the order of their targets, and the imports (the notebook's and theirs) from elsewhere.

    ``scans`` are of those files that run.
    """

    files: tuple[LocalFile, ...]
    imports: tuple[Import, ...]
    scans: tuple[Scan, ...] = ()


def find_local(
    imports: Iterable[Import],
    folder: Path,
    *,
    stdlib: frozenset[str],
    is_installed: Callable[[Import], bool],
    emit: Emit,
) -> LocalCode:
    """Return what of ``imports`` is beside the notebook, as Python would find it, and the rest.

    A module in ``folder`` goes before an installed one, as ``sys.path[0]`` does, but not before the standard library;
    a folder without ``__init__.py`` counts only where nothing of its name is installed.
    """
    search = _Search(folder.resolve(), stdlib, is_installed, emit)
    for each in imports:
        search.follow(each)
    files = sorted(search.files.values(), key=lambda file: str(file.target))
    return LocalCode(files=tuple(files), imports=tuple(search.elsewhere), scans=tuple(search.scans))


class _Search:
    """The way through the user's files: what was copied and read so far.

    The roots of an import are the folders where it may start: the notebook's, and first that of a ``%run`` script.
    """

    def __init__(
        self, folder: Path, stdlib: frozenset[str], is_installed: Callable[[Import], bool], emit: Emit
    ) -> None:
        self._folder, self._stdlib, self._is_installed, self._emit = folder, stdlib, is_installed, emit
        self._read: set[Path] = set()
        self.files: dict[Path, LocalFile] = {}
        self.elsewhere: list[Import] = []
        self.scans: list[Scan] = []

    def follow(self, first: Import) -> None:
        """Add the local files that ``first`` reaches, and what they import from elsewhere."""
        pending: deque[tuple[Import, tuple[Path, ...]]] = deque([(first, (self._folder,))])
        while pending:
            found, roots = pending.popleft()
            if found.path:
                files, roots = self._script(found)
            elif found.top in self._stdlib:
                continue
            else:
                files, roots = self._modules(found, roots)
                if not files:
                    self.elsewhere.append(found)
            for file in files:
                pending += [(each, roots) for each in self._imports(file, roots[0], found)]

    def _script(self, found: Import) -> tuple[list[Path], tuple[Path, ...]]:
        path = Path(os.path.normpath(self._folder / found.path))
        if path.is_file() and is_inside(path, self._folder):
            self._copy(path, found)
            return [path], (path.parent, self._folder)
        self._warn(f"{found.place}: '{found.path}' is not a file in the notebook's folder, so it is not copied.")
        return [], (self._folder,)

    def _modules(self, found: Import, roots: tuple[Path, ...]) -> tuple[list[Path], tuple[Path, ...]]:
        """Return the files that the import runs, copied, and the roots where it was found."""
        for root in roots:
            files = [file for name in found.candidates for file in find_module(root, name)]
            files = [file for file in dict.fromkeys(files) if is_inside(file, self._folder)]
            package = root / found.top
            regular = (package / "__init__.py").is_file()
            if files and (regular or not package.is_dir() or not self._is_installed(found)):
                for file in files:
                    self._copy(file, found)
                if regular:
                    self._copy_package(package, found)
                return files, (root,)
        return [], roots

    def _copy(self, path: Path, found: Import) -> None:
        target = PurePosixPath(path.relative_to(self._folder))
        self.files.setdefault(path, LocalFile(source=path, target=target, why=found.why))

    def _copy_package(self, package: Path, found: Import) -> None:
        if package / "__init__.py" in self._read:
            return
        for path, small in package_files(package):
            if small:
                self._copy(path, found)
            else:
                self._warn(
                    f"'{path.relative_to(self._folder)}' is over {LARGEST_DATA // 10**6} MB, so it is not copied.",
                    hint="Mount it where the code needs it: -v ./FILE:FILE:ro",
                )

    def _imports(self, path: Path, root: Path, reason: Import) -> Iterator[Import]:
        """Yield what the file imports, relative imports made absolute from ``root``; nothing the second time."""
        if path in self._read:
            return
        self._read.add(path)
        name = str(path.relative_to(self._folder))
        source = read_source(path) if path.suffix in (".py", ".ipy", ".ipynb") else ""
        found = None if source is None else scan_source(source, where=name)
        if found is None:
            hint = "Correct it and freeze again."
            self._warn(f"'{name}' does not parse, so what it imports is not frozen.", hint=hint)
            return
        self.scans.append(found)
        for each in found.imports:
            package = path.relative_to(root).parent.parts
            if each.level == 0:
                yield replace(each, optional=each.optional or reason.optional)
            elif each.level <= len(package):
                parts = [*package[: len(package) - each.level + 1], *filter(None, [each.module])]
                yield replace(each, module=".".join(parts), level=0)

    def _warn(self, message: str, hint: str = "") -> None:
        self._emit(Warned(step="freeze", message=message, hint=hint))
