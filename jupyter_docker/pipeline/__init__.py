"""The order of the steps: export, freeze, stage, build, run; and the way from an image to a container."""
