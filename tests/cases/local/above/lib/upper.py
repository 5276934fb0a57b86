import attr

version = attr.__version__
