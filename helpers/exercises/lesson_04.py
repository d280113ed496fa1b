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


def check_2(ex, last_turns, whole):
    """Keep the last turns."""
    sample = copy.deepcopy(whole[:-1])
    kept = last_turns(sample, 2)
    ex.needs(kept)
    ex.that(sample == whole[:-1], "The list was changed. Make a new one with slices and +.")
    ex.that(kept[:1] == sample[:1], "The developer's message comes first.")
    ex.that(kept[1:] == sample[-3:], "Two turns are three messages: the newest has no answer yet.")
    ex.that(last_turns(sample, 3)[1:] == sample[-5:], "Three turns are five messages, two turns are three.")
    short = whole[:2]
    ex.that(last_turns(short, 5) == short, "A short conversation goes whole, with the developer's message only once.")


def guess_1(sent):
    times = sent[-1] / sent[0]
    offers = {1: "about the same", 2: "twice as many", 5: "5 times as many"}
    nearest = "more than 10 times as many" if times > 10 else offers[min(offers, key=lambda offer: abs(times - offer))]
    return nearest, f"{sent[-1]} tokens against {sent[0]}."
