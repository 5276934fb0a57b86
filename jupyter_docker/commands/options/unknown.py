"""Suggestions for arguments that the grammar does not have."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches


def verb_hint(word: str, verbs: Iterable[str], command: str) -> str:
    """Return what to write in place of ``word``, which is no verb: the nearest one, or `run` before a notebook."""
    if word.endswith((".ipynb", ".py", ".md")):
        return f"To run that notebook: `{command} run {shlex.quote(word)}`."
    close = get_close_matches(word.lower(), list(verbs), 1)
    return f"Did you mean `{command} {close[0]}`?" if close else f"`{command} --help` lists what there is."


def hint_for(unknown: Sequence[str], options: Mapping[str | None, set[str]], verb: str | None) -> str:
    """Return what to write instead, or which of the verbs has it; empty where that can't be guessed."""
    if any(word.endswith(".ipynb") for word in unknown):
        return "Name one notebook at a time, and put a name that has spaces in quotes."
    own = options.get(verb, set())
    for name in (word.partition("=")[0] for word in unknown if word.startswith("-")):
        if close := get_close_matches(name, own, 1):
            return f"Did you mean {close[0]}?"
        if others := sorted(f"`{other}`" for other, names in options.items() if name in names):
            return f"{name} is an option of {', '.join(others)}, not of `{verb}`."
    return ""
