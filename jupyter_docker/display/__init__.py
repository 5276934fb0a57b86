"""Displays of one event stream."""
