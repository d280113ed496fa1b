"""Notebooks made from their sources, run and held against them."""
