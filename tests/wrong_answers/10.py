# %% exercise 1: only the pictures and the question
# hint: order is name, picture
def labelled(question, pictures):
    parts = [{"type": "image_url", "image_url": {"url": url, "detail": "high"}} for url in pictures.values()]
    return [*parts, {"type": "text", "text": question}]


# %% exercise 1: the question first
# hint: order is name, picture
def labelled(question, pictures):
    parts = [{"type": "text", "text": question}]
    for name, url in pictures.items():
        parts.append({"type": "text", "text": f"{name}:"})
        parts.append({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
    return parts


# %% exercise 1: the address stands where the dictionary belongs
# hint: dictionary, with the address under url
def labelled(question, pictures):
    parts = []
    for name, url in pictures.items():
        parts.append({"type": "text", "text": f"{name}:"})
        parts.append({"type": "image_url", "image_url": url, "detail": "high"})
    return [*parts, {"type": "text", "text": question}]


# %% exercise 1: detail one level too high
# hint: inside image_url
def labelled(question, pictures):
    parts = []
    for name, url in pictures.items():
        parts.append({"type": "text", "text": f"{name}:"})
        parts.append({"type": "image_url", "image_url": {"url": url}, "detail": "high"})
    return [*parts, {"type": "text", "text": question}]


# %% exercise 1: names without a colon
# hint: its name and a colon
def labelled(question, pictures):
    parts = []
    for name, url in pictures.items():
        parts.append({"type": "text", "text": name})
        parts.append({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
    return [*parts, {"type": "text", "text": question}]


# %% exercise 1: texts as plain strings
# hint: dictionary with a type
def labelled(question, pictures):
    parts = []
    for name, url in pictures.items():
        parts.append(f"{name}:")
        parts.append({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
    return [*parts, question]


# %% exercise 1: exactly two pictures
# hint: any number of pictures
def labelled(question, pictures):
    (one, first), (other, second) = pictures.items()
    return [
        {"type": "text", "text": f"{one}:"},
        {"type": "image_url", "image_url": {"url": first, "detail": "high"}},
        {"type": "text", "text": f"{other}:"},
        {"type": "image_url", "image_url": {"url": second, "detail": "high"}},
        {"type": "text", "text": question},
    ]


# %% exercise 2: what is missing counts as wrong
# hint: does not count as wrong
def grade(read, drawn):
    wrong = [name for name in drawn if read.get(name) != drawn[name]]
    return wrong, [name for name in drawn if name not in read], [name for name in read if name not in drawn]


# %% exercise 2: takes a value of 0 for missing
# hint: three empty lists
def grade(read, drawn):
    wrong = [name for name in drawn if name in read and read[name] != drawn[name]]
    missing = [name for name in drawn if not read.get(name)]
    return wrong, missing, [name for name in read if name not in drawn]


# %% exercise 2: a 0 that was read wrongly is passed over
# hint: A value of 0 that was read
def grade(read, drawn):
    wrong = [name for name in drawn if read.get(name) and read[name] != drawn[name]]
    return wrong, [name for name in drawn if name not in read], [name for name in read if name not in drawn]


# %% exercise 2: looks only at what was drawn
# hint: Return three lists
def grade(read, drawn):
    wrong = [name for name in drawn if name in read and read[name] != drawn[name]]
    return wrong, [name for name in drawn if name not in read]


# %% exercise 2: sorts the names
# hint: Keep the order
def grade(read, drawn):
    wrong = sorted(name for name in drawn if name in read and read[name] != drawn[name])
    return wrong, sorted(drawn.keys() - read.keys()), sorted(read.keys() - drawn.keys())


# %% exercise 2: a 0 that was drawn is not missed
# hint: missing, even at the value 0
def grade(read, drawn):
    wrong = [name for name in drawn if name in read and read[name] != drawn[name]]
    missing = [name for name in drawn if drawn[name] and name not in read]
    return wrong, missing, [name for name in read if name not in drawn]
