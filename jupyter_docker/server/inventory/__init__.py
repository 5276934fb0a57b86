"""The engine's containers and images."""
