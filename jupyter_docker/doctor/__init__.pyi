from .examination import Check, examine, wanted_base

__all__ = [
    "Check", "examine", "wanted_base",
]  # fmt: skip
