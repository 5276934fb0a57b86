"""Messages of a container's kernel as values, read without trusting them.

They follow https://jupyter-client.readthedocs.io/en/stable/messaging.html, but the container may send anything: what
is not of a known type, shape and size is no message. Only text and JSON is taken, nothing of it is ever run here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from jupyter_docker.values import ContainerizeError

MimeBundle: TypeAlias = Mapping[str, Any]

_MAX_NAME = 200
_MAX_VALUE = 100_000
_MAX_LINES = 2_000
_MAX_PROMPT = 10_000
_MAX_TYPES = 50
_MAX_DEPTH = 100


@dataclass(frozen=True, kw_only=True)
class StreamText:
    """Text printed on ``name``, ANSI codes and carriage returns as they are."""

    name: Literal["stdout", "stderr"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Display:
    """Something displayed; ``update`` replaces what was displayed under ``display_id``."""

    data: MimeBundle
    metadata: MimeBundle
    display_id: str = ""
    update: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """The value of a cell's last expression."""

    data: MimeBundle
    metadata: MimeBundle


@dataclass(frozen=True, kw_only=True)
class ClearOutput:
    """The cell's outputs are to go, with ``wait`` when the next one comes."""

    wait: bool


@dataclass(frozen=True, kw_only=True)
class CellError:
    """An exception in the container: its class's name, its text, and the coloured traceback, a part an entry."""

    ename: str
    evalue: str
    traceback: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InputRequest:
    """The cell waits for a line from the user."""

    prompt: str
    password: bool


@dataclass(frozen=True, kw_only=True)
class Began:
    """The kernel runs the code of a request."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """The kernel is done with a request."""


@dataclass(frozen=True, kw_only=True)
class Comm:
    """A widget speaks to its other half, which is not here."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The answer to a request: ``error`` says why it failed, ``pages`` are for the pager (``name?``)."""

    status: Literal["ok", "error", "aborted"]
    error: CellError | None = None
    pages: tuple[MimeBundle, ...] = ()


Message: TypeAlias = (
    StreamText | Display | Result | ClearOutput | CellError | InputRequest | Began | Idle | Comm | Reply
)


def read_message(kind: object, content: object) -> Message | None:
    """Return the message of type ``kind``, None where it is of no use here or not as it should be."""
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None or not isinstance(content, dict) or not _is_shallow(content, _MAX_DEPTH):
        return None
    return reader(content)


def _is_shallow(value: object, left: int) -> bool:
    """Whether it is nested at most ``left`` deep: what is deeper can't be passed on as JSON."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(_is_shallow(each, left - 1) for each in inner if isinstance(each, dict | list))


def _stream(content: Mapping[str, Any]) -> StreamText | None:
    name, text = content.get("name"), content.get("text")
    if not isinstance(text, str) or name not in ("stdout", "stderr"):  # no set: any JSON may be there
        return None
    return StreamText(name=name, text=text)


def _display(content: Mapping[str, Any], *, update: bool = False) -> Display | None:
    data, transient = _bundle(content.get("data")), content.get("transient")
    name = transient.get("display_id", "") if isinstance(transient, dict) else ""
    if data is None or not isinstance(name, str) or len(name) > _MAX_NAME or (update and not name):
        return None
    return Display(data=data, metadata=_mapping(content.get("metadata")), display_id=name, update=update)


def _update(content: Mapping[str, Any]) -> Display | None:
    return _display(content, update=True)


def _result(content: Mapping[str, Any]) -> Result | None:
    data = _bundle(content.get("data"))
    return None if data is None else Result(data=data, metadata=_mapping(content.get("metadata")))


def _clear(content: Mapping[str, Any]) -> ClearOutput:
    return ClearOutput(wait=content.get("wait") is True)


def _error(content: Mapping[str, Any]) -> CellError | None:
    name, value, lines = content.get("ename"), content.get("evalue"), content.get("traceback")
    if not isinstance(name, str) or not isinstance(value, str) or not isinstance(lines, list):
        return None
    kept = tuple(line[:_MAX_VALUE] for line in lines[:_MAX_LINES] if isinstance(line, str))
    return CellError(ename=name[:_MAX_NAME], evalue=value[:_MAX_VALUE], traceback=kept)


def _input_request(content: Mapping[str, Any]) -> InputRequest | None:
    prompt = content.get("prompt", "")
    if not isinstance(prompt, str):
        return None
    return InputRequest(prompt=prompt[:_MAX_PROMPT], password=content.get("password") is True)


def _input(_content: Mapping[str, Any]) -> Began:
    return Began()


def _status(content: Mapping[str, Any]) -> Idle | None:
    return Idle() if content.get("execution_state") == "idle" else None


def _comm(_content: Mapping[str, Any]) -> Comm:
    return Comm()


def _reply(content: Mapping[str, Any]) -> Reply | None:
    status = content.get("status")
    if status == "ok":
        return Reply(status="ok", pages=tuple(_pages(content.get("payload"))))
    if status == "error":
        return Reply(status="error", error=_error(content))
    return Reply(status="aborted") if status in ("abort", "aborted") else None


def _pages(payload: object) -> list[MimeBundle]:
    entries = payload[:_MAX_TYPES] if isinstance(payload, list) else []
    wanted = [each.get("data") for each in entries if isinstance(each, dict) and each.get("source") == "page"]
    return [data for data in map(_bundle, wanted) if data is not None]


def _bundle(data: object) -> MimeBundle | None:
    """Return the bundle where it is one: mime types with text, or with JSON for the types that are JSON."""
    if not isinstance(data, dict) or len(data) > _MAX_TYPES:
        return None
    kept = {}
    for kind, value in data.items():
        if not isinstance(kind, str) or "/" not in kind or len(kind) > _MAX_NAME:
            return None
        text = "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value
        if kind.endswith("json"):
            kept[kind] = value
        elif isinstance(text, str):
            kept[kind] = text
    return kept


def _mapping(value: object) -> MimeBundle:
    return value if isinstance(value, dict) else {}


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Message | None]] = {
    "stream": _stream,
    "display_data": _display,
    "update_display_data": _update,
    "execute_result": _result,
    "clear_output": _clear,
    "error": _error,
    "input_request": _input_request,
    "execute_input": _input,
    "status": _status,
    "comm_open": _comm,
    "comm_msg": _comm,
    "execute_reply": _reply,
    "kernel_info_reply": _reply,
}


class CellFailedError(ContainerizeError):
    """A cell raised inside the container; its class here has the name of the one there.

    IPython shows ``_render_traceback_`` in place of the place where it was raised.
    """

    def __init__(self, error: CellError) -> None:
        super().__init__(error.evalue)
        self.ename, self.evalue, self.traceback = error.ename, error.evalue, error.traceback

    def _render_traceback_(self) -> list[str]:
        return list(self.traceback)


class CellInterruptedError(CellFailedError, KeyboardInterrupt):
    """A cell was interrupted inside the container; it is a KeyboardInterrupt here too, so that nothing goes on."""


def as_exception(error: CellError) -> CellFailedError:
    """Return the exception to raise for ``error``: of a class with its name, which every frontend shows."""
    base = CellInterruptedError if error.ename == KeyboardInterrupt.__name__ else CellFailedError
    name = error.ename.replace("\0", "")
    named: type[CellFailedError] = type(name, (base,), {"__module__": __name__})
    return named(error)
