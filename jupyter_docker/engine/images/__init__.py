"""Images of the engine and of registries."""
