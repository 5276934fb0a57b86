"""The programs that run a script in its image, copied there as files; and what the host reads with them."""
