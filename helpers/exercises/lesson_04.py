"""Lesson 04: the checks of its exercises, and the answers of its predictions."""

import copy


def check_1(ex, undo, whole):
    """Undo."""
    sample = whole[:5]
    taken = undo(sample)
    ex.needs(... if taken is ... else True)
    new_list = "The list is as long as before. conversation = … makes a new list; pop changes the old one."
    ex.that(len(sample) < 5, new_list)
    ex.that(sample == whole[:3], "A turn is two messages, question and answer. Remove both, and no more.")
    ex.that(taken == whole[3]["content"], "Return the text of the question, not a message, not the answer.")
    ex.that(undo(sample) == whole[1]["content"], "It has to work again, until no turn is left.")
    ex.that(lambda: undo(sample) == "", 'Without a turn to take back, return "".')
    ex.that(sample == whole[:1], "The developer's message must stay.")


def check_2(ex, PINNED, pinned, whole, INSTRUCTIONS, ask):
    """Pin what must not be lost."""
    sample = copy.deepcopy(whole[:-1])
    kept = pinned(sample, 2, PINNED)
    ex.needs(kept)
    ex.that(sample == whole[:-1], "The conversation was changed. Make a new dictionary for message 0.")
    ex.that(kept[0]["role"] == "developer", "The first message still is the developer's.")
    ex.that(INSTRUCTIONS in kept[0]["content"], "The old content of that message must stay.")
    first = {"role": "developer", "content": f"{INSTRUCTIONS}\n{PINNED}"}
    ex.that(kept[0] == first, "Its content: the old content, one line break, the facts, nothing else.")
    ex.that(kept[1:] == sample[-3:], "Two turns are three messages: the newest has no answer yet.")
    ex.that(pinned(sample, 3, PINNED)[1:] == sample[-5:], "Three turns are five messages.")
    print("Assistant:", ask(kept))


def guess_1():
    return "That it does not know", "A model sees the request at hand and nothing else."


def guess_2(sent):
    times = sent[-1] / sent[0]
    offers = {1: "about the same", 2: "twice as many", 5: "5 times as many"}
    nearest = "more than 10 times as many" if times > 10 else offers[min(offers, key=lambda offer: abs(times - offer))]
    return nearest, f"{sent[-1]} tokens against {sent[0]}."
