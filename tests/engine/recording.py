"""What a run emitted, kept for the tests to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jupyter_docker.values.events import Event, Log, Progress, Stream, Warned


@dataclass
class Recorder:
    """An ``emit`` that keeps all; ``on_log`` is called after the first Log."""

    on_log: Callable[[], None] | None = None
    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Log) and self.on_log:
            call, self.on_log = self.on_log, None
            call()

    def text(self, stream: Stream | None = None) -> str:
        """What was printed, to one stream or to both in order."""
        logs = [event for event in self.events if isinstance(event, Log)]
        return "".join(log.text for log in logs if stream in {None, log.stream})

    @property
    def warnings(self) -> list[str]:
        """The messages of Warned events."""
        return [event.message for event in self.events if isinstance(event, Warned)]

    @property
    def progress(self) -> list[str]:
        """The labels of Progress events."""
        return [event.label for event in self.events if isinstance(event, Progress)]
