from .call import VERBS, Call, perform
from .failure import as_error, brief, failed, restored
from .options.asked import as_word, asked_words
from .options.cell import read_cell_options, with_asked
from .options.parser import build_help_parser
from .options.request import CellRequest
from .ran_cells import RanCells
from .verbs.completion import complete_for_shell, complete_magic
from .verbs.images import prunable
from .views import TextView, as_json, exit_status, view
from .words import Command, read_command

__all__ = [
    "VERBS", "Call", "CellRequest", "Command", "RanCells", "TextView", "as_error", "as_json", "as_word",
    "asked_words", "brief", "build_help_parser", "complete_for_shell", "complete_magic", "exit_status", "failed",
    "perform", "prunable", "read_cell_options", "read_command", "restored", "view", "with_asked",
]  # fmt: skip
