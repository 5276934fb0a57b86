"""``%%containerize`` cells in JupyterLab, in a real browser: the demo notebook, questions, outputs with scripts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jupyter_docker.engine.connection.engine import Engine
from tests.browser.lab import Lab
from tests.browser.look import containers_of
from tests.browser.pictures import take

DEMO = Path(__file__).parents[2] / "demo_notebooks/cells"
LOAD = "%load_ext jupyter_docker"
TAKE_OVER = "<b>shown</b><script>document.body.append(' and run'); parent.document.title = 'taken'</script>"

pytestmark = pytest.mark.engine


@pytest.fixture
def walks(lab: Lab) -> Iterator[Path]:
    """The demo notebook, without earlier results."""
    folder = lab.root / "cells"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("*.png", ".ipynb_checkpoints"))
    path = (folder / "cells.ipynb").rename(folder / f"cells-{os.getpid()}.ipynb")  # several tests may share an engine
    yield path
    lab.end_kernel(path)
    shutil.rmtree(folder)


def test_the_demo_notebook_moves_between_here_and_a_container(
    lab: Lab, page: Page, engine: Engine, walks: Path
) -> None:
    book = lab.open(page, walks)
    book.run_all()
    book.await_idle()
    notebook = book.save(walks)
    code = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    assert [cell.execution_count for cell in code.values()] == [1, 2, 3, 4, 5, 6]
    opened, progress, value = code["simulate"].outputs
    assert opened.data["text/plain"].startswith("✓ The session 'default' is ready. ")
    assert progress.text.endswith("400/400 [00:00<00:00") or "400/400" in progress.text
    assert value.data["text/plain"] == "'1000 walkers, 48.0 steps from the door at most'"
    (plot,) = code["plot"].outputs
    assert "image/png" in plot.data
    assert (
        code["answer"].outputs[0].text == "after 400 steps the mean square distance is 0.97 times the number of steps\n"
    )
    assert (walks.parent / "output/walks.png").stat().st_size > 10_000
    place = next(number for number, cell in enumerate(notebook.cells) if cell.get("id") == "plot")
    picture = book.output(place).locator("img")
    expect(picture).to_have_count(1)
    assert picture.evaluate("image => image.naturalWidth") > 300
    take(book, "cells", height=880)
    lab.end_kernel(walks)
    assert containers_of(engine, walks.name) == []


def test_a_question_is_answered_and_an_error_stops_run_all(lab: Lab, page: Page, engine: Engine) -> None:
    ask = "%%containerize\nname = input('Who? ')\nprint('Hello', name)"
    path = lab.write("asking", LOAD, ask, "%%containerize\nhalf = 1\nhalf / 0", "print('never')")
    book = lab.open(page, path)
    book.run_all()
    answer = page.locator(".jp-Stdin-input")
    answer.fill("Ann")
    answer.press("Enter")
    book.await_idle()
    assert "Hello Ann" in (book.output(1).text_content() or "")
    error = book.output(2).text_content() or ""
    assert "ZeroDivisionError: division by zero" in error
    assert "Cell In[3], line 3" in error
    assert [book.prompt(number).inner_text() for number in range(4)] == ["[1]:", "[2]:", "[3]:", "[ ]:"]
    lab.end_kernel(path)


def test_a_page_from_a_container_runs_apart_from_the_notebook(lab: Lab, page: Page, engine: Engine) -> None:
    show = f"from IPython.display import HTML, Javascript\ndisplay(HTML({TAKE_OVER!r}))"
    script = "display(Javascript('document.title = \"taken\"'))"
    path = lab.write("apart", LOAD, f"%%containerize\n{show}\n{script}", f"%%containerize --trust\n{show}")
    book = lab.open(page, path)
    book.run(0)
    book.await_idle()
    title = page.title()
    book.run(1)
    book.await_idle()
    frame = book.output(1).frame_locator("iframe[sandbox]")
    expect(frame.locator("body")).to_have_text("shown and run")
    assert page.title() == title
    assert "`--trust`" in (book.output(1).text_content() or "")
    book.run(2)
    book.await_idle()
    expect(page).to_have_title("taken")
    lab.end_kernel(path)
