"""Data that the code reads and writes."""
