"""Values that travel through the pipeline, and the few tools that every room needs."""
