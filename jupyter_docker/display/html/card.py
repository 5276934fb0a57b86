"""The state of a command as a card of HTML for a notebook's output.

No script, and everything escaped. A notebook that is not trusted loses the style sheet too: what is left is a heading,
a list, real ``<progress>`` elements, ``<details>`` and ``<pre>``, in an order that reads well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jupyter_docker.display.html.ansi import escape
from jupyter_docker.display.html.outcome import folded_log, log_box, result_part, warning_list
from jupyter_docker.display.logtail import LogTail
from jupyter_docker.display.measure import amount, duration, fraction
from jupyter_docker.display.state import DisplayState, Status, StepState
from jupyter_docker.values import Progress, StepName

MAX_HTML = 100_000  # characters of one update
_MAX_RUN_LOG = 48_000
_MAX_STEP_LOG = 12_000
_LOG_BOXES = 4_000  # what is around the logs
_MAX_STEPS = 12
_MAX_ITEMS = 6
_LONG, _SHORT = 200, 100  # characters of one text

ICONS: Mapping[Status, str] = {"running": "…", "done": "✓", "failed": "✗", "stopped": "■"}
STATUS_WORDS: Mapping[Status, str] = {"running": "Running", "done": "Done", "failed": "Failed", "stopped": "Stopped"}


def render_card(name: str, state: DisplayState, logs: Mapping[StepName, LogTail]) -> str:
    """Return the card, of at most 100,000 characters: the logs get what the rest leaves."""
    head = _header(name, state) + _steps(state, logs) + warning_list(list(state.warnings))
    foot = result_part(state.result) if state.result else ""
    opening = f'<style>{_style()}</style><section class="jp-Containerize" data-status="{state.status}">'
    room = MAX_HTML - len(opening) - len(head) - len(foot) - _LOG_BOXES
    logs_part = _logs(state, logs, room)
    return f"{opening}{head}{logs_part}{foot}</section>"


def _logs(state: DisplayState, logs: Mapping[StepName, LogTail], room: int) -> str:
    parts = []
    for step, log in logs.items():
        if step != "run" and log.total:
            parts.append(folded_log(step, log, min(_MAX_STEP_LOG, room // len(logs))))
            room -= len(parts[-1])
    if "run" in logs and logs["run"].total:
        path = state.result.facts.get("log", "") if state.result else ""
        parts.append(log_box("Output", logs["run"], min(_MAX_RUN_LOG, room), path=path))
    return "".join(parts)


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _header(name: str, state: DisplayState) -> str:
    title = state.current.title if state.current else STATUS_WORDS[state.status]
    return (
        f'<header class="jc-head">{_icon(state.status)} <strong class="jc-name">{escape(name, most=_SHORT)}</strong> '
        f'<span class="jc-state" role="status">{escape(title, most=_SHORT)}</span> '
        f'<span class="jc-time">{duration(state.seconds)}</span></header>'
    )


def _icon(status: Status) -> str:
    return f'<span class="jc-icon jc-{status}" role="img" aria-label="{STATUS_WORDS[status]}">{ICONS[status]}</span>'


def _steps(state: DisplayState, logs: Mapping[StepName, LogTail]) -> str:
    rows = "".join(_step(state, step, logs.get(step.name)) for step in state.steps[-_MAX_STEPS:])
    return f'<ol class="jc-steps" aria-label="Steps">{rows}</ol>' if rows else ""


def _step(state: DisplayState, step: StepState, log: LogTail | None) -> str:
    line = (
        f'{_icon(step.status)} <span class="jc-title">{escape(step.title, most=_SHORT)}</span> '
        f'<span class="jc-summary">{escape(step.summary, most=_LONG)}</span> '
        f'<span class="jc-time">{duration(state.seconds_of(step))}</span>'
    )
    return f'<li><div class="jc-step">{line}</div>{_running_items(step, log) if step.status == "running" else ""}</li>'


def _running_items(step: StepState, log: LogTail | None) -> str:
    items = "".join(map(_item, step.active(_MAX_ITEMS)))
    last = log.text_lines()[-1:] if log and step.name != "run" else []
    latest = "".join(f'<div class="jc-latest">{escape(line, most=_LONG)}</div>' for line in last)
    return (f'<ul class="jc-items">{items}</ul>' if items else "") + latest


def _item(item: Progress) -> str:
    label, done, size = escape(item.label, most=_SHORT), fraction(item), amount(item)
    value = "" if done is None else f' value="{done:.3f}"'
    text = size if done is None else f"{done:.0%}" + (f" · {size}" if size else "")
    return (
        f'<li class="jc-item"><span class="jc-label" title="{label}">{label}</span> '
        f'<progress max="1"{value} aria-label="{label}"></progress> <span class="jc-amount">{text}</span></li>'
    )
