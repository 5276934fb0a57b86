"""Whether code starts processes that would each run the script again; those of a notebook's kernel do not."""

from __future__ import annotations

import ast
import re

_MAY_START = re.compile(r"spawn|forkserver|distributed|processes|\bbag\b")
_ANEW = {"spawn", "forkserver"}


def starts_processes_anew(code: str) -> bool:
    """Whether ``code`` starts processes other than by fork: they import the file that Python was started with.

    Sources: https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods;
    https://docs.dask.org/en/stable/scheduling.html (processes are spawned, which dask.bag does by itself).
    """
    if not _MAY_START.search(code):
        return False
    clusters = bool(re.search(r"^\s*(?:from|import)\b.*\bdistributed\b", code, re.MULTILINE))
    return any(_imports_bags(node) or _starts(node, clusters) for node in ast.walk(ast.parse(code)))


def _imports_bags(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == "dask.bag" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (
        node.module == "dask.bag" or (node.module == "dask" and any(alias.name == "bag" for alias in node.names))
    )


def _starts(node: ast.AST, clusters: bool) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    named = {each.arg: each.value.value for each in node.keywords if isinstance(each.value, ast.Constant)}
    if clusters and (name == "LocalCluster" or (name == "Client" and not node.args and "address" not in named)):
        return named.get("processes") is not False
    if name in ("get_context", "set_start_method"):
        given = {each.value for each in node.args if isinstance(each, ast.Constant)}
        return bool(_ANEW & (given | {named.get("method")}))
    return named.get("scheduler") == "processes" or named.get("multiprocessing_context") in _ANEW
