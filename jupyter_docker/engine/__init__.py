"""The only place that talks to Docker or Podman: ``connect() -> Engine``, and what an engine can be asked to do.

``docker`` and ``requests`` are imported when an engine is first needed, so that importing this costs nothing.
"""
