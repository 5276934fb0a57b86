"""The connection to an engine: its address, its errors, and what is ours there."""
