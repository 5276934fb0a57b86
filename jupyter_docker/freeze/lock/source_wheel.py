"""A wheel of what is installed as a link to its source folder (``pip install -e``): its modules as they are imported.

No build backend is asked, since that runs the project's code: what the link says and the folder holds is enough.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.lock.installed_wheel import Installed, find_installed, packed_contents, write_contents
from jupyter_docker.freeze.lock.project_source import ProjectSource, read_project
from jupyter_docker.values import Distribution, Emit, LockError, PythonEnvironment

_LINK = re.compile(r".*\.pth|__editable__\w*_finder\.py")
_COMPILED = (".so", ".pyd")


@dataclass(frozen=True, kw_only=True)
class LinkedDistribution:
    """What is installed as a link: ``modules`` are where its top-level names are, ``source`` the files below those.

    ``info`` are the files of its .dist-info folder, by their name in a wheel, without WHEEL; ``tag`` is the wheel's.
    """

    stem: str
    modules: Mapping[str, Path]
    source: ProjectSource
    info: Mapping[str, bytes]
    tag: str

    @property
    def wheel_name(self) -> str:
        """The file's name."""
        return f"{self.stem}-{self.tag}.whl"

    def state(self) -> list[object]:
        """Return what changes when a file does."""
        info = {name: content.decode("latin-1") for name, content in self.info.items()}
        return [self.stem, self.tag, self.source.state(), info]

    def pack(self, wheel: Path) -> None:
        """Write the wheel."""
        contents = dict(self.info)
        contents[f"{self.stem}.dist-info/WHEEL"] = (
            f"Wheel-Version: 1.0\nGenerator: jupyter-containerize\nRoot-Is-Purelib: true\nTag: {self.tag}\n".encode()
        )
        for path in self.source.files:
            contents |= {name: path.read_bytes() for name in self._names(path)}
        write_contents(wheel, f"{self.stem}.dist-info", contents)

    def _names(self, path: Path) -> Iterator[str]:
        """Yield the names in the wheel of a file of the source."""
        for module, location in self.modules.items():
            if path == location:
                yield path.name
            elif path.is_relative_to(location):
                yield f"{module.replace('.', '/')}/{path.relative_to(location).as_posix()}"


def linked_distribution(
    distribution: Distribution, project: Path, environment: PythonEnvironment, emit: Emit
) -> LinkedDistribution:
    """Return what the link to the folder ``project`` stands for; raises LockError where that can't be told."""
    name = canonicalize_name(distribution.name)
    installed = find_installed(name, environment.path)
    locations = _linked(installed, distribution) if installed else _developed(project, distribution)
    modules = {module: location for module, location in locations.items() if _is_inside(location, project)}
    if not modules:
        raise _unknown(distribution, project)
    source = read_project(project).only(modules.values())
    source.check(distribution.name, emit)
    compiled = any(path.suffix in _COMPILED for path in source.files)
    python = "cp" + "".join(environment.python_version.split(".")[:2])
    platform = environment.platform.replace("-", "_").replace(".", "_")
    return LinkedDistribution(
        stem=f"{re.sub(r'[-_.]+', '_', distribution.name)}-{distribution.version}",
        modules=modules,
        source=source,
        info=_info(installed, distribution, project),
        tag=f"{python}-{python}-{platform}" if compiled else "py3-none-any",
    )


def _linked(installed: Installed, distribution: Distribution) -> dict[str, Path]:
    """Return where the .pth files and the finder of an editable install lead, by top-level name."""
    found: dict[str, Path] = {}
    for file in installed.files:
        path = installed.info.parent / file
        if path.suffix == ".pth":
            folders = [Path(line.strip()) for line in _lines(path) if not re.match(r"#|import\s", line)]
            found |= _in_folders([path.parent / folder for folder in folders], _names(installed.info, distribution))
        elif _LINK.fullmatch(path.name):
            mapping = re.search(r"^MAPPING\b[^=]*= (\{.*\})$", "\n".join(_lines(path)), re.MULTILINE)
            for module, location in (ast.literal_eval(mapping[1]) if mapping else {}).items():
                found[str(module)] = next((file for file in [Path(f"{location}.py")] if file.is_file()), Path(location))
    return found


def _developed(project: Path, distribution: Distribution) -> dict[str, Path]:
    """Return what ``setup.py develop`` linked: the names that its .egg-info records."""
    return _in_folders([project], _names(_egg_info(project, distribution), distribution))


def _names(info: Path | None, distribution: Distribution) -> set[str]:
    recorded = {line for line in _lines(info / "top_level.txt") if line.isidentifier()} if info else set()
    return recorded or {module.partition(".")[0] for module in distribution.modules}


def _in_folders(folders: list[Path], names: set[str]) -> dict[str, Path]:
    locations = [(name, folder / each) for folder in folders for name in sorted(names) for each in (name, f"{name}.py")]
    locations += [
        (each.name.partition(".")[0], each)
        for folder in folders
        for suffix in _COMPILED
        for each in sorted(folder.glob(f"*{suffix}"))
        if each.name.partition(".")[0] in names
    ]
    return {name: location for name, location in reversed(locations) if location.exists()}


def _info(installed: Installed | None, distribution: Distribution, project: Path) -> dict[str, bytes]:
    """Return the metadata, and what the link installed besides, such as files of the data scheme."""
    stem = f"{re.sub(r'[-_.]+', '_', distribution.name)}-{distribution.version}"
    if installed is not None:
        own = installed.info.name.removesuffix(".dist-info")
        return {
            re.sub(rf"^{re.escape(own)}\.(?=dist-info/|data/)", f"{stem}.", name): content
            for name, content in packed_contents(installed)
            if not _LINK.fullmatch(name) and name != f"{own}.dist-info/WHEEL"
        }
    info = _egg_info(project, distribution)
    header = [f"Metadata-Version: 2.1\nName: {distribution.name}\nVersion: {distribution.version}"]
    header += [f"Requires-Dist: {line}" for line in distribution.requires]
    found = {f"{stem}.dist-info/METADATA": "\n".join([*header, ""]).encode()}
    points = info / "entry_points.txt" if info else None
    return found | ({f"{stem}.dist-info/entry_points.txt": points.read_bytes()} if points and points.is_file() else {})


def _egg_info(project: Path, distribution: Distribution) -> Path | None:
    name = canonicalize_name(distribution.name)
    found = (each for each in sorted(project.glob("*.egg-info")) if canonicalize_name(each.stem) == name)
    return next(found, None)


def _is_inside(location: Path, project: Path) -> bool:
    return location.resolve().is_relative_to(project.resolve())


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError):
        return []


def _unknown(distribution: Distribution, project: Path) -> LockError:
    return LockError(
        f"'{distribution.name}' is installed as a link to '{project}' that only its own build backend understands.",
        hint=f"Install it without -e, and it is packed from there: %pip install {project}",
    )
