"""A stand-in upstream that speaks the OpenAI API on loopback, from which the shipped recordings are made.

It answers from data/answers, counts tokens with the real tokenizer, refuses what the named model would refuse, and
draws ids, times and pace from a hash of the request, so that the same request gets the same bytes on every run.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .server import Upstream

__all__ = ["Upstream", "serve"]


def serve(answers: Path | str | Iterable[Path | str], **settings: Any) -> Upstream:
    """An upstream with all that the course has for making answers; use it in a `with` block.

    Args:
        answers: YAML files, or a folder of them.
        settings: further arguments of Upstream.
    """
    return Upstream(answers, **settings)
