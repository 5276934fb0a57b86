"""This machine's engine: N tasks at once, seen to by a process of the sweep's own."""
