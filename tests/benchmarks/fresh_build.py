"""The command ``build --no-cache`` with a package cache of its own in the engine: fresh_build.py NOTEBOOK CACHE-ID."""

from __future__ import annotations

import sys
from typing import Any
from unittest.mock import patch

from jupyter_docker import cli
from jupyter_docker.image.recipe import render_dockerfile

OWN_ID = "id=jupyter-containerize-uv,"


def main() -> int:
    """Run the command; its Dockerfile differs in the cache mount's id alone."""
    notebook, identifier = sys.argv[1:]

    def fresh(*arguments: Any, **options: Any) -> str:
        text = render_dockerfile(*arguments, **options)
        if OWN_ID not in text:
            raise SystemExit(f"The Dockerfile has no {OWN_ID!r}")
        return text.replace(OWN_ID, f"id={identifier},")

    with patch("jupyter_docker.image.context.render_dockerfile", fresh):
        return cli.main(["build", "--no-cache", notebook])


if __name__ == "__main__":
    raise SystemExit(main())
