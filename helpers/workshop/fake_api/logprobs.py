"""Log probabilities of tokens, from the probabilities that an author wrote down."""

from __future__ import annotations

import math
from typing import Any

from .request import Asked

INCLUDED = "message.output_text.logprobs"  # how Responses asks for them


def asked_for(asked: Asked) -> bool:
    return bool(asked.body.get("logprobs")) or INCLUDED in (asked.body.get("include") or ())


def of_tokens(tokens: list[bytes], authored: list[dict[str, float]], top: int, what: str) -> list[dict[str, Any]]:
    """One entry per token, as Chat Completions writes it; a token beyond the authored ones counts as certain.

    Args:
        tokens: the tokens of the text.
        authored: for each token the likeliest tokens and their probabilities, its own among them.
        top: how many alternatives the request wants.
        what: the entry, for messages.

    Raises:
        ValueError: a token is not among its authored alternatives, or their probabilities are no probabilities.
    """
    entries = []
    for number, token in enumerate(tokens):
        name = token.decode("utf-8", "replace")
        chances = authored[number] if number < len(authored) else {name: 1.0}
        if name not in chances:
            raise ValueError(f"{what}: token {number} is {name!r}, which `logprobs` does not have at that place")
        if min(chances.values()) <= 0 or sum(chances.values()) > 1 + 1e-9:
            raise ValueError(f"{what}: the probabilities of token {number} must be above 0 and add up to at most 1")
        likeliest = sorted(chances.items(), key=lambda item: -item[1])[:top]
        entries.append(
            {
                **_entry(name, chances[name], token),
                "top_logprobs": [_entry(text, p, text.encode()) for text, p in likeliest],
            }
        )
    return entries


def of_choice(entries: list[dict[str, Any]] | None, refused: bool) -> dict[str, Any] | None:
    """`logprobs` of a choice of Chat Completions."""
    if not entries:
        return None
    return {"content": None, "refusal": entries} if refused else {"content": entries, "refusal": None}


def bare(entries: list[dict[str, Any]] | None, start: int, count: int) -> list[dict[str, Any]]:
    """Entries as events of the Responses API carry them: without bytes."""

    def short(entry: dict[str, Any]) -> dict[str, Any]:
        return {"token": entry["token"], "logprob": entry["logprob"]}

    chosen = (entries or [])[start : start + count]
    return [{**short(entry), "top_logprobs": list(map(short, entry["top_logprobs"]))} for entry in chosen]


def _entry(text: str, probability: float, token: bytes) -> dict[str, Any]:
    return {"token": text, "logprob": round(math.log(probability), 8), "bytes": list(token)}
