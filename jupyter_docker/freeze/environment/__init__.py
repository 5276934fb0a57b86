"""The Python environment of the notebook's kernel."""
