"""Files of containers: their logs, and what they wrote."""
