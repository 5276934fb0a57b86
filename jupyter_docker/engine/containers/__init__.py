"""Containers: making, running, watching and ending them."""
