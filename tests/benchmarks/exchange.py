"""An array of 1 GB into another process and back, as a variable of a cell in a container goes.

The baseline is one `numpy.save` and one `numpy.load` of it in the same folder, as one way takes: ours is both ways. All
arrays are read through once where they arrive, since ours are mapped there and not read before. The memory is what the
resident set of either process grows by at its peak, files that it maps included, beside the size of the array.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from jupyter_docker.exchange.receive import read_values
from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.unit.exchange.exchange_peer import Peer, running_peer

ROUNDS = 5
SIZE = 10**9
# Resets the peak to what is resident now: https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
_RESET = "from pathlib import Path; Path('/proc/self/clear_refs').write_text('5')"


class Exchange:
    """The array, and the process that it goes to."""

    def __init__(self, folder: Path, peer: Peer) -> None:
        self._folder, self._peer = folder, peer
        self.array = np.random.default_rng(0).random(SIZE // 8)

    def there_and_back(self) -> float:
        """Return the seconds of both ways."""
        _touch_memory()
        began = perf_counter()
        shutil.rmtree(self._peer.send(["array"], {"array": self.array}))
        self._peer.run("total = array.sum()")
        came = self._peer.dump(["array"])
        back = read_values(came, ["array"], namespace={}).values["array"]
        assert back.sum() == self.array.sum()
        seconds = perf_counter() - began
        shutil.rmtree(came)
        self._peer.run("del array")
        return seconds

    def saved_and_loaded(self) -> float:
        """Return the seconds of numpy's own way, there alone."""
        path = self._folder / "array.npy"
        _touch_memory()
        began = perf_counter()
        np.save(path, self.array)
        assert np.load(path).sum() == self.array.sum()
        seconds = perf_counter() - began
        path.unlink()
        return seconds

    def peaks(self) -> tuple[int, int]:
        """Return the bytes by which this process and the other grow at their peaks, in one exchange."""
        self._peer.run(f"import numpy; {_RESET}")
        exec(_RESET, {})  # noqa: S102 - as there
        before = [_resident(process)["VmRSS"] for process in ("self", str(self._peer.process_id))]
        self.there_and_back()
        after = [_resident(process)["VmHWM"] for process in ("self", str(self._peer.process_id))]
        return after[0] - before[0], after[1] - before[1]


def measure() -> Iterator[Measurement]:
    """Yield the time, and the memory of each side."""
    with tempfile.TemporaryDirectory() as name, running_peer(Path(name)) as peer:
        exchange = Exchange(Path(name), peer)
        seconds, saving = best_in_turns(ROUNDS, exchange.there_and_back, exchange.saved_and_loaded)
        yield Measurement(what="1 GB array there and back", ours=seconds, baseline=saving, bound=2)
        for where, peak in zip(("here", "there"), exchange.peaks(), strict=True):
            yield Measurement(what=f"peak memory {where}", ours=peak / 1e6, baseline=SIZE / 1e6, unit="MB", bound=1.2)


def _touch_memory() -> None:
    """Use as much memory as an exchange: a virtual machine gives back what is free, and gets it again slowly."""
    subprocess.run([sys.executable, "-c", f"import numpy; numpy.ones({3 * SIZE // 8})"], check=True)


def _resident(process: str) -> dict[str, int]:
    text = Path(f"/proc/{process}/status").read_text()
    return {key: int(kilobytes) * 1024 for key, kilobytes in re.findall(r"(Vm\w+):\s+(\d+) kB", text)}
