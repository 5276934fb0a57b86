"""Images: the Dockerfile, the build context and the build's secrets, as text and files."""
