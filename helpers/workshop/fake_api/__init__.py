"""A fake of api.openai.com on loopback, from which the shipped recordings are made.

It answers from data/answers, counts tokens with the real tokenizer, refuses what the named model would refuse, and
draws ids, times and pace from a hash of the request, so that the same request gets the same bytes on every run.
"""

from .server import FakeApi

__all__ = ["FakeApi"]
