"""Cases whose Python of the person's, or of the notebook's folder, would travel or run."""

from __future__ import annotations

from tests.hostile.case import Case, Entry, Link, Program, Special

_RUN = "run anything of the notebook or of its folder on the host"
_TRAVEL = "copy Python from outside of the notebook's project into the image"
_BACKEND = (
    "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    "[project]\nname = 'evil'\nversion = '1'\ndependencies = ['source-only']\n"
    "[tool.uv]\nindex-url = 'http://127.0.0.1:9/simple'\n[tool.uv.sources]\npandas = {path = '.'}\n"
)
# Whatever some program may run or obey where it is in the working folder or beside the notebook.
_TRAPS: dict[str, Entry] = {
    **dict.fromkeys(("setup.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "jupyter_containerize_config.py", "jupyter_config.py", "jupyter_server_config.py", "jupyter_notebook_config.py", "ipython_config.py", "profile_default/startup/00.py", ".ipython/profile_default/startup/00.py", "backend.py", "noxfile.py", "tasks.py", "json.py", "ast.py", "uv.py", "jupyter_docker/__init__.py", "platformdirs.py", "ipykernel_launcher.py", ".jupyter/jupyter_containerize_config.py", "__init__.py", "__main__.py"), "@MARK@"),
    **{name: Program("#!/bin/sh\n@SHMARK@\nexit 1\n") for name in (
        "docker", "git", "uv", "python", "python3", "jupyter", "bin/python", "docker-buildx", "configure", ".venv/bin/python",
        "venv/bin/python", "docker-credential-evil", ".envrc", "cli-plugins/docker-buildx",
    )},
    "evil.pth": 'import os; exec("@MARK@")\n', "pyproject.toml": _BACKEND, "setup.cfg": "[options]\ninstall_requires = source-only\n",
    ".python-version": "/bin/sh\n", "uv.toml": "python-preference = 'system'\nindex-url = 'http://127.0.0.1:9/'\n",
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n", ".pip/pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
    ".netrc": "machine 127.0.0.1 login a password b\n", ".env": "UV_INDEX_URL=http://127.0.0.1:9/\nDOCKER_HOST=tcp://127.0.0.1:9\n",
    "Dockerfile": "FROM scratch\nRUN touch injected\n", ".dockerignore": "!*\n", "docker-compose.yml": "services: {}\n",
    "config.json": '{"credsStore": "evil", "currentContext": "evil"}', ".docker/config.json": '{"credsStore": "evil"}',
    "kernels/corpus/kernel.json": '{"argv": ["./python"], "display_name": "x", "language": "python"}',
    "share/jupyter/kernels/corpus/kernel.json": '{"argv": ["./python"], "display_name": "x", "language": "python"}',
    "jupyter_containerize_config.json": '{"Defaults": {"base_image": "evil:latest", "engine": "tcp://127.0.0.1:9"}}',
    "environment.yml": "dependencies:\n- source-only\n- pip:\n  - source-too\n", "tox.ini": "[tox]\n", "Makefile": "all:\n\t@SHMARK@\n",
    ".git/config": '[core]\n\tfsmonitor = "@SHMARK@"\n[alias]\n\tstatus = "!@SHMARK@"\n', ".git/HEAD": "ref: refs/heads/main\n",
    ".git/hooks/post-checkout": Program("#!/bin/sh\n@SHMARK@\n"), ".gitattributes": "* filter=evil\n", ".gitmodules": "",
    "templates/html/conf.json": "{}", "labconfig/default_setting_overrides.json": "{}",
}  # fmt: skip

CODE = [
    Case(name="traps in a run", must_not=_RUN, cells=("print('ran')",), files=_TRAPS, runs=True),
    Case(name="traps in the folder", must_not=_RUN, cells=("import pandas, json, backend, sitecustomize\nfrom jupyter_docker import x\nprint('ran')",), files=_TRAPS),
    Case(name="traps above the notebook", must_not=_RUN, notebook="nb/deep/notebook.ipynb", cells=("import pandas, json\nfrom .. import backend\n%load_ext backend",), files=_TRAPS),
    Case(name="magics that run here", must_not=_RUN, cells=("%load_ext evil\n%reload_ext evil\n%run evil.py\n%load evil.py\nimport evil", "%%bash\n@SHMARK@", "!@SHMARK@", "%%script sh\n@SHMARK@", "x = %system @SHMARK@\n%sx @SHMARK@\nget_ipython().system('@SHMARK@')", "%alias_magic x y\n%config InlineBackend.x = __import__('os').system(\"@SHMARK@\")"), files={"evil.py": "@MARK@\ndef load_ipython_extension(shell):\n    pass\n"}),
    Case(name="packages that run when imported", must_not=_RUN, cells=("import pkg, pkg.sub.deep\nfrom pkg import *\nfrom pkg.hooks import finder\nimport importlib\nimportlib.import_module('pkg.' + 'sub')\n__import__('pkg')",), files={"pkg/__init__.py": "@MARK@\n__all__ = ['a']\n", "pkg/sub/__init__.py": "@MARK@", "pkg/sub/deep.py": "@MARK@", "pkg/hooks.py": "@MARK@\nimport sys\nsys.meta_path.insert(0, None)\n"}, runs=True),
    Case(name="coding that runs", must_not=_RUN, cells=("import odd, odder\n%run odd.py",), files={"odd.py": b"# -*- coding: evil -*-\nx = 1\n", "odder.py": b"# coding: punycode\nx\n", "evil.py": "@MARK@", "encodings/evil.py": "@MARK@"}),
    Case(name="code in the metadata of cells", must_not=_RUN, cells=("x = eval(\"__import__('os').system('true')\")\nexec('@SHMARK@')\nexec(compile(open('evil.py').read(), 'evil.py', 'exec'))\nassert (lambda: 1)()\nclass A(metaclass=print): ...\nf'{__import__(\"os\")}'",), files={"evil.py": "@MARK@"}, metadata={"jupytext": {"main_language": "bash"}, "papermill": {"parameters": {"x": "@MARK@"}}}),
    Case(name="run above", must_not=_TRAVEL, cells=("%run ../neighbour/secrets.py\n%run -i @OUTSIDE@/project/secret_module.py", "%run ~/work/neighbour/secrets.py")),
    Case(name="exec of a file outside", must_not=_TRAVEL, cells=("exec(open('@HOME@/.ssh/id_rsa').read())\nexec(open('../neighbour/secrets.py').read())\nimport runpy\nrunpy.run_path('@OUTSIDE@/project/secret_module.py')",)),
    Case(name="search path outside", must_not=_TRAVEL, cells=("import sys\nsys.path.append('@OUTSIDE@/project')\nimport secret_module", "sys.path.insert(0, '../neighbour')\nimport secrets as s\nfrom secrets import *", "sys.path += ['@HOME@/work', '..']\nimport neighbour.secrets\nsys.path.append('@HOME@')\nimport work.neighbour.secrets")),
    Case(name="search path of the environment", must_not=_TRAVEL, cells=("%env PYTHONPATH=@OUTSIDE@/project\nimport os\nos.environ['PYTHONPATH'] = '@OUTSIDE@/project'\nimport site\nsite.addsitedir('@OUTSIDE@/project')\nimport secret_module",)),
    Case(name="import of a hidden folder", must_not=_TRAVEL, cells=("import sys\nsys.path.append('.hidden')\nimport keys\nfrom importlib import import_module\nimport_module('.keys', '.hidden')\n%run .hidden/keys.py\nexec(open('.env').read())",), files={".hidden/keys.py": "A = 1", ".env": "A = 1"}),
    Case(name="relative climb", must_not=_TRAVEL, cells=("from ..neighbour import secrets\nfrom ... import work\nimport pkg",), files={"pkg/__init__.py": "from ...neighbour import secrets\nfrom ....work.neighbour import secrets\n"}),
    Case(name="package with linked data", must_not=_TRAVEL, cells=("import pkg",), files={"pkg/__init__.py": "open(__file__ + '/../key.txt')", "pkg/key.txt": Link("@HOME@/.ssh/id_rsa"), "pkg/sub": Link("@HOME@/.aws"), "pkg/data/all": Link("../../..")}, runs=True),
    Case(name="module that is a link", must_not=_TRAVEL, cells=("import helper, other, third",), files={"helper.py": Link("../neighbour/secrets.py"), "other": Link("../neighbour"), "third": Link("@OUTSIDE@/project")}, runs=True),
    Case(name="script that is a link", must_not=_TRAVEL, cells=("%run prepare.py\nexec(open('other.py').read())\n!python third.py",), files={"prepare.py": Link("../neighbour/secrets.py"), "other.py": Link("@HOME@/.ssh/id_rsa"), "third.py": Link("@OUTSIDE@/project/secret_module.py")}),
    Case(name="namespace of two folders", must_not=_TRAVEL, cells=("import sys\nsys.path.append('../neighbour')\nimport data\nimport data.private\nimport ns.a",), files={"ns/a.py": "import pkgutil\n__path__ = pkgutil.extend_path(['@OUTSIDE@/project'], 'ns')\n", "data/__init__.py": "__path__.append('../neighbour/data')\n"}),
    Case(name="path files in the folder", must_not=_TRAVEL, cells=("import secret_module\nimport pandas",), files={"a.pth": "@OUTSIDE@/project\nimport os; @SHMARK@\n", "pyvenv.cfg": "home = @HOME@\n", "__editable___x_finder.py": "@MARK@", "x.egg-link": "@OUTSIDE@/project\n", "x-1.0.dist-info/METADATA": "Name: x\nVersion: 1\n", "x-1.0.dist-info/direct_url.json": '{"url": "file://@OUTSIDE@/project", "dir_info": {"editable": true}}'}),
    Case(name="modules of odd kinds", must_not="fail without words", cells=("import fifo_module, big, binary, deep",), files={"fifo_module.py": Link("/dev/zero"), "big/__init__.py": Link("/dev/null"), "binary.py": b"\x00\xff\xfe" * 100, "deep.py": "(" * 5000 + ")" * 5000}),
    Case(name="a module that is a pipe", must_not="wait for ever", cells=("import piped\n%run piped.py\nexec(open('piped.py').read())",), files={"piped.py": Link("pipe"), "pipe": Special("fifo")}),
    Case(name="notebooks that run notebooks", must_not=_TRAVEL, cells=("%run ../neighbour/secrets.ipynb\n%run other.ipynb\nimport papermill\npapermill.execute_notebook('@HOME@/x.ipynb', 'out.ipynb')",), files={"other.ipynb": '{"cells": [{"cell_type": "code", "source": "@SHMARK@"}, 5, null, {"cell_type": "code", "source": {"a": 1}}]}'}),
    Case(name="inline script metadata", must_not=_RUN, cells=("# /// script\n# dependencies = ['source-only', 'evil @ file://@HOME@/.ssh', 'a\\nb', '--index-url=http://127.0.0.1:9/']\n# [tool.uv]\n# index-url = 'http://127.0.0.1:9/'\n# ///\nimport pandas",)),
]  # fmt: skip
