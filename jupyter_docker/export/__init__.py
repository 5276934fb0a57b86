"""A notebook, or one cell, becomes a script; the script's failures become places in the notebook."""

from jupyter_docker.export.cellwise import RunnableCell, insert_parameters, runnable_cells
from jupyter_docker.export.failure import locate_failure
from jupyter_docker.export.lost_figures import lost_figures
from jupyter_docker.export.notebook import NotebookNode, read_notebook
from jupyter_docker.export.parameters import parse_parameters
from jupyter_docker.export.requirements import read_requirement_file
from jupyter_docker.export.script import export_cell, export_script

__all__ = [
    "NotebookNode",
    "RunnableCell",
    "export_cell",
    "export_script",
    "insert_parameters",
    "locate_failure",
    "lost_figures",
    "parse_parameters",
    "read_notebook",
    "read_requirement_file",
    "runnable_cells",
]
