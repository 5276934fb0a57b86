"""The part of a terminal that moves: the running step with its items, redrawn in place."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from jupyter_docker.display.logtail import one_line
from jupyter_docker.display.measure import amount, duration, fraction
from jupyter_docker.display.state import DisplayState
from jupyter_docker.values import Progress

_MAX_ITEMS = 6
_BAR_WIDTH = 24
_REFRESHES_A_SECOND = 8


class LiveRegion:
    """Lines at the bottom of a terminal that show the current step; they vanish on `stop`.

    rich redraws them on a thread of its own, so that the running time moves while no event comes.
    """

    def __init__(self, console: Console, state: DisplayState, *, unicode: bool) -> None:
        self._console = console
        self._state = state
        self._spinner = Spinner("dots" if unicode else "line", style="cyan")
        self._live: Live | None = None

    def start(self) -> None:
        """Show the region, unless it is shown."""
        if self._live is None:
            self._live = Live(
                console=self._console,
                get_renderable=self._draw,
                refresh_per_second=_REFRESHES_A_SECOND,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start(refresh=True)

    def stop(self) -> None:
        """Take the region away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> RenderableType:
        step = self._state.current
        if step is None:
            return Text()
        elapsed = duration(self._state.seconds_of(step))
        self._spinner.update(text=Text.assemble((step.title, "bold"), "  ", (elapsed, "dim")))
        items = Table.grid(padding=(0, 1))
        items.add_column(no_wrap=True, overflow="ellipsis", max_width=max(self._console.width // 2, 20))
        for item in step.active(_MAX_ITEMS):
            items.add_row(*_item_row(item))
        return Group(self._spinner, items)


def _item_row(item: Progress) -> tuple[RenderableType, ...]:
    label, done = Text("  " + one_line(item.label)), fraction(item)
    if done is None:
        return label, Text(), Text(), Text(amount(item), style="dim", no_wrap=True)
    bar = ProgressBar(total=1.0, completed=done, width=_BAR_WIDTH)
    return label, bar, Text(f"{done:4.0%}", no_wrap=True), Text(amount(item), style="dim", no_wrap=True)
