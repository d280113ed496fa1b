"""How answers of one family of models differ in shape from those of another (fields, defaults, ids)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Shape:
    """What a model's answers look like.

    Attributes:
        logprobs_key: chat choices have a `logprobs` key even when none were asked for.
        fingerprint: chat answers carry a system_fingerprint (else null).
        cache_writes: chat usage has `cache_write_tokens`.
        phase: message items of Responses carry `phase`.
        top_p: value that Responses echoes when none was asked for.
        retention: `prompt_cache_retention` that Responses echoes.
        context: `reasoning.context` that Responses echoes; None for models that do not reason.
        audio: usage splits text from audio and image tokens.
        reasoning_step: reasoning tokens come in multiples of this.
    """

    logprobs_key: bool = False
    fingerprint: bool = False
    cache_writes: bool = False
    phase: bool = False
    top_p: float = 0.98
    retention: str = "24h"
    context: str | None = "current_turn"
    audio: bool = False
    reasoning_step: int = 1


_OLDER = Shape(top_p=1.0, retention="in_memory", context=None)
_SHAPES = [
    (r"gpt-audio", replace(_OLDER, fingerprint=True, audio=True)),
    (r"gpt-4o|gpt-4\.1", replace(_OLDER, fingerprint=True, logprobs_key=True)),
    (r"gpt-4|gpt-3", replace(_OLDER, logprobs_key=True)),
    (r"o\d|gpt-5(-mini|-nano)?(-2025|$)", Shape(top_p=1.0, retention="in_memory", reasoning_step=64)),
    (r"gpt-5\.[12]", Shape()),
    (r"gpt-5\.[345]", Shape(phase=True)),
]
# gpt-6 was never seen on the wire; it is taken to look like gpt-5.6, the newest that was.
_NEWEST = Shape(phase=True, cache_writes=True, context="all_turns")


def shape_of(model: str) -> Shape:
    """The shape of a model's answers, by its id."""
    return next((shape for pattern, shape in _SHAPES if re.match(pattern, model)), _NEWEST)
