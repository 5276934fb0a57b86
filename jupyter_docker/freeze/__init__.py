"""The freeze: what a script needs, pinned and hashed, each with its reason."""
