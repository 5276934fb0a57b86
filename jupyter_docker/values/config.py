"""Defaults that a person or a site sets in ``jupyter_containerize_config.py`` (or ``.json``), where Jupyter looks."""

from __future__ import annotations

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from platformdirs import user_cache_path, user_state_path
from traitlets import Float, List, TraitError, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.image_reference import ImageReference

APPLICATION = "jupyter-containerize"
CONFIG_NAME = "jupyter_containerize_config"


class Defaults(Configurable):
    """What holds where neither the command nor the notebook says otherwise."""

    base_image = Unicode(
        "python:{python}-slim", help="The base image; {python} becomes the version, such as 3.11."
    ).tag(config=True)
    allowed_base_images = List(
        Unicode(), help="Base images that a notebook may ask for by itself, as patterns: registry.example.org/team/*"
    ).tag(config=True)
    engine = Unicode("", help="The engine: an URL or a Docker context; empty is what the docker command uses.").tag(
        config=True
    )
    registry = Unicode("", help="Where `push` sends an image that names no registry.").tag(config=True)
    cluster_runtime = Unicode(
        "", help="What runs containers on the nodes of a Slurm cluster: apptainer, singularity, podman or docker."
    ).tag(config=True)
    grace = Float(10.0, help="Seconds that an interrupted container has to end by itself.").tag(config=True)
    log_folder = Unicode(
        str(user_state_path(APPLICATION) / "runs"), help="Where the whole log of every run is kept."
    ).tag(config=True)

    def base_for(self, python: str) -> ImageReference:
        """Return the default base image for Python ``python`` ("3.11")."""
        return ImageReference.parse(self.base_image.replace("{python}", python))


def load_defaults(path: list[str] | None = None) -> Defaults:
    """Return the defaults with every config file of ``path`` (Jupyter's own) applied, the first winning.

    Raises UsageError where a file can't be read.
    """
    config = Config()
    for folder in reversed(path if path is not None else jupyter_config_path()):
        for loader in (PyFileConfigLoader, JSONFileConfigLoader):
            suffix = ".py" if loader is PyFileConfigLoader else ".json"
            try:
                config.merge(loader(CONFIG_NAME + suffix, path=folder).load_config())
            except ConfigFileNotFound:
                continue
            except Exception as error:
                name = Path(folder) / (CONFIG_NAME + suffix)
                raise UsageError(
                    f"The configuration '{name}' can't be read: {error}", hint="Correct that file."
                ) from error
    try:
        return Defaults(config=config)
    except TraitError as error:
        raise UsageError(f"The configuration is not valid: {error}", hint=f"See {CONFIG_NAME}.py") from error


def cache_folder() -> Path:
    """Return where what can be made again is kept."""
    return user_cache_path(APPLICATION)
