"""Versions as they are found installed, which need not be ones that PEP 440 allows."""

from __future__ import annotations

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version


def allows(specifier: SpecifierSet, version: str) -> bool:
    """Whether the installed ``version`` is within ``specifier``; pre-releases count, since they are there."""
    try:
        return specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return not specifier


def same_version(one: str, other: str) -> bool:
    """Whether both are the same version, however written ("1.0" and "1.0.0")."""
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other
