"""Which cells show figures that nobody will see."""

from __future__ import annotations

import pytest

from jupyter_docker.notebook.lost_figures import lost_figures
from tests.unit.notebook.export_case import export

PLT = "import matplotlib.pyplot as plt"


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ((PLT, "plt.plot([1, 2])\nplt.show()"), (2,)),
        (("import seaborn as sns", "x = 1", "sns.histplot(data)"), (3,)),
        (("import pandas as pd", "frame.plot.bar()"), (2,)),
        (("import altair as alt", "alt.Chart(frame).mark_bar()"), (2,)),
        ((PLT, "plt.plot([1, 2])\nplt.savefig('output/a.png')"), ()),
        (("import plotly.express as px", "px.scatter(frame).write_html('a.html')"), ()),
        (("import pandas as pd", "print(frame)"), ()),
        (("import matplotlib", "server.show(1)"), (2,)),
    ],
)
def test_figures_that_nobody_will_see(cells: tuple[str, ...], lost: tuple[int, ...]) -> None:
    assert lost_figures(export(*cells).script) == lost


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        # What saves something else, or another figure, saves none of these.
        ((PLT, "plt.plot(a)\nplt.show()", "plt.plot(b)\nplt.savefig('b.png')"), (2,)),
        ((PLT, "plt.plot(a)", "np.save('a.npy', a)", "torch.save(model, 'm.pt')", "plt.hist(b)"), (2, 5)),
        ((PLT, "plt.plot(a)", "frame.save('x')\nimage.save('y.png')"), (2,)),
        ((PLT, "plt.plot(a)\nplt.savefig('a.png')\nplt.show()\nplt.plot(b)\nplt.show()"), (2,)),
        ((PLT, "plt.plot(a)", "plt.savefig('a.png')"), (2,)),  # pyplot's figures end with their cell
        ((PLT, "fig, ax = plt.subplots()\nax.plot(a)", "fig.savefig('a.png')"), ()),
        ((PLT, "fig, ax = plt.subplots()\nax.plot(a)", "fig, ax = plt.subplots()", "fig.savefig('b.png')"), (2,)),
        ((PLT, "fig = plt.figure()\nax = fig.add_subplot()\nax.bar(a, b)", "ax.figure.savefig('a.png')"), ()),
        ((PLT, "ax = frame.plot()\nax.get_figure().savefig('a.png')"), ()),
        ((PLT, "for a in b:\n    plt.plot(a)\n    plt.savefig(f'{a}.png')\n    plt.close()"), ()),
        ((PLT, "plt.plot(a)\nplt.close()"), ()),  # a notebook does not show it either
        ((PLT, "plt.plot(a)\nplt.show()\nplt.savefig('a.png')"), ()),  # without a screen show() closes nothing
        ((PLT, "with PdfPages('a.pdf') as pdf:\n    plt.plot(a)\n    pdf.savefig()", "plt.plot(b)"), (3,)),
        # Functions of the notebook draw and save where they are called.
        ((PLT, "def draw(a):\n    plt.plot(a)\n    plt.show()", "draw(1)", "x = 1", "draw(2)"), (3, 5)),
        ((PLT, "def save(name):\n    plt.savefig(name)", "plt.plot(a)\nsave('a.png')"), ()),
        ((PLT, "from tools import save_fig", "plt.plot(a)\nsave_fig('a.png')"), ()),
        # Objects are lost where they are shown, not where they are made.
        (("import plotly.express as px", "fig = px.line(frame)", "fig.show()"), (2,)),
        (("import plotly.express as px", "fig = px.line(frame)\nfig.show()", "fig.write_image('a.png')"), ()),
        (("import plotly.express as px", "fig = px.line(frame)", "x = 1"), ()),
        (("import altair as alt", "c = alt.Chart(f).mark_bar()\nc", "c.save('c.html')"), ()),
        (("import altair as alt", "c = alt.Chart(f).mark_bar()\nc", "alt.Chart(f).save('d.html')"), (2,)),
        (("import seaborn as sns", "g = sns.relplot(data=a)\ng.savefig('a.png')", "sns.pairplot(a)"), (3,)),
    ],
)
def test_each_figure_counts_by_itself(cells: tuple[str, ...], lost: tuple[int, ...]) -> None:
    assert lost_figures(export(*cells).script) == lost


def test_what_can_not_be_followed_ends() -> None:
    lines = [PLT, "def f0(): plt.plot(a)"]
    lines += [f"def f{level}():\n    " + "; ".join([f"f{level - 1}()"] * 50) for level in range(1, 5)]
    assert lost_figures(export("\n".join(lines), "f4()").script) == (2,)
    assert lost_figures(export(PLT, "plt.plot(a)\nx = " + " + ".join(["1"] * 2000)).script) == (2,)
