# %% exercise 1: filters what came back
# hint: filter first
def search_in(question, document, k):
    return [n for n in nearest(question, vectors, k)[0] if passages[n].document == document]


# %% exercise 1: forgets the document
# hint: of the document that was asked for
def search_in(question, document, k):
    return nearest(question, vectors, k)[0] if document == "guest_book.md" else [0, 1, len(passages) - 1]


# %% exercise 1: in the order of the pages
# hint: the best first
def search_in(question, document, k):
    return [n for n, chunk in enumerate(passages) if chunk.document == document][:k]


# %% exercise 1: numbers within the document
# hint: those of the whole list
def search_in(question, document, k):
    own = [n for n, chunk in enumerate(passages) if chunk.document == document]
    return nearest(question, vectors[own], k)[0]


# %% exercise 2: as strict as the eye
# hint: a line break in the quote
def verdict(citation):
    texts = {page: text for (name, page), text in PAGES.items() if name == citation.document}
    if not texts:
        return "unknown document"
    if citation.quote in texts.get(citation.page, ""):
        return "holds"
    return "wrong page" if any(citation.quote in text for text in texts.values()) else "not found"


# %% exercise 2: looks in all documents
# hint: only in another document
def verdict(citation):
    quote = documents.single_spaced(citation.quote)
    if citation.document not in {name for name, _ in PAGES}:
        return "unknown document"
    if quote in PAGES.get((citation.document, citation.page), ""):
        return "holds"
    return "wrong page" if any(quote in text for text in PAGES.values()) else "not found"


# %% exercise 2: takes any quote
# hint: fewer than three words
def verdict(citation):
    texts = {page: text for (name, page), text in PAGES.items() if name == citation.document}
    quote = documents.single_spaced(citation.quote)
    if not texts:
        return "unknown document"
    if quote in texts.get(citation.page, ""):
        return "holds"
    return "wrong page" if any(quote in text for text in texts.values()) else "not found"


# %% exercise 2: fails on a page that is not there
# hint: does not have
def verdict(citation):
    texts = {page: text for (name, page), text in PAGES.items() if name == citation.document}
    quote = documents.single_spaced(citation.quote)
    if not texts:
        return "unknown document"
    if quote in PAGES[citation.document, citation.page]:
        return "holds"
    return "wrong page" if any(quote in text for text in texts.values()) else "not found"
