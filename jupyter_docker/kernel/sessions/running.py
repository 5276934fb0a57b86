"""One request on its way: its outputs relayed as they come, its questions answered, until its reply is there."""

from __future__ import annotations

from itertools import islice
from time import monotonic
from typing import Protocol

from jupyter_docker.engine import Interrupts
from jupyter_docker.kernel.sessions.channels import Channels, Received
from jupyter_docker.kernel.sessions.messages import Began, Idle, InputRequest, Message, Reply, read_message
from jupyter_docker.kernel.sessions.relay import Relay
from jupyter_docker.values import InterruptedRunError

TICK = 0.25  # seconds between looks at whether the kernel is alive
AT_ONCE = 100  # messages between looks at whether the user interrupts

_LATE = 20.0  # seconds that outputs may take after the reply
_QUIET = 4  # looks in which nothing came
_STUBBORN = 5.0
# A kernel says that a cell begins a little before it runs it; an interrupt in between hits the kernel's own code, and
# the reply is lost.
_SETTLING = 0.1
_NUDGES = 8
_END_OF_INPUT = "\x04"
_INTERRUPT_AGAIN = "The cell does not stop. Interrupt it once more to end the session, and its variables with it."


class Owner(Protocol):
    """Whose kernel runs the request."""

    name: str

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the cell that runs."""

    def check(self) -> None:
        """Raise KernelDiedError where the kernel is gone."""

    def close(self) -> None:
        """End the kernel."""


class RunningCell:
    """The request of that id; ``began`` says that an interrupt would be heeded already."""

    def __init__(
        self,
        owner: Owner,
        channels: Channels,
        relay: Relay,
        interrupts: Interrupts,
        request: str,
        *,
        began: bool,
    ) -> None:
        self._owner, self._channels, self._relay, self._interrupts = owner, channels, relay, interrupts
        self._request = request
        self._reply: Reply | None = None
        self._until = 0.0
        self._idle = False
        self._began = began
        self._settled = 0.0
        self._interrupted = 0.0
        self._passed_on = False
        self._nudges = _NUDGES

    def follow(self) -> Reply:
        """Relay outputs until both the reply and the end of the outputs are there."""
        quiet = 0
        while True:
            self._pass_on()
            try:
                came = self._step()
            except KeyboardInterrupt:
                self._interrupt()
                continue
            quiet = 0 if came else quiet + 1
            if self._reply is not None:
                # A kernel whose queue was full may have dropped the message that says that it is idle.
                if self._idle or quiet > _QUIET or monotonic() > self._until:
                    return self._reply
            elif not came:
                self._owner.check()
                self._nudge()
                if self._interrupted and monotonic() > self._interrupted + _STUBBORN:
                    self._relay.say(_INTERRUPT_AGAIN)

    def _nudge(self) -> None:
        """Wake the event loop of a cell that awaits: the signal of an interrupt alone does not."""
        if self._passed_on and self._nudges:
            self._nudges -= 1
            self._channels.send("shell", "kernel_info_request", {})

    def _step(self) -> bool:
        """Relay what is there, or wait a moment for it; return whether anything came."""
        if not self._channels.wait(0):
            self._relay.outlet.flush()
        with self._interrupts.allowed():
            came = self._channels.wait(TICK)
        for received in islice(self._channels.receive(), AT_ONCE):
            message = read_message(received.kind, received.content)
            if message is not None:
                self._take(received, message)
        return came

    def _take(self, received: Received, message: Message) -> None:
        own = received.parent == self._request
        match message:
            case Reply() if received.channel == "shell":
                if own:
                    self._reply, self._until = message, monotonic() + _LATE
            case Idle():
                self._idle = self._idle or (own and received.channel == "iopub")
            case Began() if own and not self._began:
                self._began, self._settled = True, monotonic() + _SETTLING
            case InputRequest() if received.channel == "stdin":
                if own:
                    self._answer(message)
            case _ if received.channel == "iopub":
                self._relay(message)
            case _:
                pass

    def _answer(self, request: InputRequest) -> None:
        with self._interrupts.allowed():
            try:
                line = self._relay.answer(request)
            except EOFError:
                line = _END_OF_INPUT
        self._channels.send("stdin", "input_reply", {"value": line, "status": "ok"})

    def _interrupt(self) -> None:
        if self._interrupted:
            self._owner.close()
            raise InterruptedRunError(
                f"Interrupted twice: the session '{self._owner.name}' is over, and its variables with it.",
                hint="The next cell starts a new one.",
            )
        self._interrupted = monotonic()

    def _pass_on(self) -> None:
        """Interrupt the kernel once the cell runs: before, it pays no heed."""
        waits = self._interrupted and not self._passed_on and self._reply is None
        if waits and self._began and monotonic() >= self._settled:
            self._passed_on = True
            self._owner.interrupt()
