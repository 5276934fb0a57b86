import six

version = 'mine'
