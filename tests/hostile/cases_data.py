"""Cases that would have files of the person's mounted, read or written."""

from __future__ import annotations

from tests.hostile.case import Case, Link, Special

_READ = "mount or read what is outside of the notebook's folder, or hidden in it"
_WRITE = "write anything outside of the notebook's folder"

DATA = [
    Case(name="open above", must_not=_READ, cells=("print(open('../neighbour/data/private.csv').read())",), runs=True),
    Case(name="unknown call above", must_not=_READ, cells=("show('../../.ssh/id_rsa')", "load(path='../../.aws/credentials')")),
    Case(name="pandas above", must_not=_READ, cells=("import pandas as pd\npd.read_csv('../above.txt')",)),
    Case(name="home by tilde", must_not=_READ, cells=("open('~/.ssh/id_rsa')\nshow('~/taxes.csv')",)),
    Case(name="home by expanduser", must_not=_READ, cells=("import os\nopen(os.path.expanduser('~/.ssh/id_rsa')).read()\nfrom pathlib import Path\n(Path.home() / '.aws' / 'credentials').read_text()",)),
    Case(name="absolute paths", must_not=_READ, cells=("open('@HOME@/.ssh/id_rsa')\nshow('@HOME@/.netrc', '@OUTSIDE@/private.txt')\nopen('/etc/shadow')",), runs=True),
    Case(name="path of a variable", must_not=_READ, cells=("import os\nopen(os.environ['HOME'] + '/.ssh/id_rsa')\nopen(os.path.expandvars('$HOME/taxes.csv'))\nopen(f\"{os.environ['HOME']}/.netrc\")",)),
    Case(name="shell variables", must_not=_READ, cells=("!cat $HOME/.ssh/id_rsa ~/taxes.csv ../neighbour/data/private.csv\n%cat ../../taxes.csv\n!cp ../above.txt .",)),
    Case(name="link to a key", must_not=_READ, cells=("open('data.csv').read()",), files={"data.csv": Link("@HOME@/.ssh/id_rsa")}, runs=True),
    Case(name="link to a folder", must_not=_READ, cells=("open('data/id_rsa').read()\nimport os\nos.listdir('data')",), files={"data": Link("@HOME@/.ssh")}, runs=True),
    Case(name="link above", must_not=_READ, cells=("open('data/taxes.csv')\nopen('d2/private.csv')",), files={"data": Link("../.."), "d2": Link("../neighbour/data")}),
    Case(name="chain of links", must_not=_READ, cells=("open('a/id_rsa')",), files={"a": Link("b"), "b": Link("sub/c"), "sub/c": Link("@HOME@/.ssh")}),
    Case(name="links in a circle", must_not="fail without words", cells=("open('a/x')\nimport a\n%run a/b.py",), files={"a": Link("b"), "b": Link("a")}),
    Case(name="dangling link outside", must_not=_WRITE, cells=("open('out/result.csv', 'w').write('x')\nimport os\nos.makedirs('made', exist_ok=True)\nopen('made/x', 'w')",), files={"out": Link("@OUTSIDE@/new"), "made": Link("@HOME@/new")}),
    Case(name="link to the root", must_not=_READ, cells=("open('all/etc/shadow')\nopen('all')",), files={"all": Link("/")}, runs=True),
    Case(name="link through a folder of data", must_not=_READ, cells=("import pandas as pd\npd.read_csv('data/a.csv')\nopen('data/keys/id_rsa')",), files={"data/a.csv": "x\n", "data/keys": Link("@HOME@/.ssh")}),
    Case(name="links in a mounted folder", must_not=_READ, cells=("import glob\nfor path in glob.glob('data/*') + glob.glob('data/up/*'):\n    try:\n        print(open(path).read())\n    except OSError as error:\n        print(error)",), files={"data/a.csv": "x\n", "data/key": Link("@HOME@/.ssh/id_rsa"), "data/up": Link("../..")}, runs=True),
    Case(name="hidden beside", must_not=_READ, cells=("open('.env').read()\nopen('.git/config').read()\nopen('data/.secret/key')",), files={".env": "A=1", ".git/config": "x", "data/.secret/key": "x"}),
    Case(name="link to hidden", must_not=_READ, cells=("open('plain/config')",), files={"plain": Link(".git"), ".git/config": "x"}),
    Case(name="git in a folder above", must_not=_READ, cells=("open('../.git/config')\nopen('../data/x.csv')",), notebook="nb/notebook.ipynb", files={".git/config": "x", "data/x.csv": "x", "setup.py": "@MARK@"}),
    Case(name="project sign planted below home", must_not=_READ, cells=("open('../../taxes.csv')\nopen('../../neighbour/data/private.csv')",), notebook="a/b/notebook.ipynb", files={"a/setup.cfg": "", "pyproject.toml": "", "requirements.txt": ""}),
    Case(name="names that look alike", must_not=_READ, cells=("open('..\u2215..\u2215.ssh/id_rsa')\nopen('\uff0e\uff0e/above.txt')\nopen('data\u202e/../../above.txt')\nopen('..\\u200b/above.txt')\nopen('..\\x2fabove.txt')\nopen('\\x2e\\x2e/above.txt')",)),
    Case(name="climb in the middle", must_not=_READ, cells=("open('data/../../above.txt')\nopen('./././../above.txt')\nopen('data//..//..//above.txt')\nopen('x/../../neighbour/secrets.py')",), files={"data/a": "x"}),
    Case(name="climb behind a link", must_not=_READ, cells=("open('data/../above.txt')\nopen('data/../id_rsa')",), files={"data": Link("sub/deep"), "sub/deep/a": "x"}),
    Case(name="magic cd above", must_not=_READ, cells=("%cd ..\nopen('above.txt').read()", "%cd ~/.ssh\nopen('id_rsa').read()", "%cd @HOME@\nopen('taxes.csv')")),
    Case(name="chdir above", must_not=_READ, cells=("import os\nos.chdir('../neighbour')\nopen('data/private.csv').read()\nopen('out.txt', 'w')", "os.chdir('@HOME@/.ssh')\nopen('id_rsa')", "os.chdir('..')\nshow('above.txt')")),
    Case(name="join and parents", must_not=_READ, cells=("from pathlib import Path\nROOT = Path.cwd().parent.parent\nopen(ROOT / '.ssh' / 'id_rsa')\nPath('..').resolve().joinpath('above.txt').read_text()\nPath.cwd().parents[1].joinpath('taxes.csv').read_text()",)),
    Case(name="databases", must_not=_READ, cells=("import sqlite3\nsqlite3.connect('../../taxes.csv')\nsqlite3.connect('file:@HOME@/.ssh/id_rsa?mode=ro', uri=True)\nimport sqlalchemy\nsqlalchemy.create_engine('sqlite:////@HOME@/.netrc')\nsqlalchemy.create_engine('sqlite:///../above.txt')\nsqlalchemy.create_engine('sqlite+pysqlite:///../neighbour/data/private.csv')",)),
    Case(name="file urls", must_not=_READ, cells=("import pandas as pd\npd.read_csv('file:@HOME@/taxes.csv')\npd.read_csv('file://@HOME@/.ssh/id_rsa')\npd.read_csv('file:///../above.txt')\nfrom urllib.request import urlopen\nurlopen('file://@HOME@/.netrc')",)),
    Case(name="downloads over keys", must_not=_WRITE, cells=("from urllib.request import urlretrieve\nurlretrieve('http://127.0.0.1:9/x', '../../.ssh/authorized_keys')\n!wget -O ../../.bashrc http://127.0.0.1:9/x\n!curl -o @HOME@/.profile http://127.0.0.1:9/x",)),
    Case(name="writes above", must_not=_WRITE, cells=("open('../made.txt', 'w').write('x')\nimport os\nos.makedirs('../made/deep', exist_ok=True)\nopen('../made/deep/x', 'w')\nopen('@HOME@/.bashrc', 'a')\nos.makedirs('@OUTSIDE@/made', exist_ok=True)",), runs=True),
    Case(name="writefile outside", must_not=_WRITE, cells=("%%writefile ../made.py\nprint(1)", "%%writefile @HOME@/.bashrc\nprint(1)", "%%file ~/made.py\nprint(1)", "%%writefile -a ../above.txt\nx")),
    Case(name="whole folder to write", must_not="mount the whole folder to be written to", cells=("import os\nopen('.', 'w')\nfor name in 'ab':\n    open(name, 'w')\nopen(f'{name}.csv', 'w')\nos.listdir('.')\nopen('./notebook.ipynb', 'w')\nopen(os.getcwd() + '/x', 'w')",)),
    Case(name="writes over a link in the folder", must_not=_WRITE, cells=("open('result.csv', 'w').write('x')",), files={"result.csv": Link("../above.txt")}, runs=True),
    Case(name="made folder behind a link", must_not=_WRITE, cells=("import os\nos.makedirs('out/results', exist_ok=True)\nopen('out/results/a.csv', 'w').write('x')",), files={"out": Link("../neighbour")}, runs=True),
    Case(name="fifo and socket as data", must_not="wait for ever, or mount what is no file", cells=("open('pipe').read()\nopen('socket')\nopen('many')",), files={"pipe": Special("fifo"), "socket": Special("socket"), "many": Link("/dev/zero")}),
    Case(name="the engine's socket", must_not="mount the engine's socket", cells=("import sqlalchemy\nsqlalchemy.create_engine('sqlite:////var/run/docker.sock')\nopen('/var/run/docker.sock')\nshow('sock')\nopen('run/docker.sock')",), files={"sock": Link("/var/run/docker.sock"), "run": Link("/var/run")}, runs=True),
    Case(name="processes of the host", must_not=_READ, cells=("open('p/1/environ')\nopen('/proc/self/environ').read()\nopen('s/kernel')",), files={"p": Link("/proc"), "s": Link("/sys")}),
    Case(name="names that a mount can not have", must_not="mount something else than named", cells=("open('a:b/x.csv')\nopen('c,source=@HOME@/x.csv')\nopen('d\\n/x')\nopen('e\\0/x')\nopen('f\"g/x.csv')",), files={"a:b/x.csv": "x", 'f"g/x.csv': "x", "d\n/x": "x"}, runs=True),
    Case(name="mount over the system", must_not="hide folders of the image", cells=("open('../etc/passwd')\nopen('../usr/bin/python')\nopen('../bin/sh')\nopen('../root/x')",), notebook="nb/notebook.ipynb", files={"etc/passwd": "x", "usr/bin/python": "x", "bin/sh": "x", "root/x": "x", "setup.cfg": ""}),
    Case(name="very long paths", must_not="fail without words", cells=(f"open('{'a' * 300}/x')\nopen('{'b/' * 3000}x')\nopen('{'../' * 3000}etc/shadow')",)),
    Case(name="local module names a key", must_not=_READ, cells=("from paths import KEY, ROOT\nopen(KEY).read()\nopen(ROOT / 'taxes.csv')",), files={"paths.py": "from pathlib import Path\nKEY = '../../.ssh/id_rsa'\nROOT = Path(__file__).parent.parent.parent\nDATA = Path.home()\n"}),
    Case(name="linked folder of modules", must_not=_READ, cells=("import helpers.secrets\nimport helpers",), files={"helpers": Link("../neighbour")}),
]  # fmt: skip
