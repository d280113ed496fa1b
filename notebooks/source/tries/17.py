# %% the summariser at every other position of its slider
shown = {(given["text"], given["sentences"]) for given in summariser.examples.values()}
for text in {text: None for text, _ in shown}:
    for limit in range(1, 7):
        assert (text, limit) in shown or not summarise(text, limit).left

# %% the translator into every other language of its menu
for given in translator.examples.values():
    for language in languages:
        if language != given["language"]:
            assert not translate(**{**given, "language": language}).left

# %% code that was changed in the field of the explainer
for code in (GUESTS_LIST.replace("=[]", "=None"), SORTED.replace("sort()", "sort((a, b) => a - b)")):
    assert not explain(code).left
form = explain(FORM.split("\n", 1)[1])
assert form.answer.pitfalls and not form.left

# %% the email writer in every other tone and length
tight = {}
for name, given in writer.examples.items():
    for tone in TONES:
        for words in range(30, 101, 10):
            if (tone, words) == (given["tone"], given["words"]):
                continue
            if write_email(given["points"], tone, words).left:
                tight.setdefault(name, set()).add(words)
assert tight == {"Seven points in thirty words": {30}}, tight
