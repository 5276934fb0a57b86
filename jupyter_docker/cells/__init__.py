"""``%%containerize``: the cells of the notebook that is open, in containers beside its kernel."""
