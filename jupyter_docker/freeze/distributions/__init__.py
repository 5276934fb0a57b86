"""Distributions: who provides what the code imports, and what else that needs."""
