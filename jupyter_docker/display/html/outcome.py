"""The parts of the card that say what came of it, as HTML: logs, warnings, the result or the failure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import dedent
from urllib.parse import urlsplit

from jupyter_docker.display.html.ansi import escape
from jupyter_docker.display.logtail import LogTail, one_line
from jupyter_docker.display.measure import plural, position_text
from jupyter_docker.values import Failed, Finished, StepName, Warned

_MAX_WARNINGS = 6
_MAX_FACTS = 12
_MAX_MESSAGE = 12_000
_LONG, _SHORT = 300, 40  # characters of one text


def warning_list(warnings: Sequence[Warned]) -> str:
    """Return the last warnings, each with its hint."""
    rows = "".join(
        f'<li><span class="jc-icon jc-warn" role="img" aria-label="Warning">!</span> '
        f"<div>{_prose(warning.message, most=_LONG)}{_hint(warning.hint)}</div></li>"
        for warning in warnings[-_MAX_WARNINGS:]
    )
    return f'<ul class="jc-warnings" aria-label="Warnings">{rows}</ul>' if rows else ""


def folded_log(step: StepName, log: LogTail, budget: int) -> str:
    """Return a step's log, closed until it is asked for."""
    title = f"{step.capitalize()} log"
    count = f'<span class="jc-quiet">{plural(log.total, "line")}</span>'
    box = log_box(title, log, budget)
    return f'<details class="jc-folded"><summary>{title} {count}</summary>{box}</details>'


def log_box(title: str, log: LogTail, budget: int, *, path: str = "") -> str:
    """Return the last lines in a box that scrolls; ``path`` is where the whole log is."""
    lines = log.html_lines(budget)
    earlier = log.earlier(len(lines)) + (f": whole log in {escape(path, most=_LONG)}" if path else "")
    note = f'<div class="jc-quiet jc-earlier">{earlier}</div>' if log.total > len(lines) else ""
    return f'{note}<div class="jc-log" role="log" aria-label="{title}" tabindex="0">{_pre(lines)}</div>'


def result_part(result: Finished | Failed) -> str:
    """Return what the command ended with: the summary or the failure, then its facts."""
    if isinstance(result, Failed):
        return _failure(result) + _facts(result.facts)
    summary = f'<div class="jc-outcome">{_prose(result.summary, most=_LONG)}</div>'
    return f'<footer class="jc-result">{summary}{_facts(result.facts)}</footer>'


def _failure(failed: Failed) -> str:
    first, _, rest = failed.message.partition("\n")
    where = position_text(failed)
    position = f' <span class="jc-place">{escape(where)}</span>' if where else ""
    reason = f'<div><span class="jc-reason">{_prose(first, most=2 * _LONG)}</span>{position}</div>'
    tail = LogTail()
    tail.feed(dedent(rest[-_MAX_MESSAGE:]))
    lines = tail.html_lines(_MAX_MESSAGE)
    more = f'<div class="jc-log" tabindex="0">{_pre(lines)}</div>' if lines else ""
    return f'<div class="jc-failure" role="alert">{reason}{more}{_hint(failed.hint)}</div>'


def _pre(lines: list[str]) -> str:
    # HTML drops a newline right after the tag, so one is given for it.
    return f"<pre>\n{''.join(lines)}</pre>"


def _prose(text: str, *, most: int) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(one_line(text), most=most))


def _hint(hint: str) -> str:
    return f'<div class="jc-hint"><b>Hint:</b> {_prose(hint, most=_LONG)}</div>' if hint else ""


def _facts(facts: Mapping[str, str]) -> str:
    shown = list(facts.items())[:_MAX_FACTS]
    rows = "".join(f"<dt>{escape(key, most=_SHORT)}</dt> <dd>{_fact(value)}</dd>" for key, value in shown)
    return f'<dl class="jc-facts">{rows}</dl>' if rows else ""


def _fact(value: str) -> str:
    text = escape(value, most=_LONG)
    if _is_link(value) and len(value) <= _LONG:
        return f'<a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return f"<code>{text}</code>"


def _is_link(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not any(map(str.isspace, value))
