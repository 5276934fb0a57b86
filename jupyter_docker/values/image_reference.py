"""An image reference: the whole string that names an image, as ``docker`` takes it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from jupyter_docker.values.errors import UsageError

# The grammar of https://pkg.go.dev/github.com/distribution/reference, in which a repository name is lower case and
# the first part is a registry only where it has a dot, a colon, or is "localhost".
_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?:(?P<registry>{_HOST}(?::[0-9]+)?)/)?(?P<repository>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_MAX_REPOSITORY = 255


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """``[registry/]repository[:tag][@digest]``; an empty registry means the engine's default one."""

    registry: str = ""
    repository: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Return the reference that ``text`` is; raises UsageError where Docker would not take it."""
        match = _REFERENCE.fullmatch(text)
        if match is None or len(match["repository"]) > _MAX_REPOSITORY:
            raise UsageError(
                f"'{text}' is not an image reference.",
                hint="Write NAME, NAME:TAG or REGISTRY/NAME:TAG, the name in lower case: -t penguins:v1",
            )
        registry, repository = match["registry"] or "", match["repository"]
        if registry and not (set(registry) & set(".:") or registry == "localhost"):
            if registry != registry.lower():
                raise UsageError(f"'{text}': a repository name is in lower case.", hint=f"Write {text.lower()}")
            registry, repository = "", f"{registry}/{repository}"
        return cls(registry=registry, repository=repository, tag=match["tag"] or "", digest=match["digest"] or "")

    def tagged(self, tag: str) -> ImageReference:
        """Return the same repository with another tag and no digest."""
        return replace(self, tag=tag, digest="")

    @property
    def name(self) -> str:
        """The registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def slug(name: str, *, fallback: str = "notebook") -> str:
    """Return ``name`` as a repository name: "Données 2024 (final)" becomes "donnees-2024-final"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-") or fallback
