"""The wheels of a lock: which of them, fetched with the index's login, and compared with what is installed."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.freeze.distributions.closure import target_markers
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.lock.index import IndexSettings, read_index_settings
from jupyter_docker.freeze.lock.installed_wheel import write_contents
from jupyter_docker.image.secrets import build_secrets
from jupyter_docker.image.wheels.comparison import compare, explain_differences
from jupyter_docker.image.wheels.download import fetch, request_options
from jupyter_docker.image.wheels.files import Index, WheelFile, image_tags
from jupyter_docker.image.wheels.folder import uv_program, wheelhouse
from jupyter_docker.image.wheels.sources import build_requirements, check_needs
from jupyter_docker.values.errors import LockError
from jupyter_docker.values.requirements import Pin
from tests.unit.freeze.package_index import add_wheel, serve

VenvFactory = Callable[[Sequence[str]], Path]
CODE = {"sauce/__init__.py": "FLAVOUR = 'umami'\n", "sauce/more.py": "MORE = 1\n"}


def add(
    folder: Path, files: Mapping[str, str] = CODE, *, tag: str = "py3-none-any", record: str = "", name: str = "sauce"
) -> str:
    """Put the wheel of ``sauce`` 1.0 with these files into an index; returns its hash."""
    page = folder / "simple" / name
    page.mkdir(parents=True, exist_ok=True)
    wheel, info = page / f"{name}-1.0-{tag}.whl", f"{name}-1.0.dist-info"
    contents = {path: text.encode() for path, text in files.items()}
    contents[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
    contents[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    write_contents(wheel, info, contents)
    if record:
        with zipfile.ZipFile(wheel) as archive:
            kept = {each: archive.read(each) for each in archive.namelist() if not each.endswith("/RECORD")}
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, content in {**kept, f"{info}/RECORD": record.encode()}.items():
                archive.writestr(path, content)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (page / "index.html").write_text(f'<a href="{wheel.name}#sha256={found}">{wheel.name}</a>\n')
    return f"sha256:{found}"


def found(url: str, pins: Sequence[Pin], cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[WheelFile, Path]:
    monkeypatch.setenv("UV_DEFAULT_INDEX", url)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    cache.mkdir(exist_ok=True)
    settings = read_index_settings()
    index = Index(
        settings=settings, interpreter=Path(shutil.which("python") or ""), python_version="3.11.7",
        platform="linux/amd64", release="bookworm",
    )  # fmt: skip
    wheels = index.wheels(pins)
    return fetch(wheels, settings, cache, lambda _: None)


def test_a_wheel_comes_with_the_index_s_login_and_is_kept(
    tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = Pin(name="sauce", version="1.0", hashes=(add(tmp_path / "index"),))
    with serve(tmp_path / "index", user="me", password="s3c/ret") as url:
        ((wheel, path),) = found(url.replace("s3c/ret", "s3c%2Fret"), [pin], tmp_path / "cache", monkeypatch).items()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == wheel.digest
        assert "s3c" not in repr(wheel)
        path.write_bytes(b"damaged")
        assert found(url.replace("s3c/ret", "s3c%2Fret"), [pin], tmp_path / "cache", monkeypatch) == {wheel: path}
        assert hashlib.sha256(path.read_bytes()).hexdigest() == wheel.digest
    kept = path.stat().st_mtime_ns
    assert fetch([wheel], read_index_settings(), tmp_path / "cache", lambda _: None) == {wheel: path}, (
        "without an index"
    )
    assert path.stat().st_mtime_ns == kept
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [wheel.digest]


def test_what_is_not_what_was_locked_is_refused(
    tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path / "index")
    with serve(tmp_path / "index") as url:
        with pytest.raises(LockError, match=r"has no file of 'sauce' 1\.0 any more that the lock has the hash of"):
            found(url, [Pin(name="sauce", version="1.0", hashes=("sha256:0",))], tmp_path / "cache", monkeypatch)
        pin = Pin(name="sauce", version="1.0")
        (wheel,) = found(url, [pin], tmp_path / "cache", monkeypatch)
        other = WheelFile(name="sauce", version="1.0", filename=wheel.filename, digest="0" * 64, url=wheel.url)
        with pytest.raises(LockError, match=r"serves another file for 'sauce-1\.0-py3-none-any\.whl'"):
            fetch([other], read_index_settings(), tmp_path / "cache", lambda _: None)
        gone = WheelFile(name="sauce", version="1.0", filename="x.whl", digest="1" * 64, url=f"{wheel.url}x")
        with pytest.raises(LockError, match=r"^'sauce' 1\.0 can't be fetched from the package index: 404"):
            fetch([gone, wheel], read_index_settings(), tmp_path / "cache", lambda _: None)
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [wheel.digest], "nothing half is left"


@pytest.fixture
def host(tmp_path: Path, make_venv: VenvFactory) -> Path:
    """An environment with ``sauce`` from one index."""
    add(tmp_path / "mine")
    python = make_venv([])
    command = [find_uv_bin(), "pip", "install", "-q", "--python", str(python), "sauce", "--default-index"]
    with serve(tmp_path / "mine") as url:
        subprocess.run([*command, url], check=True)
    return python


def test_the_installed_files_are_those_of_the_lock(
    tmp_path: Path, host: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(tmp_path / "mine") as url:
        wheels = found(url, [Pin(name="sauce", version="1.0")], tmp_path / "cache", monkeypatch)
    comparison = compare(wheels, inspect_environment(python=host))
    assert (comparison.differences, comparison.unknown) == ({}, ())


def recorded(host: Path) -> str:
    return next(host.rglob("sauce-1.0.dist-info/RECORD")).read_text()


@pytest.mark.parametrize(
    ("files", "differing"),
    [
        ({**CODE, "sauce/more.py": "EVIL = 1\n"}, ("sauce/more.py",)),
        ({**CODE, "sauce/evil.py": ""}, ("sauce/evil.py",)),
        ({**CODE, "sitecustomize.py": "", "evil.pth": ""}, ("evil.pth", "sitecustomize.py")),
        ({"sauce/__init__.py": CODE["sauce/__init__.py"]}, ("sauce/more.py",)),
        ({**CODE, "sauce-1.0.data/purelib/sauce/x.py": ""}, ("sauce/x.py",)),
        (
            {**CODE, "sauce-1.0.dist-info/entry_points.txt": "[console_scripts]\npip = sauce:evil\n"},
            ("sauce-1.0.dist-info/entry_points.txt",),
        ),
    ],
    ids=["changed", "added", "path", "missing", "scheme", "entry points"],
)
@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.usefixtures("cold_cache")
def test_another_index_s_file_of_the_same_version_is_said(
    tmp_path: Path,
    host: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    files: Mapping[str, str],
    differing: tuple[str, ...],
    forged: bool,
) -> None:
    add(tmp_path / "other", files, record=recorded(host) if forged else "")
    with serve(tmp_path / "other") as url:
        wheels = found(url, [Pin(name="sauce", version="1.0")], tmp_path / "cache", monkeypatch)
    environment = inspect_environment(python=host)
    comparison = compare(wheels, environment)
    assert comparison.differences == {"sauce": differing}
    error = explain_differences(comparison)
    assert f"'{differing[0]}'" in error.message
    assert error.hint.endswith("--allow-mismatch sauce")
    assert [fix.arguments for fix in error.fixes] == ["--allow-mismatch sauce"]
    assert compare(wheels, environment, allowed=["sauce"]).differences == {}


def test_another_build_of_the_version_is_not_compared_and_said(
    tmp_path: Path, host: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path / "other", {"sauce/__init__.py": "", "sauce/fast.so": ""}, tag="cp311-cp311-manylinux_2_17_x86_64")
    with serve(tmp_path / "other") as url:
        wheels = found(url, [Pin(name="sauce", version="1.0")], tmp_path / "cache", monkeypatch)
    comparison = compare(wheels, inspect_environment(python=host))
    assert (comparison.differences, comparison.unknown) == ({}, ("sauce",))


def test_what_pip_changes_when_it_installs_is_no_difference(
    tmp_path: Path, host: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(tmp_path / "mine") as url:
        wheels = found(url, [Pin(name="sauce", version="1.0")], tmp_path / "cache", monkeypatch)
    record = next(host.rglob("sauce-1.0.dist-info/RECORD"))
    wrong = record.read_text().replace("sauce/more.py,sha256=", "sauce/more.py,sha256=wrong")  # a careless build's
    record.write_text(f"{wrong}sauce/__pycache__/more.cpython-311.pyc,,\n../../../bin/sauce,sha256=abc,1\n")
    assert compare(wheels, inspect_environment(python=host)).differences == {}


def test_the_best_wheel_for_the_image_is_taken(
    tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = [
        "py3-none-any", "cp37-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", "cp311-cp311-manylinux_2_28_x86_64",
        "cp311-cp311-manylinux_2_39_x86_64", "cp311-cp311-manylinux2014_aarch64",
    ]  # fmt: skip
    for tag in tags:
        add_wheel(tmp_path / "index", "one", "1.0", tag=tag)
    with serve(tmp_path / "index") as url:
        (wheel,) = found(url, [Pin(name="one", version="1.0")], tmp_path / "cache", monkeypatch)
    assert wheel.filename == "one-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", "which the newer C library is not for"
    assert image_tags("3.11.7", "linux/amd64", "") == {}


def test_a_folder_of_wheels_is_gone_afterwards(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_text("a")
    with wheelhouse({"requirements.txt": [tmp_path / "a.whl"]}, tmp_path) as folder:
        assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.whl")] == [
            "wheelhouse/requirements/a.whl"
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["a.whl"]


def test_uv_is_taken_out_of_its_wheel(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "uv.whl", "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", "program")
    program = uv_program(tmp_path / "uv.whl", tmp_path / "out") / "uv/bin/uv"
    assert (program.read_text(), program.stat().st_mode & 0o777) == ("program", 0o755)


def test_a_login_is_for_its_own_host_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text(
        "machine a.test login u password p\nmachine b.test login v password planted\ndefault login w password planted\n"
    )
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    settings = IndexSettings(
        default="https://me:s3cret@c.test/simple", extra=("https://a.test/simple",), netrc=tmp_path / "netrc",
        proxies={"HTTPS_PROXY": "http://proxy", "NO_PROXY": "c.test"}, insecure_hosts=("a.test",),
    )  # fmt: skip
    assert request_options("https://c.test/x.whl", settings) == {
        "auth": ("me", "s3cret"),
        "proxies": {},
        "verify": True,
    }
    assert request_options("https://a.test/x.whl", settings)["auth"] == ("u", "p")
    assert request_options("https://a.test/x.whl", settings)["proxies"] == {"https": "http://proxy"}
    assert request_options("https://a.test/x.whl", settings)["verify"] is False
    assert build_secrets(settings)["netrc"] == "machine a.test login u password p\n"


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_what_a_source_distribution_needs_is_read_and_not_run(tmp_path: Path, suffix: str) -> None:
    files = {
        "one-1.0/PKG-INFO": "Name: one\nRequires-Dist: six>=1\nRequires-Dist: gone; sys_platform == 'win32'\n"
        "Requires-Dist: more; extra == 'x'\nRequires-Dist: far @ https://host/far.whl\n",
        "one-1.0/pyproject.toml": "[build-system]\nrequires = ['hatchling>=1', 'x @ https://host/x.whl', 'a\\nb']\n",
        "one-1.0/one.egg-info/requires.txt": "other\n",
        "one-1.0/deep/down/pyproject.toml": "[build-system]\nrequires = ['evil']\n",
    }
    source = tmp_path / f"one-1.0{suffix}"
    if suffix == ".zip":
        with zipfile.ZipFile(source, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
    else:
        with tarfile.open(source, "w:gz") as tar:
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text.encode()))
    assert build_requirements(source) == ("hatchling>=1",)
    markers = target_markers("3.11.7", "linux/amd64")
    check_needs(source, "one", {"six"}, markers)
    with pytest.raises(LockError, match=r"^'one', which is built from source, needs 'six>=1' as well\.$") as raised:
        check_needs(source, "one", set(), markers)
    assert raised.value.hint == "Add it: --with 'six>=1'"


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_a_broken_source_distribution_says_nothing(tmp_path: Path, suffix: str, content: bytes) -> None:
    source = tmp_path / f"one-1.0{suffix}"
    source.write_bytes(content)
    assert build_requirements(source) == ("setuptools>=40.8.0", "wheel")
    check_needs(source, "one", set(), target_markers("3.11.7", "linux/amd64"))
