"""The lock: package indexes, uv, and wheels of what no index has."""
