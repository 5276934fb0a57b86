"""The scan of the code: imports, uses, programs and paths."""
