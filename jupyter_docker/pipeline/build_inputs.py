"""Inputs of a build beside its context: uv, and the wheels of the lock, fetched and checked on this machine.

So no step of it sees a credential, whatever its base image runs, and it installs the very files that were hashed.
A builder that takes no folders (Podman's) gets the index's settings as secrets instead, and fetches by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from jupyter_docker.engine import Engine, base_system, find_image, runs_host_programs
from jupyter_docker.freeze import IndexSettings, read_index_settings, target_markers
from jupyter_docker.image import (
    UV_TOML,
    WHEELHOUSE,
    Index,
    WheelFile,
    build_requirements,
    build_secrets,
    check_needs,
    compare,
    explain_differences,
    fetch,
    locks_of,
    uv_folder,
    uv_program,
    wheelhouse,
)
from jupyter_docker.pipeline.environment import environment_of
from jupyter_docker.pipeline.preparation import PYTHON_LABEL, notebook_of
from jupyter_docker.values import (
    BuildChoices,
    Emit,
    Log,
    Pin,
    PythonEnvironment,
    Recipe,
    Secret,
    cache_folder,
    make_private_folder,
    scratch_folder,
)


@dataclass(frozen=True, kw_only=True)
class BuildInputs:
    """Secrets by their id, folders by the stage that they replace, and proxies by variable."""

    secrets: Mapping[str, Secret] = field(default_factory=dict)
    contexts: Mapping[str, Path] = field(default_factory=dict)
    proxies: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def build_inputs(choices: BuildChoices, engine: Engine, recipe: Recipe, emit: Emit) -> Iterator[BuildInputs]:
    """Yield what the build of ``recipe`` needs; what was written for it is gone afterwards.

    Raises LockError where a wheel can't be fetched, or is another one than what is installed.
    """
    settings = read_index_settings()
    secrets: Mapping[str, Secret]
    if engine.buildx_program is None:
        secrets = build_secrets(settings)
        if any(pin.from_source for pin in recipe.pins):
            # A build script would see the others.
            secrets = {name: secret for name, secret in secrets.items() if name == "ca"}
        yield BuildInputs(secrets=secrets, proxies=settings.proxies)
        return
    with_network = bool(recipe.requirements.system)  # apt-get is all that asks for anything
    secrets = {"ca": settings.ca_bundle} if with_network and settings.ca_bundle else {}
    proxies = settings.proxies if with_network else {}
    if not recipe.pins:
        yield BuildInputs(secrets=secrets, proxies=proxies)
        return
    with _cache() as cache:
        sources = _Sources(choices=choices, engine=engine, recipe=recipe, settings=settings, cache=cache)
        with wheelhouse(sources.wheels(emit), cache / "downloads") as folder:
            contexts = {WHEELHOUSE.name: folder, "uv": sources.uv(emit)}
            yield BuildInputs(secrets={"uv": UV_TOML, **secrets}, contexts=contexts, proxies=proxies)


@contextmanager
def _cache() -> Iterator[Path]:
    """Yield the cache folder, with one for downloads in it; where nothing can be kept one that is gone afterwards."""
    with ExitStack() as stack:
        folder = cache_folder()
        try:
            make_private_folder(folder / "downloads")
        except OSError:
            folder = stack.enter_context(scratch_folder())
            (folder / "downloads").mkdir()
        yield folder


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Where the wheels of a recipe come from, and where they are kept."""

    choices: BuildChoices
    engine: Engine
    recipe: Recipe
    settings: IndexSettings
    cache: Path

    def wheels(self, emit: Emit) -> Mapping[str, list[Path]]:
        """Return the files that each lock is installed from, fetched, and compared with what is installed."""
        pins, every = locks_of(self.recipe), self.recipe.pins
        found = self._fetched(self._index.wheels(every), emit)
        comparison = compare(found, self._environment, allowed=self.choices.allow_mismatch)
        if comparison.differences:
            raise explain_differences(comparison)
        if comparison.unknown:
            names = ", ".join(comparison.unknown)
            text = f"Not compared with what is installed, which is another build of the same version: {names}\n"
            emit(Log(step="build", text=text))
        sources = self._fetched(self._index.sources(every), emit)
        tools = self._build_tools(sources, {pin.name for pin in every}, emit)
        return {
            file: [
                *(path for each, path in {**found, **sources}.items() if each.name in {pin.name for pin in of}),
                *(tools if any(pin.from_source for pin in of) else ()),
            ]
            for file, of in pins.items()
            if of
        }

    def uv(self, emit: Emit) -> Path:
        """Return the folder of the uv that runs in the image: this machine's own, or the index's for that platform."""
        if runs_host_programs(self.engine, self.choices.platform):
            return uv_folder(self.cache)
        (path, *_) = self._fetched(self._index.wheels([Pin(name="uv", version=version("uv"))]), emit).values()
        return uv_program(path, self.cache / f"uv-{version('uv')}-{self._platform.replace('/', '-')}")

    def _build_tools(self, sources: Mapping[WheelFile, Path], pinned: set[str], emit: Emit) -> list[Path]:
        """Return the wheels that building the sources needs, whose scripts see them and nothing of this machine."""
        markers = target_markers(self._python, self._platform)
        for source, path in sources.items():
            check_needs(path, source.name, pinned, markers)
        lines = sorted({line for path in sources.values() for line in build_requirements(path)})
        return list(dict.fromkeys(self._fetched(self._index.resolved(lines), emit).values()))

    def _fetched(self, files: Sequence[WheelFile], emit: Emit) -> Mapping[WheelFile, Path]:
        return fetch(files, self.settings, self.cache / "downloads", emit)

    @cached_property
    def _environment(self) -> PythonEnvironment:
        return environment_of(self.choices, notebook_of(self.choices))

    @cached_property
    def _index(self) -> Index:
        base = find_image(self.engine, str(self.recipe.base))
        system = base_system(self.engine, base) if base else None
        return Index(
            settings=self.settings, interpreter=self._environment.executable, python_version=self._python,
            platform=self._platform, release=system.release if system else "",
        )  # fmt: skip

    @property
    def _python(self) -> str:
        return self.recipe.labels[PYTHON_LABEL]

    @property
    def _platform(self) -> str:
        return self.choices.platform or f"linux/{self.engine.architecture}"
