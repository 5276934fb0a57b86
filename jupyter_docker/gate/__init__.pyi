from .admission import admit_data, admit_file, file_refusal
from .consent import allow, consents_of, withdraw
from .judging import Admitted, Unmet, judge, ruling_on
from .project import OUTSIDE, SPECIAL, Project
from .table import Site
from .wishes import METADATA_KEY, OF_THE_CONTAINER, Wish, read_wishes

__all__ = [
    "METADATA_KEY", "OF_THE_CONTAINER", "OUTSIDE", "SPECIAL", "Admitted", "Project", "Site", "Unmet", "Wish",
    "admit_data", "admit_file", "allow", "consents_of", "file_refusal", "judge", "read_wishes", "ruling_on",
    "withdraw",
]  # fmt: skip
