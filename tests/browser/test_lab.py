"""``%containerize`` in JupyterLab on a real engine: the card that a person sees, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jupyter_docker.engine.connection.engine import Engine
from tests.browser.lab import Lab, new_cell, read, save
from tests.browser.look import containers_of, matches
from tests.browser.pictures import take

DEMO = Path(__file__).parents[2] / "demo_notebooks/penguins"
CONTAINERIZE = "%load_ext jupyter_docker\n%containerize"

pytestmark = pytest.mark.engine


@pytest.fixture
def penguins(lab: Lab) -> Iterator[Path]:
    """The demo notebook without earlier results, with the cell that a reader adds at its top."""
    folder = lab.root / "penguins"
    shutil.copytree(DEMO, folder, ignore=lambda path, names: set(names) - {".gitignore"} if "output" in path else set())
    path = folder / "penguins.ipynb"
    notebook = read(path)
    notebook.cells.insert(0, new_cell(CONTAINERIZE, id="containerize"))
    save(notebook, path)
    yield path
    lab.end_kernel(path)
    shutil.rmtree(folder)


def test_the_demo_notebook_runs_and_its_card_says_all(lab: Lab, page: Page, engine: Engine, penguins: Path) -> None:
    book = lab.open(page, penguins)
    book.run(0)
    book.await_idle()
    expect(book.output(0).locator(".jp-OutputArea-child")).to_have_count(1)
    expect(book.card(0)).to_have_attribute("data-status", "done")
    assert matches(book.texts(0, ".jc-head"), "✓ penguins.ipynb Done")
    assert matches(
        book.texts(0, ".jc-step"),
        r"✓ Exporting penguins\.ipynb 8 code cells → penguins-notebook\.py",
        r"✓ Freezing what it needs from Python [\d.]+ \d+ packages pinned",
        r"✓ Building penguins:\w{12} (already built, )?\d+ MB",
        r"✓ Running penguins:\w{12} with data \(read-only\), output exit status 0",
    ), book.texts(0, ".jc-step")
    assert book.texts(0, ".jc-outcome") == ["'penguins.ipynb' ran in its container."]
    facts = book.facts(0)
    assert list(facts) == ["image", "log"]
    assert re.fullmatch(r"penguins:\w{12}", facts["image"])
    assert Path(facts["log"]).is_relative_to(lab.state)
    once = "339 lines, 336 birds, 37 with a measure missing"
    assert (book.card(0).text_content() or "").count(once) == 1
    assert Path(facts["log"]).read_text().count(once) == 1
    bars = [line for line in book.lines(0) if line.startswith("cross-validation")]
    assert [bar[: bar.index(" [")] for bar in bars] == ["cross-validation: 100%|██████████| 25/25"]
    written = {path.name for path in (penguins.parent / "output").iterdir()}
    assert written == {".gitignore", "confusion.png", "model.joblib", "paradox.png", "report.json"}
    check_saved(book.save(penguins), book.lines(0), facts)
    take(book, "notebook", height=880)


def check_saved(notebook: Any, lines: list[str], facts: dict[str, str]) -> None:
    """The text of the saved card says the same, for whoever shows no HTML."""
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    text = output.data["text/plain"].splitlines()
    assert re.fullmatch(r"penguins\.ipynb: done, .* s", text[0])
    assert [line[0] for line in text[1:5]] == ["✓"] * 4
    assert text[5:-3] == ["", *lines, ""]
    assert text[-3] == "'penguins.ipynb' ran in its container."
    assert [line.split() for line in text[-2:]] == [["image", facts["image"]], ["log", facts["log"]]]


def test_a_failure_names_the_cell_and_line_and_stops_run_all(lab: Lab, page: Page, engine: Engine) -> None:
    loop = "total = 0\nfor value in [3, 1, 4]:\n    total += 1 / (value - 1)"
    notebook = lab.write("broken", CONTAINERIZE, "scale = 2", loop, "print('never')")
    book = lab.open(page, notebook)
    book.run_all()
    expect(book.card(0)).to_have_attribute("data-status", "failed")
    book.await_idle()
    assert matches(book.texts(0, ".jc-head"), r"✗ broken\.ipynb Failed")
    assert matches(book.texts(0, ".jc-step")[3:], r"✗ Running broken:\w{12} exit status 1")
    assert book.texts(0, ".jc-reason") == ["ZeroDivisionError: division by zero"]
    assert book.texts(0, ".jc-place") == ["cell 3, line 3"]
    assert book.texts(0, ".jc-failure pre") == ["total += 1 / (value - 1)"]
    assert book.texts(0, ".jc-hint") == ["Hint: Correct that line, save the notebook, and run it again."]
    assert book.lines(0)[0] == "Traceback (most recent call last):"
    assert book.lines(0)[-1] == "ZeroDivisionError: division by zero"
    error = "ScriptFailedError: ZeroDivisionError: division by zero (cell 3, line 3)"
    assert book.texts(0, '[data-mime-type="application/vnd.jupyter.stderr"]') == [error]
    assert [book.prompt(number).inner_text() for number in range(4)] == ["[1]:", "[ ]:", "[ ]:", "[ ]:"]


def test_the_missing_folder_has_a_hint(lab: Lab, page: Page, engine: Engine, penguins: Path) -> None:
    notebook = read(penguins)
    del notebook.metadata["containerize"]
    notebook.cells[0].source = "%load_ext jupyter_docker\n%containerize run --data none"
    save(notebook, penguins)
    book = lab.open(page, penguins)
    book.run(0)
    book.await_idle()
    assert book.texts(0, ".jc-place") == ["cell 3, line 1"]
    hint = "'data' is beside the notebook but not in the container: mount it with -v ./data:data:ro"
    assert book.texts(0, ".jc-hint") == [f"Hint: {hint}"]
    take(book, "notebook-failed", height=880)


def test_an_interrupt_stops_the_container_and_not_the_kernel(lab: Lab, page: Page, engine: Engine) -> None:
    name = f"sleeper-{os.getpid()}"  # of this run of the tests: several may share an engine
    sleep = "import time\n\nprint('begun')\ntime.sleep(600)"
    book = lab.open(page, lab.write(name, CONTAINERIZE, sleep, "print('alive', 6 * 7)"))
    book.run(0)
    expect(book.card(0).locator('.jc-log[aria-label="Output"]')).to_have_text("begun")
    (container,) = containers_of(engine, f"{name}.ipynb")
    book.interrupt()
    book.await_idle()
    expect(book.card(0)).to_have_attribute("data-status", "stopped")
    assert matches(book.texts(0, ".jc-head"), rf"■ {name}\.ipynb Stopped")
    assert matches(book.texts(0, ".jc-step")[3:], rf"■ Running {name}:\w{{12}}")
    assert book.texts(0, ".jc-reason") == [f"The run was interrupted; '{container}' was stopped and removed."]
    assert book.lines(0) == ["begun"]
    assert containers_of(engine, f"{name}.ipynb") == []
    book.run(2)
    expect(book.output(2)).to_have_text("alive 42")


FLOOD = """
from itertools import count
from pathlib import Path
from time import sleep

for number in count(1):
    print("line", number)
    if number % 1000 == 0:
        sleep(0.01)
        if number >= 100_000 and Path("signals/enough").exists():
            break
"""


def test_a_hundred_thousand_lines_leave_the_page_answering(lab: Lab, page: Page, engine: Engine) -> None:
    notebook = lab.write("chatty", f"{CONTAINERIZE} run -v ./signals:signals:ro", FLOOD, "", "")
    signals = notebook.parent / "signals"
    signals.mkdir()
    book = lab.open(page, notebook)
    book.run(0)
    expect(book.card(0).locator(".jc-earlier")).to_be_visible()
    book.write(2, "print('first')")
    book.write(3, "print('second')")
    book.run(2)
    book.run(3)
    expect(book.card(0)).to_have_attribute("data-status", "running")
    (signals / "enough").touch()
    book.await_idle()
    expect(book.card(0)).to_have_attribute("data-status", "done")
    expect(book.output(2)).to_have_text("first")
    expect(book.output(3)).to_have_text("second")
    assert page.locator(".jp-Containerize").count() == 1
    log = Path(book.facts(0)["log"])
    lines = log.read_text().splitlines()
    assert lines == [f"line {number + 1}" for number in range(len(lines))]
    assert book.lines(0) == lines[-400:]
    assert book.texts(0, ".jc-earlier") == [f"… {len(lines) - 400:,} earlier lines: whole log in {log}"]
