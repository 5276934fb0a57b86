"""The words of a job's command, made of the body that asks for it."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_docker.commands import read_command
from jupyter_docker.server.jobs.request import read_request


def test_a_comparison_takes_what_a_run_takes_of_the_container(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "print(1)", "metadata": {}, "outputs": []}
    (tmp_path / "a.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    options = {"mounts": ["./:x"], "memory": "1g", "mode": "notebook", "detach": True, "verify": True}
    body = {"verb": "compare", "notebook": "a.ipynb", "options": options}
    request = read_request(body, root=tmp_path, roots=[tmp_path], server="")
    args = read_command(request.words).args
    assert (args.verb, args.volume, args.memory, args.mount_root) == ("compare", ["./:x"], "1g", [tmp_path])
    assert (args.page, args.executed, args.json) == (None, [], True)
