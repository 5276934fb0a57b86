"""Checks of the engine, of the base image and of the package index."""
