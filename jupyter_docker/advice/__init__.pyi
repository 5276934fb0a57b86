from .cause import Context
from .diagnosis import Diagnosis, diagnose
from .patterns import Missing, find_missing
from .scripts import missing_file_hint, script_failure, script_output

__all__ = [
    "Context", "Diagnosis", "Missing", "diagnose", "find_missing", "missing_file_hint", "script_failure",
    "script_output",
]  # fmt: skip
