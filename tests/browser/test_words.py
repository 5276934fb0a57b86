"""The commands beside ``run`` as lines of a notebook in JupyterLab: their tables, their help, and bad words."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from tests.browser.conftest import new_page
from tests.browser.lab import Lab, OpenNotebook
from tests.browser.look import matches

NAME = f"words-in-cell-{os.getpid()}"  # of this run of the tests: several may share an engine
SAVED = ["%load_ext jupyter_docker", "import time\nimport tqdm\n\ntime.sleep(600)", *[""] * 10]

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def book(lab: Lab, browser: Browser, engine: Engine) -> Iterator[OpenNotebook]:
    """A notebook with the extension loaded and empty cells, which each test writes into."""
    with new_page(browser) as page:
        book = lab.open(page, lab.write("words", *SAVED))
        book.run(0)
        book.await_idle()
        yield book


def said(book: OpenNotebook, number: int, line: str) -> str:
    """Run the line in the cell to its end; returns all that is shown below it."""
    book.write(number, line)
    book.run(number)
    book.await_idle()
    return book.output(number).inner_text().strip()


def rows(book: OpenNotebook, number: int) -> list[list[str]]:
    """Return the cells of the table below the cell."""
    table = book.output(number).locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in table.all()]


def test_a_container_in_the_background_is_named_listed_and_removed(book: OpenNotebook, engine: Engine) -> None:
    said(book, 2, f"%containerize run -d --name {NAME} -p 8000")
    try:
        assert book.texts(2, ".jc-outcome") == [f"'{NAME}' runs in the background."]
        assert book.facts(2)["container"] == NAME
        address = book.facts(2)["port 8000/tcp"]
        expect(book.card(2).get_by_role("link", name=address)).to_have_attribute("href", address)
        said(book, 3, "%containerize ps")
        (row,) = (row for row in rows(book, 3) if row[0] == NAME)
        assert row[3] == f"{address.removeprefix('http://')}->8000/tcp"
        assert book.card(3).count() == 0
    finally:
        said(book, 4, f"%containerize rm -f {NAME}")
        assert book.texts(4, ".jc-outcome") == [f"Removed: {NAME}"]
    assert NAME not in [one.name for one in list_containers(engine, all=True, scope="made")]


def test_doctor_and_freeze_show_tables(book: OpenNotebook) -> None:
    said(book, 2, "%containerize doctor")
    levels, names, _ = zip(*rows(book, 2), strict=True)
    assert levels[0] == "ok"
    assert names[:3] == ("engine", "builder", "disk")
    assert book.card(2).count() == 0
    said(book, 3, "%containerize freeze --why")
    ((name, _, why),) = rows(book, 3)
    assert (name, why) == ("tqdm", "cell 2: import tqdm")
    assert matches(book.texts(3, ".jc-head"), r"✓ words\.ipynb Done")


def test_help_is_printed(book: OpenNotebook) -> None:
    assert said(book, 2, "%containerize --help").startswith("usage: %containerize [-h] VERB ...\n")
    assert said(book, 3, "%containerize run --help").startswith("usage: %containerize run [-h]")
    assert said(book, 4, "%containerize?").startswith("Docstring:\nRun this notebook in a container, or manage")
    assert [book.card(number).count() for number in (2, 3, 4)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("number", "line", "error"),
    [
        (2, "%containerize bild", "UsageError: 'bild' is neither a command nor a notebook."),
        (3, "%containerize run --nix", "UsageError: Unrecognized arguments: --nix."),
        (4, "%containerize run -v 'data", "UsageError: 'run -v 'data': No closing quotation."),
        (5, "%containerize run none.ipynb", "NotebookError: There is no notebook 'none.ipynb'."),
    ],
)
def test_bad_words_take_one_line(book: OpenNotebook, number: int, line: str, error: str) -> None:
    assert said(book, number, line).splitlines()[-1] == error
    assert book.texts(number, '[data-mime-type="application/vnd.jupyter.stderr"]') == [error]
    assert book.texts(number, ".jc-reason") == [error.partition(": ")[2]]
    assert len(book.texts(number, ".jc-hint")) == 1


def test_unsaved_changes_have_a_warning(book: OpenNotebook, lab: Lab) -> None:
    said(book, 2, "%containerize build")
    warning = (
        "What runs is the notebook as it was last saved. Hint: Save the notebook (Ctrl+S) and run this cell again."
    )
    assert book.texts(2, ".jc-warnings li") == [f"! {warning}"]
    book.save(lab.root / "words/words.ipynb")
    book.run(2)
    book.await_idle()
    expect(book.card(2)).to_have_attribute("data-status", "done")
    assert book.texts(2, ".jc-warnings li") == []
