"""The server extension behind the JupyterLab panel: jobs, plans, images and containers over HTTP and websockets."""
