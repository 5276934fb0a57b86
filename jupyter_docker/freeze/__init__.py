"""What the script needs: imports, versions, hashes, local code."""
