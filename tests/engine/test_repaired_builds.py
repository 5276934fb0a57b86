"""The option that a failed build's explanation offers repairs it: what it names is installed, and the step works.

It fetches compilers, so it runs where ALL_CASES is set.
"""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from jupyter_docker.engine import Engine
from jupyter_docker.engine.failure import explain

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not os.environ.get("ALL_CASES"), reason="it takes minutes: set ALL_CASES"),
]

STEPS = {
    "a C compiler": "echo 'int x;' > /tmp/a.c && gcc -c /tmp/a.c -o /tmp/a.o",
    "a C++ compiler": "echo 'int x;' > /tmp/b.cc && g++ -c /tmp/b.cc -o /tmp/b.o",
    "make": "make --version",
    "git": "git --version",
    "pkg-config": "pkg-config --version",
    "libGL": "python -c \"import ctypes; ctypes.CDLL('libGL.so.1')\"",
    "libgomp": "python -c \"import ctypes; ctypes.CDLL('libgomp.so.1')\"",
    "libexpat": "python -c \"import ctypes; ctypes.CDLL('libexpat.so.1')\"",
    "libmagic": "python -c \"import ctypes; ctypes.CDLL('libmagic.so.1')\"",
    "a header of zlib": "echo '#include <zlib.h>' > /tmp/c.c && gcc -c /tmp/c.c -o /tmp/c.o",
    "a header of libffi": "echo '#include <ffi.h>' > /tmp/d.c && gcc -c /tmp/d.c -o /tmp/d.o",
    "a header of libyaml": "echo '#include <yaml.h>' > /tmp/e.c && gcc -c /tmp/e.c -o /tmp/e.o",
    "linking with bz2": "echo 'int main(){return 0;}' > /tmp/f.c && gcc /tmp/f.c -lbz2 -o /tmp/f",
}
RUN = """
import json, subprocess, sys
logs = {}
for name, step in json.loads(sys.argv[1]).items():
    done = subprocess.run(["sh", "-c", step], capture_output=True, text=True)
    if done.returncode:
        logs[name] = done.stdout + done.stderr
print(json.dumps(logs))
"""


def failures(base: str, packages: set[str]) -> dict[str, str]:
    """Return the logs of the steps that fail with ``packages`` installed."""
    install = f"(apt-get update && apt-get install -y --no-install-recommends {' '.join(sorted(packages))}) >&2 && "
    script = f'{install if packages else ""}exec python -c "$0" "$1"'
    words = ["docker", "run", "--rm", base, "sh", "-c", script, RUN, json.dumps(STEPS)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    logs: dict[str, str] = json.loads(done.stdout)
    return logs


def test_the_offered_option_repairs_the_step(engine: Engine, base: str) -> None:
    logs = failures(base, set())
    assert logs.keys() == STEPS.keys()
    packages: set[str] = set()
    for _ in range(2):  # a header is missed only when there is a compiler
        hints = {name: explain(log) for name, log in logs.items()}
        offered = {name: re.findall(r"add it with --apt (\S+[^\s.,])", hint) for name, hint in hints.items()}
        assert all(offered.values()), {name: logs[name] for name, option in offered.items() if not option}
        packages |= {option for options in offered.values() for option in options}
        logs = failures(base, packages)
    assert logs == {}
