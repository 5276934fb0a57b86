"""Notebooks: reading them, their cells, metadata and parameters, and the script that they become."""
