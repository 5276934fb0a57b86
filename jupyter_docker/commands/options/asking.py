"""Wishes of a notebook's own metadata, taken through the gate."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.commands.options.values import ContainerOptions, ImageOptions, is_overridden
from jupyter_docker.gate import METADATA_KEY, OF_THE_CONTAINER, Admitted, Site, consents_of, judge, read_wishes
from jupyter_docker.notebook import read_notebook

RUNNING_VERBS = frozenset({"run", "compare", "stamp", "doctor", "plan", "kernel", "open", "sweep"})


def asked_of(notebook: Path, image: ImageOptions, container: ContainerOptions, *, verb: str = "run") -> Admitted:
    """Return what holds of the notebook's wishes beside the person's words, and which are unmet.

    What concerns a container is left out where ``verb`` runs none, and what the person says otherwise. Raises
    NotebookError, and UsageError for metadata of another form.
    """
    site = Site.of(notebook, project=image.project)
    wishes = [
        wish
        for wish in read_wishes(read_notebook(notebook).metadata.get(METADATA_KEY, {}))
        if verb in RUNNING_VERBS or wish.kind not in OF_THE_CONTAINER
        if not is_overridden(wish, image, container, site.project)
    ]
    if not wishes:
        return Admitted()
    return judge(wishes, site, consents=consents_of(notebook))
