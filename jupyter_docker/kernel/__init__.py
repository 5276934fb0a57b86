"""A container as a Jupyter kernel: started, watched and removed for whoever is its client."""
