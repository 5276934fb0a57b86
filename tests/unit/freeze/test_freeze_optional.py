"""What the code does tells which optional imports of its libraries it needs; nothing that is not installed is added."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.optional import optional_roots
from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import merged_roots
from jupyter_docker.freeze.distributions.use_table import use_table
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.environment import Distribution, PythonEnvironment

# Import names (or programs and plugins) of the distributions that have another name.
NAMES = {
    "bs4": "beautifulsoup4",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "odf": "odfpy",
    "netCDF4": "netcdf4",
    "Levenshtein": "levenshtein",
}
PLAIN = [
    "altair", "astropy", "bokeh_sampledata", "cryptography", "cvxopt", "cvxpy", "eli5", "en_core_web_sm",
    "fastparquet", "fsspec", "fuzzywuzzy", "geoviews", "graphviz", "gymnasium", "h2", "h5netcdf", "h5py", "hdbscan",
    "html5lib", "httpx", "hvplot", "hvsampledata", "ipykernel", "IPython", "ipywidgets", "jax", "jinja2", "keras",
    "librosa", "lightgbm", "lime", "lxml", "matplotlib", "nbformat", "networkx", "nltk", "numexpr", "numpy",
    "numpyro", "openpyxl", "optuna", "pandas", "papermill", "plotly", "polars", "psycopg", "pyarrow", "pygame",
    "s3fs", "scipy", "seaborn", "sktime", "spacy", "sqlalchemy", "statsmodels", "sympy", "tables", "tabulate",
    "tensorflow", "torch", "tqdm", "vegafusion", "xarray", "xgboost", "xlrd", "xlsxwriter", "zarr",
]  # fmt: skip


def distribution(module: str, scripts: tuple[str, ...] = (), plugins: tuple[str, ...] = ()) -> Distribution:
    return Distribution(
        name=NAMES.get(module, module), version="1.0", modules=(module,), scripts=scripts, plugins=plugins
    )


def environment(*without: str) -> PythonEnvironment:
    installed = [distribution(name) for name in [*PLAIN, *NAMES] if name not in without]
    installed += [
        distribution("black", scripts=("black", "blackd")),
        distribution("nbconvert", scripts=("jupyter-nbconvert",)),
        distribution("snowdb", plugins=("sqlalchemy.dialects:snow", "sqlalchemy.dialects:snow.fast")),
    ]
    return PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=Path("/python"),
        distributions=tuple(installed), stdlib=frozenset({"os", "subprocess", "sys"}), path=(),
    )  # fmt: skip


def needed(source: str, *without: str) -> dict[str, tuple[str, ...]]:
    script = export_cell(source, emit=lambda _: None)
    scan = scan_script(script)
    providers = Providers(environment(*without))
    libraries = frozenset(each.top for each in scan.imports)
    found = merged_roots(optional_roots([scan], providers, libraries, script.interpreter))
    own = {each.name for name in scan.imports for each in providers.of(name) or ()}
    return {root.name: root.why for root in found if root.name not in own}


PD = "import pandas as pd\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (PD + "pd.read_excel('a.xlsx')", ["openpyxl"]),
        (PD + "pd.read_excel('a.xls')", ["xlrd"]),
        (PD + "pd.read_excel(f'{folder}/a.ods')", ["odfpy"]),
        (PD + "name = 'a.xls'\npd.read_excel(name)", ["xlrd"]),
        (PD + "for name in glob('*.xls'):\n    pd.read_excel(name)", ["openpyxl", "xlrd"]),
        (PD + "pd.read_excel('a.bin', engine='xlrd')", ["xlrd"]),
        (PD + "df.to_excel('a.xlsx')", ["xlsxwriter"]),
        (PD + "df.to_excel('a.xlsx', engine='openpyxl')", ["openpyxl"]),
        (PD + "with pd.ExcelWriter('a.xlsx', engine='openpyxl') as w:\n    df.to_excel(w)", ["openpyxl"]),
        (PD + "w = pd.ExcelWriter('a.xlsx', mode='a')\ndf.to_excel(w)", ["openpyxl"]),
        (PD + "df.to_parquet('a')", ["pyarrow"]),
        (PD + "df.to_parquet('a', engine='fastparquet')", ["fastparquet"]),
        (PD + "df.astype('string[pyarrow]')", ["pyarrow"]),
        (PD + "pd.read_csv('a.csv', dtype_backend='pyarrow')", ["pyarrow"]),
        (PD + "pd.read_csv('a.csv')", []),
        (PD + "print(df.to_markdown())", ["tabulate"]),
        (PD + "pd.read_html(text)", ["lxml"]),
        (PD + "pd.read_html(text, flavor='bs4')", ["beautifulsoup4", "html5lib"]),
        (PD + "df.style.background_gradient()", ["jinja2", "matplotlib"]),
        (PD + "import matplotlib.pyplot as plt\nplt.style.use('x')", []),
        (PD + "df.groupby('a').b.mean().plot.bar()", ["matplotlib"]),
        (PD + "df.plot(kind='kde')", ["matplotlib", "scipy"]),
        (PD + "df.plot(backend='plotly')", ["plotly"]),
        (PD + "df.interpolate()", []),
        (PD + "df.interpolate('cubic')", ["scipy"]),
        (PD + "df.corr(method='spearman')", []),
        (PD + "df.a.corr(df.b, method='spearman')", ["scipy"]),
        (PD + "df.to_hdf('a.h5', key='x')", ["tables"]),
        (PD + "pd.read_csv('s3://bucket/a.csv')", ["fsspec", "s3fs"]),
        (PD + "pd.read_sql(query, 'sqlite:///a.db')", ["sqlalchemy"]),
        (PD + "pd.read_sql(query, connection)", []),
        ("from pandas import read_excel as read\nread('a.xlsx')", ["openpyxl"]),
        ("import sympy.stats as stats\nstats.sample(x)", ["numpy", "scipy"]),
        ("from sympy.stats import Normal, sample\nsample(x)", ["numpy", "scipy"]),
        ("from sympy import symbols\ndf.sample(5)", []),
        ("from sktime.forecasting.theta import ThetaForecaster", ["statsmodels"]),
        ("from sktime.forecasting.naive import NaiveForecaster", []),
        ("from sktime.utils.plotting import plot_series", ["matplotlib", "seaborn"]),
        ("from fuzzywuzzy import fuzz", ["levenshtein"]),
        ("import plotly.figure_factory as ff\nff.create_gantt(x)", ["numpy", "pandas"]),
        ("import optuna\noptuna.visualization.plot_slice(study)", ["plotly"]),
        ("import optuna\noptuna.visualization.matplotlib.plot_slice(study)", ["matplotlib"]),
        ("import xgboost as xgb\nxgb.cv(p, d, stratified=True)\nxgb.cv(p, d)", ["scikit-learn"]),
        ("import hdbscan\nmodel.single_linkage_tree_.to_pandas()", ["pandas"]),
        ("import eli5\neli5.show_weights(model)", ["ipython"]),
        ("import numpyro\nnumpyro.render_model(model)", ["graphviz"]),
        ("import polars as pl\npl.read_excel('a.xlsx')", ["openpyxl"]),
        ("import polars as pl\nframe.to_pandas()", ["pandas", "pyarrow"]),
        ("import xarray as xr\nxr.open_dataset('a.nc')", ["netcdf4"]),
        ("import xarray as xr\nxr.open_dataset('a.nc', engine='h5netcdf')", ["h5netcdf", "h5py"]),
        ("import xarray as xr\nxr.open_dataset('a.zarr')", ["zarr"]),
        ("import h5netcdf", ["h5py"]),
        ("from sklearn.datasets import load_iris\nload_iris(as_frame=True)", ["pandas"]),
        ("from sklearn.datasets import load_iris\nload_iris(as_frame=False)", []),
        ("import sklearn\nmodel.set_output(transform='polars')", ["polars"]),
        ("import lightgbm as lgb\nlgb.LGBMClassifier()", ["scikit-learn"]),
        ("from bs4 import BeautifulSoup\nBeautifulSoup(text, 'lxml')", ["lxml"]),
        ("from bs4 import BeautifulSoup\nBeautifulSoup(text, features='html5lib')", ["html5lib"]),
        ("from bs4 import BeautifulSoup\nBeautifulSoup(text, 'html.parser')", []),
        ("import networkx as nx\nnx.draw(g)\nnx.pagerank(g)", ["matplotlib", "numpy", "scipy"]),
        ("from tqdm.notebook import tqdm", ["ipywidgets"]),
        ("from tqdm.auto import tqdm", []),
        ("from sqlalchemy import create_engine\ncreate_engine('snow+fast://a')", ["snowdb"]),
        ("import sqlalchemy as sa\nURL = 'postgresql+psycopg://a'\nsa.create_engine(URL)", ["psycopg"]),
        ("import spacy\nspacy.load('en_core_web_sm')", ["en-core-web-sm"]),
        ("import httpx\nhttpx.Client(http2=True)", ["h2"]),
        ("import plotly.express as px\npx.line(y=[1]).show()", ["numpy", "pandas"]),
        ("import plotly.express as px\npx.line(y=[1]).show()\n%env A=1", ["nbformat", "numpy", "pandas"]),
        ("import keras", ["tensorflow"]),
        ("import os\nos.environ['KERAS_BACKEND'] = 'jax'\nimport keras", ["jax"]),
        ("import gymnasium as gym\ngym.make('CartPole-v1', render_mode='rgb_array')", ["pygame"]),
        ("import gymnasium as gym\ngym.make('CartPole-v1')", []),
        ("import librosa.display", ["matplotlib"]),
        ("import networkx as nx\nnx.sigma(g)", ["numpy"]),
        ("import networkx as nx\nsigma = fit.sigma", []),
        ("import nltk\nnltk.FreqDist(words).plot(10)", ["matplotlib"]),
        ("from lime import lime_text\nexplanation.show_in_notebook()", ["ipython"]),
        ("import hvplot.pandas\nframe.hvplot.points(geo=True)", ["geoviews"]),
        ("import hvplot.pandas\nframe.hvplot.points()", []),
        ("import hvplot\nhvplot.sampledata.penguins('polars')", ["hvsampledata", "polars"]),
        ("import hvsampledata\nhvsampledata.air_temperature('xarray')", ["netcdf4", "xarray"]),
        ("from dask.distributed import Security\nSecurity.temporary()", ["cryptography"]),
        ("from bokeh.sampledata.autompg import autompg", ["bokeh-sampledata"]),
        ("from bokeh.io import show\nshow(figure, notebook_handle=True)", ["ipykernel"]),
        ("from bokeh.io import show\nshow(figure)", []),
        ("import cvxpy as cp\nproblem.solve(solver=cp.GLPK_MI)", ["cvxopt"]),
        ("import astropy.coordinates as c\nc.match_coordinates_sky(a, b)", ["scipy"]),
        ("from astropy.table import Table\nTable.read('a.html')", ["beautifulsoup4"]),
        ("import altair as alt\nalt.data_transformers.enable('vegafusion')", ["vegafusion"]),
        ("import papermill as pm\npm.execute_notebook('a.ipynb', 'b.ipynb')", ["ipykernel"]),
        ("from nbconvert.preprocessors import ExecutePreprocessor\nExecutePreprocessor()", ["ipykernel"]),
        ("!jupyter nbconvert --to html a.ipynb", ["nbconvert"]),
        ("!jupyter --version", []),
        (PD + "df.style.hide()\nslider.style.handle_color = 'gray'", ["jinja2"]),
        (PD + "slider.style.handle_color = 'gray'", []),
        (PD + "pd.options.plotting.backend = 'plotly'", ["plotly"]),
        ("!black x.py | tee log", ["black"]),
        ("%%bash\nset -e\nX=1 blackd --help && ls", ["black"]),
        ("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'black', 'x.py'])", ["black"]),
        ("import os\nos.system('/usr/bin/black x.py')", ["black"]),
        ("!python -m pip list; pip list", []),
        ("def plot(x):\n    return x\nplot(1)", []),
    ],
)  # fmt: skip
def test_what_a_use_needs(source: str, expected: list[str]) -> None:
    assert sorted(needed(source)) == expected


def test_only_what_is_installed_is_added() -> None:
    assert needed(PD + "pd.read_html(text)", "lxml").keys() == {"html5lib", "beautifulsoup4"}
    assert needed(PD + "pd.read_html(text)", "lxml", "html5lib") == {}
    assert needed(PD + "df.to_parquet('a')", "pyarrow").keys() == {"fastparquet"}
    assert needed(PD + "df.to_parquet('a')", "pyarrow", "fastparquet") == {}


def test_another_library_s_method_of_the_same_name_needs_nothing() -> None:
    assert needed("import numpy as np\nfrom numpy import interpolate\nnp.style\ninterpolate('cubic')") == {}
    assert needed("import polars as pl\nimport pandas\npl.read_parquet('a')") == {}


def test_the_reason_names_cell_and_use() -> None:
    source = PD + "df = pd.read_excel('a.xlsx')\ndf.to_markdown()\npd.read_csv('s3://b/c')\n!black x.py"
    assert needed(source) == {
        "openpyxl": ("cell 1: read_excel",),
        "tabulate": ("cell 1: to_markdown",),
        "fsspec": ("cell 1: 's3://b/c'",),
        "s3fs": ("cell 1: 's3://b/c'",),
        "black": ("cell 1: !black x.py",),
    }


def test_every_rule_is_about_something() -> None:
    table = use_table()
    rules = {id(rule): rule for each in table.by_name.values() for rule in each}
    rules |= {id(rule): rule for rule in table.imports} | {id(rule): rule for _, rule in table.patterns}
    assert len(rules) > 150
    for rule in rules.values():
        assert rule.names or rule.imports or rule.when
        for placeholder in re.findall(r"\{(\w+)\}", " ".join(rule.needs)):
            assert placeholder in rule.when
