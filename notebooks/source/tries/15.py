# %% other questions for the model, and other citations
for n in (20, 28, 36):
    top, _ = nearest(asked[n], vectors, K)
    assert ask(QUESTIONS[n]["question"], [passages[i] for i in top]).found == (n != 36)
[cited] = answers[BOAT].citations
assert not holds(cited.model_copy(update={"page": 5}))
assert holds(cited.model_copy(update={"quote": "over 10 to 12 m"}))

# %% any of the forty questions, in the app
for entry in QUESTIONS:
    ask_handbook(entry["question"])
