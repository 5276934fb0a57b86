"""The panel in JupyterLab on a real engine: one click runs a notebook, and a failure leads to its cell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from jupyter_docker.engine import Engine
from tests.browser.lab import Lab
from tests.browser.pictures import take

DEMO = Path(__file__).parents[2] / "demo_notebooks/penguins"

pytestmark = pytest.mark.engine


@pytest.fixture
def demo(lab: Lab) -> Iterator[Path]:
    """The demo notebook as it is, without earlier results."""
    folder = lab.root / "penguins"
    shutil.copytree(DEMO, folder, ignore=lambda path, names: set(names) - {".gitignore"} if "output" in path else set())
    yield folder / "penguins.ipynb"
    lab.end_kernel(folder / "penguins.ipynb")
    shutil.rmtree(folder)


def started(page: Page) -> Locator:
    """Click once, and return the panel."""
    page.get_by_role("button", name="Containerize").click()
    return page.locator("#jupyter-containerize-panel")


def test_one_click_runs_the_demo(lab: Lab, page: Page, engine: Engine, demo: Path) -> None:
    book = lab.open(page, demo)
    panel = started(page)
    lines = panel.locator(".jp-Containerize-logText")
    expect(lines).to_contain_text("accuracy on 84 birds", timeout=120_000)
    expect(panel.locator(".jp-Containerize-done")).to_be_visible(timeout=30_000)
    assert (lines.text_content() or "").count("336 birds, 37 with a measure missing") == 1
    assert (demo.parent / "output/report.json").is_file()
    take(book, "panel", height=880)


def test_a_failure_leads_to_its_cell(lab: Lab, page: Page, engine: Engine) -> None:
    path = lab.write("empty", "readings = []", "total = sum(readings)", "mean = total / len(readings)\nprint(mean)")
    book = lab.open(page, path)
    panel = started(page)
    expect(panel.get_by_text("ZeroDivisionError: division by zero").first).to_be_visible(timeout=60_000)
    panel.get_by_role("button", name="Go to cell").first.click()
    expect(book.cell(2)).to_contain_class("jp-mod-selected")
    take(book, "panel-failed", height=880)
    lab.end_kernel(path)
