"""What the host knows about package indexes, as files that only the build sees (BuildKit secrets)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jupyter_docker.freeze import IndexSettings


@contextmanager
def build_secrets(settings: IndexSettings) -> Iterator[Mapping[str, Path]]:
    """Yield secret id → file, the ids being those of ``recipe.SECRET_TARGETS``; written files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jupyter-containerize-") as name:
        folder = Path(name)  # made for this user only (mode 700)
        secrets = {
            identifier: _written(folder / identifier, text)
            for identifier, text in (("uv", settings.uv_toml()), ("pip", settings.pip_conf()))
            if text
        }
        paths = {"ca": settings.ca_bundle, "netrc": settings.netrc}
        yield secrets | {identifier: path for identifier, path in paths.items() if path is not None}


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
