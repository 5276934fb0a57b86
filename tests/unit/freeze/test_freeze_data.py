"""What the notebook reads and writes beside it: found in its text, resolved against its folder, proposed by folder."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.paths import find_data
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.gate.project import Project
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.pipeline.container import describe_data, with_data
from jupyter_docker.values.container_spec import Mount, RunSpec
from jupyter_docker.values.errors import MountError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.image import Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.mount_arguments import MountArguments
from jupyter_docker.values.requirements import DataPath, LocalFile, Requirements
from jupyter_docker.values.script import Script

FILES = (
    "data/raw/a.csv",
    "data/b.csv",
    "models/m.pkl",
    "out/old.png",
    "lone.xlsx",
    "helper.py",
    ".env",
    ".keys/k",
    "result.csv",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "shared.csv").touch()
    (tmp_path / "work/linked").symlink_to(tmp_path)
    return tmp_path / "work"


def found(source: str, folder: Path, **options: list[object]) -> tuple[dict[str, str], list[str]]:
    events: list[Event] = []
    scan = scan_script(export_cell(source, emit=events.append))
    hints = DataHints(MountArguments(folder=folder, start=folder), events.append)
    data = find_data([scan], folder, hints=hints, **options)  # type: ignore[arg-type]
    warnings = [event.message for event in events if isinstance(event, Warned)]
    return {str(each.path): each.access for each in data}, warnings


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("pd.read_csv('data/b.csv')", {"data": "read"}),
        ("pd.read_csv(filepath_or_buffer='./data/raw/a.csv', sep=';')", {"data/raw": "read"}),
        ("DATA = Path('data')\npd.read_csv(DATA / 'raw' / 'a.csv')\nopen(DATA / 'b.csv')", {"data": "read"}),
        ("import os\nROOT = 'data'\nopen(os.path.join(ROOT, 'raw', name))", {"data/raw": "read"}),
        ("[Path('data', name).read_text() for name in x]", {"data": "read"}),
        ("Path('data').joinpath('raw', name).open()", {"data/raw": "read"}),
        ("for n in x:\n    pd.read_csv(f'data/raw/{n}.csv')", {"data/raw": "read"}),
        ("BASE = 'data'\npd.read_csv(f'{BASE}/raw/{n}.csv')", {"data/raw": "read"}),
        ("pd.read_csv('data/raw/' + name)", {"data/raw": "read"}),
        ("sorted(Path('data').glob('raw/*.csv'))", {"data": "read"}),
        ("glob.glob('data/raw/*.csv')\nos.listdir('models')", {"data/raw": "read", "models": "read"}),
        ("Path('data/b.csv').read_text()", {"data": "read"}),
        ("with open('lone.xlsx', 'rb') as f: pass", {"lone.xlsx": "read"}),
        ("my_loader('lone.xlsx')\ncv2.imread('out/old.png')", {"lone.xlsx": "read", "out": "read"}),
        ("df.to_csv('out/new.csv', sep='data')", {"out": "write"}),
        ("plt.savefig(OUT / 'x.png')\nOUT = Path('out')\nplt.savefig(OUT / 'x.png')", {"out": "write"}),
        ("joblib.dump(model, 'models/m.pkl')\njoblib.load('models/m.pkl')", {"models": "write"}),
        ("open('data/b.csv')\nopen('data/raw/a.csv', 'a')", {"data": "read", "data/raw": "write"}),
        ("shutil.copy('data/b.csv', 'out/b.csv')", {"data": "read", "out": "write"}),
        ("Path('out').mkdir(exist_ok=True)\nPath('out/x').write_text('')", {"out": "write"}),
        ("pd.read_csv('result.csv')\ndf.to_csv('result.csv')", {"result.csv": "write"}),
        ("sqlite3.connect('data/b.csv')", {"data": "write"}),
        (
            "with PdfPages('out/report.pdf') as pdf:\n    cv2.VideoWriter('models/v.avi')",
            {"models": "write", "out": "write"},
        ),
        ("sqlite3.connect('result.csv')", {"result.csv": "write"}),
        ("sqlite3.connect('new.db')\ncreate_engine('sqlite:///new.db')\ncreate_engine('sqlite:///:memory:')", {}),
        ("create_engine('sqlite:///result.csv')", {"result.csv": "write"}),
        ("URL = 'sqlite+pysqlite:///data/b.csv?mode=ro'\ncreate_engine(URL)", {"data": "write"}),
        ("DB = Path('data') / 'b.csv'\npd.read_sql('x', f'sqlite:///{DB}')", {"data": "write"}),
        ("name = 'lone.xlsx'\ncreate_engine('duckdb:///' + name)", {"lone.xlsx": "write"}),
        ("%sql sqlite:///lone.xlsx", {"lone.xlsx": "write"}),
        ("os.chdir('data')\ncreate_engine('sqlite:///b.csv')", {"data": "write"}),
        ("%cd data\n%sql sqlite:///b.csv", {"data": "write"}),
        ("create_engine('postgresql:///result.csv')\ncreate_engine(f'sqlite:///{unknown}')", {}),
        ("df['data']\nf('out')\ng('models')\nprint('data/b.csv')\nimport helper\nrun('helper.py')", {}),
        ("pd.read_csv('https://example.org/data/b.csv')\nopen('/tmp/x')\nos.listdir('.')", {}),
        ("df.to_csv('new/x.csv')", {}),
        ("os.makedirs('new', exist_ok=True)\ndf.to_csv('new/x.csv')", {"new": "write"}),
        ("OUT = Path('new')\nOUT.mkdir(parents=True, exist_ok=True)", {"new": "write"}),
        ("if not os.path.exists('new'):\n    os.mkdir('new')", {"new": "write"}),
        ("os.makedirs('new/deep', exist_ok=True)\nopen('new/x', 'w')", {"new": "write"}),
        ("os.makedirs('new/deep', exist_ok=True)", {"new/deep": "write"}),
        ("os.makedirs(f'new/{name}')", {"new": "write"}),
        ("%%writefile out/new.py\nx = 1", {"out": "write"}),
        ("%%file -a './out/new words.txt'\nx", {"out": "write"}),
        ("%%writefile helper.py\nx = 1", {}),
        ("%%writefile out/$name.py\nx = 1", {}),
        ("%%writefile\nout/x", {}),
        ("shutil.rmtree('new', True)\nos.makedirs('new', exist_ok=True)", {}),
        ("os.makedirs('.new', exist_ok=True)\nopen('new/x', 'w')", {}),
        ("'x'.replace('a.b', 'c.d')\npd.read_sql('SELECT a FROM s.t', c)\njson.loads('x.y')", {}),
        ("torch.hub.load('pytorch/vision:v0.10.0', 'resnet18')\nsns.load_dataset('tips')\nreader.load('a b.c')", {}),
        ("MNIST(root='data', train=True)\nrun(data_dir='nowhere')", {"data": "read"}),
        (
            "shutil.unpack_archive('data/b.csv', 'out')\nwget.download(url, 'models/n.bin')",
            {"data": "read", "models": "write", "out": "write"},
        ),
    ],
)
def test_what_is_proposed(source: str, expected: dict[str, str], folder: Path) -> None:
    proposed, warnings = found(source, folder)
    assert proposed == expected
    assert warnings == []


def hints(source: str, folder: Path, start: Path | None = None) -> list[str]:
    events: list[Event] = []
    said = DataHints(MountArguments(folder=folder, start=start or folder), events.append)
    find_data([scan_script(export_cell(source, emit=events.append))], folder, hints=said)
    return [event.hint.partition(", ")[2] for event in events if isinstance(event, Warned)]


def test_a_hint_mounts_it_where_the_code_looks(folder: Path) -> None:
    source = f"open('../shared.csv')\nopen('.env')\nopen('{folder}/lone.xlsx')"
    assert hints(source, folder) == [
        "mount it: -v ../shared.csv:/shared.csv:ro", "mount it: -v ./.env:.env:ro",
        f"mount it: -v {folder}/lone.xlsx:{folder}/lone.xlsx:ro",
    ]  # fmt: skip
    assert hints("open('../shared.csv')", folder, folder.parent) == ["mount it: -v ./shared.csv:/shared.csv:ro"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("open('../data/new', 'w')\nPath('../data/made').mkdir()", "mount it: -v ../data:/data"),
        ("os.makedirs('../data/made', exist_ok=True)",
         "make it first (`mkdir -p ../data/made`), and mount it: -v ../data/made:/data/made"),
        ("os.makedirs('../out', exist_ok=True)\nopen('../out/x', 'w')",
         "make it first (`mkdir -p ../out`), and mount it: -v ../out:/out"),
        ("os.makedirs('../out')",
         "make it first (`mkdir -p ../out`), and mount it: -v ../out:/out; the code needs exist_ok=True then"),
        ("os.makedirs('../out/of/it')", "make it first (`mkdir -p ../out/of`), and mount it: -v ../out/of:/out/of"),
        ("open('../new', 'w')", "make it first (`touch ../new`), and mount it: -v ../new:/new"),
        ("open('../shared.csv', 'a')", "mount it: -v ../shared.csv:/shared.csv"),
        ("os.makedirs('../lib', exist_ok=True)", ""),
    ],
)  # fmt: skip
def test_a_hint_for_what_is_written_is_of_what_can_be_written(source: str, expected: str, folder: Path) -> None:
    (folder.parent / "data").mkdir()
    assert hints(source, folder) == [expected]


@pytest.mark.parametrize("written", ["df.to_csv('result.csv')\npd.read_csv('result.csv')", "open('result.csv', 'a')"])
def test_what_becomes_of_a_file_that_is_written_is_said(written: str, folder: Path) -> None:
    message = "cell 1, line 1 writes 'result.csv', which is not mounted: a run begins without it, and saves a copy."
    assert found(written, folder) == ({}, [message])
    assert hints(written, folder)[0].endswith("or add -v ./result.csv:result.csv")
    assert found(written, folder, mounted=[PurePosixPath("/app/result.csv")])[1] == []


def test_a_folder_that_would_fail_the_code_that_makes_it_is_not_made(folder: Path) -> None:
    source = "Path('new').mkdir()\nos.makedirs('new/deep', exist_ok=True)\nopen('new/deep/x', 'w')"
    proposed, warnings = found(source, folder)
    assert proposed == {}
    assert warnings == ["cell 1, line 1 makes 'new' anew, so it is not mounted; after a run, what is in it is copied."]


@pytest.mark.parametrize("source", ["open('../shared.csv')", "open('.env')", "os.makedirs('../out', exist_ok=True)"])
def test_the_mount_that_a_hint_names_is_taken_and_ends_it(source: str, folder: Path) -> None:
    [hint] = hints(source, folder, folder.parent)
    mount = Mount.parse(shlex.split(hint.partition("-v ")[2])[0], folder=folder.parent)
    assert found(source, folder, mounted=[mount.target])[1] == []


@pytest.mark.parametrize(
    ("source", "path", "problem"),
    [
        ("open('../shared.csv')", "../shared.csv", "outside the notebook's folder"),
        ("open('linked/shared.csv')", "linked/shared.csv", "outside the notebook's folder"),
        ("open('.env')", ".env", "hidden"),
        ("os.listdir('.keys')", ".keys", "hidden"),
        ("open('.keys/new', 'w')", ".keys/new", "hidden"),
        ("open('linked/new', 'w')", "linked/new", "outside the notebook's folder"),
        ("open('../new', 'w')", "../new", "outside the notebook's folder"),
        ("open('data/../../new/../x', 'w')", "../x", "outside the notebook's folder"),
    ],
)
def test_what_is_never_proposed_is_said(source: str, path: str, problem: str, folder: Path) -> None:
    proposed, warnings = found(source, folder)
    assert proposed == {}
    assert warnings == [f"cell 1, line 1: '{path}' is {problem}, so it is not mounted by itself."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("pd.read_csv('../data/raw.csv')", {"../data": "read"}),
        ("DATA = Path('..') / 'data'\npd.read_csv(DATA / 'raw.csv')", {"../data": "read"}),
        ("sorted(Path('../data').glob('*'))", {"../data": "read"}),
        ("open('../shared.csv')", {"../shared.csv": "read"}),
        ("load_somehow('../data/raw.csv')", {"../data": "read"}),
        ("open('linked/shared.csv')", {"linked/shared.csv": "read"}),
    ],
)
def test_what_is_read_of_the_project_is_proposed(source: str, expected: dict[str, str], folder: Path) -> None:
    (folder.parent / "data").mkdir()
    (folder.parent / "data/raw.csv").touch()
    (folder.parent / "pyproject.toml").touch()
    assert found(source, folder) == (expected, [])


@pytest.mark.parametrize(
    ("source", "path", "problem"),
    [
        ("open('../.env')", "../.env", "hidden"),
        ("os.listdir('../.git')", "../.git", "hidden"),
        ("open('../../beside.csv')", "../../beside.csv", "outside the notebook's folder"),
        ("open('../new.csv', 'w')", "../new.csv", "outside the notebook's folder"),
        ("open('../.git/x', 'w')", "../.git/x", "hidden"),
        ("os.makedirs('../../new', exist_ok=True)", "../../new", "outside the notebook's folder"),
        ("os.makedirs('../.new', exist_ok=True)", "../.new", "outside the notebook's folder"),
    ],
)
def test_nothing_else_of_the_project_is(source: str, path: str, problem: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in (".git/x", ".env", "data/raw.csv", "lib/raw.csv", "work/x.csv", "../beside.csv"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).touch()
    proposed, warnings = found(source, project / "work")
    assert proposed == {}
    assert warnings == [f"cell 1, line 1: '{path}' is {problem}, so it is not mounted by itself."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df.to_csv('../data/new.csv')", {"../data": "write"}),
        ("os.makedirs('../lib/new', exist_ok=True)\nopen('../lib/new/x', 'w')", {"../lib/new": "write"}),
        ("pd.read_csv('../data/raw.csv')\ndf.to_csv('../reports/x.csv')", {"../data": "read", "../reports": "write"}),
        ("os.makedirs('../new/deep', exist_ok=True)\nopen('../new/deep/x', 'w')", {"../new/deep": "write"}),
        ("OUT = Path('..') / 'new'\nOUT.mkdir(exist_ok=True)\nfig.savefig(OUT / f'{n}.png')", {"../new": "write"}),
        ("open('../../other/x.csv', 'a')", {"../../other": "write"}),
    ],
)
def test_folders_of_the_project_are_written_to(source: str, expected: dict[str, str], tmp_path: Path) -> None:
    for name in (".git", "notebooks/work", "notebooks/data", "notebooks/reports", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "notebooks/data/raw.csv").touch()
    assert found(source, tmp_path / "notebooks/work") == (expected, [])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%cd data\npd.read_csv('b.csv')\nprint_it('words')", {"data": "read"}),
        ("os.chdir('data')\nos.chdir('raw')\nopen('a.csv')", {"data": "read"}),
        ("os.chdir('out')\nplt.savefig('new.png')\n%matplotlib inline", {"out": "write"}),
        ("%cd out\n%%time\n%cd -\nopen('lone.xlsx')", {"lone.xlsx": "read", "out": "read"}),
        (
            "start = os.getcwd()\nos.chdir('out')\nos.chdir(start)\nopen('lone.xlsx')",
            {"lone.xlsx": "read", "out": "read"},
        ),
        (
            "ROOT = Path.cwd()\nDATA = ROOT / 'data'\nos.chdir('out')\nopen(DATA / 'b.csv')",
            {"data": "read", "out": "read"},
        ),
        ("os.chdir(find())\nopen('lone.xlsx')", {"lone.xlsx": "read"}),
        ("%cd out\n%cd $x\npd.read_csv(f'../data/{n}.csv')", {"data": "read", "out": "read"}),
    ],
)
def test_paths_are_of_the_folder_that_the_code_went_to(source: str, expected: dict[str, str], folder: Path) -> None:
    assert found(source, folder) == (expected, [])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{get}get('https://example.org/raw/lone.xlsx')", {"lone.xlsx": "read"}),
        ("{get}get('https://example.org/raw/helper.py?raw=true')", {"helper.py": "read"}),
        ("{get}os.chdir('data')\nget('https://example.org/b.csv')", {"data": "read"}),
        ("{get}get('https://example.org/new.csv')\nget('https://example.org')", {}),
        ("pd.read_excel('https://example.org/lone.xlsx')", {}),
    ],
)
def test_a_download_that_is_there_already_is_read(source: str, expected: dict[str, str], folder: Path) -> None:
    get = "def get(url):\n    if not exists(basename(url)):\n        urlretrieve(url, basename(url))\n"
    assert found(source.format(get=get), folder) == (expected, [])


@pytest.mark.parametrize("source", ["open('../new.csv', 'w')", "open('../old.csv', 'w')", "open('../old.csv', 'a')"])
def test_a_file_beside_the_folders_of_the_project_is_the_users_to_mount(source: str, tmp_path: Path) -> None:
    for name in (".git", "notebooks/work"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "notebooks/old.csv").touch()
    proposed, (warning,) = found(source, tmp_path / "notebooks/work")
    assert (proposed, "is outside the notebook's folder" in warning) == ({}, True)


def test_two_of_one_name_at_two_heights_are_both_mounted(tmp_path: Path) -> None:
    for name in (".git", "notebooks/work", "notebooks/data", "data"):
        (tmp_path / name).mkdir(parents=True)
    source = "os.listdir('../data')\nos.listdir('../../data')"
    assert found(source, tmp_path / "notebooks/work") == ({"../../data": "read", "../data": "read"}, [])


def test_a_folder_that_holds_the_notebook_is_not_mounted(folder: Path) -> None:
    (folder.parent / ".git").mkdir()
    assert found("os.listdir('..')\nos.walk('.')", folder)[0] == {}


def test_no_folder_is_made_behind_a_link_that_leads_out(folder: Path) -> None:
    assert found("os.makedirs('linked/new', exist_ok=True)", folder)[0] == {}


def test_the_home_folder_is_no_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / ".git").mkdir()
    monkeypatch.setenv("HOME", str(folder.parent))
    assert found("open('../shared.csv')", folder)[0] == {}


def test_data_of_the_project_goes_where_the_code_looks(folder: Path) -> None:
    data = (DataPath(path=PurePosixPath("../../data"), access="read", why=""),)
    script = Script(name="x.py", text="", source=None, cells=())
    requirements = Requirements(python="3.11", data=data)
    recipe = Recipe(base=ImageReference.parse("python"), script=script, requirements=requirements)
    project = Project.of(folder, named=folder.parent.parent)
    [mount] = with_data(RunSpec(image="x"), recipe, folder, project=project).mounts
    assert str(mount) == f"{folder.parent.parent / 'data'}:/app/data:ro"
    assert with_data(RunSpec(image="x"), recipe, folder, project=project, roots=[folder]).mounts == ()
    assert with_data(RunSpec(image="x"), recipe, folder).mounts == ()


def check(event: Event, folder: Path) -> None:
    """See that the mount that is named is one that is taken, and of a path that is there or said to be made."""
    assert isinstance(event, Warned)
    _, named, mount_arguments = event.hint.partition("-v ")
    if named and "FILE" not in mount_arguments:
        mount = Mount.parse(shlex.split(mount_arguments.partition("; the code")[0])[0], folder=folder.parent)
        assert os.path.lexists(mount.source) or "make it first" in event.hint


@given(path=st.text(st.characters() | st.sampled_from("./~*"), max_size=300), mode=st.sampled_from("rwa"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_notebook_names_stays_inside(path: str, mode: str, folder: Path) -> None:
    scan = scan_script(export_cell(f"open({path!r}, {mode!r})", emit=lambda _: None))
    said = DataHints(MountArguments(folder=folder, start=folder.parent), lambda event: check(event, folder))
    for each in find_data([scan], folder, hints=said):
        assert (folder / each.path).resolve().is_relative_to(folder)
        assert each.path != PurePosixPath()
        assert not str(each.path).startswith(".")


def test_an_absolute_path_is_the_users_to_mount(folder: Path) -> None:
    path = folder / "lone.xlsx"
    proposed, warnings = found(f"open('{path}')", folder)
    assert proposed == {}
    assert warnings == [f"cell 1, line 1: '{path}' is outside the notebook's folder, so it is not mounted by itself."]


def test_a_missing_file_is_said_unless_something_can_make_it(folder: Path) -> None:
    missing = "cell 1, line 1 reads 'data/no.csv', which does not exist."
    assert found("pd.read_csv('data/no.csv')", folder) == ({}, [missing])
    for other in ("open('data/no.csv', 'w')", "!curl -O x", "zip.extractall('data')", "os.makedirs('data')"):
        assert found(f"pd.read_csv('data/no.csv')\n{other}", folder)[1] == []
    assert found("if os.path.exists('no.csv'):\n    open('no.csv')", folder)[1] == []
    assert found("try:\n    open('no.csv')\nexcept Exception:\n    pass", folder)[1] == []
    assert found("open('no.csv')", folder, mounted=[PurePosixPath("/app/no.csv")])[1] == []


def test_only_files_and_folders_are_mounted(folder: Path) -> None:
    (folder / "gone.csv").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.sock")
    assert found("open('gone.csv')\nopen('pipe.sock')", folder) == ({}, [])


def test_local_modules_are_in_the_image_already(folder: Path) -> None:
    local = LocalFile(source=folder / "helper.py", target=PurePosixPath("helper.py"), why="")
    assert found("open('helper.py')", folder, copied=[local]) == ({}, [])


def test_data_behind_a_link_out_of_the_roots_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (folder / "outward").symlink_to(secret)
    script = Script(name="x.py", text="", source=None, cells=())
    data = (DataPath(path=PurePosixPath("outward"), access="read", why=""),)
    recipe = Recipe(
        base=ImageReference.parse("python"), script=script, requirements=Requirements(python="3.11", data=data)
    )
    spec, project = RunSpec(image="x"), Project.of(folder, named=tmp_path)
    assert with_data(spec, recipe, folder).mounts == ()
    assert len(with_data(spec, recipe, folder, project=project).mounts) == 1
    assert with_data(spec, recipe, folder, roots=[folder], chosen="none").mounts == ()
    with pytest.raises(MountError, match="secret"):
        with_data(spec, recipe, folder, project=project, roots=[folder])


def test_a_folder_to_be_made_is_made_for_the_caller_alone(folder: Path) -> None:
    script = Script(name="x.py", text="", source=None, cells=())
    data = (DataPath(path=PurePosixPath("new"), access="write", why=""),)
    requirements = Requirements(python="3.11", data=data)
    recipe = Recipe(base=ImageReference.parse("python"), script=script, requirements=requirements)
    [mount] = with_data(RunSpec(image="x"), recipe, folder).mounts
    assert (mount.make, str(mount)) == (True, f"{folder}/new:/app/new")
    assert with_data(RunSpec(image="x", user="7"), recipe, folder).mounts == ()
    assert not (folder / "new").exists()


def test_mounts_of_the_users_own_win(folder: Path) -> None:
    data = tuple(
        DataPath(path=PurePosixPath(path), access="write" if path == "out" else "read", why="")
        for path in ("data/raw", "models", "out")
    )
    script = Script(name="x.py", text="", source=None, cells=())
    requirements = Requirements(python="3.11", data=data)
    recipe = Recipe(base=ImageReference.parse("python"), script=script, requirements=requirements)
    own = RunSpec(image="x", mounts=(Mount.parse("./elsewhere:data", folder=folder),))
    spec = with_data(own, recipe, folder)
    assert [str(mount) for mount in spec.mounts] == [
        f"{folder}/elsewhere:/app/data", f"{folder}/models:/app/models:ro", f"{folder}/out:/app/out",
    ]  # fmt: skip
    assert describe_data(spec) == " with data, models (read-only), out"
    assert with_data(own, recipe, folder, chosen="none").mounts == own.mounts
    assert describe_data(RunSpec(image="x")) == ""


def test_mounts_are_named_as_the_notebook_names_them(folder: Path) -> None:
    mount_arguments = MountArguments(folder=folder)
    own = [
        Mount.parse(text, folder=folder)
        for text in ("../data:/data", "../../x:/x", "./out:/mnt/x:ro", "./out:there:ro")
    ]
    spec = RunSpec(image="x", mounts=tuple(own), mount_arguments=mount_arguments)
    assert describe_data(spec) == " with ../data, ../../x, /mnt/x (read-only), there (read-only)"
