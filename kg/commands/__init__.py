"""The commands of `kg.cli`, a module for each family of them.

What families share is in `reading`, `writing` and `progress`.
"""
