from .files import runner_files
from .script_parameters import (
    INJECTED_TAG,
    PARAMETERS_TAG,
    Parameter,
    ParameterError,
    cell_parameters,
    from_text,
    read_parameters,
    read_parts,
    read_values,
    split_value,
)

__all__ = [
    "INJECTED_TAG", "PARAMETERS_TAG", "Parameter", "ParameterError", "cell_parameters", "from_text",
    "read_parameters", "read_parts", "read_values", "runner_files", "split_value",
]  # fmt: skip
