"""A query that runs inside the notebook's kernel: modules and libraries of this process, as JSON in ``answer``.

That may not have this package, so it is of the standard library alone, for Python 3.8 and later.
"""

import json
import sys

try:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123 - as little as can be
        mapped = "".join(line for line in maps if ".so" in line)
except OSError:  # of Linux alone
    mapped = ""

files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
answer = json.dumps(
    {
        "python": sys.executable,
        "modules": {name: file for name, file in files.items() if isinstance(file, str)},
        "maps": mapped,
    }
)
