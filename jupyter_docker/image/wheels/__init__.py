"""Wheels that a build is given: fetched and checked on the host, or built out of sight of logins."""
