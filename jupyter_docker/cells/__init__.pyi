from .run import CellCall, run_cell
from .sessions import LIST, STOP, Sessions, list_sessions, stop_sessions

__all__ = [
    "LIST", "STOP", "CellCall", "Sessions", "list_sessions", "run_cell", "stop_sessions",
]  # fmt: skip
