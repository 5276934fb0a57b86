"""A container as a Jupyter kernel."""
