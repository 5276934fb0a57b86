"""The gate: what a notebook says becomes something of the container's here or not at all."""

from jupyter_docker.gate.admission import admit_data, admit_file, file_refusal
from jupyter_docker.gate.project import HIDDEN, OUTSIDE, SPECIAL, Project

__all__ = ["HIDDEN", "OUTSIDE", "SPECIAL", "Project", "admit_data", "admit_file", "file_refusal"]
