"""What the endpoints of one fake API share: the script, its makers, and what a request leaves for a later one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .script import Answers


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
class StoredBatch:
    """A batch as it will be when it is finished, and how often it was asked for so far."""

    finished: dict[str, Any]
    polls: int = 0


@dataclass
class State:
    """What is known of one fake API.

    Attributes:
        answers: the script.
        date: YYYY-MM-DD, the day on which all answers are made.
        images: folder of pictures that answers and URLs may name.
        vectors: makes embeddings: (texts, model, dimensions) -> lists of floats of unit length.
        speak: makes speech: (text, voice, format) -> bytes.
        draw: makes pictures: (Picture) -> bytes.
        files: by id.
        responses: by id, those that are kept.
        batches: by id.
    """

    answers: Answers
    date: str
    images: Path
    vectors: Callable[[list[str], str, int], list[list[float]]] | None = None
    speak: Callable[[str, str, str], bytes] | None = None
    draw: Callable[[Any], bytes] | None = None
    files: dict[str, StoredFile] = field(default_factory=dict)
    responses: dict[str, KeptResponse] = field(default_factory=dict)
    batches: dict[str, StoredBatch] = field(default_factory=dict)
