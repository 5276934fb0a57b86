"""docs/compare.md: each class with its fixture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.compare import CLASSES
from tests.unit.compare.planted import PLANTED, Output

PAGE = (Path(__file__).parents[3] / "docs/compare.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip().strip("`") for cell in row.split("|")[1:-1]] for row in re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)
][2:]


def shown(output: Output) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    text: str = output.get("text") or output["data"]["text/plain"]
    return text.strip()


def texts(outputs: Iterator[Output]) -> str:
    return "\n".join(map(shown, outputs))


def test_the_page_has_every_class_in_their_order() -> None:
    assert tuple(row[0] for row in ROWS) == CLASSES
    assert re.findall(r"^- \*\*([\w ]+)\*\*:", PAGE, re.MULTILINE) == list(CLASSES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_fixture_of_the_page_is_one_that_is_tested(row: list[str]) -> None:
    kind, name, code, saved, new = row
    [case] = [each for each in PLANTED if each.name == name]
    assert (case.expected, case.code) == (kind, code)
    assert (texts(iter(case.saved)), texts(iter(case.new))) == (saved, new)
