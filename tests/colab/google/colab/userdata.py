"""Colab's secrets, of somebody who keeps none, or one that a test plants."""

import os


class SecretNotFoundError(Exception):
    """There is no secret of that name."""


class NotebookAccessError(Exception):
    """The secret is there, but this notebook may not read it."""


def get(key: str) -> str:
    if planted := os.environ.get(f"SECRET_OF_COLAB_{key}"):
        return planted
    raise SecretNotFoundError(f"Secret {key} does not exist.")
