"""Colab's secrets, of somebody who keeps none."""


class SecretNotFoundError(Exception):
    """There is no secret of that name."""


class NotebookAccessError(Exception):
    """The secret is there, but this notebook may not read it."""


def get(key: str) -> str:
    raise SecretNotFoundError(f"Secret {key} does not exist.")
