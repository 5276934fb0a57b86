"""The public conformance suite of Jupyter kernels: a container passes what ipykernel passes on this side."""

from __future__ import annotations

import unittest
from types import TracebackType
from typing import Any, ClassVar

import jupyter_kernel_test
import pytest

from tests.engine.kernel.kernels import Registered

CODE = "1+2+3"


class PythonKernel(jupyter_kernel_test.KernelTests):  # type: ignore[misc]
    """What the suite needs to know of a Python kernel."""

    __test__ = False
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
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):  # type: ignore[misc]
    __test__ = False
    support_iopub_welcome = True


Failure = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Outcomes(unittest.TestResult):
    """What became of each test and each part of it, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, str] = {}

    def _name(self, test: unittest.TestCase, outcome: str) -> None:
        self.named[test.id().rpartition(".test_")[2]] = outcome

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        self._name(test, "passed")

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        self._name(test, "skipped")

    def addFailure(self, test: unittest.TestCase, err: Failure) -> None:  # noqa: N802
        self._name(test, f"failed: {err[1]}")

    def addError(self, test: unittest.TestCase, err: Failure) -> None:  # noqa: N802
        self._name(test, f"failed: {err[1]}")

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Failure | None) -> None:  # noqa: N802
        self._name(subtest, "passed" if err is None else f"failed: {err[1]}")


def outcomes(kernel: str) -> dict[str, str]:
    result = Outcomes()
    for tests in (PythonKernel, Welcome):
        named: Any = type(tests.__name__, (tests,), {"kernel_name": kernel})
        unittest.defaultTestLoader.loadTestsFromTestCase(named).run(result)
    return result.named


@pytest.mark.engine
def test_a_container_passes_what_ipykernel_passes_here(registered: Registered) -> None:
    plain, container = outcomes("python3"), outcomes(registered.kernel.name)
    passed = {name for name, outcome in plain.items() if outcome == "passed"}
    assert len(passed) >= 20, plain
    assert {name: container.get(name) for name in passed} == dict.fromkeys(passed, "passed")
