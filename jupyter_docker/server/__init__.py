"""The server extension: jobs, plans and the engine's inventory, as the JupyterLab panel uses them."""
