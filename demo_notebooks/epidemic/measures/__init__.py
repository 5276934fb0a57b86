"""What people do against an epidemic, as contact functions for ``sir.simulate``."""

from measures.contact import pause

__all__ = ["pause"]
