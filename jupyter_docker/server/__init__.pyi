from .extension import ContainerizeServer

__all__ = [
    "ContainerizeServer",
]  # fmt: skip
