from .html.display import CellOutput, HtmlDisplay, MimeBundle
from .json_lines import JsonDisplay
from .measure import duration
from .plan import plan_view
from .table import TableView
from .terminal.display import TerminalDisplay
from .terminal.stream import OutputStream

__all__ = [
    "CellOutput", "HtmlDisplay", "JsonDisplay", "MimeBundle", "OutputStream", "TableView", "TerminalDisplay",
    "duration", "plan_view",
]  # fmt: skip
