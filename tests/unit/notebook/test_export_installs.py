import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_docker.notebook.installs import conda_requirement, parse_install
from jupyter_docker.notebook.requirements import inline_requirements, read_requirement_file
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.script import Declared
from tests.unit.notebook.export_case import export


@pytest.mark.parametrize(
    ("line", "requirements"),
    [
        ("%pip install pandas==2", ["pandas==2"]),
        ("!pip install pandas", ["pandas"]),
        ("!pip3.11 install pandas", ["pandas"]),
        ("!/usr/bin/pip install pandas", ["pandas"]),
        ("!sudo -H pip install pandas", []),
        ("!sudo pip install pandas", ["pandas"]),
        ("!PIP_NO_INPUT=1 pip install pandas", ["pandas"]),
        ("! python -m pip install pandas", ["pandas"]),
        ("!{sys.executable} -m pip install pandas numpy", ["pandas", "numpy"]),
        ('!"{sys.executable}" -m pip install pandas', ["pandas"]),
        ("!$sys.executable -m pip install pandas", ["pandas"]),
        ("!!pip install pandas", ["pandas"]),
        ("!uv pip install --system pandas", ["pandas"]),
        ("%uv pip install pandas", ["pandas"]),
        ("%uv add pandas", ["pandas"]),
        ("%conda install -y -c conda-forge numpy=1.26 pandas", ["numpy==1.26.*", "pandas"]),
        ("!mamba install --yes --name base numpy", ["numpy"]),
        ("%mamba install numpy", ["numpy"]),
        ("%pip install -qU --upgrade --no-cache-dir --timeout 3 pandas", ["pandas"]),
        ("%pip -q install pandas", ["pandas"]),
        ("%pip install --upgrade-strategy eager --progress-bar=off pandas", ["pandas"]),
        ("%pip install 'pandas[excel]>=2,<3'", ["pandas[excel]>=2,<3"]),
        ("%pip install \"numpy; python_version<'4'\"", ["numpy; python_version<'4'"]),
        ("%pip install pandas>=2", ["pandas>=2"]),
        ("!pip install pandas > log.txt 2>&1", ["pandas"]),
        ("!pip install - q - U pandas", []),
        ("!pip install pandas >/dev/null", ["pandas"]),
        ("!pip install pandas &> /dev/null", ["pandas"]),
        ("!pip install pandas | tail -n 1", ["pandas"]),
        ("!pip install pandas && pip install numpy; pip install scipy", ["pandas", "numpy", "scipy"]),
        ("%pip install pandas  # the newest", ["pandas"]),
        ("%pip install git+https://h/x.git#egg=x", ["git+https://h/x.git#egg=x"]),
        ("%pip install https://h/x-1.tar.gz ./dist/y.whl", ["https://h/x-1.tar.gz", "./dist/y.whl"]),
        ("%pip install -e . --editable=./lib", ["-e .", "-e ./lib"]),
        ("%pip install pandas \\\n    numpy", ["pandas", "numpy"]),
        ("pip install pandas", ["pandas"]),
        ("conda install -y pandas", ["pandas"]),
        ("%%capture\n!pip install pandas", ["pandas"]),
        ("%%bash\npip install -q pandas\n", ["pandas"]),
        ("%%containerize\n%pip install pandas", ["pandas"]),
        ("# /// script\n# dependencies = [\n#   'pandas>=2', 'numpy']\n# ///", ["pandas>=2", "numpy"]),
    ],
)  # fmt: skip
def test_install_lines(line: str, requirements: list[str]) -> None:
    exported = export(line)
    assert exported.requirements == requirements
    if requirements:
        assert exported.script.interpreter == "python"
        assert all(text.startswith("# ") or not text for text in exported.body)
        assert exported.warned == ()


@pytest.mark.parametrize(
    "line", ["%pip list", "!pip uninstall -y x", "!echo pip install x", "%pip install 'x", "x = !pip install y", "!ls"]
)
def test_other_lines_stay(line: str) -> None:
    exported = export(line)
    assert exported.requirements == []
    assert exported.script.interpreter == "ipython"
    assert exported.body == [line]


def test_where_a_requirement_comes_from() -> None:
    exported = export("x = 1", "", "if x:\n    %pip install -q pandas==2 numpy")
    why = "cell 2: %pip install -q pandas==2 numpy"
    assert exported.script.declared == (
        Declared(requirement="pandas==2", why=why, cell=2),
        Declared(requirement="numpy", why=why, cell=2),
    )
    assert exported.body == ["x = 1", "if x:", "    pass  # %pip install -q pandas==2 numpy  (installed in the image)"]


def test_a_shell_cell_keeps_its_other_lines() -> None:
    exported = export("%%bash\npip install pandas\nls")
    assert exported.body == ["%%bash", "# pip install pandas  (installed in the image)", "ls"]
    assert exported.script.interpreter == "ipython"


def test_a_script_in_a_shell_cell_is_left_alone() -> None:
    exported = export("%%bash\ncat <<EOF\npip install pandas\nEOF")
    assert (exported.requirements, exported.body[2]) == ([], "pip install pandas")


def test_a_capture_that_is_left_without_code_leaves_too() -> None:
    exported = export("%%capture\n%pip install pandas")
    assert exported.body == [
        "# %%capture  (nothing is left to run)",
        "# %pip install pandas  (installed in the image)",
    ]


@pytest.mark.parametrize(
    ("line", "message", "requirements"),
    [
        ("%pip install {name} pandas", "Cell 1 installs {name}, which only the run can tell.", ["pandas"]),
        (
            "!pip install pandas && ls",
            "Cell 1 installs packages and more in one line, which runs in the container.",
            ["pandas"],
        ),
        ("!apt-get install -y libgomp1", "Cell 1 installs system packages, which a container may not.", []),
    ],
)  # fmt: skip
def test_what_can_not_leave_stays_and_is_said(line: str, message: str, requirements: list[str]) -> None:
    exported = export(line)
    assert exported.body == [line]
    assert [warned.message for warned in exported.warned] == [message]
    assert exported.requirements == requirements


def test_apt_gets_its_option() -> None:
    hint = export("!sudo apt install -y graphviz libgomp1").warned[0].hint
    assert hint == "Give them as options: --apt graphviz --apt libgomp1"


def test_an_index_is_said_without_its_address() -> None:
    exported = export("%pip install --extra-index-url https://me:pass@h/simple pandas")
    (warned,) = exported.warned
    (declared,) = exported.script.declared
    assert warned.message == "Cell 1 names a package index."
    assert declared.why == "cell 1: %pip install --extra-index-url https://…@h/simple pandas"
    assert not any("pass@" in text for text in (warned.hint, exported.script.text))


def test_an_invalid_script_block_is_said() -> None:
    (warned,) = export("# /// script\n# dependencies = [\n# ///").warned
    assert warned.message.startswith("Cell 1 has a '# /// script' block that can't be read: ")


# The pattern that PEP 723 gives, which takes a time of the square of the text's length.
BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
LINES = ["# /// script", "# ///", "# /// other", "# dependencies = ['a']", "#", "# x = 1", "#x", "", "x = 1"]


@given(st.lists(st.sampled_from(LINES), max_size=9))
@example(["# /// script", "# dependencies = ['a']", "# ///", "", "# /// script", "# dependencies = ['b']", "# ///"])
@example(["# /// other", "# /// script", "# dependencies = ['a']", "# ///"])
def test_script_blocks_are_those_of_the_pattern_of_pep_723(lines: list[str]) -> None:
    def outcome(read: Callable[[], list[str]]) -> list[str] | str:
        try:
            return read()
        except ValueError as error:
            return str(error)

    def expected() -> list[str]:
        blocks = [each["content"] for each in BLOCK.finditer("\n".join(lines)) if each["type"] == "script"]
        texts = ["\n".join(line[2:] for line in block.splitlines()) for block in blocks]
        return [one for text in texts for one in tomllib.loads(text).get("dependencies", [])]

    assert outcome(lambda: inline_requirements("\n".join(lines))) == outcome(expected)


def test_the_same_is_said_once() -> None:
    exported = export("%pip install -r missing.txt a a\n%pip install -r missing.txt " + "b " * 1000)
    assert len(exported.warned) == 1
    assert [each.requirement for each in exported.script.declared] == ["a", "b"]
    assert exported.script.declared[1].why.endswith(" b …")


def test_requirement_files(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    lines = [
        "# all",
        "pandas==2 \\",
        "  --hash=sha256:00",
        "",
        "numpy  # fast",
        "-i x",
        "-r more/b.txt",
        "-e ./lib",
        "",
    ]
    (tmp_path / "reqs.txt").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    (tmp_path / "more/b.txt").write_text("-r ../reqs.txt\nscipy; python_version > '3'\nx @ https://h/x.whl#sha1=1")
    exported = export("%pip install -r reqs.txt", folder=tmp_path)
    why = "cell 1: %pip install -r reqs.txt"
    assert exported.script.declared == (
        Declared(requirement="pandas==2", why=f"{why}, line 2", cell=1, in_file=True),
        Declared(requirement="numpy", why=f"{why}, line 5", cell=1, in_file=True),
        Declared(requirement="scipy; python_version > '3'", why=f"{why} (b.txt), line 2", cell=1, in_file=True),
        Declared(requirement="x @ https://h/x.whl#sha1=1", why=f"{why} (b.txt), line 3", cell=1, in_file=True),
        Declared(requirement="-e ./lib", why=f"{why}, line 8", cell=1, in_file=True),
    )
    assert exported.warned == ()


SECRET = "planted_secret_word"
OUTSIDE = {
    "above": "../keys/id_rsa",
    "absolute": "{top}/keys/id_rsa",
    "hidden": ".env",
    "hidden folder": ".ssh/id_rsa",
    "link": "linked.txt",
    "link to a folder": "folder/id_rsa",
    "home": "~/../{top}/keys/id_rsa",
    "address": "https://127.0.0.1:9/reqs.txt",
    "file address": "file://{top}/keys/id_rsa",
}
LINES = [
    "%pip install -r {path}", "!pip install -r{path}", "%pip install --requirement={path}", "!uv pip install -r {path}",
    "!python -m pip install -r '{path}'", "%pip install -r inner.txt", "%conda install --file {path}",
    "%pip install -c {path} -r allowed.txt", "%pip install -e {path}", "%pip install --find-links {path} numpy",
]  # fmt: skip


@pytest.fixture
def bounded(tmp_path: Path) -> Path:
    """A notebook's folder, with keys outside of it and hidden in it."""
    for name in ("keys/id_rsa", "nb/.env", "nb/.ssh/id_rsa"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{SECRET}\n{SECRET} = {SECRET}/x y\n")
    (tmp_path / "nb/linked.txt").symlink_to(tmp_path / "keys/id_rsa")
    (tmp_path / "nb/folder").symlink_to(tmp_path / "keys")
    (tmp_path / "nb/allowed.txt").write_text("numpy\n")
    return tmp_path / "nb"


@pytest.mark.parametrize("where", OUTSIDE)
@pytest.mark.parametrize("line", LINES)
def test_no_file_outside_the_project_is_read_by_a_notebook(bounded: Path, line: str, where: str) -> None:
    path = OUTSIDE[where].format(top=bounded.parent)
    (bounded / "inner.txt").write_text(f"-r {path}\n-c {path}\n--find-links {path}\n")
    (bounded / "requirements.txt").write_text(f"attrs\n-r {path}\n-c {path}\n")
    exported = export(line.format(path=path), folder=bounded)
    assert SECRET not in repr(exported)
    assert [each.requirement for each in exported.script.project] == ["attrs"]
    if "-r" in line and "allowed" not in line:
        (warned,) = exported.warned
        assert warned.message.startswith("Cell 1 installs from a file: ")
        assert "-r" in warned.hint or "can't be read" in warned.message


def test_lines_that_are_no_requirements_are_never_repeated(bounded: Path) -> None:
    (bounded / "notes.txt").write_text(f"numpy\n{SECRET} = is what it is\n")
    (bounded / "requirements.txt").write_text(f"attrs\n{SECRET} is\nsix\n")
    exported = export("%pip install -r notes.txt", folder=bounded)
    assert SECRET not in repr(exported)
    (warned,) = exported.warned
    assert warned.message == "Cell 1 installs from a file: Line 2 of 'notes.txt' is no requirement."
    assert [each.requirement for each in exported.script.project] == ["attrs", "six"]
    with pytest.raises(UsageError) as raised:
        list(read_requirement_file(bounded / "notes.txt", why="-r notes.txt"))
    assert SECRET not in f"{raised.value.message}{raised.value.hint}"


def test_a_person_s_file_may_lie_anywhere_and_names_only_files_of_its_project(bounded: Path) -> None:
    (bounded / "own.txt").write_text("-r allowed.txt\nsix\n")
    found = list(read_requirement_file(bounded / "own.txt", why="-r own.txt"))
    assert [each.requirement for each in found] == ["numpy", "six"]
    (bounded / "own.txt").write_text("-r ../keys/id_rsa\nsix\n")
    with pytest.raises(UsageError, match=r"^The requirements file 'id_rsa' is outside the notebook's folder"):
        list(read_requirement_file(bounded / "own.txt", why="-r own.txt"))


def test_a_missing_requirement_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^The requirements file '.*no\.txt' can't be read: No such file"):
        list(read_requirement_file(tmp_path / "no.txt", why="-r no.txt"))
    (warned,) = export("!pip install -rno.txt", folder=tmp_path).warned
    assert warned.message.startswith("Cell 1 installs from a file: The requirements file '")


@pytest.mark.parametrize(
    ("spec", "requirement"),
    [
        ("numpy", "numpy"),
        ("numpy=1.26", "numpy==1.26.*"),
        ("numpy=1.26.*", "numpy==1.26.*"),
        ("numpy==1.26.4", "numpy==1.26.4"),
        ("numpy=1.26.4=py311_0", "numpy==1.26.4"),
        ("conda-forge::numpy>=1.2,<2", "numpy>=1.2,<2"),
        ("numpy >=1.2", "numpy>=1.2"),
        ("numpy 1.26", "numpy==1.26"),
        ("dask[array]", "dask[array]"),
        ("python=3.11", ""),
    ],
)
def test_conda_specs(spec: str, requirement: str) -> None:
    assert conda_requirement(spec) == requirement


@given(st.text(alphabet="pip instal-r=><'\"#{}$;&|\\1.,[]", max_size=40))
def test_any_line_can_be_read(line: str) -> None:
    parsed = parse_install(f"!pip install {line}")
    assert parsed is None or all(isinstance(one, str) for one in parsed.requirements)
