import yaml

settings = yaml.safe_load('a: 1')
