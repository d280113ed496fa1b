"""Nothing secret leaves the kernel: keys and account ids are taken out of whatever is kept, shown or compared."""

from __future__ import annotations

import re
from typing import Any

# Keys (sk-…, sk-proj-…, sess-…), then organisation and project ids. Long enough not to hit "sk-learn" or a masked key.
_SECRETS = re.compile(r"(?<![A-Za-z0-9])(?:sk|rk|sess|ek)-[A-Za-z0-9_-]{12,}|\b(?:org|proj|user)[-_][A-Za-z0-9]{16,}")


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
