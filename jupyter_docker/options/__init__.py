"""One grammar for the command line and the magics."""

from jupyter_docker.options.parser import build_parser, parse
from jupyter_docker.options.stored import METADATA_KEY, stored_words
from jupyter_docker.options.values import build_choices, run_spec

__all__ = ["METADATA_KEY", "build_choices", "build_parser", "parse", "run_spec", "stored_words"]
