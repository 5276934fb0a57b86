"""The container of a kernel: its start, sockets, watch and end."""
