"""The plan: what a job would build and run, with nothing built."""
