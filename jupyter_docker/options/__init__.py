"""One grammar for the command line and the magics."""
