"""A notebook that is edited again and again, each time to print something new."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path


def write_notebook(path: Path, sources: Sequence[str]) -> None:
    """Write a notebook of code cells."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": str(index),
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for index, source in enumerate(sources)
    ]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "file_extension": ".py"},
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path.write_text(json.dumps(notebook))


class EditedNotebook:
    """It prints a token at once; what it could import besides is what it is frozen with."""

    def __init__(self, folder: Path) -> None:
        self.name = f"edited-{secrets.token_hex(4)}"
        self.path = folder / f"{self.name}.ipynb"
        self.token = ""
        self.edit()

    def edit(self) -> str:
        """Change one cell on the disk and return what it prints from now on."""
        self.token = f"token-{secrets.token_hex(8)}"
        functions = [
            "def table():\n    import pandas as pd\n\n    return pd.DataFrame({'x': [1, 2, 3]})",
            "def model():\n    from sklearn.linear_model import LinearRegression\n\n    return LinearRegression()",
            "def figure():\n    import matplotlib.pyplot as plt\n\n    return plt.plot([1, 2, 3])",
        ]
        write_notebook(self.path, [f"print({self.token!r}, flush=True)", *functions])
        return self.token
