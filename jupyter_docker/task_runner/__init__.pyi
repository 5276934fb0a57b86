from .files import runner_files
from .script_parameters import (
    ATTEMPT_VARIABLE,
    EXCHANGE_PACKAGE,
    EXCHANGE_VARIABLE,
    FOLDERS_VARIABLE,
    HOST_VARIABLE,
    INDEX_VARIABLES,
    INJECTED_TAG,
    NAMES_VARIABLE,
    PARAMETERS_TAG,
    RECORD_VERSION,
    RECORDS_VARIABLE,
    TABLE_VARIABLE,
    Parameter,
    ParameterError,
    cell_parameters,
    checked,
    from_text,
    read_parameters,
    read_parts,
    read_rows,
    read_values,
    source_line,
    split_value,
)

__all__ = [
    "ATTEMPT_VARIABLE", "EXCHANGE_PACKAGE", "EXCHANGE_VARIABLE", "FOLDERS_VARIABLE", "HOST_VARIABLE",
    "INDEX_VARIABLES", "INJECTED_TAG", "NAMES_VARIABLE", "PARAMETERS_TAG", "RECORDS_VARIABLE", "RECORD_VERSION",
    "TABLE_VARIABLE", "Parameter", "ParameterError", "cell_parameters", "checked", "from_text", "read_parameters",
    "read_parts", "read_rows", "read_values", "runner_files", "source_line", "split_value",
]  # fmt: skip
