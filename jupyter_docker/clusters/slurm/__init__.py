"""Slurm: one job array a sweep, its image as one file, and its folder on the file system that the nodes share."""
