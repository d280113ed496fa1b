"""A small model that answers at once, and how it draws its words."""
