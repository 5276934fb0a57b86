"""Downloads of wheels, checked by their hash and kept in a cache, each in a folder that is named by its hash."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from jupyter_docker.freeze import IndexSettings
from jupyter_docker.image.wheels.files import WheelFile
from jupyter_docker.values import Emit, LockError, Progress, scratch_folder

_AT_ONCE = 8
_ATTEMPTS = 3
_CHUNK = 2**20
_SECONDS = 60  # that a server may say nothing
_MAX_CACHE = 20 * 10**9  # bytes


def fetch(wheels: Sequence[WheelFile], settings: IndexSettings, cache: Path, emit: Emit) -> dict[WheelFile, Path]:
    """Return where each wheel lies, downloaded where it is not there.

    Args:
        wheels: The wheels, by their hashes.
        settings: The indexes, their credentials, certificates and proxies.
        cache: The folder that keeps them.
        emit: Called with the progress.

    Raises:
        LockError: One can't be downloaded, or is not what was hashed.
    """
    found = {wheel: _kept(wheel, cache) for wheel in wheels}
    missing = [wheel for wheel, path in found.items() if path is None]
    if missing:
        _forget_oldest(cache)
        with _Downloads(settings, missing, cache, emit) as downloads:
            found |= downloads.paths()
    return {wheel: path for wheel, path in found.items() if path is not None}


def _kept(wheel: WheelFile, cache: Path) -> Path | None:
    """Return the wheel in the cache; one that was damaged is as good as none."""
    path = cache / wheel.digest / wheel.filename
    try:
        with path.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == wheel.digest
        path.parent.touch()
    except OSError:
        return None
    return path if whole else None


class _Downloads:
    """Several at once; nothing is left of them when one fails or all are interrupted."""

    def __init__(self, settings: IndexSettings, wheels: Sequence[WheelFile], cache: Path, emit: Emit) -> None:
        self._settings, self._wheels, self._cache, self._emit = settings, wheels, cache, emit
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wheels")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def paths(self) -> dict[WheelFile, Path]:
        """Return where they lie; raises LockError for the first that fails."""
        tasks = {wheel: self._pool.submit(self._download, wheel) for wheel in self._wheels}
        total = sum(wheel.size for wheel in self._wheels) or None
        found: dict[WheelFile, Path] = {}
        for wheel, task in tasks.items():
            found[wheel] = task.result()
            self._emit(
                Progress(
                    step="build", item="wheels", label=wheel.filename, unit="bytes", total=total,
                    current=sum(each.size for each in found), done=len(found) == len(tasks),
                )
            )  # fmt: skip
        return found

    def _download(self, wheel: WheelFile) -> Path:
        from requests import RequestException, Session

        with Session() as session:
            session.trust_env = False  # all that it says is in the settings
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return self._stored(wheel, session)
                except RequestException as error:
                    status = getattr(error.response, "status_code", 0)
                    if attempt == _ATTEMPTS or 400 <= status < 500:  # noqa: PLR2004 - the client's own fault
                        raise self._failure(wheel, error) from None
                    self._stopped.wait(attempt)
        raise AssertionError  # the last attempt returns or raises

    def _stored(self, wheel: WheelFile, session: Any) -> Path:
        answer = session.get(wheel.url, stream=True, timeout=_SECONDS, **request_options(wheel.url, self._settings))
        with answer, scratch_folder(self._cache) as temporary:
            answer.raise_for_status()
            path, digest = temporary / "whole" / wheel.filename, hashlib.sha256()
            path.parent.mkdir(mode=0o700)
            with path.open("wb") as file:
                for chunk in answer.iter_content(_CHUNK):
                    if self._stopped.is_set():
                        raise InterruptedError
                    digest.update(chunk)
                    file.write(chunk)
            if digest.hexdigest() != wheel.digest:
                raise _other_file(wheel)
            folder = self._cache / wheel.digest
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):  # another process was first
                path.parent.rename(folder)
            return folder / wheel.filename

    def _failure(self, wheel: WheelFile, error: Exception) -> LockError:
        reason = self._settings.redact(str(error))
        return LockError(
            f"'{wheel.name}' {wheel.version} can't be fetched from the package index: {reason}",
            hint="Check the network and the index's address and login, in pip's or uv's configuration.",
        )


def request_options(url: str, settings: IndexSettings) -> dict[str, Any]:
    """Return how requests is to ask for ``url``: with the login of its index, the proxy, and the certificates."""
    from requests.utils import should_bypass_proxies

    host = urlsplit(url).netloc.rpartition("@")[2]
    proxies = {scheme: settings.proxies.get(f"{scheme.upper()}_PROXY", "") for scheme in ("http", "https", "all")}
    bypass = should_bypass_proxies(url, no_proxy=settings.proxies.get("NO_PROXY", ""))
    insecure = {host, host.partition(":")[0]} & set(settings.insecure_hosts)
    return {
        "auth": _login(url, settings),
        "proxies": {} if bypass else {scheme: proxy for scheme, proxy in proxies.items() if proxy},
        "verify": False if insecure else str(settings.ca_bundle) if settings.ca_bundle else True,
    }


def _login(url: str, settings: IndexSettings) -> tuple[str, str] | None:
    """Return the user and password of the index on that host."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    for index in (url, *settings.extra, settings.default):
        parts = urlsplit(index)
        if parts.netloc.rpartition("@")[2] == host and parts.username:
            return unquote(parts.username), unquote(parts.password or "")
    return settings.netrc_logins().get(urlsplit(url).hostname or "")


def _other_file(wheel: WheelFile) -> LockError:
    return LockError(
        f"The package index serves another file for '{wheel.filename}' than the one that was locked: its hash differs.",
        hint="Someone uploaded it anew, or a proxy changes downloads. Check the index, then run the command again.",
    )


def _forget_oldest(cache: Path) -> None:
    """Keep the cache below its limit; what was used last stays."""
    folders = sorted(cache.iterdir(), key=_used, reverse=True)
    size = 0
    for folder in folders:
        size += sum(file.stat().st_size for file in folder.glob("*") if file.is_file())
        if size > _MAX_CACHE:
            shutil.rmtree(folder, ignore_errors=True)


def _used(folder: Path) -> float:
    with suppress(OSError):
        return os.stat(folder).st_mtime  # noqa: PTH116
    return 0.0
