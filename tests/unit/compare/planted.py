"""Pairs of small notebooks, each with a cause that was planted, and the class that a reader would give it."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import polars as pl
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from jupyter_docker.compare.report import CellClass
from jupyter_docker.values.stamp import Stamp

Output = Mapping[str, Any]

BEFORE = Stamp(
    time="2024-03-01T09:00:00+00:00",
    python="3.11.7",
    lock="sha256:aa",
    packages={"pandas": "2.1.4", "numpy": "1.26.4"},
    data={"data/a.csv": "sha256:11"},
)
SAME_ENVIRONMENT = replace(BEFORE, time="2026-11-29T10:00:00+00:00")
NEW_PANDAS = replace(SAME_ENVIRONMENT, lock="sha256:bb", packages={"pandas": "2.3.0", "numpy": "2.2.0"})
NEW_PYTHON = replace(SAME_ENVIRONMENT, python="3.13.1")
NEW_DATA = replace(SAME_ENVIRONMENT, data={"data/a.csv": "sha256:22"})


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One cell's code with what it gave when it was saved, and what it gives in each new run.

    ``stamp`` is that of the new runs, beside `BEFORE`; None is a notebook without any.
    """

    name: str
    expected: CellClass
    saved: Sequence[Output]
    new: Sequence[Output]
    code: str = "result"
    again: Sequence[Output] | None = None
    host: Sequence[Output] | None = None
    stamp: Stamp | None = SAME_ENVIRONMENT
    tags: Sequence[str] = ()
    compare: Mapping[str, Any] | None = None
    ran: bool = True

    def notebooks(self) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None]:
        """Return the saved notebook, the new ones, and that of the host."""
        runs = [self.new] + ([self.again] if self.again is not None else [])
        host = self._notebook(self.host, self.stamp) if self.host is not None else None
        saved = self._notebook(self.saved, BEFORE if self.stamp else None)
        return saved, [self._notebook(run, self.stamp, ran=self.ran) for run in runs], host

    def _notebook(self, outputs: Sequence[Output], stamp: Stamp | None, *, ran: bool = True) -> dict[str, Any]:
        metadata: dict[str, Any] = {"tags": list(self.tags)}
        if self.compare is not None:
            metadata["containerize"] = {"compare": dict(self.compare)}
        cell = {
            "cell_type": "code",
            "source": self.code,
            "metadata": metadata,
            "outputs": list(outputs),
            "execution_count": 1 if ran else None,
        }
        about = {"containerize": {"stamp": stamp.as_json()}} if stamp else {}
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": [cell]}


def printed(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


def shown(plain: str = "", **forms: Any) -> Output:
    """A display; ``html``, ``png``, ``svg`` are forms, others are names of vendors' types."""
    mimes = {"html": "text/html", "png": "image/png", "svg": "image/svg+xml", "json": "application/json"}
    mimes |= {"plotly": "application/vnd.plotly.v1+json", "vega": "application/vnd.vegalite.v5+json"}
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": plain, **{mimes[key]: value for key, value in forms.items()}},
    }


def raised(name: str, words: str) -> Output:
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": []}


def frame(data: Mapping[str, Sequence[Any]], **options: Any) -> Output:
    """A display as pandas makes it."""
    table = pd.DataFrame(data, **options)
    return shown(repr(table), html=table._repr_html_())  # type: ignore[operator]


def polars(data: Mapping[str, Sequence[Any]]) -> Output:
    table = pl.DataFrame(data)
    return shown(str(table), html=table._repr_html_())


def chart(bars: Sequence[int], *, size: int = 10, width: int = 200, note: str = "", shade: int = 0) -> Output:
    """A bar chart as a PNG; ``size`` is that of its font, ``note`` what the file says of its making."""
    image = Image.new("RGB", (width, 120), "white")
    draw = ImageDraw.Draw(image)
    for index, height in enumerate(bars):
        draw.rectangle((10 + 30 * index, 100 - height, 30 + 30 * index, 100), fill=(30 + shade, 90, 160))
    draw.text((10, 102), "month", fill="black", font=ImageFont.load_default(size))
    about = PngInfo()
    about.add_text("Software", note)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=about)
    return shown("<Figure size 200x120 with 1 Axes>", png=base64.b64encode(file.getvalue()).decode())


def svg(identifier: str, day: str) -> Output:
    clip = f'<clipPath id="{identifier}"><rect width="9" height="9"/></clipPath>'
    drawn = f'<defs>{clip}</defs><rect clip-path="url(#{identifier})" height="30"/>'
    return shown(svg=f"<svg><metadata><date>{day}</date></metadata>{drawn}</svg>")


def figure(values: Sequence[float], template: str = "plotly") -> Output:
    return shown(plotly={"data": [{"type": "bar", "y": list(values)}], "layout": {"template": {"name": template}}})


def encoded(values: Sequence[float]) -> Output:
    """The figure as Plotly 6 writes it."""
    import struct

    data = base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()
    return shown(plotly={"data": [{"type": "bar", "y": {"dtype": "f8", "bdata": data}}], "layout": {}})


def vega(digest: str, values: Sequence[int]) -> Output:
    rows = [{"a": value} for value in values]
    return shown(vega={"data": {"name": f"data-{digest}"}, "mark": "bar", "datasets": {f"data-{digest}": rows}})


A, B = printed("mean 0.5312\n"), printed("mean 0.7124\n")
PRICES: Mapping[str, Sequence[Any]] = {"city": ["Bern", "Basel", "Chur"], "price": [1.5, 2.25, 3.0]}
BAR_ONE = " 40%|####      | 4/10 [00:01<00:02,  2.85it/s]\r100%|##########| 10/10 [00:03<00:00,  3.01it/s]\n"
BAR_TWO = "100%|##########| 10/10 [00:09<00:00,  1.11it/s]\n"
WARNED = "/opt/python/site.py:12: FutureWarning: use `y` in place of `x`\n  frame.x\n"

PLANTED: tuple[Planted, ...] = (
    # the same
    Planted(name="equal text", expected="same", saved=[A], new=[A]),
    Planted(name="equal frame", expected="same", saved=[frame(PRICES)], new=[frame(PRICES)]),
    Planted(name="equal picture", expected="same", saved=[chart([20, 40])], new=[chart([20, 40])]),
    Planted(name="no output", expected="same", saved=[], new=[], code="x = 1"),
    Planted(
        name="stream in pieces", expected="same", saved=[printed("a\n"), printed("b\n")], new=[printed("a\nb\n")]
    ),
    Planted(
        name="expected error", expected="same", saved=[raised("KeyError", "'a'")], new=[raised("KeyError", "'a'")]
    ),
    # the same for a reader
    Planted(name="spaces", expected="equivalent", saved=[printed("a   b\n")], new=[printed("a b\n\n")]),
    Planted(name="colours", expected="equivalent", saved=[printed("\x1b[31mred\x1b[0m\n")], new=[printed("red\n")]),
    Planted(
        name="float noise", expected="equivalent", saved=[printed("0.30000000000000004")], new=[printed("0.3")]
    ),
    Planted(
        name="float noise in a frame", expected="equivalent",
        saved=[shown(html="<table><tr><th>a</th></tr><tr><td>0.1000000001</td></tr></table>")],
        new=[shown(html="<table><tr><th>a</th></tr><tr><td>0.1</td></tr></table>")],
    ),
    Planted(
        name="tolerance of the cell", expected="equivalent", compare={"rtol": 0.01},
        saved=[printed("loss 0.5000")], new=[printed("loss 0.5010")],
    ),
    Planted(
        name="border of a polars table", expected="equivalent",
        saved=[printed("┌─────┐\n│ a   │\n╞═════╡\n│ 1   │\n└─────┘")],
        new=[printed("┌───────┐\n│ a     │\n╞═══════╡\n│ 1     │\n└───────┘")],
    ),
    Planted(
        name="metadata of a picture", expected="equivalent",
        saved=[chart([20, 40], note="Matplotlib 3.8")], new=[chart([20, 40], note="Matplotlib 3.10")],
    ),
    Planted(
        name="smoothing of a picture", expected="equivalent",
        saved=[chart([20, 40])], new=[chart([20, 40], shade=2)],
    ),
    Planted(name="names in an SVG", expected="equivalent", saved=[svg("p1", "2024")], new=[svg("p9f", "2026")]),
    Planted(name="noise in Plotly", expected="equivalent", saved=[figure([1.0, 2.0])], new=[figure([1.0, 2.0 + 1e-9])]),
    Planted(
        name="style of Plotly", expected="equivalent", saved=[figure([1, 2])], new=[figure([1, 2], template="white")]
    ),
    Planted(name="array of Plotly", expected="equivalent", saved=[figure([1.5, 2.5])], new=[encoded([1.5, 2.5])]),
    Planted(name="digest of Vega's data", expected="equivalent", saved=[vega("1a", [1, 2])], new=[vega("2b", [1, 2])]),
    Planted(
        name="warning from elsewhere", expected="equivalent", code="frame.x",
        saved=[printed(WARNED + WARNED.replace("`y`", "`z`"), "stderr")],
        new=[printed(WARNED.replace("/opt", "/usr").replace("`y`", "`z`") + WARNED, "stderr")],
    ),
    # time
    Planted(
        name="timestamp", expected="time", code="print(datetime.now())",
        saved=[printed("2024-03-01 09:12:44.123456\n")], new=[printed("2026-11-29 10:00:01.5\n")],
    ),
    Planted(
        name="words of a date", expected="time",
        saved=[printed("Run on Fri Mar  1 09:12:44 2024")], new=[printed("Run on Sun Nov 29 10:00:01 2026")],
    ),
    Planted(
        name="cell magic of time", expected="time", code="%%time\nfit()",
        saved=[printed("CPU times: user 3.21 ms, sys: 1 ms, total: 4.21 ms\nWall time: 9.8 ms\n")],
        new=[printed("CPU times: user 2.01 ms, sys: 2 ms, total: 4.01 ms\nWall time: 4.1 ms\n")],
    ),
    Planted(
        name="timeit", expected="time", code="%timeit f()",
        saved=[printed("3.21 ms ± 12.1 µs per loop (mean ± std. dev. of 7 runs, 100 loops each)\n")],
        new=[printed("2.98 ms ± 32.4 µs per loop (mean ± std. dev. of 7 runs, 100 loops each)\n")],
    ),
    Planted(
        name="took", expected="time", saved=[printed("training took 12.3 s")], new=[printed("training took 9.1 s")]
    ),
    Planted(
        name="bare seconds", expected="time", code="print(time.time() - start)",
        saved=[printed("0.0312")], new=[printed("0.0721")],
    ),
    Planted(name="progress bar", expected="time", saved=[printed(BAR_ONE, "stderr")], new=[printed(BAR_TWO, "stderr")]),
    Planted(
        name="lines of a progress bar", expected="time",
        saved=[printed(" 50%|#####     | 1/2\n100%|##########| 2/2\ndone\n")],
        new=[printed("100%|##########| 2/2\ndone\n")],
    ),
    Planted(
        name="epochs", expected="time",
        saved=[printed("Epoch 1/2\n10/10 [==============================] - 1s 3ms/step - loss: 0.5\n")],
        new=[printed("Epoch 1/2\n10/10 [==============================] - 4s 9ms/step - loss: 0.5\n")],
    ),
    Planted(
        name="time that varies", expected="time", code="perf_counter()",
        saved=[shown("123.4")], new=[shown("88.1")], again=[shown("91.7")],
    ),
    # identity
    Planted(
        name="memory address", expected="identity",
        saved=[shown("<function f at 0x7f2a1c0d5e10>")], new=[shown("<function f at 0x7ffb3a1c2e50>")],
    ),
    Planted(name="id", expected="identity", code="id(x)", saved=[shown("140234866134528")], new=[shown("139872341")]),
    Planted(
        name="uuid", expected="identity",
        saved=[printed("run 1b4e28ba-2fa1-11d2-883f-0016d3cca427")],
        new=[printed("run 6fa459ea-ee8a-3ca4-894e-db77e160355e")],
    ),
    Planted(
        name="temporary folder", expected="identity",
        saved=[printed("wrote /tmp/tmpx1f_9k2a/model.pt")], new=[printed("wrote /tmp/tmp0aa3bb_c/model.pt")],
    ),
    Planted(
        name="home folder", expected="identity",
        saved=[printed("reading /home/ada/work/data/a.csv")], new=[printed("reading /app/data/a.csv")],
    ),
    Planted(
        name="process id", expected="identity", code="os.getpid()",
        saved=[printed("pid 4711")], new=[printed("pid 12")],
    ),
    Planted(
        name="host name", expected="identity", code="socket.gethostname()",
        saved=[shown("'laptop'")], new=[shown("'0f3e2a1b'")],
    ),
    Planted(
        name="ids of a styled frame", expected="identity",
        saved=[shown(html="<p>T_1a2b3 shows 5</p>")], new=[shown(html="<p>T_9f8e7 shows 5</p>")],
    ),
    # order
    Planted(
        name="set", expected="order", saved=[shown("{'pear', 'fig', 'apple'}")], new=[shown("{'apple', 'pear', 'fig'}")]
    ),
    Planted(
        name="list of a set", expected="order",
        saved=[shown("[('a', 1), ('b', 2)]")], new=[shown("[('b', 2), ('a', 1)]")],
    ),
    Planted(
        name="lines", expected="order", code="for f in os.listdir(): print(f)",
        saved=[printed("b.csv\na.csv\n")], new=[printed("a.csv\nb.csv\n")],
    ),
    Planted(
        name="rows of a frame", expected="order", code="pd.concat(parts)",
        saved=[shown(html="<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>")],
        new=[shown(html="<table><tr><td>b</td><td>2</td></tr><tr><td>a</td><td>1</td></tr></table>")],
    ),
    Planted(
        name="columns of a frame", expected="order",
        saved=[frame({"a": [1, 2], "b": [3, 4]})], new=[frame({"b": [3, 4], "a": [1, 2]})],
    ),
    Planted(
        name="list in JSON", expected="order",
        saved=[shown(json={"tags": ["x", "y"]})], new=[shown(json={"tags": ["y", "x"]})],
    ),
    # random
    Planted(
        name="unseeded numbers", expected="random", code="np.random.rand()",
        saved=[shown("0.1842")], new=[shown("0.9311")], again=[shown("0.4410")],
    ),
    Planted(name="unseeded, once", expected="random", code="np.random.rand()", saved=[A], new=[B], stamp=None),
    Planted(
        name="unseeded sample of a frame", expected="random", code="df.sample(3)",
        saved=[frame({"a": [1, 2, 3]})], new=[frame({"a": [7, 5, 3]})], again=[frame({"a": [2, 9, 4]})],
    ),
    Planted(
        name="picture that varies", expected="random", code="plt.scatter(x, y)",
        saved=[chart([20, 40])], new=[chart([80, 10])], again=[chart([50, 90])],
    ),
    Planted(
        name="varies after new versions", expected="random", stamp=NEW_PANDAS,
        saved=[A], new=[B], again=[printed("mean 0.1111\n")],
    ),
    # data
    Planted(name="changed values", expected="data", stamp=NEW_DATA, saved=[A], new=[B], again=[B]),
    Planted(
        name="more rows", expected="data", stamp=NEW_DATA, code="df",
        saved=[frame(PRICES)], new=[frame({"city": ["Bern"], "price": [1.5]})],
    ),
    Planted(
        name="dates of the data", expected="data", stamp=NEW_DATA, code="df.day.max()",
        saved=[printed("until 2019-05-01")], new=[printed("until 2019-08-01")],
    ),
    Planted(
        name="download", expected="data", stamp=None, code="pd.read_csv('https://example.org/a.csv').mean()",
        saved=[A], new=[B],
    ),
    Planted(
        name="picture of changed data", expected="data", stamp=NEW_DATA, saved=[chart([20, 40])], new=[chart([80, 10])]
    ),
    # environment
    Planted(
        name="repr of an old numpy", expected="environment", stamp=NEW_PANDAS,
        saved=[shown("3.0")], new=[shown("np.float64(3.0)")], again=[shown("np.float64(3.0)")],
    ),
    Planted(
        name="dtype of a frame", expected="environment", stamp=NEW_PANDAS,
        saved=[printed("a    object\ndtype: object")], new=[printed("a    str\ndtype: object")],
    ),
    Planted(
        name="dropped column", expected="environment", stamp=NEW_PANDAS,
        saved=[frame({"a": [1], "b": [2]})], new=[frame({"a": [1]})],
    ),
    Planted(
        name="words of an error", expected="environment", stamp=NEW_PYTHON, tags=["raises-exception"],
        saved=[raised("TypeError", "unsupported operand type(s) for +: 'int' and 'str'")],
        new=[raised("TypeError", "can't add 'str' to 'int'")],
    ),
    Planted(
        name="another font", expected="environment", stamp=NEW_PANDAS,
        saved=[chart([20, 40])], new=[chart([20, 40], size=14)], again=[chart([20, 40], size=14)],
    ),
    Planted(
        name="size of a picture", expected="environment", stamp=NEW_PANDAS,
        saved=[chart([20, 40])], new=[chart([20, 40], width=240)],
    ),
    Planted(
        name="new warning", expected="environment", stamp=NEW_PANDAS,
        saved=[printed("1\n")], new=[printed("1\n"), printed(WARNED, "stderr")],
    ),
    Planted(
        name="values of Plotly", expected="environment", stamp=NEW_PANDAS,
        saved=[figure([1.0, 2.0])], new=[figure([1.0, 3.0])],
    ),
    Planted(
        name="default of a library", expected="environment", stamp=NEW_PANDAS,
        saved=[printed("C=1.0 solver='liblinear'")], new=[printed("C=1.0 solver='lbfgs'")],
    ),
    Planted(
        name="cell of a polars table", expected="environment", stamp=NEW_PANDAS,
        saved=[polars({"a": [1, 2]})], new=[polars({"a": [1, 3]})],
    ),
    Planted(name="nothing is known", expected="environment", stamp=None, saved=[A], new=[B], again=[B]),
    # regression
    Planted(
        name="only in the container", expected="regression", code="locale.getlocale()",
        saved=[shown("('de_CH', 'UTF-8')")], new=[shown("('C', 'UTF-8')")], again=[shown("('C', 'UTF-8')")],
        host=[shown("('de_CH', 'UTF-8')")],
    ),
    Planted(
        name="picture only in the container", expected="regression", host=[chart([20, 40])],
        saved=[chart([20, 40])], new=[chart([20, 40], size=18)],
    ),
    # error
    Planted(
        name="fails now", expected="error", stamp=NEW_PANDAS, saved=[A],
        new=[raised("AttributeError", "module 'numpy' has no attribute 'float'")],
    ),
    Planted(name="fails otherwise", expected="error", saved=[raised("KeyError", "'a'")], new=[raised("OSError", "a")]),
    Planted(name="fails no longer", expected="error", saved=[raised("KeyError", "'a'")], new=[A]),
    # not run
    Planted(name="after a failure", expected="not run", saved=[A], new=[], ran=False),
    Planted(name="skipped", expected="not run", saved=[A], new=[], ran=False, tags=["skip"]),
    # left out
    Planted(name="nbval's tag", expected="same", tags=["nbval-ignore-output"], saved=[A], new=[B]),
    Planted(name="nbval's comment", expected="same", code="# NBVAL_IGNORE_OUTPUT\nx", saved=[A], new=[B]),
    Planted(
        name="ignored pictures", expected="same", compare={"ignore": ["image"]},
        saved=[A, chart([20, 40])], new=[A, chart([90, 10])],
    ),
)  # fmt: skip
