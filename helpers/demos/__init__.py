"""Interactive pictures for lessons, one a file."""
