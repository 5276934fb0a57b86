"""The public conformance suite of Jupyter kernels, against a registered kernel in a container."""

from __future__ import annotations

from typing import ClassVar

import pytest
from jupyter_kernel_test import KernelTests

CODE = "1+2+3"


@pytest.mark.engine
@pytest.mark.usefixtures("registered")
class TestContainerKernel(KernelTests):  # type: ignore[misc]
    kernel_name = "small-container"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples: ClassVar = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples: ClassVar = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"]
    incomplete_code_samples: ClassVar = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples: ClassVar = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result: ClassVar = [{"code": CODE, "result": "6"}] * 3
    code_display_data: ClassVar = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "from IPython.display import Math, display; display(Math('\\frac{1}{2}'))", "mime": "text/latex"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")  # as ipykernel has it
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


del KernelTests  # collected where it is imported, too
