"""The data formats, a family a module; each gives its ``FORMATS``."""
