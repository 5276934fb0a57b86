"""The table of optional imports, ``optional_uses.toml``, and whether one of its rules is met."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from jupyter_docker.freeze.scan.uses import Use

Condition = Mapping[str, str]  # regular expressions, compiled when they are first tried


@dataclass(frozen=True, kw_only=True)
class Code:
    """What all of the code has: its texts, and whether IPython runs it."""

    texts: frozenset[str] = frozenset()
    interpreter: str = "python"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the table; the file itself says what its fields mean."""

    of: frozenset[str]
    names: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    when: Condition = field(default_factory=dict)
    unless: Condition = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    def met(self, use: Use, code: Code) -> Mapping[str, str] | None:
        """Return what each condition matched, by its name, where ``use`` meets the rule; else None."""
        if use.library and use.library not in self.of:
            return None
        matched = {key: _match(key, pattern, use, code) for key, pattern in self.when.items()}
        if None in matched.values() or any(
            _match(key, each, use, code) is not None for key, each in self.unless.items()
        ):
            return None
        return {key: text for key, text in matched.items() if text is not None}


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """A group of entry points, one of which a text names: in ``keyword`` where there is one, else in any text."""

    of: frozenset[str]
    group: str
    pattern: re.Pattern[str]
    keyword: str = ""

    def named(self, use: Use) -> Iterator[str]:
        """Yield the names of entry points that ``use`` can mean."""
        for text in use.keywords.get(self.keyword, ()) if self.keyword else use.texts:
            match = self.pattern.search(text)
            if match:
                yield from (match[1].replace("+", "."), match[1].partition("+")[0])


@dataclass(frozen=True, kw_only=True)
class UseTable:
    """The rules, by the last part of the names they are about ("" for texts alone), those of imports, and plugins."""

    by_name: Mapping[str, tuple[Rule, ...]]
    patterns: tuple[tuple[re.Pattern[str], Rule], ...]
    imports: tuple[Rule, ...]
    plugins: tuple[Plugins, ...]

    def rules_for(self, use: Use) -> Iterator[Rule]:
        """Yield the rules about what ``use`` names."""
        last = use.name.rpartition(".")[2]
        for rule in self.by_name.get(last, ()):
            if not last or any(f".{use.name}".endswith(f".{name}") for name in rule.names):
                yield rule
        if last:
            yield from (rule for pattern, rule in self.patterns if pattern.search(use.name))


@cache
def use_table() -> UseTable:
    """Return the table; it is read once."""
    text = files("jupyter_docker.freeze.distributions").joinpath("optional_uses.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    rules = [_rule(each) for each in document["use"]]
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        plain = [name.rpartition(".")[2] for name in rule.names if not name.endswith("*")]
        for name in dict.fromkeys(plain or ([] if rule.names or rule.imports else [""])):
            by_name.setdefault(name, []).append(rule)
    return UseTable(
        by_name={name: tuple(each) for name, each in by_name.items()},
        patterns=tuple((_glob(name), rule) for rule in rules for name in rule.names if name.endswith("*")),
        imports=tuple(rule for rule in rules if rule.imports),
        plugins=tuple(_plugins(each) for each in document["plugin"]),
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        of=frozenset(entry["of"]),
        names=tuple(entry.get("names", ())),
        imports=tuple(entry.get("imports", ())),
        when=entry.get("when", {}),
        unless=entry.get("unless", {}),
        needs=tuple(entry["needs"]),
    )


def _plugins(entry: Mapping[str, str]) -> Plugins:
    return Plugins(
        of=frozenset(entry["of"]),
        group=entry["group"],
        pattern=re.compile(entry["pattern"]),
        keyword=entry.get("keyword", ""),
    )


def _glob(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\.){re.escape(name[:-1])}\w*$")


def _match(key: str, pattern: str, use: Use, code: Code) -> str | None:
    for text in _values(key, use, code):
        match = re.search(pattern, text) if key in ("text", "anywhere") else re.fullmatch(pattern, text)
        if match:
            return (match[1] if match.re.groups else "") or match[0]
    return None


def _values(key: str, use: Use, code: Code) -> Iterable[str]:
    if key == "text":
        return use.texts
    if key == "anywhere":
        return code.texts
    if key == "arguments":
        return (str(use.arguments),)
    return (code.interpreter,) if key == "interpreter" else use.keywords.get(key, ())
