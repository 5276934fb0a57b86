from .notebooks import compare_notebooks
from .provenance import environment_changes, stamp_of
from .report import CLASSES, MEANINGS, REPRODUCED, CellReport, Report

__all__ = [
    "CLASSES", "MEANINGS", "REPRODUCED", "CellReport", "Report", "compare_notebooks", "environment_changes", "stamp_of",
]  # fmt: skip
