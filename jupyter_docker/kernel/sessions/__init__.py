"""Sessions of kernels, and the messages that come from them."""
