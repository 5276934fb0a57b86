"""Debian packages that the base image lacks."""
