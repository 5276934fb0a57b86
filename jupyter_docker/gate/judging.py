"""The wishes of a notebook, judged: those that it has by itself or with a person's consent, and those left unmet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.gate.table import TABLE, Ruling, Site
from jupyter_docker.gate.wishes import Wish, WishKind
from jupyter_docker.values import UsageError


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """A wish that nobody has allowed, and what the table says of it."""

    wish: Wish
    ruling: Ruling

    def as_json(self) -> dict[str, str]:
        """Return it as the schema ``Unmet`` of the server's openapi.yaml."""
        ruling = self.ruling
        return {
            "kind": self.wish.kind,
            "value": self.wish.value,
            "verdict": ruling.verdict,
            "message": f"The notebook asks {ruling.wish}.",
            "words": ruling.arguments,
        }


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """What of a notebook's metadata holds, by kind, and what does not; only `judge` makes one that has any."""

    wishes: tuple[Wish, ...] = ()
    unmet: tuple[Unmet, ...] = ()

    def values(self, kind: WishKind) -> tuple[str, ...]:
        """Return the values of that kind, in order."""
        return tuple(wish.value for wish in self.wishes if wish.kind == kind)

    def value(self, kind: WishKind) -> str:
        """Return the last value of that kind, empty where there is none."""
        return next(reversed(self.values(kind)), "")

    def check(self) -> None:
        """Raise UsageError where a wish is unmet: nothing is built for a notebook that then lacks what it asks for."""
        if not self.unmet:
            return
        wishes = "; ".join(each.ruling.wish for each in self.unmet)
        arguments = " ".join(each.ruling.arguments for each in self.unmet)
        raise UsageError(
            f"The notebook's metadata asks {wishes}.", hint=f"If you trust it, say so yourself: {arguments}"
        )


def ruling_on(wish: Wish, notebook: Path) -> Ruling:
    """Return what the table says of a wish of that notebook's; raises UsageError for what no option takes."""
    return TABLE[wish.kind].judge(wish.value, Site.of(notebook))


def judge(wishes: Iterable[Wish], site: Site, *, consents: Collection[Wish] = ()) -> Admitted:
    """Return what of ``wishes`` holds.

    Args:
        wishes: What the notebook asks for.
        site: Where the notebook is, and what the site's configuration allows.
        consents: Wishes that a person has allowed; one that changes is another, so that an old consent does not hold.

    Raises:
        UsageError: A wish is no value of its kind.
    """
    admitted, unmet = list[Wish](), list[Unmet]()
    for wish in wishes:
        ruling = TABLE[wish.kind].judge(wish.value, site)
        if ruling.verdict == "allowed" or (ruling.verdict == "consent" and wish in consents):
            admitted.append(wish)
        else:
            unmet.append(Unmet(wish=wish, ruling=ruling))
    return Admitted(wishes=tuple(admitted), unmet=tuple(unmet))
