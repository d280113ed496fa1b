"""Lesson 03: the checks of its exercises, and the answers of its predictions."""

from itertools import takewhile
from math import isclose
from types import SimpleNamespace

from openai.types import CompletionUsage

from .. import costs, tokens
from ..models import FLAGSHIP, SMALL

CHAT = [
    {"role": "developer", "content": "Answer in one sentence."},
    {"role": "user", "content": "Why is the sea salty?"},
    {"role": "assistant", "content": "Because rivers bring salt, and only the water evaporates."},
    {"role": "user", "content": "And the lakes?"},
]


def _price(model):
    return costs.price(model) or {}


def check_1(ex, highest_price):
    """The price before you send."""
    ex.needs(highest_price(CHAT, 100, FLAGSHIP))
    for model in (FLAGSHIP, SMALL):
        none, some = highest_price(CHAT, 0, model), highest_price(CHAT, 500, model)
        ex.that(some < 1, "Prices are for one million tokens: divide by 1,000,000.")
        most = 500 * _price(model)["output"] / 1e6
        ex.that(isclose(some - none, most), "Tokens up to the limit have the price for output of this model.")
        sent = tokens.chat_tokens(CHAT, model) * _price(model)["input"] / 1e6
        ex.that(isclose(none, sent), "Count all of it: tokens.chat_tokens knows what wraps the messages.")


def check_2(ex, total):
    """What several calls cost together."""
    usage = CompletionUsage(prompt_tokens=1000, completion_tokens=100, total_tokens=1100)
    large, small, unknown = (SimpleNamespace(model=model, usage=usage) for model in (FLAGSHIP, SMALL, "gpt-99"))
    ex.needs(total([large]))
    one, other = costs.cost(FLAGSHIP, usage) or 0.0, costs.cost(SMALL, usage) or 0.0
    ex.that(isclose(total([large, large]), 2 * one), "Add up all of them.")
    ex.that(isclose(total([small, large]), one + other), "Each response has its own model: see response.model.")
    try:
        total([large, unknown])
    except ValueError as error:
        ex.that("gpt-99" in str(error), "The ValueError names the model whose price is unknown.")
    except Exception:
        ex.that(False, "For an unknown price, raise a ValueError.")
    else:
        ex.that(False, "For an unknown price, raise a ValueError: a sum without it would be wrong.")


def check_3(ex, build, RULES, QUESTIONS):
    """A request that can be cached."""
    one, other = build(QUESTIONS[0], "Sunday, 09:14"), build(QUESTIONS[1], "Monday, 11:30")
    ex.needs(one, other)
    ex.that(isinstance(one, list), "Return a list of messages, each with a role and a content.")
    texts = ["\n".join(message["content"] for message in built) for built in (one, other)]
    ex.that(all(RULES in text for text in texts), "The whole of RULES belongs in the messages.")
    ex.that("09:14" in texts[0] and "11:30" in texts[1], "The model needs to see the time, now.")
    ex.that(QUESTIONS[0] in texts[0] and QUESTIONS[1] in texts[1], "The question is missing.")
    early = "The two prompts differ too early: what is the same for all comes first."
    pairs = zip(*map(tokens.encode, texts), strict=False)
    ex.that(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) >= 1024, early)
    ex.that(one[-1]["role"] == "user", "The last message is the visitor's, with the role user.")


def guess_1():
    why = "With a space in front, as in the middle of a sentence, it is a different token, and a single one."
    return str(tokens.count("extraordinary")), why


def guess_2(four, measured):
    why = "The vocabulary has fewer long pieces for its script, so its words are cut into smaller pieces."
    return max(four, key=measured.get), why


def guess_3():
    price = _price(FLAGSHIP)
    more = "the prompt" if 1000 * price["input"] > 100 * price["output"] else "the answer"
    return more, "A tenth of the length at eight times the price is still less."
