"""From an edit to the first output, and from the same notebook to the first output again.

The notebook is frozen with pandas, scikit-learn and matplotlib; its first cell prints what is waited for. Baselines:

- edited, in a kernel: `docker buildx build` and `docker run` by hand of the exported context, its script edited alike,
  its packages in the build cache; both until the output;
- edited, the command: `jupyter nbconvert --to script` into that context, then the same build and run; both to the end;
- unchanged, in a kernel: `docker run --rm` of the image that was made; both until the output.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.edited_notebook import EditedNotebook
from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.benchmarks.programs import OURS, remove_images, seconds_of, seconds_to
from tests.benchmarks.warm_kernel import WarmKernel

ROUNDS = 5


def measure() -> Iterator[Measurement]:
    """Yield the three; the images made for them are removed."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = EditedNotebook(Path(folder))
        try:
            by_hand = ByHand(notebook, Path(folder) / "context")
            with WarmKernel(notebook.path) as kernel:
                kernel.seconds_to("%containerize", notebook.token)
                yield _edited(notebook, by_hand, kernel)
                yield _unchanged(notebook, kernel)
            yield _command(notebook, by_hand)
        finally:
            remove_images(notebook.name)


def _edited(notebook: EditedNotebook, by_hand: ByHand, kernel: WarmKernel) -> Measurement:
    def ours() -> float:
        return kernel.seconds_to("%containerize", notebook.edit())

    def baseline() -> float:
        notebook.edit()
        by_hand.edit()
        return by_hand.seconds_to_output()

    seconds, seconds_by_hand = best_in_turns(ROUNDS, ours, baseline)
    return Measurement(what="edit to output, in a kernel", ours=seconds, baseline=seconds_by_hand, bound=1.25)


def _unchanged(notebook: EditedNotebook, kernel: WarmKernel) -> Measurement:
    image = f"{notebook.name}:unchanged"
    seconds_of([OURS, "build", str(notebook.path), "--tag", image])

    def ours() -> float:
        return kernel.seconds_to("%containerize", notebook.token)

    def baseline() -> float:
        return seconds_to(["docker", "run", "--rm", image], notebook.token)

    seconds, seconds_of_run = best_in_turns(ROUNDS, ours, baseline)
    return Measurement(what="unchanged to output, in a kernel", ours=seconds, baseline=seconds_of_run, bound=1.5)


def _command(notebook: EditedNotebook, by_hand: ByHand) -> Measurement:
    def ours() -> float:
        notebook.edit()
        return seconds_of([OURS, "run", str(notebook.path)])

    def baseline() -> float:
        notebook.edit()
        return by_hand.seconds_of_all()

    seconds, seconds_by_hand = best_in_turns(ROUNDS, ours, baseline)
    return Measurement(what="edit to end, the command", ours=seconds, baseline=seconds_by_hand, bound=1.0)
