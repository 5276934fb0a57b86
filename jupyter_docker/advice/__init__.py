"""Advice: the log of a failed step to its cause, and to what mends it."""
