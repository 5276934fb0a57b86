"""Events for a notebook's cell."""
