from pathlib import Path

import attr

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
VERSION = attr.__version__
