"""Requirements as text: the requirements.txt of the image, and why each line is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from jupyter_docker.values import Pin, Requirements

_LOADED = "nothing that the code does is known to need it"
_MAX_REASONS = 3
_MAX_REASON = 100
_HOST_PATH = re.compile(r"(?<![\w:/.~*\])}-])(?:~\w*[\\/]|[A-Za-z]:[\\/]|/)(?:[^\s'\"/\\]+[/\\])+([^\s'\"/\\]+)")


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One thing that the image gets, and why: ``kind`` is what it is, ``version`` is empty where it has none."""

    kind: str
    name: str
    version: str
    why: tuple[str, ...]


def requirements_text(requirements: Requirements) -> str:
    """Return the requirements.txt: pins by name with hashes, the reason above each; same pins, same bytes."""
    blocks = [_block(pin) for pin in sorted(requirements.pins, key=lambda pin: pin.name)]
    return "".join([f"# Locked for Python {requirements.python} by jupyter-containerize.\n", *blocks])


def explain(requirements: Requirements) -> tuple[Explained, ...]:
    """Return why each pin, system package and local file is there, and what was not found, in that order."""
    return (
        *(Explained(kind="package", name=pin.name, version=pin.version, why=pin.why) for pin in requirements.pins),
        *(
            Explained(kind="system package", name=each.name, version="", why=(each.why,))
            for each in requirements.system
        ),
        *(
            Explained(kind="local file", name=str(each.target), version="", why=(each.why,))
            for each in requirements.local
        ),
        *(
            Explained(kind=f"data to {each.access}", name=str(each.path), version="", why=(each.why,))
            for each in requirements.data
        ),
        *(
            Explained(kind="not found", name=each.name, version="", why=(each.where,))
            for each in requirements.unresolved
        ),
        *(
            Explained(kind="loaded, left out", name=each.name, version=each.version, why=(_LOADED,))
            for each in requirements.candidates
        ),
    )


def _block(pin: Pin) -> str:
    extras = f"[{','.join(pin.extras)}]" if pin.extras else ""
    source = f" @ file:///wheels/{quote(pin.wheel.name)}" if pin.wheel else f"=={pin.version}"
    lines = [f"{pin.name}{extras}{source}", *(f"    --hash={each}" for each in sorted(pin.hashes))]
    return "\n" + "".join(f"# {reason}\n" for reason in _reasons(pin.why)) + " \\\n".join(lines) + "\n"


def _reasons(why: Iterable[str]) -> Iterator[str]:
    """Yield the reasons as comments of one line; a backslash at the end would join the next line to it.

    Of a path only the name is left: a folder of this machine means nothing elsewhere.
    """
    reasons = list(
        dict.fromkeys(" ".join(_HOST_PATH.sub(r"\1", each).split())[:_MAX_REASON].rstrip("\\ ") for each in why)
    )
    yield from reasons[:_MAX_REASONS]
    if len(reasons) > _MAX_REASONS:
        yield f"and {len(reasons) - _MAX_REASONS} more"
