"""A figure beside its baseline, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What was measured in one run on one machine: ``ours`` and ``baseline`` in ``unit``.

    ``bound`` is the most that ours may be of the baseline, the least where ``more_is_better``; ``limit`` is the most
    that ours may be by itself. None holds nothing.
    """

    what: str
    ours: float
    baseline: float
    unit: str = "s"
    bound: float | None = None
    limit: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """Ours as a part of the baseline."""
        return self.ours / self.baseline

    @property
    def holds(self) -> bool:
        """Whether the ratio is within the bound, and ours within the limit."""
        if self.limit is not None and self.ours > self.limit:
            return False
        if self.bound is None:
            return True
        return self.ratio >= self.bound if self.more_is_better else self.ratio <= self.bound


def best_in_turns(rounds: int, *measures: Callable[[], float]) -> Sequence[float]:
    """Return each function's least value."""
    return [min(values) for values in in_turns(rounds, *measures)]


def in_turns(rounds: int, *measures: Callable[[], float]) -> Sequence[Sequence[float]]:
    """Return each function's values; they are called in turns, so that a busy moment does not hit only one."""
    values = [[measure() for measure in measures] for _ in range(rounds)]
    return list(zip(*values, strict=True))


def print_table(measurements: Iterable[Measurement]) -> None:
    """Print a line for each."""
    table = Table(box=None)
    table.add_column("")
    for heading in ("ours", "baseline", "", "ratio", "bound", ""):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for each in measurements:
        bounds = ", ".join(_bounds(each))
        verdict = ("ok" if each.holds else "MISSED") if bounds else ""
        table.add_row(
            each.what, _figure(each.ours), _figure(each.baseline), each.unit, f"{each.ratio:.2f}", bounds, verdict
        )
    Console().print(table)


def _bounds(measurement: Measurement) -> Iterator[str]:
    if measurement.bound is not None:
        yield f"{'≥' if measurement.more_is_better else '≤'} {measurement.bound}"
    if measurement.limit is not None:
        yield f"≤ {measurement.limit} {measurement.unit}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
