"""Hints of the code: what a cell calls that gives another value each time, told by the names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

Hint: TypeAlias = Literal["time", "identity", "random", "data"]

_CALLS: Final[dict[Hint, re.Pattern[str]]] = {
    "time": re.compile(
        r"%%?time(?:it)?\b|\b(?:time|perf_counter|monotonic|process_time|time_ns|default_timer|now|utcnow|today|strftime|"
        r"ctime|localtime|gmtime|timeit|repeat)\s*\(|\bTimestamp\.now\b|!\s*date\b|%date\b"
    ),
    "identity": re.compile(
        r"(?<![\w.])(?:id|hash)\s*\(|\b(?:getpid|getppid|get_ident|uuid[14]|gethostname|node|getuser|getcwd|cwd|mkdtemp|"
        r"mkstemp|NamedTemporaryFile|TemporaryDirectory|token_hex|token_urlsafe|expanduser|home|getnode|platform)\s*\(|"
        r"__file__|\bsys\.(?:executable|prefix|path)\b|\bos\.environ\b|!\s*(?:pwd|hostname|whoami|which)\b|%pwd\b"
    ),
    "random": re.compile(
        r"\brandom\s*\.\s*\w+\s*\(|\brandom\s*\(|\b(?:rand|randn|randint|randrange|shuffle|permutation|default_rng|"
        r"RandomState|train_test_split|KMeans|RandomForest\w+|MLP\w+|TSNE|UMAP|Dropout|normal_|uniform_|multivariate_normal|"
        r"urandom|bootstrap|KFold|ShuffleSplit|make_blobs|make_classification|make_regression)\s*\(|\.sample\s*\(|"
        r"\bimport secrets\b"
    ),
    "data": re.compile(
        r"\b(?:urlopen|urlretrieve|requests\.\w+|httpx\.\w+|fetch_\w+|load_dataset)\s*\(|"
        r"\b(?:read_\w+|open|get|load)\s*\(\s*f?[\"'](?:https?|ftp|s3|gs)://|!\s*(?:curl|wget)\b"
    ),
}
_SEED = re.compile(
    r"\bseed\s*\(|\brandom_state\s*=\s*[\w.]|\bseed\s*=\s*[\w.]|\bset_seed\s*\(|manual_seed|seed_everything|"
    r"\bdefault_rng\s*\(\s*[\w.]|\bRandomState\s*\(\s*[\w.]|\bset_random_seed|\bPRNGKey|\bRandom\s*\(\s*\w"
)
_COMMENT = re.compile(r"#[^\n]*")


def hints_of(sources: Iterable[str]) -> Iterator[frozenset[Hint]]:
    """Yield the hints of each cell, in their order.

    What is drawn without a seed counts for the cells behind, too, which may use it. A seed anywhere before counts as
    one for all.
    """
    is_seeded = is_drawn = False
    for source in sources:
        text = _COMMENT.sub("", source)
        is_seeded = is_seeded or bool(_SEED.search(text))
        is_drawn = is_drawn or (not is_seeded and bool(_CALLS["random"].search(text)))
        found: set[Hint] = {hint for hint, calls in _CALLS.items() if hint != "random" and calls.search(text)}
        yield frozenset(found | {"random"} if is_drawn else found)
