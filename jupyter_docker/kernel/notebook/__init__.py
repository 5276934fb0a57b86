"""A notebook that runs cell by cell in a container's kernel."""
