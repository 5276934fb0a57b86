"""What the engine has: its state, images and containers, and what can be freed."""
