"""Stands in for Colab's own package, so that a lesson takes the way it takes there."""
