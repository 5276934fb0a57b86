"""Distributions that the code needs by what it does: optional imports of libraries, plugins, and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.distributions.use_table import Code, use_table
from jupyter_docker.freeze.scan.imports import Import, Scan
from jupyter_docker.freeze.scan.programs import Program
from jupyter_docker.freeze.scan.uses import Use

# In every base image; or of conda, which is none.
_IN_THE_IMAGE = frozenset({"conda", "mamba", "pip", "pip3", "python", "python3", "uv"})


def optional_roots(
    scans: Sequence[Scan], providers: Providers, libraries: frozenset[str], interpreter: str
) -> Iterator[Root]:
    """Yield what the uses and programs of the code need, of what is installed.

    ``libraries`` are the import names that the code has: its own imports and what those bring.
    """
    texts = frozenset(text for scan in scans for use in scan.uses if not use.name for text in use.texts)
    code = Code(texts=texts, interpreter=interpreter)
    for use in _distinct(use for scan in scans for use in scan.uses):
        yield from _needed(use, code, providers, libraries)
        yield from _plugins(use, providers, libraries)
    for scan in scans:
        for each in scan.imports:
            yield from _imported(each, code, providers)
        for program in scan.programs:
            yield from _program(program, providers)


def _distinct(uses: Iterable[Use]) -> Iterator[Use]:
    """Yield the first of each use that says the same."""
    seen = set()
    for use in uses:
        key = (use.name, use.library, use.texts, tuple(use.keywords.items()), use.arguments)
        if key not in seen:
            seen.add(key)
            yield use


def _needed(use: Use, code: Code, providers: Providers, libraries: frozenset[str]) -> Iterator[Root]:
    for rule in use_table().rules_for(use):
        matched = rule.met(use, code) if rule.of & libraries else None
        if matched is not None:
            needs = [_filled(alternative, matched) for alternative in rule.needs]
            yield from _first_installed(needs, providers, use)


def _imported(found: Import, code: Code, providers: Providers) -> Iterator[Root]:
    names = {found.module, *found.candidates}
    for rule in use_table().imports:
        if any(name == each or name.startswith(f"{each}.") for name in names for each in rule.imports):
            matched = rule.met(Use(), code)
            if matched is not None:
                needs = [_filled(alternative, matched) for alternative in rule.needs]
                yield from _first_installed(needs, providers, found)


def _plugins(use: Use, providers: Providers, libraries: frozenset[str]) -> Iterator[Root]:
    for plugins in use_table().plugins:
        if plugins.of & libraries:
            for name in plugins.named(use):
                yield from (
                    installed_root(owner, why=use.why, cell=use.cell)
                    for owner in providers.of_plugin(plugins.group, name)
                )


def _program(program: Program, providers: Providers) -> Iterator[Root]:
    if program.name and program.name not in _IN_THE_IMAGE:
        yield from (
            installed_root(owner, why=program.why, cell=program.cell) for owner in providers.of_script(program.name)
        )
    elif program.module and program.module not in _IN_THE_IMAGE:
        owners = providers.of(Import(module=program.module))
        yield from (installed_root(owner, why=program.why, cell=program.cell) for owner in owners or ())


def _first_installed(needs: Iterable[str], providers: Providers, by: Use | Import) -> Iterator[Root]:
    """Yield the roots of the first alternative that is installed in full; without one the code runs without here."""
    for alternative in needs:
        owners = [providers.of(Import(module=name)) for name in alternative.split()]
        if all(owners):
            yield from (installed_root(owner, why=by.why, cell=by.cell) for each in owners for owner in each or ())
            return


def _filled(alternative: str, matched: Mapping[str, str]) -> str:
    for key, text in matched.items():
        alternative = alternative.replace(f"{{{key}}}", text)
    return alternative
