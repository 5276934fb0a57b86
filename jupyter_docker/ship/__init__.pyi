from .formats import FORMATS
from .shipment import Shipment, shipment_of

__all__ = [
    "FORMATS", "Shipment", "shipment_of",
]  # fmt: skip
