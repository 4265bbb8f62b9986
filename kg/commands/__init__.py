"""Commands that are too many for `kg.cli`, a module for each family of them."""
