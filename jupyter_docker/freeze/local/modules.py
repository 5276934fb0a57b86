"""The user's own code: modules and packages beside or above the notebook, and what they import in turn."""

from __future__ import annotations

import os
import shlex
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from jupyter_docker.freeze.local.files import find_module, read_source
from jupyter_docker.freeze.local.package_files import left_behind, package_files
from jupyter_docker.freeze.local.roots import LocalRoots
from jupyter_docker.freeze.scan.imports import Import, Scan, scan_source
from jupyter_docker.freeze.scan.path_names import NO_PATHS, shared_paths
from jupyter_docker.gate import OUTSIDE, Project, admit_file
from jupyter_docker.values import Emit, LocalFile, MountArguments, Warned


@dataclass(frozen=True, kw_only=True)
class LocalCode:
    """The files to copy, in the order of their targets, and the imports (the notebook's and theirs) from elsewhere.

    ``scans`` are of those files that run; ``paths`` are the folders of the image that must be on its PYTHONPATH;
    ``path_names`` are the paths that the files define, by name.
    """

    files: tuple[LocalFile, ...]
    imports: tuple[Import, ...]
    scans: tuple[Scan, ...] = ()
    paths: tuple[PurePosixPath, ...] = ()
    path_names: Mapping[str, str] = field(default_factory=dict)


def find_local(
    scan: Scan,
    folder: Path,
    *,
    stdlib: frozenset[str],
    path: Sequence[Path] = (),
    is_installed: Callable[[Import], bool],
    links: Sequence[Path] = (),
    project: Project | None = None,
    start: Path = Path(),
    emit: Emit,
) -> LocalCode:
    """Return what of the notebook's imports is the user's own, as Python would find it, and the rest.

    A module in ``folder``, the notebook's, goes before an installed one, as ``sys.path[0]`` does, but not before the
    standard library; a folder without ``__init__.py``, and what only ``path`` (``sys.path``) has, count only where
    nothing of the name is installed. ``links`` are the folders of editable installs: what is copied from there counts
    as installed as well. What is said of mounts is written for ``start``. What the notebook names outside of its
    ``project`` is left out, and said.
    """
    bounds = project or Project.of(folder)
    roots = LocalRoots(bounds, path, links)
    search = _Search(
        roots, stdlib, is_installed, MountArguments(folder=folder, start=start, workdir=bounds.workdir), emit
    )
    search.add_roots(scan, "the notebook")
    for each in scan.imports:
        search.follow(each)
    path_names = search.share_paths()
    files = sorted(search.files.values(), key=lambda file: str(file.target))
    return LocalCode(
        files=tuple(files),
        imports=tuple(search.elsewhere),
        scans=tuple(search.scans),
        paths=tuple(sorted(roots.used)),
        path_names=path_names,
    )


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A local file that runs: its text, its name, and where it lies as seen from the notebook."""

    text: str
    where: str
    file: str

    def scan(self, shared: Mapping[str, str] = NO_PATHS) -> Scan | None:
        return scan_source(self.text, where=self.where, file=self.file, shared=shared)

    @property
    def module(self) -> str:
        """The last part of its name in an import."""
        path = PurePosixPath(self.where)
        return path.parent.name if path.name == "__init__.py" else path.stem


def _parts(scan: Scan) -> set[str]:
    """Return the names that the imports are made of: of packages, modules and what is in them."""
    return {part for each in scan.imports for candidate in each.candidates for part in candidate.split(".")}


class _Search:
    """The way through the user's files: what was copied and read so far.

    The roots of an import are the folders where it may start: the notebook's, and first that of a ``%run`` script.
    """

    def __init__(
        self,
        roots: LocalRoots,
        stdlib: frozenset[str],
        is_installed: Callable[[Import], bool],
        mount_arguments: MountArguments,
        emit: Emit,
    ) -> None:
        self._roots, self._stdlib, self._is_installed, self._emit = roots, stdlib, is_installed, emit
        self._mount_arguments = mount_arguments
        self._folder = roots.folder
        self._read: set[Path] = set()
        self.files: dict[Path, LocalFile] = {}
        self.elsewhere: list[Import] = []
        self.scans: list[Scan] = []
        self._sources: list[_Source] = []

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
                if not files or roots[0] == self._roots.linked.root_of(found.top):
                    self.elsewhere.append(found)
            for file in files:
                pending += [(each, roots) for each in self._imports(file, roots[0], found)]

    def add_roots(self, scan: Scan, where: str) -> None:
        """Add the folders that a source puts on ``sys.path``, or goes to; ``where`` is the source."""
        for path, problem in self._roots.add(scan.paths, scan.last_paths):
            option = self._project_option(self._folder / path)
            hint = f"If it belongs to the notebook, name the folder of both: {option}" if problem == OUTSIDE else ""
            self._warn(f"'{path}', which {where} imports from, {problem}, so nothing is copied from there.", hint)

    def _project_option(self, path: Path) -> str:
        """Return the option that makes ``path`` the notebook's own: the folder that holds both is its project."""
        both = os.path.commonpath([self._folder, os.path.realpath(path)])
        return f"--project {shlex.quote(self._mount_arguments.source(os.path.relpath(both, self._folder)))}"

    def share_paths(self) -> dict[str, str]:
        """Read those files again that can have a path from others, with what these define; return that."""
        shared: dict[str, str] = {}
        while (found := shared_paths((scan.path_names for scan in self.scans), self._folder)).keys() - shared.keys():
            shared = found
            pairs = list(zip(self._sources, self.scans, strict=True))
            defining = {source.module for source, scan in pairs if shared.keys() & scan.path_names.keys()}
            self.scans = [(source.scan(shared) or scan) if defining & _parts(scan) else scan for source, scan in pairs]
        return shared

    def _script(self, found: Import) -> tuple[list[Path], tuple[Path, ...]]:
        path = Path(os.path.normpath(self._folder / found.path))
        target = self._target_of_script(path, found.path)
        if path.is_file() and target is not None and self._admit(path, target, found):
            return [path], (path.parent, self._folder)
        hint = "Move it beside the notebook."
        if path.is_file():
            hint += f" Or, if it belongs to the notebook, name the folder of both: {self._project_option(path)}"
        self._warn(
            f"{found.location}: '{found.path}' is not a file in the notebook's folder, so it is not copied.", hint
        )
        return [], (self._folder,)

    def _target_of_script(self, path: Path, named: str) -> PurePosixPath | None:
        """Return where the image has a script that is run by its path; None where nothing can be put there."""
        if path.is_relative_to(self._folder):
            return PurePosixPath(path.relative_to(self._folder))
        return None if Path(named).is_absolute() else self._roots.project.target(named)

    def _modules(self, found: Import, roots: tuple[Path, ...]) -> tuple[list[Path], tuple[Path, ...]]:
        """Return the files that the import runs, copied, and the roots where it was found."""
        installed = self._is_installed(found)
        after = [] if installed else self._roots.after_installed()
        link = self._roots.linked.root_of(found.top) if installed else None
        for root in (*self._roots.before_installed(roots), *after, *filter(None, [link])):
            files = [file for name in found.candidates for file in find_module(root, name)]
            files = [file for file in dict.fromkeys(files) if self._roots.holds(file, root)]
            package = root / found.top
            regular = (package / "__init__.py").is_file()
            if files and (regular or not package.is_dir() or not installed):
                for file in files:
                    self._roots.use(root, file)
                    self._copy(file, root, found)
                if regular:
                    self._copy_package(package, root, found)
                return files, (root,)
        return [], roots

    def _copy(self, path: Path, root: Path, found: Import) -> None:
        self._admit(path, self._roots.target(path, root), found, trusted=self._roots.trusted(root))

    def _admit(self, path: Path, target: PurePosixPath, found: Import, trusted: Path | None = None) -> bool:
        file = admit_file(path, self._roots.project, target=target, why=found.why, root=trusted)
        if file is not None:
            self.files.setdefault(path, file)
        return file is not None

    def _copy_package(self, package: Path, root: Path, found: Import) -> None:
        if package / "__init__.py" in self._read:
            return
        files = package_files(package)
        for path in files.copied:
            self._copy(path, root, found)
        if files.left:
            self._emit(left_behind(files.left, root, self._roots, self._mount_arguments))

    def _imports(self, path: Path, root: Path, reason: Import) -> Iterator[Import]:
        """Yield what the file imports, relative imports made absolute from ``root``; nothing the second time."""
        if path in self._read:
            return
        self._read.add(path)
        name = str(path.relative_to(self._folder if path.is_relative_to(self._folder) else root))
        text = read_source(path) if path.suffix in (".py", ".ipy", ".ipynb") else ""
        source = None if text is None else _Source(text=text, where=name, file=self._roots.seen(path, root))
        found = source.scan() if source else None
        if source is None or found is None:
            hint = "Correct it and freeze again."
            self._warn(f"'{name}' does not parse, so what it imports is not frozen.", hint=hint)
            return
        self._sources.append(source)
        self.scans.append(found)
        self.add_roots(found, name)
        package = path.relative_to(root).parent.parts
        for each in found.imports:
            module = each.module
            if each.level > len(package):
                continue
            if each.level:
                module = ".".join([*package[: len(package) - each.level + 1], *filter(None, [each.module])])
            optional, deferred = each.optional or reason.optional, each.deferred or reason.deferred
            yield replace(each, module=module, level=0, optional=optional, deferred=deferred)

    def _warn(self, message: str, hint: str = "") -> None:
        self._emit(Warned(step="freeze", message=message, hint=hint))
