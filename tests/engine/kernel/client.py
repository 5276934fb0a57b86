"""A client of a kernel, to be killed: ``python -m tests.engine.kernel.client KERNEL`` starts it and runs cells."""

import sys

from jupyter_client.manager import KernelManager


def main(name: str) -> None:
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        client.execute_interactive("import time; time.sleep(0.05)", output_hook=lambda _: None)


if __name__ == "__main__":
    main(sys.argv[1])
