"""The corpus: all its cases, by what they attack."""

from __future__ import annotations

from tests.hostile.cases_code import CODE
from tests.hostile.cases_data import DATA
from tests.hostile.cases_forms import FORMS
from tests.hostile.cases_metadata import METADATA
from tests.hostile.cases_packages import PACKAGES

CASES = [*DATA, *CODE, *PACKAGES, *METADATA, *FORMS]
