"""A notebook, or one cell, becomes a script; the script's failures become places in the notebook."""

from jupyter_docker.export.cellwise import RunnableCell, insert_parameters, notebook_parameters, runnable_cells
from jupyter_docker.export.failure import locate_failure
from jupyter_docker.export.lost_figures import lost_figures
from jupyter_docker.export.notebook import NotebookNode, read_notebook
from jupyter_docker.export.parameters import parameter_words, run_arguments
from jupyter_docker.export.requirements import read_requirement_file
from jupyter_docker.export.script import export_cell, export_script, script_of_text

__all__ = [
    "NotebookNode",
    "RunnableCell",
    "export_cell",
    "export_script",
    "insert_parameters",
    "locate_failure",
    "lost_figures",
    "notebook_parameters",
    "parameter_words",
    "read_notebook",
    "read_requirement_file",
    "run_arguments",
    "runnable_cells",
    "script_of_text",
]
