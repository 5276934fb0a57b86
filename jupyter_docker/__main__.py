"""``python -m jupyter_docker``: the same command, of a chosen interpreter."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:  # -m puts the working folder first: its modules must not stand in for ours
        del sys.path[0]

    from jupyter_docker.cli import main

    sys.exit(main())
