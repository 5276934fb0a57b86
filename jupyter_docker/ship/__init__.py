"""An image and how it runs → files for other places to run it in: pure text, by dumping data."""
