"""Code to copy into your own program."""
