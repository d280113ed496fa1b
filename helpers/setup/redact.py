"""Nothing secret leaves the kernel: keys and account ids are taken out of whatever is kept, shown or compared."""

from __future__ import annotations

import re
from typing import Any

# How a key begins (sk-…, sk-proj-…, sess-…, ek_… of a browser session), and a letter of what follows.
KEY = r"(?<![A-Za-z0-9])(?:(?:sk|rk|sess)-|ek[-_])[A-Za-z0-9_-]"
# Then organisation and project ids. Long enough not to hit "sk-learn" or a masked key.
_SECRETS = re.compile(KEY + r"{12,}|\b(?:org|proj|user)[-_][A-Za-z0-9]{16,}")


def scrub(value: Any, *known: str | None) -> Any:
    """A copy of JSON-like `value` without keys and account ids.

    Args:
        value: str, list, dict or anything else (returned as it is).
        known: secrets to remove whatever they look like, such as the client's own key.
    """
    if isinstance(value, str):
        for secret in known:
            if secret and len(secret) > 5:
                value = value.replace(secret, "[removed]")
        return _SECRETS.sub("[removed]", value) if "-" in value or "_" in value else value
    if isinstance(value, dict):
        return {scrub(key, *known): scrub(item, *known) for key, item in value.items()}
    if isinstance(value, list):
        return [scrub(item, *known) for item in value]
    return value


def holds_secret(pieces: list[Any], *known: str | None) -> bool:
    """Whether the pieces of a stream join to a text with a key in it, each of them having no more than a part.

    Args:
        pieces: JSON values in their order. Texts at the same place in each of them are joined.
        known: secrets, as for `scrub`.
    """
    joined: dict[str, list[str]] = {}
    for piece in pieces:
        _collect(piece, "", joined)
    return any(scrub(text, *known) != text for text in map("".join, joined.values()))


def _collect(value: Any, place: str, into: dict[str, list[str]]) -> None:
    if isinstance(value, str):
        into.setdefault(place, []).append(value)
    elif isinstance(value, dict):
        place += f"#{value.get('index', value.get('output_index', ''))}"  # of which answer, or of which call
        for key, item in value.items():
            _collect(item, f"{place}.{key}", into)
    elif isinstance(value, list):
        for item in value:
            _collect(item, place, into)
