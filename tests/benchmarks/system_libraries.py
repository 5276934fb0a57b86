"""System packages that the freeze finds for well-known wheels, against what an import in the bare base image says.

Baselines: of precision the wheels that are said to need a package, of recall those that fail to import without one, of
proof those that do, with all the packages that were found. The environments are made once, in a temporary folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rich.console import Console
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.engine.images.base_system import base_system
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.freeze.distributions.closure import find_closure, target_markers
from jupyter_docker.freeze.distributions.resolve import installed_root
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.freeze.system.packages import system_packages
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.environment import PythonEnvironment
from jupyter_docker.values.image import BaseSystem
from jupyter_docker.values.requirements import Pin
from tests.benchmarks.measurement import Measurement
from tests.engine.spare import BASE

# Distribution → what is imported of it. Two environments, since some have files of the same name.
PANELS: tuple[Mapping[str, str], ...] = (
    {
        "lightgbm==4.7.0": "lightgbm", "python-magic==0.4.27": "magic", "pyzbar==0.1.9": "pyzbar.pyzbar",
        "sounddevice==0.5.6": "sounddevice", "cairosvg==2.9.1": "cairosvg", "weasyprint==70.0": "weasyprint",
        "wand==0.7.2": "wand.image", "opencv-python==5.0.0.93": "cv2", "gmsh==4.15.2": "gmsh",
        "pyqt5==5.15.11": "PyQt5.QtWidgets", "rasterio==1.4.4": "rasterio", "fiona==1.10.1": "fiona",
        "pandas==3.1.1": "pandas", "pillow==13.0.0": "PIL.Image", "lxml==6.1.3": "lxml.etree",
        "matplotlib==3.11.2": "matplotlib.pyplot", "h5py==3.16.0": "h5py", "numba==0.68.1": "numba",
        "scikit-learn==1.9.1": "sklearn.linear_model", "pyarrow==26.0.1": "pyarrow.parquet", "polars==2.1.0": "polars",
        "duckdb==2.0.0": "duckdb", "shapely==2.2.0": "shapely", "pyproj==3.7.2": "pyproj",
        "netcdf4==1.7.5.1.post1": "netCDF4", "psycopg2-binary==2.9.13": "psycopg2", "soundfile==0.14.0": "soundfile",
        "cryptography==50.0.2": "cryptography.fernet", "pydantic==2.14.3": "pydantic", "orjson==3.13.0": "orjson",
        "tokenizers==0.23.3": "tokenizers", "regex==2026.11.15": "regex", "pyzmq==27.3.0": "zmq",
        "psutil==7.2.2": "psutil", "statsmodels==0.15.0": "statsmodels.api", "xgboost==3.2.0": "xgboost",
        "catboost==1.2.10": "catboost", "scikit-image==0.26.0": "skimage.io", "tables==3.11.1": "tables",
        "zarr==3.1.6": "zarr", "grpcio==1.85.1": "grpc", "bcrypt==5.0.0": "bcrypt", "pymupdf==2.0": "pymupdf",
        "sqlalchemy==2.1.9": "sqlalchemy", "networkx==3.6.1": "networkx",
    },
    {
        "opencv-contrib-python==5.0.0.93": "cv2", "open3d==0.20.0": "open3d", "pyside6==6.12.0": "PySide6.QtWidgets",
        "pyqt6==6.11.0": "PyQt6.QtWidgets",
    },
)  # fmt: skip

IMPORT = """
import json, subprocess, sys
def works(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0
print(json.dumps([module for module in sys.argv[1:] if not works(module)]))
"""


def measure() -> Iterator[Measurement]:
    """Yield precision, recall, and the part of those in need that import with the packages that were found."""
    needing, failing, left = set[str](), set[str](), set[str]()
    with connect() as engine:
        image = find_image(engine, BASE)
        base = base_system(engine, image) if image else None
    if base is None:
        raise SystemExit(f"The engine has no {BASE}: make engine")
    for panel in PANELS:
        with tempfile.TemporaryDirectory() as folder:
            environment = _make(Path(folder, "venv"), panel)
            found = {pin: _packages(pin, module, environment, base) for pin, module in panel.items()}
            failed = _failing(panel, environment, ())
            packages = {name for names in found.values() for name in names}
            needing |= {pin for pin, names in found.items() if names}
            failing |= failed
            left |= _failing({pin: panel[pin] for pin in failed}, environment, packages)
    wrong = {"unneeded": needing - failing, "missed": failing - needing, "still failing": left}
    for what, pins in wrong.items():
        if pins:
            Console(stderr=True).print(f"{what}: {', '.join(sorted(pins))}")
    right = len(needing & failing)
    yield _share("system libraries: precision", right, len(needing))
    yield _share("system libraries: recall", right, len(failing))
    yield _share("system libraries: import with them", len(failing - left), len(failing))


def _share(what: str, ours: int, baseline: int) -> Measurement:
    return Measurement(what=what, ours=ours, baseline=baseline, unit="wheels", bound=0.9, more_is_better=True)


def _make(folder: Path, pins: Iterable[str]) -> PythonEnvironment:
    for words in (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "install", "--python", str(folder), *pins],
    ):
        subprocess.run([find_uv_bin(), *words, "--quiet"], check=True)
    return inspect_environment(python=folder)


def _packages(pin: str, module: str, environment: PythonEnvironment, base: BaseSystem) -> list[str]:
    """Return the Debian packages that a notebook with this one import gets."""
    name = pin.partition("==")[0]
    root = installed_root(next(each for each in environment.distributions if each.name.lower() == name), why="")
    closure = find_closure([root], environment, target_markers(environment.python_version, "linux/amd64"))
    pins = [Pin(name=key, version=each.version) for key, each in closure.distributions.items()]
    scan = scan_script(export_cell(f"import {module}", emit=lambda _: None))
    found = system_packages([scan], pins, environment, base=base, direct=[name], emit=lambda _: None)
    return [package.name for package in found]


def _failing(panel: Mapping[str, str], environment: PythonEnvironment, packages: Iterable[str]) -> set[str]:
    """Return which of the panel's pins do not import in the base image with ``packages``."""
    site = next(path for path in environment.path if path.name == "site-packages")
    prefix = environment.executable.parent.parent
    install = "apt-get update && apt-get install -y --no-install-recommends "
    words = [*packages]
    setup = f"({install}{' '.join(words)}) >&2 && " if words else ""
    run = ["docker", "run", "--rm", "-v", f"{prefix}:{prefix}:ro", "-e", f"PYTHONPATH={site}"]
    run += [
        "-e",
        "PYTHONDONTWRITEBYTECODE=1",
        BASE,
        "sh",
        "-c",
        f'{setup}exec python -c "$0" "$@"',
        IMPORT,
        *panel.values(),
    ]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    failed = json.loads(done.stdout)
    return {pin for pin, module in panel.items() if module in failed}
