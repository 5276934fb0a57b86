"""Jobs: commands in processes of their own."""
