from .examination import Check, examine

__all__ = [
    "Check", "examine",
]  # fmt: skip
