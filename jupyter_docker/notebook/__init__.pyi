from .cellmagics import automagic
from .cells import SourceCell, source_cells
from .cellwise import NotebookLineFilter, RunnableCell, insert_parameters, notebook_parameters, runnable_cells
from .lost_figures import lost_figures
from .metadata import METADATA_KEY, store_choices
from .nodes import NotebookNode, read_notebook
from .parameters import parameter_arguments, parameter_values, run_arguments
from .reading import read_code
from .requirements import read_requirement_file
from .rows import grid_rows, plain_rows, rows_text, table_rows
from .script import export_cell, export_script, script_of_text
from .tracebacks import last_error, locate_failure
from .variables import global_names, is_ipython_name

__all__ = [
    "METADATA_KEY", "NotebookLineFilter", "NotebookNode", "RunnableCell", "SourceCell", "automagic", "export_cell",
    "export_script", "global_names", "grid_rows", "insert_parameters", "is_ipython_name", "last_error",
    "locate_failure", "lost_figures", "notebook_parameters", "parameter_arguments", "parameter_values", "plain_rows",
    "read_code", "read_notebook", "read_requirement_file", "rows_text", "run_arguments", "runnable_cells",
    "script_of_text", "source_cells", "store_choices", "table_rows",
]  # fmt: skip
