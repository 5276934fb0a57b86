"""What a failed run printed → what to add, or the class of what stands in the way."""

from __future__ import annotations

import pytest

from jupyter_docker.advice.diagnosis import Diagnosis, diagnose
from jupyter_docker.commands.options.parser import build_parser
from jupyter_docker.commands.options.request import image_options
from jupyter_docker.commands.options.values import build_choices
from jupyter_docker.freeze.system.table import system_table
from jupyter_docker.gate.judging import Admitted
from jupyter_docker.pipeline.repairs import Repair, find_repairs
from jupyter_docker.values.environment import PythonEnvironment
from jupyter_docker.values.image import BaseSystem
from jupyter_docker.values.requirements import Pin, Requirements, SystemPackage

BASE = BaseSystem(release="bookworm", libraries=system_table().base_libraries, programs=frozenset({"ls"}))


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("ModuleNotFoundError: No module named 'dateutil'", ("requirements", "python-dateutil")),
        ("ModuleNotFoundError: No module named 'zope.event'; 'zope' is not a package", ("requirements", "zope-event")),
        ("ImportError: Missing optional dependency 'pytz'. Use pip or conda", ("requirements", "pytz")),
        ("ImportError: `Import pytz` failed.  Use pip, conda", ("requirements", "pytz")),
        ("ImportError: x requires the attrs package", ("requirements", "attrs")),
        ("RuntimeError: please run `pip install ruamel.yaml`", ("requirements", "ruamel-yaml")),
        ("ModuleNotFoundError: No module named 'nowhere'", None),
        ("ModuleNotFoundError: No module named 'six'", None),
        ("OSError: libGL.so.1: cannot open shared object file: No such file or directory", ("apt", "libgl1")),
        ("OSError: cannot load library 'libsndfile': error", ("apt", "libsndfile1")),
        ("ImportError: libgomp.so.1: cannot open shared object file", None),
        ("ImportError: libmine.so.9: cannot open shared object file", None),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'dot'", ("apt", "graphviz")),
        ("/bin/sh: 1: git: not found", ("apt", "git")),
        ("bash: line 1: jq: command not found", ("apt", "jq")),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/git'", None),
        ("sh: 1: ls: not found", None),
    ],
)
def test_what_to_add(log: str, expected: tuple[str, str] | None, environment: PythonEnvironment) -> None:
    have = Requirements(
        python="3.11", pins=(Pin(name="six", version="1"),), system=(SystemPackage(name="libgomp1=12", why=""),)
    )
    found = find_repairs(f"before\n{log}\n", have, environment, BASE)
    assert [(each.kind, each.name) for each in found] == ([expected] if expected else [])


def find_obstacle(log: str) -> Diagnosis:
    return diagnose(log, "verification", lines=12)


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ("requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded with url", "network"),
        ("urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", "network"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'x.csv'", "file"),
        ("ImportError: cannot import name 'x' from 'y'", "version"),
        ("ValueError: numpy.dtype size changed, may indicate binary incompatibility", "version"),
        ("RuntimeError: Found no NVIDIA driver on your system.", "platform"),
        ("ModuleNotFoundError: No module named 'x'", "module"),
        ("ZeroDivisionError: division by zero", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_stands_in_the_way(log: str, kind: str) -> None:
    assert find_obstacle(f"Traceback\n{log}\n").kind == kind


def test_a_word_further_up_is_not_the_cause() -> None:
    assert find_obstacle("ConnectionError\n" + "x\n" * 20 + "ZeroDivisionError: division by zero").kind == "unknown"


def test_what_is_stored_is_read_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    why = "verified: cell 2 failed without it"
    stored = [Repair(kind="requirements", name="tabulate", why=why), Repair(kind="apt", name="libgl1", why=why)]
    words = ["build", "x.ipynb", f"--with={stored[0].stored}", f"--apt={stored[1].stored}", "--with", "six>=1"]
    options = image_options(build_parser().read(words))
    choices = build_choices(options, Admitted(), tmp_path_factory.getbasetemp() / "x.ipynb")
    assert [(each.requirement, each.why) for each in choices.declared] == [
        ("tabulate", why),
        ("six>=1", "--with six>=1"),
    ]
    assert [(each.name, each.why) for each in choices.system] == [("libgl1", why)]
