"""Hints for failures whose logs are kept here; those that can be had again are built in tests/engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.advice.cause import Context
from jupyter_docker.advice.diagnosis import diagnose
from jupyter_docker.freeze.system.table import system_table
from jupyter_docker.values.fixes import Advice


def advise(log: str) -> Advice:
    return diagnose(log, "build", Context(debian_package=system_table().for_building)).advice


def explain(log: str) -> str:
    return advise(log).hint


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("         [stderr]\n         error: [Errno 2] No such file or directory: 'gcc'\n", "has no 'gcc'"),
        ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "has no 'x86_64-linux-gnu-gcc'"),
        ("\x1b[01;31m\x1b[Kfatal error: \x1b[m\x1b[Kzlib.h: No such file or directory", "the header 'zlib.h'"),
        ("error: command 'gcc' failed: No such file or directory", "add it with --apt build-essential, or"),
        (
            "error: command '/usr/bin/x86_64-linux-gnu-gcc' failed: No such file",
            "add it with --apt build-essential, or",
        ),
        ("unable to execute 'g++': No such file or directory", "has no 'g++'"),
        ("../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]", "has no 'cc'"),
        ("error: can't find Rust compiler", "has no 'Rust compiler'"),
        ("ERROR: Error [Errno 2] No such file or directory: 'git' while executing command git version", "has no 'git'"),
        ("src/x.c:4:10: fatal error: libxml/tree.h: No such file or directory", "the header 'libxml/tree.h'"),
        ("src/x.c:1:10: fatal error: Python.h: No such file or directory", "lacks Python's headers"),
        ("Error: pg_config executable not found.", "needs 'pg_config'"),
        ("/usr/bin/ld: cannot find -lxml2: No such file or directory", "needs 'xml2'"),
        ("ImportError: libGL.so.1: cannot open shared object file: No such file or directory", "with --apt libgl1."),
        (
            "ImportError: libmine.so.1: cannot open shared object file: No such file",
            "add the Debian package that has it",
        ),
        ("x.c:1:10: fatal error: libxml/xpath.h: No such file or directory", "add it with --apt libxml2-dev."),
        ("x.c:1:10: fatal error: mine.h: No such file or directory", "(its name ends in -dev) with --apt."),
        ("Error: pg_config executable not found.", "add it with --apt libpq-dev."),
        ("/usr/bin/ld: cannot find -lxml2: No such file or directory", "add it with --apt libxml2-dev."),
        ("error: can't find Rust compiler", "add it with --apt cargo"),
        (
            "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.",
            "do not fit together ('a==1 and b==2')",
        ),
        (
            "Because scikit-learn==1.4.0 depends on numpy<2.0 and you require\n numpy==2.0, they are unsatisfiable.",
            "do not fit together ('scikit-learn==1.4.0')",
        ),
        (
            "  cause: Because numpy==1.19.0 has no usable wheels and you require numpy==1.19.0, we can conclude",
            "has no 'numpy==1.19.0'",
        ),
        ("  cause: Because there is no version of six==99.99 and you require six==99.99", "has no 'six==99.99'"),
        ("  cause: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify", "SSL_CERT_FILE"),
        ("OSError: [Errno 28] No space left on device", "prune"),
        ("no match for platform in manifest: not found", "another processor"),
        ("User for example.org: ERROR: Exception:", "credentials"),
    ],
)
def test_a_known_cause(log: str, words: str) -> None:
    assert words in explain(f"some line before\n{log}\nsome line after")


def test_the_cause_goes_before_what_follows_from_it() -> None:
    pip = "ERROR: No matching distribution found for six"
    assert "can't find the server" in explain(f"[Errno -3] Temporary failure in name resolution\n{pip}")
    assert "prune" in explain(f"{pip}\nNo space left on device")


@pytest.mark.parametrize(
    "log",
    [
        "",
        "error: command '/usr/bin/gcc' failed with exit code 1",
        "Traceback (most recent call last):\nAssertionError",
        "exit code: 1",
    ],
)
def test_an_unknown_cause_has_no_hint(log: str) -> None:
    assert explain(log) == ""


@given(st.text(alphabet="{}[]0:!", max_size=6))
def test_a_name_with_braces_is_shown_as_it_is(name: str) -> None:
    hint = explain(f"ERROR: No matching distribution found for x{name}")
    assert hint.startswith(f"The package index has no 'x{name}' for")


def test_what_a_hint_says_to_add_can_be_added_by_a_program() -> None:
    fixes = advise("x.c:1:10: fatal error: libxml/xpath.h: No such file or directory").fixes
    assert [fix.arguments for fix in fixes] == ["--apt libxml2-dev", "--apt build-essential"]
    assert advise("E: Unable to locate package libnothing").fixes == ()
