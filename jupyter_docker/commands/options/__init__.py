"""The options of the verbs: their grammar, what a notebook keeps of them, and what they mean."""
