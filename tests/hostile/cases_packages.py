"""Cases that would have packages built, taken from elsewhere, or words sent to the index."""

from __future__ import annotations

from tests.hostile.case import Case, Link, Program, Special

_BUILD = "run the build script of a package on the host"
_SEND = "send words of the person's files to the index, or show them"
_ELSEWHERE = "take packages from where the person has not said"
_BOMB = "\n".join(f"package-{number}==1.{number}" for number in range(200))

PACKAGES = [
    Case(name="install of a source", must_not=_BUILD, cells=("%pip install source-only", "!pip install source-too==1.0\nimport source_only")),
    Case(name="asked requirement of a source", must_not=_BUILD, cells=("1",), asks={"requirements": ["source-only"]}),
    Case(name="requirements file of a source", must_not=_BUILD, cells=("import source_only, source_too",), files={"requirements.txt": "source-only\nsource-too==1.0\n"}),
    Case(name="install options that build", must_not=_BUILD, cells=("%pip install --no-binary :all: pandas\n%pip install --no-build-isolation --config-settings x=y source-only\n%pip install -e .\n%pip install .\n%pip install ./evil\n%pip install evil/",), files={"setup.py": "@MARK@", "evil/setup.py": "@MARK@", "evil/pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'b'\nbackend-path = ['.']\n", "evil/b.py": "@MARK@"}),
    Case(name="install from repositories", must_not=_ELSEWHERE, cells=("%pip install git+file://@HOME@/repo\n%pip install git+ssh://a@127.0.0.1:9/x\n%pip install 'evil @ git+https://127.0.0.1:9/x'\n%pip install hg+http://127.0.0.1:9/x\n%pip install git+ext::sh\\ -c\\ true",), files={"git": Program("#!/bin/sh\n@SHMARK@\n")}),
    Case(name="install from addresses", must_not=_ELSEWHERE, cells=("%pip install http://127.0.0.1:9/evil-1.0-py3-none-any.whl\n%pip install 'pandas @ http://127.0.0.1:9/pandas-1.0-py3-none-any.whl'\n%pip install file://@HOME@/.ssh/id_rsa\n%pip install @HOME@/.ssh/id_rsa\n%pip install ~/taxes.csv",), asks={"requirements": ["typosquat @ http://127.0.0.1:9/typosquat-1.0-py3-none-any.whl", "evil @ file://@HOME@/.ssh"]}),
    Case(name="another index", must_not=_ELSEWHERE, cells=("%pip install --index-url http://127.0.0.1:9/simple typosquat\n%pip install -i http://127.0.0.1:9/ --extra-index-url http://127.0.0.1:9/ --trusted-host 127.0.0.1 typosquat\n%pip install --find-links @HOME@ typosquat\n%pip install --pre --no-index -f . typosquat\n%env PIP_INDEX_URL=http://127.0.0.1:9/\n%env UV_INDEX_URL=http://127.0.0.1:9/",)),
    Case(name="requirements of the home", must_not=_SEND, cells=("%pip install -r ~/taxes.csv\n%pip install -r @HOME@/.ssh/id_rsa\n%pip install -r ../above.txt\n%pip install --requirement=../../.git-credentials\n!pip install -r$HOME/taxes.csv\n%pip install -r .env\n%conda install --file ../above.txt\n!uv pip install -r ../above.txt\n!uv add -r ../above.txt",), files={".env": "A=1"}),
    Case(name="constraints of the home", must_not=_SEND, cells=("%pip install -c ~/taxes.csv typosquat\n%pip install --constraint ../above.txt typosquat\n%pip install --build-constraint ../above.txt typosquat",)),
    Case(name="requirements that are a link", must_not=_SEND, cells=("%pip install -r list.txt\nimport pandas",), files={"list.txt": Link("@HOME@/.ssh/id_rsa"), "requirements.txt": Link("../above.txt"), "pyproject.toml": Link("@HOME@/taxes.csv"), "setup.py": Link("../neighbour/secrets.py")}),
    Case(name="requirements that name others", must_not=_SEND, cells=("%pip install -r requirements.txt\nimport nothing_known",), files={"requirements.txt": "-r ../above.txt\n-r @HOME@/taxes.csv\n-r ~/.netrc\n--requirement ../../.git-credentials\n-c ../above.txt\n-e ../neighbour\n-r sub/more.txt\n", "sub/more.txt": "-r ../../above.txt\n-r ../requirements.txt\n"}),
    Case(name="project files that name others", must_not=_SEND, cells=("import nothing_known, pandas",), files={"requirements.txt": "-r ../above.txt\n-r @HOME@/taxes.csv\n", "pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndynamic = ['dependencies']\n[tool.setuptools.dynamic]\ndependencies = {file = ['../above.txt']}\n[tool.uv]\nconstraint-dependencies = ['x']\n", "environment.yml": "dependencies:\n- pip:\n  - -r ../above.txt\n"}),
    Case(name="options in requirements", must_not=_ELSEWHERE, cells=("import pandas",), asks={"requirements": ["--index-url=http://127.0.0.1:9/simple", "-r @HOME@/taxes.csv", "-e @HOME@", "--find-links=/", "pandas --config-settings=x"]}),
    Case(name="line breaks in requirements", must_not="put lines of its own into the lock or the Dockerfile", cells=("import pandas",), asks={"requirements": ["pandas\n--index-url http://127.0.0.1:9/", "pandas # why\nRUN touch injected"]}),
    Case(name="line breaks in reasons", must_not="put lines of its own into the lock or the Dockerfile", cells=("import pandas",), asks={"requirements": ["typosquat # why \\"], "apt": ["git # why\n\nRUN touch injected", "curl # a \\"]}),
    Case(name="odd system packages", must_not="give apt or a shell something else than packages", cells=("1",), asks={"apt": ["git; touch injected", "-o=APT::Update::Pre-Invoke::=injected", "git && injected", "$(injected)", "`injected`", "git\ninjected", "./injected.deb", "git/sid", "git-", "git+"]}),
    Case(name="apt option alone", must_not="give apt an option", cells=("1",), asks={"apt": ["--allow-unauthenticated"]}),
    Case(name="apt that removes", must_not="give apt something else than packages", cells=("1",), asks={"apt": ["bash-", "coreutils-"]}),
    Case(name="requirement bomb", must_not="ask without bounds, or fail without words", cells=(f"%pip install {' '.join(f'package-{number}' for number in range(200))}",), files={"requirements.txt": _BOMB}),
    Case(name="requirement files in a circle", must_not="go on for ever", cells=("%pip install -r a.txt",), files={"a.txt": "-r b.txt\n" * 50, "b.txt": "-r c.txt\n" * 50, "c.txt": "-r a.txt\n-r b.txt\n" * 50}),
    Case(name="deep chain of requirement files", must_not="fail without words", cells=("%pip install -r 0.txt",), files={f"{number}.txt": f"-r {number + 1}.txt\n" for number in range(1500)}),
    Case(name="requirements in a pipe", must_not="wait for ever", cells=("%pip install -r pipe\nimport pandas",), files={"pipe": Special("fifo"), "requirements.txt": Link("pipe")}),
    Case(name="requirements without an end", must_not="read without bounds", cells=("%pip install -r zero\nimport pandas",), files={"zero": Link("/dev/zero"), "requirements.txt": Link("/dev/zero"), "pyproject.toml": Link("/dev/zero")}),
    Case(name="project files in pipes", must_not="wait for ever", cells=("import pandas",), files={"requirements.txt": Special("fifo"), "pyproject.toml": Special("socket"), "environment.yml": Special("fifo")}),
    Case(name="markers and extras that are odd", must_not="fail without words", cells=("%pip install 'pandas[a,b,,]'\n%pip install \"pandas; python_version > '3' and os_name != 'x' or extra == 'y'\"\n%pip install pandas===weird\n%pip install 'pandas<1,>2,!=1.*'",), asks={"requirements": ["pandas; sys_platform == 'x'", "PANDAS", "pandas==1!1.0+local.1"]}),
    Case(name="shell in install lines", must_not="run anything on the host", cells=("!pip install $(@SHMARK@) typosquat\n!pip install `@SHMARK@`; @SHMARK@\n%pip install {__import__('os').system('@SHMARK@')}\n!pip install typosquat && @SHMARK@",)),
    Case(name="conda names", must_not=_ELSEWHERE, cells=("%conda install -c http://127.0.0.1:9/ typosquat source-only\n!mamba install --channel file://@HOME@ x\n!conda env update -f ../above.txt",)),
]  # fmt: skip
