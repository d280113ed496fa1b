"""Lesson 10: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, labelled):
    """Label the pictures."""
    two = {"Before": "data:image/png;base64,AAAA", "After": "data:image/png;base64,BBBB"}
    parts = labelled("What changed?", two)
    ex.needs(parts)
    ex.that(isinstance(parts, list), "Return a list of parts.")
    ex.that(
        all(isinstance(part, dict) and "type" in part for part in parts),
        "Each part is a dictionary with a type, the question and the names too.",
    )
    kinds = [part["type"] for part in parts]
    hint = "The order is name, picture, name, picture, question; the types text and image_url."
    ex.that(kinds == ["text", "image_url", "text", "image_url", "text"], hint)
    ex.that(parts[-1]["text"] == "What changed?", "The last part is the question, unchanged.")
    hint = "Before each picture comes its name and a colon, such as Before:"
    ex.that([part["text"] for part in parts[:-1:2]] == ["Before:", "After:"], hint)
    hint = "The value of image_url is a dictionary, with the address under url."
    ex.that(lambda: [part["image_url"]["url"] for part in parts[1::2]] == list(two.values()), hint)
    hint = 'detail belongs beside url, inside image_url, and is "high".'
    ex.that(lambda: all(part["image_url"].get("detail") == "high" for part in parts[1::2]), hint)
    hint = "It has to work for any number of pictures; without any, the question alone is left."
    ex.that(lambda: labelled("Why?", {}) == [{"type": "text", "text": "Why?"}], hint)


def check_2(ex, grade):
    """Grade a reading."""
    paper = {"Jan": 120, "Feb": 140, "Mar": 0}
    ex.needs(grade(paper, paper))
    ex.that(len(grade(paper, paper)) == 3, "Return three lists: wrong, missing, invented.")
    hint = "A reading without a mistake has three empty lists."
    ex.that([list(names) for names in grade(paper, paper)] == [[], [], []], hint)
    wrong, missing, invented = grade({"Feb": 150, "Jan": 120, "May": 7}, paper)
    ex.that(
        list(missing) == ["Mar"],
        "Mar was drawn and not read: it is missing, even at the value 0.",
    )
    ex.that(list(invented) == ["May"], "May was read and never drawn: it is invented.")
    hint = "Only Feb has another value; what is missing or invented does not count as wrong too."
    ex.that(list(wrong) == ["Feb"], hint)
    wrong, missing, invented = grade({}, {"b": 1, "a": 2})
    ex.that(list(missing) == ["b", "a"], "Keep the order of the dictionary; do not sort the names.")
    hint = "A value of 0 that was read is a value: ask whether the name is in the dictionary."
    ex.that(lambda: list(grade({"a": 0}, {"a": 5})[0]) == ["a"], hint)


def guess_1(each):
    why = "The largest is scaled down to 2048 x 1536, which is less than 2048 x 2048."
    return max(each, key=each.get), why
