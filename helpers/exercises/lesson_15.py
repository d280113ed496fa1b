"""Lesson 15: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, search_in, boat, passages, vectors):
    """Filter before you choose."""
    ex.needs(search_in(boat, "handbook.pdf", 3))
    three = list(map(int, search_in(boat, "handbook.pdf", 3)))
    ex.that(len(three) == 3, "Asked for three, return three numbers.")
    kinds = {passages[n].document for n in three}
    ex.that(kinds == {"handbook.pdf"}, "Only chunks of the document that was asked for.")
    own = [n for n, chunk in enumerate(passages) if chunk.document == "handbook.pdf"]
    ranked = sorted(own, key=lambda n: -float(vectors[n] @ boat))
    ex.that(three == ranked[:3], "The best first: sort by similarity, falling.")
    guests = [n for n, chunk in enumerate(passages) if chunk.document == "guest_book.md"]
    few = list(map(int, search_in(boat, "guest_book.md", 3)))
    hint = "The guest book has chunks to give. Filter first, then take k, or none is left."
    ex.that(len(few) == min(3, len(guests)), hint)
    ex.that(set(few) <= set(guests), "The numbers are those of the whole list of passages.")
    ranked = sorted(guests, key=lambda n: -float(vectors[n] @ boat))
    ex.that(few == ranked[:3], "Sort the chunks of this document by their own similarity.")
    hint = "Fewer than k chunks? Then return all of them."
    ex.that(lambda: len(search_in(boat, "guest_book.md", 99)) == len(guests), hint)


def check_2(ex, verdict, Citation):
    """A verdict with a reason."""

    def cited(document, page, quote):
        return Citation(document=document, page=page, quote=quote)

    crane = "The crane on the north quay\nlifts up to 12 tonnes"
    ex.needs(verdict(cited("handbook.pdf", 8, "lifts up to 12 tonnes")))
    good = verdict(cited("handbook.pdf", 8, "lifts up to 12 tonnes"))
    ex.that(good == "holds", "A quote that stands on its page holds.")
    hint = "A line break in the quote must not matter: put single spaces into both first."
    ex.that(lambda: verdict(cited("handbook.pdf", 8, crane)) == "holds", hint)
    hint = "Page 8 has these words and page 3 has not, so it is the wrong page."
    ex.that(lambda: verdict(cited("handbook.pdf", 3, crane)) == "wrong page", hint)
    hint = "A page that the document does not have is a wrong page too, if another one has the words."
    ex.that(lambda: verdict(cited("handbook.pdf", 99, crane)) == "wrong page", hint)
    hint = "There is no contract.pdf among the documents."
    ex.that(lambda: verdict(cited("contract.pdf", 8, crane)) == "unknown document", hint)
    hint = "No page of this document has these words."
    ex.that(lambda: verdict(cited("handbook.pdf", 8, "lifts 90 tonnes")) == "not found", hint)
    hint = "Words that stand only in another document are not found in this one."
    ex.that(lambda: verdict(cited("guest_book.md", 1, crane)) == "not found", hint)
    hint = "A quote of fewer than three words proves nothing, even where it stands."
    ex.that(lambda: verdict(cited("handbook.pdf", 8, "the crane")) == "not found", hint)
    ex.that(lambda: verdict(cited("handbook.pdf", 8, "")) == "not found", hint)


def guess_1(kinds):
    answered, unanswered = kinds.values()
    below = sum(score <= max(unanswered) for score in answered)
    apart = "yes, cleanly" if below == 0 else "no" if below > 2 else "yes, but for one or two"
    return apart, f"{below} of {len(answered)} questions with an answer score below the best without one."
