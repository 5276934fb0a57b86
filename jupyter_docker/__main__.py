"""``python -m jupyter_docker``: the same command, of a chosen interpreter."""

import sys

from jupyter_docker.cli import main

if __name__ == "__main__":
    sys.exit(main())
