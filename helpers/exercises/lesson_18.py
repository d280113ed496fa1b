"""Lesson 18: the checks of its exercises, and the answers of its predictions."""

import re


def check_1(ex, where):
    """Find where a quote occurs."""
    three = {
        2: "The crane lifts\n12 tonnes. Book it early.",
        5: "Book it early. The crane is new.",
        9: "Nothing here.",
    }
    ex.needs(where("12 tonnes", three))
    ex.that(isinstance(where("12 tonnes", three), list), "Return a list of numbers.")
    ex.that(where("12 tonnes", three) == [2], "12 tonnes is in part 2, and its number is 2.")
    hint = "Use tidy for both: a line may break inside a quote, and capitals don't count."
    ex.that(where("the crane lifts 12 Tonnes", three) == [2], hint)
    ex.that(where("Book it early.", three) == [2, 5], "A quote may occur in several parts.")
    hint = "Cut the quote at … and at ..., and look for each of its pieces."
    ex.that(where("lifts … early", three) == [2], hint)
    ex.that(where("lifts ... early", three) == [2], hint)
    hint = "The pieces have to follow each other: look for each one behind the one before."
    ex.that(where("early … crane", three) == [5], hint)
    ex.that(where("crane … crane", three) == [], hint)
    hint = "All pieces have to be in the same part."
    ex.that(where("12 tonnes … new", three) == [], hint)
    hint = "An empty quote, or one of dots alone, has no word and occurs nowhere."
    ex.that(where("", three) == [] and where(" … ", three) == [], hint)
    ex.that(where("… 12 tonnes …", three) == [2], "Pass over pieces that are empty.")


def check_2(ex, plan, Card):
    """Plan a day of learning."""
    pack = [Card("a", 2, 5), Card("b", 0, 5), Card("c", 1, 3), Card("d", 4, 9), Card("e", 0, 7)]
    before = [Card(card.question, card.box, card.due) for card in pack]
    ex.needs(plan(pack, 5, 9))

    def order(today, most):
        return [card.question for card in plan(pack, today, most)]

    ex.that(lambda: "d" not in order(7, 9), "Card d is due on day 9, so not on day 7.")
    ex.that(lambda: {"a", "b"} <= set(order(5, 9)), "A card is due on its day, and later too.")
    ex.that(lambda: order(7, 9)[0] == "c", "Card c has waited longest: it was due first.")
    hint = "a and b were due on the same day; b is in a lower box and comes first."
    ex.that(lambda: order(7, 9) == ["c", "b", "a", "e"], hint)
    ex.that(lambda: order(7, 2) == ["c", "b"], "Return at most `most` cards, the first ones.")
    ex.that(lambda: order(1, 9) == [], "When nothing is due, the list is empty.")
    ex.that(pack == before, "Leave the cards and the list as they are: sorted makes a new list.")


def guess_1():
    return "refuse it", "Anything else is a guess, and a wrong guess corrupts correct text."


def guess_2(transcript):
    named = re.match(r"(\w+)( \d+)?: ", transcript)  # such as "Lena: " or "Speaker 1: "
    kind = "nothing" if not named else "numbers: speaker 1, speaker 2" if named[2] else "names"
    return kind, "Who says 'I can do that' can only be guessed."
