"""Jobs: commands that run in processes of their own, and outlive the page, the socket and the server."""
