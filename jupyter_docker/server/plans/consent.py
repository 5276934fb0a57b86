"""A person's consent, given in the panel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_docker.gate.consent import allow, withdraw
from jupyter_docker.gate.judging import ruling_on
from jupyter_docker.gate.wishes import Wish
from jupyter_docker.server.notebooks import find_notebook
from jupyter_docker.values.errors import UsageError


def keep_consent(root: Path, body: Mapping[str, Any]) -> None:
    """Keep what the schema ``ConsentRequest`` says.

    Nothing is kept of what needs no consent. Raises UsageError for what only a person's own words allow, and for what
    no option takes; what `find_notebook` raises.
    """
    notebook, wish = find_notebook(root, body["notebook"]), Wish(kind=body["kind"], value=body["value"])
    if not body.get("allowed", True):
        withdraw(notebook, wish)
        return
    ruling = ruling_on(wish, notebook)
    if ruling.verdict == "refused":
        hint = f"Give it yourself, where it is yours to give: {ruling.words}"
        raise UsageError(f"A notebook can't be allowed to ask {ruling.wish}.", hint=hint)
    if ruling.verdict == "consent":
        allow(notebook, wish)
