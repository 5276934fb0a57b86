"""The folders that the user's own modules are imported from, and where in the image what is found there goes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from jupyter_docker.freeze.local.files import read_source
from jupyter_docker.gate import Project, file_refusal
from jupyter_docker.values import IMPORT_FOLDER

_COMPILED = frozenset({".c", ".cpp", ".pyd", ".pyx", ".rs", ".so"})


class LinkedPackages:
    """Those that look for data from their own place, ``__file__``: a wheel of them would look in the wrong one."""

    def __init__(self, links: Iterable[Path], project: Project) -> None:
        roots = [root for each in links if each.is_relative_to(project.root) for root in (each, each / "src")]
        self.roots = [root for root in roots if not root.is_relative_to(project.folder)]  # which has its place anyhow
        self._known: dict[str, Path | None] = {}

    def root_of(self, name: str) -> Path | None:
        """Return the folder that such a package is imported from; None for another, and for one that is compiled."""
        if name not in self._known:
            self._known[name] = next((root for root in self.roots if _looks_from_itself(root / name)), None)
        return self._known[name]


def _looks_from_itself(package: Path) -> bool:
    if not (package / "__init__.py").is_file():
        return False
    files = list(package.rglob("*"))
    return not any(file.suffix in _COMPILED for file in files) and any("__file__" in each for each in _sources(files))


def _sources(files: Iterable[Path]) -> Iterator[str]:
    return (read_source(file) or "" for file in files if file.suffix == ".py")


_INSTALLED = frozenset({"dist-packages", "lib-dynload", "site-packages"})


class LocalRoots:
    """The notebook's folder first, then what the code adds (`add`), and last what the environment has (PYTHONPATH).

    What the code puts at the end of ``sys.path`` comes behind what is installed, as the environment's folders do.
    What the notebook's project has outside of its folder keeps its place in the project, so that a module finds the
    project's data by its ``__file__``. All else goes to one folder of the image, since no path of this machine means
    anything there. ``used`` are the folders of the image that have to be on its PYTHONPATH; ``linked`` are installed
    packages that count as modules of the project, too.
    """

    def __init__(self, project: Project, path: Sequence[Path], links: Iterable[Path] = ()) -> None:
        self.project, self.folder = project, project.folder
        self.linked = LinkedPackages(links, project)
        self._added: list[Path] = []
        self._last: list[Path] = []
        self._refused: set[Path] = set()
        self._of_environment = [each for each in _resolved(path, self.folder) if _is_users(each, self.folder)]
        self.used: dict[PurePosixPath, None] = {}

    def add(self, paths: Iterable[str], last: Collection[str]) -> Iterator[tuple[str, str]]:
        """Add folders, relative to the notebook's; those in ``last`` behind what is installed.

        Yields those that the notebook may not have, each once and with why.
        """
        for each in paths:
            roots = self._last if each in last else self._added
            new = _resolved([self.folder / each], self.folder)
            if not self._refused.isdisjoint(new):
                continue
            if set(new) - set(self._of_environment) and (problem := self.project.refusal(each)):
                self._refused.update(new)
                yield each, problem
                continue
            roots += [root for root in new if root not in roots and not _INSTALLED & set(root.parts)]

    def before_installed(self, first: Sequence[Path]) -> list[Path]:
        """Return the roots that go before what is installed: ``first``, which are of the notebook, and the added."""
        return list(dict.fromkeys([*first, *self._added]))

    def after_installed(self) -> list[Path]:
        """Return the roots that count only where nothing installed has the name."""
        return [*self._last, *self._of_environment]

    def holds(self, path: Path, root: Path) -> bool:
        """Whether the file, found from ``root``, may be copied."""
        return not file_refusal(path, self.project, root=self.trusted(root))

    def trusted(self, root: Path) -> Path | None:
        """Return ``root`` where it is the environment's, as a person set it up; None where the notebook named it."""
        own = [*self._of_environment, *self.linked.roots]
        return root if root in own and root not in (self.folder, *self._added, *self._last) else None

    def target(self, path: Path, root: Path) -> PurePosixPath:
        """Return where a file that was found from ``root`` goes: relative to the notebook's folder, or absolute."""
        if not self._is_outside(root):
            return PurePosixPath(path.relative_to(self.folder))
        if root.is_relative_to(self.project.root):
            return self.project.target(self._way(path))
        return IMPORT_FOLDER / path.relative_to(root)

    def seen(self, path: Path, root: Path) -> str:
        """Return the way from the notebook to a file that was found from ``root``; empty if the image has another."""
        way = self._way(path)
        return way if self.project.target(self.target(path, root)) == self.project.target(way) else ""

    def use(self, root: Path, path: Path) -> None:
        """Take note that ``path`` is imported from ``root``."""
        if self._is_outside(root):
            levels = len(path.relative_to(root).parts)
            self.used[self.target(path, root).parents[levels - 1]] = None
        elif root in (*self._added, *self.after_installed()) and root != self.folder:
            self.used[self.project.workdir / root.relative_to(self.folder)] = None

    def _way(self, path: Path) -> str:
        return os.path.relpath(path, self.folder)

    def _is_outside(self, root: Path) -> bool:
        return not root.is_relative_to(self.folder)


def _resolved(folders: Iterable[Path], notebook: Path) -> list[Path]:
    found = (Path(os.path.realpath(each)) for each in folders)
    return [each for each in dict.fromkeys(found) if each != notebook and each.is_dir()]


def _is_users(folder: Path, notebook: Path) -> bool:
    """Whether a folder of ``sys.path`` is the user's: neither the standard library nor what pip installs into."""
    return not _INSTALLED & set(folder.parts) and not (folder / "os.py").exists() and folder != notebook
