"""Lesson 09: the checks of its exercises, and the answers of its predictions."""

import json
from typing import Any

import openai
from pydantic import ValidationError


def check_1(ex, Boat, Booking):
    """A class for bookings."""

    def takes(**change):
        """Whether Booking takes a good booking with this change."""
        boat = {"name": "Mirabelle", "length_m": 9.5}
        good = {"boat": boat, "arrival": "2026-12-01", "nights": 3, "mooring": "quay"}
        try:
            Booking.model_validate_json(json.dumps({**good, **change}))
        except ValidationError:
            return False
        return True

    ex.needs(Boat.model_fields or ..., Booking.model_fields or ...)
    names = {"boat", "arrival", "nights", "mooring"}
    ex.that(set(Booking.model_fields) == names, f"Booking has the fields {sorted(names)}.")
    ex.that(set(Boat.model_fields) == {"name", "length_m"}, "Boat has name and length_m.")
    ex.that(
        takes(),
        "A booking of the Mirabelle, 9.5 m long, for 3 nights should fit. Look at the types.",
    )
    ex.that(takes(nights=None), "nights may be missing: let it be None as well.")
    ex.that(takes(mooring="buoy") and takes(mooring="pontoon"), "There are three moorings.")
    ex.that(not takes(mooring="beach"), "mooring takes only three values: Literal or an enum.")
    ex.that(not takes(arrival="some day soon"), "arrival is a date, not a text.")
    ex.that(not takes(nights="a few"), "nights is a whole number, or None.")
    ex.that(not takes(boat="Mirabelle"), "boat is an object of the class Boat.")
    long = {"name": "Mirabelle", "length_m": "rather long"}
    ex.that(not takes(boat=long), "length_m is a number.")
    tool: Any = openai.pydantic_function_tool(Booking)["function"].get("parameters")
    ex.that(set(tool["required"]) == names, "A strict schema requires every field.")


def check_2(ex, score, tidy_berth):
    """A score with your own yardstick."""
    true, said = (
        ["B03", "C12", "E09", None, None, "D04"],
        ["B-3", None, None, "A01", None, "D4"],
    )
    ex.needs(score(["B03"], ["B03"], str))
    ex.that(lambda: len(score(["B03"], ["B03"], str)) == 2, "Return two values.")
    ex.that(lambda: score(["B03"], ["B03"], str) == (1, 1), "One berth, found: both scores are 1.")
    ex.that(
        lambda: score(true, said, tidy_berth) is not None,
        "None has no tidy form: skip it first.",
    )
    ex.that(lambda: score(true, said, tidy_berth) != (0, 0), "Apply tidy before you compare.")
    precision, recall = score(true, said, tidy_berth)
    both_empty = "When both are None, nothing was said and nothing was missed."
    ex.that((precision, recall) != (3 / 4, 3 / 5), both_empty)
    ex.that((precision, recall) != (1 / 2, 2 / 3), "These are the two scores the other way round?")
    ex.that(abs(precision - 2 / 3) < 1e-9, "Precision divides by all answers that are not None.")
    ex.that(abs(recall - 1 / 2) < 1e-9, "Recall divides by all truths that are not None.")
    ex.that(lambda: score(["b3"], ["B03"], tidy_berth) == (1, 1), "Apply tidy to both sides.")
    nothing = "Where there is nothing to divide by, the score is None."
    ex.that(lambda: score(["B03"], [None], str) == (None, 0), nothing)
    ex.that(lambda: score([None], ["B03"], str) == (0, None), nothing)
    wrong = "A wrong value counts against both scores."
    ex.that(lambda: score(["B03", "C01"], ["B04", "C01"], str) == (1 / 2, 1 / 2), wrong)


def check_3(ex, outcome, whole, Order, declined, cut):
    """Read every end."""
    hint = "What create returns has no parsed. Read the text in message.content."
    ex.that(lambda: [outcome(whole)], hint)
    ex.needs(outcome(whole))
    ex.that(lambda: len(outcome(whole)) == 2, "Return a pair: a word, and what belongs to it.")
    ex.that(lambda: outcome(whole)[0] == "data", 'A whole answer gives "data".')
    hint = "The second value is an Order. Order.model_validate_json makes one of the text."
    ex.that(lambda: isinstance(outcome(whole)[1], Order), hint)
    same = Order.model_validate_json(whole.choices[0].message.content)
    ex.that(lambda: outcome(whole)[1] == same, "The order should be the one in the response.")
    hint = "A refused answer has no content; its text is in message.refusal. Look there before you parse."
    ex.that(lambda: outcome(declined) == ("refused", declined.choices[0].message.refusal), hint)
    hint = "An answer that was cut off isn't complete JSON. Its finish_reason tells you."
    ex.that(lambda: tuple(outcome(cut)) == ("cut off", None), hint)


def guess_1():
    return "yes", "Strict schemas require every field. What may be missing is sent as null instead."


def guess_2():
    why = "It said nothing, so there is no share of right things to compute. It also missed every budget."
    return "no precision, recall 0 %", why
