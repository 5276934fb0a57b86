"""Keeping credentials out of any text that is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

HIDDEN = "****"

# Up to the last @ before the path: a password may have one of its own.
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s'\"<>]*@")
_MIN_LENGTH = 4  # a shorter password would take ordinary words apart; inside URLs it is hidden all the same


def redacted_urls(text: str) -> str:
    """Return ``text`` without the user and password of any URL in it."""
    return _CREDENTIALS.sub(f"{HIDDEN}@", text)


def redacted(text: str, urls: Iterable[str]) -> str:
    """Return ``text`` without the credentials of any URL, nor those of ``urls`` wherever they stand, encoded or not."""
    hidden = redacted_urls(text)
    for secret in sorted({each for url in urls for each in _secrets(url)}, key=len, reverse=True):
        hidden = hidden.replace(secret, HIDDEN)
    return hidden


def _secrets(url: str) -> Iterable[str]:
    """Yield the password of a URL, and the user where it is a token (there is no password)."""
    user, _, password = _userinfo(url).partition(":")
    for secret in (password or user, unquote(password or user)):
        if len(secret) >= _MIN_LENGTH:
            yield secret


def _userinfo(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return ""
