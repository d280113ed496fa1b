"""Lesson 06: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, collect, chunks, answer, with_usage):
    """Collect a stream."""
    ex.needs(collect(iter(chunks)))
    ex.that(len(collect(iter(chunks))) == 3, "Return three values: text, finish reason, usage.")
    text, finish, usage = collect(iter(chunks))
    ex.that(text == answer, "The text is every delta.content in order; None counts as nothing.")
    ex.that(finish == "stop", "The finish reason is in the last chunk that has choices.")
    ex.that(usage is None, "Where no usage came, the third value is None.")
    hint = "The chunk that brings the usage has no choices: ask for chunk.choices first."
    ex.that(lambda: collect(iter(with_usage))[1] is not None, hint)
    last = collect(iter(with_usage))[2]
    ex.that(last == with_usage[-1].usage, "Keep chunk.usage of the chunk that has it.")
    hint = "A stream that was cut off has no finish reason: start with None, not with a guess."
    ex.that(collect(iter(chunks[:4]))[1] is None, hint)


def check_2(ex, until, Tape):
    """Stop at a mark."""
    plain, split, without = (
        Tape("a", "b", "#", "c"),
        Tape("go", " E", "ND", "x"),
        Tape("a", "b", None),
    )
    ex.needs(until(Tape("a", "#"), "#"))
    ex.that(lambda: until(without, "#") == "ab", "Without the mark, return the whole text.")
    ex.that(until(plain, "#") == "ab", "Return the text before the mark, without the mark.")
    ex.that(plain.taken == 3, "Stop reading as soon as the mark is there.")
    ex.that(plain.closed, "Close the stream: stream.close(), or a with block around the loop.")
    hint = "A mark may come in two pieces: look for it in all of the text so far."
    ex.that(until(split, "END") == "go ", hint)
    ex.that(split.taken == 3 and split.closed, "Stop and close as soon as the mark is complete.")


def guess_1():
    why = "The model writes at the same pace; streaming only shows it to you as it happens."
    return "both take about the same time", why
