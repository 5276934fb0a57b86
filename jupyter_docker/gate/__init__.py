"""The gate: what a notebook says becomes something of the container's here or not at all.

What its metadata asks for are `Wish` values, which `judge` holds against the `TABLE`; what its code names are paths,
which `admit_data` and `admit_file` hold against its `Project`.
"""
