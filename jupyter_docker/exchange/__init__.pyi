from .bundle import dump_code, load_code, write_bundle
from .names import AUTO, auto_names, parse_names
from .receive import Received, read_values
from .send import SendPlan, check_loaded, plan_send, write_values

__all__ = [
    "AUTO", "Received", "SendPlan", "auto_names", "check_loaded", "dump_code", "load_code", "parse_names", "plan_send",
    "read_values", "write_bundle", "write_values",
]  # fmt: skip
