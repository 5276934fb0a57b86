from .notebooks import compare_notebooks
from .page.badge import badge
from .page.document import prepare_page, write_page
from .provenance import environment_changes, stamp_of
from .report import CLASSES, MEANINGS, REPRODUCED, CellClass, CellReport, Report

__all__ = [
    "CLASSES", "MEANINGS", "REPRODUCED", "CellClass", "CellReport", "Report", "badge", "compare_notebooks",
    "environment_changes", "prepare_page", "stamp_of", "write_page",
]  # fmt: skip
