"""uv as a program: run with the host's index settings, whose passwords are in no file, argument or variable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jupyter_docker.freeze.lock.index import IndexSettings
from jupyter_docker.values import run_program

_STDIN = Path("/dev/stdin")


def run_uv(
    arguments: Sequence[str],
    settings: IndexSettings,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> None:
    """Run ``uv`` in ``folder``, a scratch folder, with ``settings`` alone for its configuration.

    uv reads them from its stdin; where a system has no file of that name, from one in ``folder``.

    Args:
        arguments: What follows ``uv``.
        settings: The indexes, certificates and proxies.
        folder: The working folder.
        environment: Variables beside those of the settings.
        on_line: Called with each line of output.

    Raises:
        ProcessError: uv ended with another status than 0.
    """
    from uv import find_uv_bin

    text, file = settings.uv_toml(), _STDIN
    if not file.exists():
        file = folder / "uv.toml"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    command = [find_uv_bin(), *arguments, "--config-file", str(file)]
    variables = {**settings.environment(), **(environment or {})}
    run_program(command, on_line=on_line, env=variables, folder=folder, stdin=text)
