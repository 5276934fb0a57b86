"""A client of a kernel, to be killed: ``python -m tests.engine.kernel.client KERNEL`` starts it and runs cells.

It ends when its kernel does, and prints why: "said: …".
"""

import sys
from contextlib import suppress

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.values.errors import ContainerizeError


def main(name: str) -> None:
    say("begun")
    manager = KernelManager(kernel_name=name)
    try:
        manager.start_kernel()
    except ContainerizeError as error:
        say(f"said: {error.message} {error.hint}")
        return
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        say("ready")
        while manager.is_alive():
            run_a_cell(client)
    except RuntimeError:  # it died before it was ready
        assert not manager.is_alive()
    assert isinstance(manager.provisioner, ContainerProvisioner)
    say(f"said: {manager.provisioner.exit_reason}")
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run_a_cell(client: BlockingKernelClient) -> None:
    with suppress(TimeoutError):  # it is slow, or dead
        client.execute_interactive("import time; time.sleep(0.05)", output_hook=lambda _: None, timeout=1)


def say(words: str) -> None:
    sys.stdout.write(" ".join(words.split()) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
