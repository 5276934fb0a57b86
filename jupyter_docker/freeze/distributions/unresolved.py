"""Imports that nothing provides: an error, unless the code may run without or what is declared may bring them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.local.files import find_module
from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.values import Emit, Unresolved, UnresolvedImportError, Warned


def sort_missing(
    missing: Iterable[Import], *, declared: Sequence[str], providers: Providers, path: Sequence[Path], emit: Emit
) -> tuple[Unresolved, ...]:
    """Return what the code can do without, or may never come to, with a warning each.

    ``declared`` are the distributions to install that are not installed here: which names they bring is not known, so
    with one of them a missing name is a warning too. Raises UnresolvedImportError.
    """
    needed = [each for each in missing if not each.optional and not each.deferred]
    if needed and not declared:
        raise _error(needed, providers, path)
    for each in missing:
        reason = "the code seems to do without" if each.optional else "only a function that is called imports it"
        if each in needed:
            reason = f"it may come with {', '.join(declared)}"
        emit(
            Warned(
                step="freeze", message=f"Nothing here provides '{providers.missing(each)}' ({each.place}); {reason}."
            )
        )
    return tuple(Unresolved(name=providers.missing(each), position=each.position, where=each.why) for each in missing)


def _error(needed: Sequence[Import], providers: Providers, path: Sequence[Path]) -> UnresolvedImportError:
    names = list(dict.fromkeys(providers.missing(each) for each in needed))
    quoted = ", ".join(f"'{name}'" for name in names)
    lines = [f"  {each.place}: {each.text}" for each in needed]
    hints = [_hint(name, providers, path) for name in names]
    return UnresolvedImportError(
        "\n".join([f"Nothing in this environment provides {quoted}:", *lines]),
        hint="\n".join(dict.fromkeys(hints)),
        position=needed[0].position,
    )


def _hint(name: str, providers: Providers, path: Sequence[Path]) -> str:
    top = name.partition(".")[0]
    similar = providers.like(top)
    for folder in path:
        files = find_module(folder, top)
        if files:
            return f"'{top}' is a file that no distribution installed: copy '{files[0]}' beside the notebook."
    if similar:
        return f"Is '{name}' the right name? {similar}"
    return "Install what provides it in the notebook's kernel (`%pip install …`), and freeze again."
