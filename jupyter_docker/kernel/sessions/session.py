"""One container's kernel, and the cells that it runs one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine import Interrupts
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.kernel.sessions.channels import Channels, Received
from jupyter_docker.kernel.sessions.messages import CellError, Reply
from jupyter_docker.kernel.sessions.relay import Relay
from jupyter_docker.kernel.sessions.running import AT_ONCE, TICK, RunningCell
from jupyter_docker.values import InterruptedRunError, KernelDiedError, UsageError

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager

START_SECONDS = 60.0
_ASK_AGAIN = 1.0
# The history's database goes with the container; and no pause before each reply: the end of the outputs is waited for.
_ARGUMENTS = ("--HistoryManager.enabled=False", "--IPythonKernel._execute_sleep=0")
# Run in the kernel: a cell whose request has a number is In[number] there too, so that tracebacks name it; no number is
# given twice. Its text is transformed before it gets its number, in all versions of IPython.
_NUMBER = "containerize_number"
_NUMBERED = f"""\
(lambda shell: shell.input_transformers_cleanup.insert(0, lambda lines: (setattr(
    shell, "execution_count", max(shell.execution_count, shell.get_parent().get("metadata", {{}}).get({_NUMBER!r}, 0))
), lines)[1]))(get_ipython())
"""


@dataclass(frozen=True, kw_only=True)
class CellOutcome:
    """How a cell ended: ``error`` is the exception that ended it, None where it went through."""

    error: CellError | None = None


class Session:
    """Runs cells in the kernel of ``manager``, which is not started yet; variables stay from cell to cell.

    An interrupt raises KeyboardInterrupt inside, and the session stays; a second one ends it. Outputs are data: see
    `messages`, `channels` and `markup` for what is let through.
    """

    def __init__(self, manager: KernelManager, *, name: str) -> None:
        self.name = name
        self._manager = manager
        self._channels: Channels | None = None
        self._busy = Lock()

    @property
    def open(self) -> bool:
        """Whether it was started and not closed; its kernel may be gone all the same, which the next cell finds."""
        return self._channels is not None

    @property
    def busy(self) -> bool:
        """Whether a cell runs."""
        return self._busy.locked()

    def start(self, *, timeout: float = START_SECONDS) -> None:
        """Start the kernel and wait until it answers, at most ``timeout`` seconds.

        Raises KernelDiedError, InterruptedRunError, or what the engine raises; nothing is left then.
        """
        with Interrupts() as interrupts:
            try:
                self._manager.start_kernel(extra_arguments=list(_ARGUMENTS))
                self._channels = Channels(self._manager)
                self._await_answer(self._channels, interrupts, monotonic() + timeout)
                self._channels.send("shell", "execute_request", _request(_NUMBERED, silent=True, allow_stdin=False))
            except BaseException as error:
                self.close()
                if isinstance(error, KeyboardInterrupt):
                    raise InterruptedRunError("Interrupted while the session started.") from None
                raise

    def execute(self, code: str, relay: Relay, *, number: int | None = None, silent: bool = False) -> CellOutcome:
        """Run ``code`` to its end, its outputs going to ``relay`` as they come.

        ``number`` is the cell's in the notebook, so that a traceback names it; ``silent`` code has none and leaves no
        trace in ``In`` and ``Out``. Raises KernelDiedError, InterruptedRunError after a second interrupt (the session
        is over in both cases), or UsageError where a cell runs already.
        """
        with self._alone() as channels, Interrupts() as interrupts:
            content = _request(code, silent=silent, allow_stdin=relay.outlet.takes_input)
            cell = {} if number is None else {_NUMBER: number}
            request = channels.send("shell", "execute_request", content, metadata=cell)
            try:
                reply = RunningCell(self, channels, relay, interrupts, request, began=silent).follow()
            except BaseException:
                if self.open:  # what it shows can't be shown any more, so it is not to run on unseen
                    self.interrupt()
                raise
        relay.close(reply.error)
        for page in reply.pages:
            relay.page(page)
        return CellOutcome(error=_ending(reply))

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the cell that runs."""
        self._manager.interrupt_kernel()

    def close(self) -> None:
        """End the kernel and its container; no matter if it is gone already."""
        channels, self._channels = self._channels, None
        if channels is not None:
            channels.close()
        provisioner = self._manager.provisioner
        if isinstance(provisioner, ContainerProvisioner):
            provisioner.close()  # at the end of the interpreter there is no thread for the manager to do it in
            self._manager.cleanup_resources()
        elif provisioner is not None:
            self._manager.shutdown_kernel(now=True)

    def check(self) -> None:
        """Raise KernelDiedError, which says why, where the kernel is gone; the session is over then."""
        if self._manager.is_alive():
            return
        reason = getattr(self._manager.provisioner, "exit_reason", "") or "its kernel is gone."
        self.close()
        raise KernelDiedError(
            f"The session '{self.name}' ended: {reason}",
            hint="The next cell starts a new session; its variables have to be made again.",
        )

    @contextmanager
    def _alone(self) -> Iterator[Channels]:
        if self._channels is None:
            raise UsageError(f"The session '{self.name}' is over.", hint="Run the cell again: a new one starts.")
        if not self._busy.acquire(blocking=False):
            raise UsageError(
                f"The session '{self.name}' runs another cell.", hint="Wait for it, or name another one: --session B"
            )
        try:
            yield self._channels
        finally:
            self._busy.release()

    def _await_answer(self, channels: Channels, interrupts: Interrupts, until: float) -> None:
        """Wait for an answer on both channels: outputs are lost until iopub is subscribed."""
        wanted, asked_at = {"shell", "iopub"}, 0.0
        while wanted:
            if monotonic() - asked_at > _ASK_AGAIN:
                asked_at = monotonic()
                channels.send("shell", "kernel_info_request", {})
            with interrupts.allowed():
                ready = channels.wait(TICK)
            wanted -= {received.channel for received in islice(channels.receive(), AT_ONCE) if _answers(received)}
            if not ready:
                self.check()
            if monotonic() > until:
                raise KernelDiedError(
                    f"The kernel of session '{self.name}' does not answer.",
                    hint="Is it an image of another tool? `%containerize doctor` checks the engine.",
                )


def _request(code: str, *, silent: bool, allow_stdin: bool) -> dict[str, Any]:
    return {
        "code": code,
        "silent": silent,
        "store_history": not silent,
        "user_expressions": {},
        "allow_stdin": allow_stdin,
        "stop_on_error": True,
    }


def _answers(received: Received) -> bool:
    return received.channel == "iopub" or received.kind == "kernel_info_reply"


def _ending(reply: Reply) -> CellError | None:
    if reply.status == "ok":
        return None
    return reply.error or CellError(ename="Aborted", evalue="The kernel did not run the cell.", traceback=())
