from .call import VERBS, Call, perform
from .command_line import Command, read_command
from .failure import as_error, brief, failed, restored
from .options.asked import as_argument, option_arguments
from .options.cell import read_cell_options, with_asked
from .options.parser import build_help_parser
from .options.request import CellRequest
from .ran_cells import RanCells
from .verbs.completion import complete_for_shell, complete_magic
from .verbs.images import prunable
from .views import TextView, as_json, exit_status, view

__all__ = [
    "VERBS", "Call", "CellRequest", "Command", "RanCells", "TextView", "as_argument", "as_error", "as_json", "brief",
    "build_help_parser", "complete_for_shell", "complete_magic", "exit_status", "failed", "option_arguments",
    "perform", "prunable", "read_cell_options", "read_command", "restored", "view", "with_asked",
]  # fmt: skip
