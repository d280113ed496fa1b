"""Lesson 19: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, mean_reciprocal_rank):
    """Say how far down."""
    ex.needs(mean_reciprocal_rank([1]))
    ex.that(mean_reciprocal_rank([1, 1]) == 1, "If all are first, the score is 1.")
    hint = "Second place counts 1/2: the scores are 1 / place, not the places themselves."
    ex.that(abs(mean_reciprocal_rank([2]) - 0.5) < 1e-9, hint)
    hint = "First and fourth place are 1 and 1/4, and their mean is 0.625. Take the reciprocals first, then the mean."
    ex.that(abs(mean_reciprocal_rank([1, 4]) - 0.625) < 1e-9, hint)
    hint = "None counts 0, and its question still counts as one: [1, None] has the score 0.5."
    ex.that(lambda: abs(mean_reciprocal_rank([1, None]) - 0.5) < 1e-9, hint)
    ex.that(lambda: mean_reciprocal_rank([None]) == 0, "Only None has the score 0.")


def check_2(ex, guard):
    """Let a person decide, but not about everything."""
    asked = []

    def human(name, arguments):
        asked.append(arguments)
        return "fine" in arguments

    allow = guard(human)
    ex.needs(allow("browse", '{"page": "index.md"}'))
    fine, bad = '{"code": "print(\'fine\')"}', '{"code": "steal()"}'
    hint = "Pages and the database can only be read: return True, and ask nobody."
    ex.that(allow("browse", "{}") is True and allow("query", "{}") is True and not asked, hint)
    hint = "For run_python the person decides: call person(name, arguments) and return what it says."
    ex.that(allow("run_python", fine) is True and allow("run_python", bad) is False, hint)
    ex.that(asked == [fine, bad], "Ask once for each code, with its arguments as they came.")
    allow("run_python", fine)
    hint = "The same code was asked about twice: keep the answers in a dictionary inside guard."
    ex.that(len(asked) == 2, hint)
    allow("run_python", bad)
    ex.that(
        len(asked) == 2,
        "A no has to be remembered too: look whether the code is known, not whether it was allowed.",
    )
    hint = "An unknown tool is refused with False, and nobody is asked."
    ex.that(allow("delete_all", "{}") is False and len(asked) == 2, hint)
    hint = "Two guards must not share their memory: make the dictionary inside guard."
    ex.that(guard(lambda name, arguments: False)("run_python", fine) is False, hint)


def guess_1(PLACES):
    among_three = {way: sum(place <= 3 for place in places) for way, places in PLACES.items()}
    return max(among_three, key=lambda way: among_three[way])
