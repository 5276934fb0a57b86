"""The other side, in a process of its own, which can't import jupyter_docker: as a kernel in a container."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_docker.exchange.bundle import dump_code, load_code, write_bundle  # fmt: skip
from jupyter_docker.exchange.receive import Received, read_values  # fmt: skip
from jupyter_docker.exchange.send import check_loaded, plan_send, write_values  # fmt: skip

_PROGRAM = """
import json, sys, traceback
sys.modules["jupyter_docker"] = None
namespace = {"__name__": "__main__"}
for line in sys.stdin:
    try:
        exec(json.loads(line), namespace)
        failure = ""
    except BaseException:
        failure = traceback.format_exc()
    print(json.dumps(failure), flush=True)
"""


class Peer:
    """A Python that runs code in one namespace, and a folder that is shared with it."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self._process = folder, process
        self.bundle = write_bundle(folder)

    def run(self, code: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        failure = json.loads(self._process.stdout.readline())
        assert not failure, failure

    def send(self, names: Sequence[str], namespace: Mapping[str, object]) -> Path:
        folder, plan = self.new_folder(), plan_send(names, namespace)
        write_values(folder, plan)
        self.run(load_code(PurePosixPath(self.bundle), PurePosixPath(folder), plan.names))
        check_loaded(folder)
        return folder

    def dump(self, names: Sequence[str], *, trust: bool = False) -> Path:
        folder = self.new_folder()
        self.run(dump_code(PurePosixPath(self.bundle), PurePosixPath(folder), names, trust=trust))
        return folder

    def receive(self, names: Sequence[str], namespace: Mapping[str, object], *, trust: bool = False) -> Received:
        return read_values(self.dump(names, trust=trust), names, namespace=namespace, trust=trust)

    def there_and_back(self, value: Any, namespace: Mapping[str, object]) -> Any:
        """Return the value after both ways; nothing of it is a pickle on the way back."""
        self.send(["value"], {**namespace, "value": value})
        received = self.receive(["value"], namespace)
        assert not received.failures, received.failures["value"].message
        return received.values["value"]

    @property
    def process_id(self) -> int:
        return self._process.pid

    def new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))


@contextmanager
def running_peer(folder: Path) -> Iterator[Peer]:
    command = [sys.executable, "-c", _PROGRAM]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        yield Peer(folder, process)
        assert process.stdin
        process.stdin.close()
