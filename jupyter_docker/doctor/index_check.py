"""Whether the package index answers: uv asks it as for a lock, with the same settings, credentials and certificates."""

from __future__ import annotations

import sys

from jupyter_docker.doctor.check import Check
from jupyter_docker.freeze.lock.failure import VersionMissingError, explain_failure
from jupyter_docker.freeze.lock.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.lock.resolver import WHEELS_ONLY
from jupyter_docker.freeze.uv_program import run_uv
from jupyter_docker.values.process import ProcessError
from jupyter_docker.values.scratch import scratch_folder

# Any name would do: an index that does not have it has answered.
_ASKED_FOR = "packaging"
# An answer now, neither one from the cache nor one after a minute of retries.
_AT_ONCE = {"UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "10"}


def check_index() -> Check:
    """Ask the indexes that pip and uv use on this machine; credentials are in no word of the answer."""
    settings = read_index_settings()
    names = [settings.redact(url) for url in (settings.default or "the public package index", *settings.extra)]
    try:
        _ask(settings)
    except ProcessError as error:
        failure = explain_failure(settings.redact(error.output))
        if not isinstance(failure, VersionMissingError):
            return Check(name="index", level="problem", detail=failure.message.partition("\n")[0], remedy=failure.hint)
    return Check(name="index", detail=f"{' and '.join(names)} answer{'' if len(names) > 1 else 's'}")


def _ask(settings: IndexSettings) -> None:
    with scratch_folder() as folder:
        (folder / "requirements.in").write_text(f"{_ASKED_FOR}\n", encoding="utf-8")
        words = [*WHEELS_ONLY, "--no-deps", "--color", "never", "--python", sys.executable, "requirements.in"]
        run_uv(["pip", "compile", *words], settings, folder=folder, environment=_AT_ONCE)
