"""Small modules that the lessons import, one idea each."""
