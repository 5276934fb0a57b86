"""The corpus: all its cases, by what they attack."""

from __future__ import annotations

import os

from tests.hostile.cases_code import CODE
from tests.hostile.cases_data import DATA
from tests.hostile.cases_forms import FORMS
from tests.hostile.cases_metadata import METADATA
from tests.hostile.cases_packages import PACKAGES

# The long way: HOSTILE_CORPUS=all does all that can be done with each case.
ALL = os.environ.get("HOSTILE_CORPUS") == "all"
CASES = [*DATA, *CODE, *PACKAGES, *METADATA, *FORMS]
