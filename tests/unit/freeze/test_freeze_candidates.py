"""A running kernel tells what it loaded; of that only what is surely needed goes in, the rest are candidates."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.candidates import find_candidates, needed_candidates
from jupyter_docker.freeze.distributions.closure import target_markers
from jupyter_docker.freeze.environment import loaded_imports
from jupyter_docker.freeze.scan.imports import parse
from jupyter_docker.values.environment import Distribution, LoadedModule, PythonEnvironment
from tests.case_environments import shared_environment

MARKERS = target_markers("3.11.7", "linux/amd64")
LIVE = """
import json, sys
sys.path.extend({folders!r})
{code}
from pathlib import Path
from jupyter_docker.notebook import export_cell
from jupyter_docker.freeze import inspect_environment, resolve_requirements
environment = inspect_environment(live=True)
found = resolve_requirements(export_cell({code!r}, emit=lambda _: None), environment, emit=lambda _: None)
pins = {{pin.name: pin.why for pin in found.pins}}
print(json.dumps([pins, [each.name for each in found.candidates]]))
"""


def environment(folder: Path, *sources: str, loaded: tuple[str, ...]) -> PythonEnvironment:
    modules = []
    for number, source in enumerate(sources):
        (folder / f"library{number}.py").write_text(source)
        modules.append(LoadedModule(name=f"library{number}", file=str(folder / f"library{number}.py")))
    modules += [LoadedModule(name=name, file=f"/{name}.so") for name in loaded]
    names = {**{f"library{number}": "library" for number in range(len(sources))}, **{name: name for name in loaded}}
    by_name: dict[str, list[str]] = {}
    for module, name in names.items():
        by_name.setdefault(name, []).append(module)
    distributions = [Distribution(name=name, version="1.0", modules=tuple(each)) for name, each in by_name.items()]
    return PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=Path("/python"),
        distributions=tuple(distributions), stdlib=frozenset(), path=(), loaded=tuple(modules),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "needed"),
    [
        (["import extra"], True),
        (["def read():\n    from extra.parts import x"], True),
        (["try:\n    import extra\nexcept ImportError:\n    extra = None"], False),
        (["def read():\n    import extra", "try:\n    import extra\nexcept ImportError:\n    pass"], False),
        (["if FAST:\n    import extra"], False),
        (["load('extra')\nimport extras"], False),
        (["from . import extra"], False),
        (["import"], False),
    ],
)
def test_what_a_loaded_library_imports_come_what_may(tmp_path: Path, sources: list[str], *, needed: bool) -> None:
    live = environment(tmp_path, *sources, loaded=("extra",))
    reached = {"library": live.distributions[0]}
    candidates = find_candidates(reached, live, MARKERS)
    assert [each.name for each in candidates] == ["extra"]
    roots = list(needed_candidates(candidates, reached, live))
    expected = [("extra", ("library0, which was loaded, imports it",))] if needed else []
    assert [(root.name, root.why) for root in roots] == expected


def test_a_file_is_read_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cold_cache: Path
) -> None:
    parsed: list[str] = []

    def counted(text: str) -> ast.Module | None:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(loaded_imports, "parse", counted)
    live = environment(tmp_path, "import extra", "import other", "import unrelated", loaded=("extra", "other"))
    reached = {"library": live.distributions[0]}
    extra, other = live.distributions[1:]

    def needed(*candidates: Distribution) -> list[str]:
        return [root.name for root in needed_candidates(candidates, reached, live)]

    assert needed(extra) == ["extra"]
    assert parsed == ["import extra"]
    assert (needed(extra), needed(extra, other)) == (["extra"], ["extra", "other"])
    assert (needed(extra, other), needed(other)) == (["extra", "other"], ["other"])
    assert parsed == ["import extra", "import other"]
    (tmp_path / "library0.py").write_text("if FAST:\n    import extra")
    assert needed(extra, other) == ["other"]
    assert parsed[2:] == ["if FAST:\n    import extra"]
    (tmp_path / "library1.py").unlink()
    assert needed(extra, other) == []


def test_a_damaged_cache_costs_time_only(tmp_path: Path, cold_cache: Path) -> None:
    live = environment(tmp_path, "import extra", loaded=("extra",))
    reached, candidates = {"library": live.distributions[0]}, live.distributions[1:]
    assert len(list(needed_candidates(candidates, reached, live))) == 1
    (entry,) = (cold_cache / "imports").iterdir()
    for damaged in ("", "[]", '{"a": 1}', entry.read_text().replace("named", "mentioned")):
        entry.write_text(damaged)
        assert len(list(needed_candidates(candidates, reached, live))) == 1


def test_what_is_not_loaded_is_no_candidate(tmp_path: Path) -> None:
    live = environment(tmp_path, "import extra", loaded=("extra",))
    quiet = PythonEnvironment(**{**vars(live), "loaded": live.loaded[:1]})
    assert find_candidates({"library": live.distributions[0]}, quiet, MARKERS) == []


def test_a_real_process_loads_more_than_it_needs(tmp_path: Path) -> None:
    code = "import pandas as pd\nimport xarray as xr\nprint(len(pd.DataFrame({'a': [1]}).to_html()))"
    package = Path(__file__).parents[3]
    folders = [str(package), *map(str, (package / ".venv").glob("lib/python*/site-packages"))]
    python = shared_environment("science") / "bin/python"
    text = LIVE.format(folders=folders, code=code)
    done = subprocess.run([python, "-c", text], capture_output=True, text=True, check=True, cwd=tmp_path)
    pins, candidates = json.loads(done.stdout.splitlines()[-1])
    assert {"numpy", "packaging", "pandas", "xarray"} <= set(pins)
    assert {"pyarrow", "numexpr", "bottleneck"} <= set(candidates)
    assert not set(pins) & set(candidates)
