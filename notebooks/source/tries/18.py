# %% every question, asked of every document
asked = {question: DOCUMENTS[file] for file, question in QUESTIONS.values()}
for question, own in asked.items():
    for file in DOCUMENTS.values():
        if file != own:
            answer, parts = answer_from(file, question)
            assert all(verdict(quote, parts) == "found there" for quote in answer.quotes), (file.name, question)

# %% the same with documents read as a whole
WHOLE = 20_000
for question in asked:
    for file in ("narrowboat.md", "handbook.pdf"):
        answer, parts = answer_from(DOCUMENTS[file], question)
        assert len(parts) > 3 and (file != "narrowboat.md" or "dog" not in question or "60 euros" in answer.answer)

# %% every text in the other styles
for name, given in TEXTS.items():
    for style in [style for style in STYLES if style != given["style"]]:
        text, edits = suggest(given["text"], style)
        usable, refused = sort_out(text, edits)
        assert not refused and not (style == "clear" and still_there(PLANTED[name], apply(text, usable))), name

# %% the notes without their mistake
notes, items = make_items(NOTES["Boiling water"].replace("90", "100"))
assert not any(faults(item, notes) for item in items)

# %% every meeting a week later, and with the people of another one
for file, people in PRESENT.items():
    transcript, points, held = minutes_of(file, people, date(2026, 11, 30))
    for other in [other for other in PRESENT.values() if other != people]:
        minutes_of(file, other, date(2026, 11, 23))
assert {point.due for point in points if point.owner == "Jana"} == {date(2026, 12, 1)}

# %% a picture that is no example
assert describe(PICTURES / "museum_chart.png")[1].things[0].count == 12
