"""A private engine with the base image for the browser tests: prints its address, and ends when its input does."""

import sys

from jupyter_docker.engine.connection.engine import connect
from tests.engine.spare import BASE, copy_image, spare


def main() -> None:
    """Run it until standard input ends."""
    with connect() as real, spare("2g") as private:
        copy_image(BASE, real, private.engine)
        sys.stdout.write(f"{private.engine.endpoint}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
