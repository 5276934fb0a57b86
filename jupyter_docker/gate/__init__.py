"""The gate: what a notebook says becomes something of the container's here or not at all.

What its metadata asks for are `Wish` values, which `judge` holds against the `TABLE`; what its code names are paths,
which `admit_data` and `admit_file` hold against its `Project`.
"""

from jupyter_docker.gate.admission import admit_data, admit_file, file_refusal
from jupyter_docker.gate.consent import allow, consents_of, withdraw
from jupyter_docker.gate.judging import Admitted, Unmet, judge, ruling_on
from jupyter_docker.gate.project import HIDDEN, OUTSIDE, SPECIAL, Project
from jupyter_docker.gate.table import TABLE, Rule, Ruling, Site
from jupyter_docker.gate.wishes import METADATA_KEY, OF_THE_CONTAINER, WISH_KINDS, Wish, WishKind, read_wishes

__all__ = [
    "HIDDEN", "METADATA_KEY", "OF_THE_CONTAINER", "OUTSIDE", "SPECIAL", "TABLE", "WISH_KINDS", "Admitted", "Project",
    "Rule", "Ruling", "Site", "Unmet", "Wish", "WishKind", "admit_data", "admit_file", "allow", "consents_of",
    "file_refusal", "judge", "read_wishes", "ruling_on", "withdraw",
]  # fmt: skip
