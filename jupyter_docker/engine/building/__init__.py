"""Builds: BuildKit, and the classic builders."""
