"""Plans, made by the verb in a process of its own."""
