"""The verbs of the command: what each does, its options, and how its value looks."""
