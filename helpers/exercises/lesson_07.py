"""Lesson 07: the checks of its exercises, and the answers of its predictions."""

import copy

from ..models import FLAGSHIP


def check_1(ex, forgiving_key, faq, RULES):
    """A cache key that forgives."""
    plain = faq("How long does delivery take?")
    ex.needs(forgiving_key(copy.deepcopy(plain)))
    key_of = {
        text: forgiving_key(faq(text)) for text in ["HOW long does delivery take", "  How long does delivery take? "]
    }
    ex.that(
        isinstance(forgiving_key(plain), str),
        "Return a text, for example one made by json.dumps.",
    )
    ex.that(
        key_of["  How long does delivery take? "] == forgiving_key(plain),
        "Spaces around the text make no difference: strip them.",
    )
    ex.that(
        key_of["HOW long does delivery take"] == forgiving_key(plain),
        "Case, and the question mark at the end, make no difference.",
    )
    ex.that(
        forgiving_key(faq("How long do repairs take?")) != forgiving_key(plain),
        "Another question needs another key.",
    )
    ex.that(
        forgiving_key({**plain, "model": FLAGSHIP}) != forgiving_key(plain),
        "Another model needs another key: use the whole request.",
    )
    shouted = copy.deepcopy(plain)
    shouted["messages"][0]["content"] = RULES.upper()
    ex.that(
        forgiving_key(shouted) != forgiving_key(plain),
        "Forgive only in messages with the role user; other instructions are other requests.",
    )
    ex.that(
        forgiving_key(dict(reversed(plain.items()))) == forgiving_key(plain),
        "The order of the keys makes no difference: sort_keys=True.",
    )
    ex.that(
        plain == faq("How long does delivery take?"),
        "The request was changed. Make new messages, or work on a copy.",
    )


def check_2(ex, may_spend, ROWS):
    """A quota for each day."""
    today = "2026-11-22"
    ex.needs(may_spend([], "u1", today, 1.0, 0.1))
    hint = (
        "u1 has spent 0.375 today, so 0.125 more stays within 0.5. Count this user's rows of this day only, as numbers."
    )
    ex.that(lambda: may_spend(ROWS, "u1", today, 0.5, 0.125) is True, hint)
    ex.that(
        may_spend(ROWS, "u1", today, 0.5, 0.25) is False,
        "The price of the next call counts too: 0.375 and 0.25 are more than 0.5.",
    )
    ex.that(
        may_spend(ROWS, "u2", today, 0.5, 0.125) is False,
        "u2 has already spent 0.75 today, more than 0.5. Look at the rows of the user who asks.",
    )
    ex.that(
        may_spend(ROWS, "u1", "2026-11-21", 0.5, 0.25) is False,
        "On the day before, u1 had spent 0.5. Use the day that was asked for.",
    )
    ex.that(
        may_spend(ROWS, "u3", today, 0.5, 0.5) is True,
        "A new user has spent nothing, and may reach the limit exactly.",
    )
    ex.that(
        may_spend([], "u1", today, 0.5, 0.6) is False,
        "A single call may be above the limit by itself.",
    )


def guess_1(worst):
    why = f"Three attempts of 20 seconds each, and the waits between them: {worst(20, 2):g} seconds."
    return "a little more than 60 seconds", why
