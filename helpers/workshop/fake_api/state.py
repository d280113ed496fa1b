"""What the endpoints of one fake API share: its script, its vectors, and what a request leaves for a later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .script import Script

MakeVectors = Callable[[list[str], str, int], list[list[float]]]  # (texts, model, dimensions) -> vectors of unit length


@dataclass
class StoredFile:
    """A file and what the API tells of it."""

    content: bytes
    about: dict[str, Any]


@dataclass
class KeptResponse:
    """A response and its whole conversation, for `previous_response_id` and for retrieval."""

    response: dict[str, Any]
    messages: list[dict[str, Any]]


@dataclass
class State:
    """What is known of one fake API.

    Attributes:
        script: which request gets which answer.
        date: YYYY-MM-DD, the day on which all answers are made.
        vectors: makes embeddings; None when there is nobody to make them.
        files, responses, batches: those that are kept, by id; batches as they will be when they are finished.
        polls: how often each batch was asked for.
    """

    script: Script
    date: str
    vectors: MakeVectors | None = None
    files: dict[str, StoredFile] = field(default_factory=dict)
    responses: dict[str, KeptResponse] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    polls: Counter[str] = field(default_factory=Counter)
