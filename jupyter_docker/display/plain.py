"""The state of a command as text: what frontends without HTML show, and what stays readable in a saved notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jupyter_docker.display.html.card import ICONS, STATUS_WORDS
from jupyter_docker.display.logtail import LogTail, one_line, plain_lines
from jupyter_docker.display.measure import duration, position_text
from jupyter_docker.display.state import DisplayState
from jupyter_docker.values import Failed, Finished, StepName

_MAX_LOG_LINES = 100
_MAX_LOG = 12_000
_MAX_MESSAGE = 8_000
_MAX_TEXT = 300
_MAX_ROWS = 12


def render_plain(name: str, state: DisplayState, logs: Mapping[StepName, LogTail]) -> str:
    """Return the text, of at most ~40,000 characters: steps, warnings, the run's last lines, the result."""
    lines = [_short(line) for line in [*_head(name, state), *_warnings(state)]]
    log = logs.get("run")
    if log is not None and log.total:
        lines += ["", *_log(log), ""]
    return "\n".join([*lines, *(_outcome(state.result) if state.result else ())])


def _head(name: str, state: DisplayState) -> Iterator[str]:
    yield f"{name}: {STATUS_WORDS[state.status].lower()}, {duration(state.seconds)}"
    for step in state.steps[-_MAX_ROWS:]:
        summary = f"  {step.summary}" if step.summary else ""
        yield f"{ICONS[step.status]} {step.title}{summary}  {duration(state.seconds_of(step))}"


def _warnings(state: DisplayState) -> Iterator[str]:
    for warning in list(state.warnings)[-_MAX_ROWS:]:
        yield f"warning: {warning.message}" + (f" (hint: {warning.hint})" if warning.hint else "")


def _log(log: LogTail) -> list[str]:
    selected: list[str] = []
    room = _MAX_LOG
    for line in reversed(log.text_lines()[-_MAX_LOG_LINES:]):
        room -= len(line) + 1
        if room < 0:
            break
        selected.append(line)
    earlier = log.earlier(len(selected))
    return ([earlier] if earlier else []) + selected[::-1]


def _outcome(result: Finished | Failed) -> Iterator[str]:
    if isinstance(result, Failed):
        where = f" ({position})" if (position := position_text(result)) else ""
        first, _, rest = result.message.partition("\n")
        yield f"error: {_short(first)}{where}"
        yield from (f"  {line}" for line in plain_lines(rest[-_MAX_MESSAGE:]))
        if result.hint:
            yield f"hint: {_short(result.hint)}"
    else:
        yield _short(result.summary)
    facts = [(_short(key), _short(value)) for key, value in list(result.facts.items())[:_MAX_ROWS]]
    width = max((len(key) for key, _ in facts), default=0)
    yield from (f"  {key.ljust(width)}  {value}" for key, value in facts)


def _short(text: str) -> str:
    line = one_line(text[: 4 * _MAX_TEXT])
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 1] + "…"
