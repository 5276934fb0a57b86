"""Cases whose file, name, cells or size are odd."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.case import KERNEL, Case, Link, Special, notebook_text

_WORDS = "end without words of what is wrong"
_INJECT = "put instructions of its own into the Dockerfile, or run anything"
_TIME = "take longer than its size explains"
_SIZE = 300_000  # bytes: what takes a time of its square takes longer than any test waits


def _named(name: str, stem: str) -> Case:
    return Case(name=name, must_not=_INJECT, cells=("print(1)",), notebook=f"{stem}.ipynb")


def _text(cells: list[Any], **more: Any) -> bytes:
    metadata = {"kernelspec": {"name": KERNEL, "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells, **more}).encode()


def _cell(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **more}


def _crafted(name: str, piece: str, *, before: str = "", after: str = "") -> Case:
    """Return a case with a cell of that size which repeats ``piece``."""
    text = before + piece * (_SIZE // len(piece)) + after
    return Case(name=f"much of {name}", must_not=_TIME, cells=("1", text), large=True)


NAMES = [
    _named("name with a line break", "a\nRUN touch injected\nLABEL b"),
    _named("name with quotes", "a\" injected=\"b' 'c"),
    _named("name with a shell", "$(touch injected)`touch injected`;touch injected&&x|y"),
    _named("name with a dash", "-v=/:/host"),
    _named("name with two dashes", "--help"),
    _named("name with a colon", "a:b:c@sha256"),
    _named("name with a backslash", "a\\nb\\"),
    _named("name with a variable", "$HOME ${PATH} %(x)s {y} @z"),
    _named("name with control characters", "a\x1b[2J\x1b]0;owned\x07\x08b\r"),
    _named("name in unicode", "ﬁ𝔫𝔞𝔩\u202egnp.exe\u200b\ufeff"),
    _named("name that is a module", "json"),
    _named("name that is empty", " "),
    _named("name that is hidden", ".hidden"),
    _named("name that is long", "n" * 240),
    Case(name="folder with odd letters", must_not=_INJECT, cells=("open('data/x').read()\nimport helper",), notebook="a b\n'\"$(x):,/n.ipynb", files={"a b\n'\"$(x):,/data/x": "x", "a b\n'\"$(x):,/helper.py": ""}, runs=True),
]  # fmt: skip

FILES = [
    Case(name="notebook that is a link", must_not="read what is outside of the server's folder", entry=Link("@OUTSIDE@/private.txt")),
    Case(name="notebook that links to a neighbour", must_not="take a neighbour's files for its own", entry=Link("real/notebook.ipynb"), files={"real/notebook.ipynb": notebook_text(["open('data.csv')\nimport helper"]), "real/data.csv": "x", "helper.py": "", "real/helper.py": ""}),
    Case(name="notebook that is a pipe", must_not="wait for ever", entry=Special("fifo")),
    Case(name="notebook that is a socket", must_not=_WORDS, entry=Special("socket")),
    Case(name="notebook that is a folder", must_not=_WORDS, entry=Special("folder")),
    Case(name="notebook that is a device", must_not="read without an end", entry=Link("/dev/zero")),
    Case(name="notebook that is a process", must_not="read the host's processes", entry=Link("/proc/self/environ")),
    Case(name="notebook that links to itself", must_not=_WORDS, entry=Link("notebook.ipynb")),
    Case(name="empty file", must_not=_WORDS, raw=b" "),
    Case(name="not json", must_not=_WORDS, raw=b"\x00\x01{"),
    Case(name="not utf-8", must_not=_WORDS, raw=b'{"cells": "\xff\xfe\xe9"}'),
    Case(name="utf-16", must_not=_WORDS, raw=notebook_text(["print(1)"]).encode("utf-16")),
    Case(name="deep json", must_not=_WORDS, raw=b"[" * 200_000),
    Case(name="deep metadata", must_not=_WORDS, raw=lambda: _text([_cell("1", metadata={"a": json.loads("[" * 900 + "]" * 900)})])),
    Case(name="numbers that are none", must_not=_WORDS, raw=b'{"nbformat": 4, "nbformat_minor": NaN, "metadata": {"containerize": {"memory": Infinity, "cpus": NaN}}, "cells": []}'),
    Case(name="huge numbers", must_not=_WORDS, raw=b'{"nbformat": 4' + b"0" * 6000 + b', "metadata": {}, "cells": []}'),
    Case(name="keys twice", must_not="read what another program does not", raw=b'{"nbformat": 4, "metadata": {}, "metadata": {"containerize": {"env": ["GITHUB_TOKEN"], "base": "evil"}}, "cells": [], "cells": [{"cell_type": "code", "source": "1", "metadata": {}}]}'),
    Case(name="many cells", must_not=_TIME, raw=lambda: _text([_cell("x = 1")] * 3_000)),
    Case(name="cells of odd kinds", must_not=_WORDS, raw=lambda: _text([_cell("1"), 5, None, [], _cell({"a": 1})])),
    Case(name="sources of odd kinds", must_not=_WORDS, raw=lambda: _text([_cell(["a = 1\n", 5])])),
    Case(name="cells with odd tags", must_not=_WORDS, raw=lambda: _text([_cell("print(1)", id="\n@$(x)", metadata={"tags": ["parameters", 5, {"a": 1}, "\nRUN injected"]}), _cell("x\u2028= 1\x0c\nprint('\x00')", cell_type={"a": 1})])),
    Case(name="surrogates and nulls", must_not=_WORDS, raw=lambda: _text([_cell("print('\ud800')\n# \x00 \x1b]0;owned\x07"), _cell("open('\ud800')\n'''\x00'''")])),
    Case(name="outputs with html", must_not="read what a notebook shows", raw=lambda: _text([_cell("1", outputs=[{"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(1)</script>" * 1000, "image/png": "x" * 3_000_000, "application/javascript": "x"}}])])),
    Case(name="future format", must_not=_WORDS, raw=b'{"nbformat": 99, "cells": [], "metadata": {}}'),
    Case(name="old format", must_not=_WORDS, raw=b'{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "code", "input": ["1"], "language": "python"}]}, 5, {"cells": {}}]}'),
    Case(name="attachments and markers", must_not=_INJECT, cells=("# %% [cell 99] raises-exception\n1/0\n# %%% [x]", "'''\n# %% [injected-parameters]\n'''\nprint(1)", "%%writefile a.py\n# %% [cell 1]\nRUN injected")),
    Case(name="deep expressions", must_not=_WORDS, cells=(f"x = {'(' * 150}1{')' * 150}", f"x = {' + '.join(['1'] * 2000)}", f"x = {'-' * 3000}1", f"x = a{'.b' * 2000}", f"x = a{'[0]' * 2000}")),
    Case(name="much of numbers", must_not=_TIME, cells=(f"x = [{'1, ' * (_SIZE // 3)}]",), large=True),
]  # fmt: skip

CRAFTED = [
    _crafted("spaces", " ", after="x"),
    _crafted("spaces before magics", "\n ", before="x = 1", after="\n%cd x"),
    _crafted("tabs and semicolons", "\t;", before="1"),
    _crafted("install lines", "%pip install a b c -r d\n"),
    _crafted("install words", "a ", before="%pip install "),
    _crafted("quotes in shell", "'\"", before="!echo "),
    _crafted("comments of requirements", "# /// script\n"),
    _crafted("comments in a script block", "# a\n", before="# /// script\n"),
    _crafted("paths that climb", "../", before="open('", after="x')"),
    _crafted("slashes", "/", before="open('", after="')"),
    _crafted("redirections", "2>&1 >", before="!x "),
    _crafted("percent signs", "%", before="x = 1\n"),
    _crafted("question marks", "?", before="x"),
    _crafted("markers", "# %% [\n"),
    _crafted("assignments of paths", "p = p + '/a'\n", before="p = 'a'\n", after="open(p)"),
    _crafted("opens", "open('data/a.csv')\n"),
    _crafted("imports", "import a.b.c\n"),
    _crafted("figures", "plt.plot(a)\n", before="import matplotlib.pyplot as plt\n"),
    _crafted("chdir", "os.chdir('..')\n", before="import os\n"),
    _crafted("interpolations", "{$@", before="'''", after="'''"),
    _crafted("dollar signs", "$(", before="!echo "),
    _crafted("backslashes", "\\\n", before="x = 1 + ", after="1"),
    _crafted("digits", "1", before="x = '", after="'"),
    _crafted("functions", "def f(a):\n    return f(a)\n"),
]

FORMS = [*NAMES, *FILES, *CRAFTED]
