"""The only place that talks to Docker or Podman."""
