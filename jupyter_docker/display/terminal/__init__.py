"""Events for people at a shell."""
