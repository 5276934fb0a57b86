"""JupyterLab as a person uses it: a notebook opened, cells run with the keyboard, what is in their outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import nbformat
from playwright.sync_api import Locator, Page, TimeoutError, expect  # noqa: A004 - Playwright's own name

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
_SLOWEST_OPENING = 45_000  # milliseconds


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A running server: ``root`` is its folder, ``state`` where the kernels' runs keep their logs."""

    root: Path
    url: str
    token: str
    state: Path

    def write(self, name: str, *cells: str) -> Path:
        """Write a notebook of these code cells into a folder of its own; returns its path."""
        path = self.root / name / f"{name}.ipynb"
        path.parent.mkdir()
        code = [new_cell(text) for text in cells]
        save(nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": KERNEL}), path)  # type: ignore[no-untyped-call]
        return path

    def open(self, page: Page, notebook: Path) -> OpenNotebook:
        """Open it in the window and wait until its kernel can work."""
        address = f"{self.url}/lab/tree/{quote(str(notebook.relative_to(self.root)))}?token={self.token}&reset"
        page.goto(address)
        try:
            page.locator(".jp-NotebookPanel").wait_for(timeout=_SLOWEST_OPENING)
        except TimeoutError:  # on a busy machine JupyterLab rarely starts without the document of its address
            page.goto(address)
        # The circle of the notebook's toolbar is idle also before there is a kernel; keys are lost then.
        expect(page.locator("#jp-main-statusbar")).to_contain_text(f"{KERNEL['display_name']} | Idle")
        return OpenNotebook(page=page)

    def answers(self) -> bool:
        """Whether the server has started."""
        try:
            return bool(self._ask("status"))
        except URLError:
            return False

    def end_kernel(self, notebook: Path) -> None:
        """Shut down the notebook's kernel, which outlives its window."""
        for session in self._ask("sessions"):
            if self.root / session["path"] == notebook:
                self._ask(f"sessions/{session['id']}", method="DELETE")

    def _ask(self, path: str, method: str = "GET") -> Any:
        headers = {"Authorization": f"token {self.token}"}
        request = Request(f"{self.url}/api/{path}", method=method, headers=headers)  # noqa: S310 - our own server
        with urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read() or "null")


@dataclass(frozen=True, kw_only=True)
class OpenNotebook:
    """The notebook in the window; cells are numbered from 0."""

    page: Page

    def cell(self, number: int) -> Locator:
        """The cell."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')

    def prompt(self, number: int) -> Locator:
        """What is before the cell's code: "[ ]:", "[*]:" while it runs or waits, then its number."""
        return self.cell(number).locator(".jp-InputPrompt")

    def output(self, number: int) -> Locator:
        """All that is below the cell's code."""
        return self.cell(number).locator(".jp-Cell-outputArea")

    def card(self, number: int) -> Locator:
        """The card in the cell's output."""
        return self.output(number).locator(".jp-Containerize")

    def run(self, number: int) -> None:
        """Run the cell with the keyboard, and wait until the kernel has been asked, not until it is done."""
        before = self.prompt(number).inner_text()
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(self.prompt(number)).not_to_have_text(before)

    def run_all(self) -> None:
        """Choose Run, Run All Cells in the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def interrupt(self) -> None:
        """Press the two keys that interrupt the kernel."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("i")
        self.page.keyboard.press("i")

    def write(self, number: int, text: str) -> None:
        """Put this text into the cell, without saving."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def await_idle(self) -> None:
        """Wait until no cell runs or waits."""
        expect(self.page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")).to_have_count(0)

    def texts(self, number: int, selector: str) -> list[str]:
        """Return the texts of those elements of the cell's output, each on one line."""
        return [" ".join(text.split()) for text in self.output(number).locator(selector).all_inner_texts()]

    def facts(self, number: int) -> dict[str, str]:
        """Return what the card's last part says."""
        return dict(zip(self.texts(number, ".jc-facts dt"), self.texts(number, ".jc-facts dd"), strict=True))

    def lines(self, number: int) -> list[str]:
        """Return the lines of the card's log of the run."""
        text = self.card(number).locator('.jc-log[aria-label="Output"] pre').text_content() or ""
        return text.removesuffix("\n").split("\n")

    def save(self, notebook: Path) -> Any:
        """Save with the keyboard; returns the notebook as it is on the disk then."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-DockPanel-tabBar .jp-mod-dirty")).to_have_count(0)
        return read(notebook)


def new_cell(text: str, **fields: str) -> Any:
    """Return a code cell."""
    return nbformat.v4.new_code_cell(text, **fields)  # type: ignore[no-untyped-call]


def read(path: Path) -> Any:
    """Return the notebook at ``path``."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def save(notebook: Any, path: Path) -> None:
    """Write the notebook to ``path``."""
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
