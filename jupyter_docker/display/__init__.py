"""Displays of one event stream, each an ``Emit`` and a context manager; tables of rows beside them."""
