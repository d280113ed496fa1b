# %% [markdown]
# # Search by meaning
#
# By the end you will have a search box that finds a section of this course by what you mean, even where no word matches, and numbers that say how often it succeeds.

# %% [markdown]
# ## What you will learn
#
# - What an embedding is, and how two of them are compared: cosine similarity, by hand and in numpy.
# - How to send many texts in one request, within the limits.
# - How to build a search, draw a map of meanings, and find groups in it.
# - How to measure a search on questions with known answers, and compare it with plain keywords.
# - How short vectors may be, what they cost, and how to keep them.
#
# You need [lesson 01](01_make_your_first_call.ipynb), and a little numpy.

# %%
from helpers import lesson
from helpers.models import EMBEDDING, EMBEDDING_LARGE, SMALL

lesson.start("14")

# %% [markdown]
# ## Turn a text into numbers
#
# An **embedding** is a list of numbers that represents a text, made so that texts with similar meanings get similar lists. Such a list is also called a **vector**. The model that makes it only reads; it writes nothing.

# %%
import numpy as np
from openai import OpenAI

client = OpenAI()
fox = client.embeddings.create(
    model=EMBEDDING, input="The quick brown fox jumps over the lazy dog"
)
vector = fox.data[0].embedding
print(len(vector), "dimensions, beginning with", np.round(vector[:4], 3))
print(fox.usage)

# %% [markdown]
# How many numbers there are does not depend on the text: a word and a page get the same. Each place in the list is called a **dimension**. A single one has no meaning that you could name; the meaning is in all of them together. You pay for the tokens that are read.
#
# **Try it:** send a list, `input=["cat", "dog"]`, and look at `fox.usage` and `len(fox.data)`. Ask for fewer numbers, with `dimensions=256`; then for more than the model has, with `dimensions=2000`.
#
# Look at what went over the wire:

# %%
lesson.last_request()

# %% [markdown]
# You did not ask for an `encoding_format`. The SDK did: packed as Base64, the numbers take less room on the way, and it unpacks them for you.

# %% [markdown]
# ## Compare two directions
#
# Think of a vector as an arrow from the origin. With two numbers you can draw it; with 1,536 you can't, but the arithmetic is the same. Two texts are alike when their arrows point in the same direction. The usual measure is the cosine of the angle between them, the **cosine similarity**:
#
# 1. Multiply the numbers at the same places and add them up. This is the **dot product**.
# 2. Divide it by the lengths of both arrows. A length is the root of the sum of squares.

# %%
import math


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    length_a = math.sqrt(sum(x * x for x in a))
    length_b = math.sqrt(sum(x * x for x in b))
    return dot / (length_a * length_b)


for other in ([6, 8], [4, 3], [-4, 3], [-3, -4]):
    print([3, 4], other, round(cosine([3, 4], other), 2))

# %% [markdown]
# Two questions before you move the controls. At which angle is the similarity 0? And what does a longer arrow change: the dot product, the cosine, or both?

# %% tags=["furniture"]
from helpers import plots, widgets


def draw_arrows(angle, length):
    turn = math.radians(angle)
    a, b = (1.0, 0.0), (length * math.cos(turn), length * math.sin(turn))
    figure, plot = plots.axes("Two arrows", "first number", "second number", height=3.4)
    for arrow, name in ((a, "a"), (b, "b")):
        look = {"arrowstyle": "-|>", "linewidth": 2, "color": plots.INK}
        plot.annotate("", arrow, (0, 0), arrowprops=look)
        plot.annotate(name, arrow, xytext=(6, 6), textcoords="offset points")
    plot.set(xlim=(-3.2, 3.2), ylim=(-0.4, 3.2), aspect="equal")
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return figure, f"Dot product {dot:.2f}, cosine similarity {cosine(a, b):.2f}."


# %% tags=["furniture"]
widgets.live_figure(
    draw_arrows,
    "Two sliders, the angle and the length of an arrow, over a picture of it and another one.",
    angle=widgets.number("Angle (degrees)", 30, 0, 180, 5, help="Turns the arrow b."),
    length=widgets.number("Length of b", 2.0, 0.5, 3.0, 0.25, help="Stretches the arrow b."),
)

# %% tags=["furniture"]
from helpers.tables import Link, Table

rows = []
for angle in (0, 30, 60, 90, 120, 180):
    side = round(math.cos(math.radians(angle)), 4) + 0.0
    rows.append([f"{angle}°", f"{side:.2f}", f"{2 * side:.2f}", f"{side:.2f}"])
heads = ["Angle", "Dot product, lengths 1 and 1", "Lengths 1 and 2", "Cosine similarity"]
Table(heads, rows, "The same angles in numbers")

# %% [markdown]
# Notice that the cosine goes from 1 (same direction) through 0 (at right angles) to −1 (opposite), and length doesn't affect it. If both lengths are 1, the dot product *is* the cosine. That is worth remembering, because the API's vectors have length 1:

# %%
vector = np.array(vector)
print("length:", np.linalg.norm(vector).round(3))
print("with itself:", (vector @ vector).round(3))

# %% [markdown]
# `@` is numpy's dot product. So for embeddings, cosine similarity is a single operator.

# %% [markdown]
# ## Compare three sentences
#
# Two are about the same thing in different words; the third is about something else.

# %%
SENTENCES = [
    "I love programming in Python",
    "Python is my favorite coding language",
    "The weather is nice today",
]
LIKENESS = {-1: "about -1", 0: "about 0", 0.5: "about 0.5"}

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, "How similar will the first and the third sentence be?", list(LIKENESS.values()))

# %%
def embed(texts, model=EMBEDDING, **options):
    """A matrix with one row for each text."""
    response = client.embeddings.create(model=model, input=texts, **options)
    return np.array([item.embedding for item in response.data], dtype=np.float32)


small, large = embed(SENTENCES), embed(SENTENCES, EMBEDDING_LARGE)
print(small.shape, large.shape)

# %% tags=["furniture"]
rows = []
for i, j in ((0, 1), (0, 2), (1, 2)):
    by_hand = cosine(small[i].tolist(), small[j].tolist())
    scores = [by_hand, small[i] @ small[j], large[i] @ large[j]]
    rows.append([f"{i + 1} and {j + 1}", *(f"{score:.2f}" for score in scores)])
heads = [
    "Sentences",
    f"{EMBEDDING}, by hand",
    f"{EMBEDDING}, numpy",
    f"{EMBEDDING_LARGE}, numpy",
]
Table(heads, rows, "Similarity of three sentences")

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# What made these vectors: in replay they come from an open sentence model, all-MiniLM-L6-v2, turned into the API's dimensions in a way that keeps every angle. So all similarities here are real measurements, but of that model, and small and large agree because the same model is behind both. With a key you get OpenAI's own vectors, and other numbers.
#
# **Try it:** replace the third sentence by `"Python is a large snake"`, by `"I love programming in Java"`, or by `"Ich programmiere gern in Python"`, which is the first one in German.
#
# Another guess: which sentence is closer to *I love programming in Python*?

# %%
others = ["I hate programming in Python", "I enjoy writing code in Ruby"]

# %% tags=["furniture"]
predict(2, "Which sentence is closer to: I love programming in Python?", others)

# %%
scores = embed(others) @ small[0]
for text, score in zip(others, scores, strict=True):
    print(f"{score:.2f}  {text}")

# %% tags=["furniture"]
compare(2)

# %% [markdown]
# <details><summary>What happened</summary>
#
# So similarity finds texts *about* the same thing. It hardly tells praise from complaint, or true from false.
#
# </details>
#
# **Try it:** put `"I don't love programming in Python"` into `others`, or `"I love cooking"`. Which counts for more, the *don't* or the topic?

# %% [markdown]
# ## Send a list, not a loop
#
# Older examples send one request for each text. `input` also takes a list. What is the difference?

# %%
with lesson.watch() as one_by_one:
    loop = np.vstack([embed(text, dimensions=256) for text in SENTENCES])
with lesson.watch() as together:
    batch = embed(SENTENCES, dimensions=256)
print("requests:", len(one_by_one), "or", len(together))
print("same vectors:", np.allclose(loop, batch, atol=0.01))

# %% [markdown]
# The vectors are the same, apart from rounding at OpenAI's end, and the price is the same too. But you wait for each request, and each counts against your requests per minute. The answers come in the order of the list; each also carries its `index`. (`dimensions` asks for shorter vectors; that comes below.)
#
# One empty text spoils the whole list:

# %%
import openai

try:
    embed(["fine", ""])
except openai.BadRequestError as error:
    print(error)

# %% [markdown]
# The message doesn't say which text it is, or even that it is empty. So remove empty texts before you send. The limits (SDK 3.57, November 2026):
#
# | At most | In |
# |---|---|
# | 8,192 tokens | each text |
# | 2,048 texts | each request |
# | 300,000 tokens | each request, all texts together |
#
# **Try it:** in the cell above, send a list with nothing in it, `embed([])`, or one text that is too long, `embed("word " * 9000)`. Which of the messages would have helped you?
#
# This function keeps to the last two limits of the table. It collects texts until one more would be too many:

# %%
from helpers import tokens


def in_batches(texts, most_texts=2048, most_tokens=300_000):
    batch, used = [], 0
    for text in texts:
        size = tokens.count(text, EMBEDDING)
        if batch and (len(batch) == most_texts or used + size > most_tokens):
            yield batch
            batch, used = [], 0
        batch.append(text)
        used += size
    if batch:
        yield batch


print([len(batch) for batch in in_batches(["a short text"] * 5000)])
print([len(batch) for batch in in_batches(["a longer text " * 200] * 600)])

# %% [markdown]
# ## Build a search box
#
# The course has a catalogue of its own sections, with a title and a sentence or two for each. You will search that.

# %%
import json

DATA = lesson.ROOT / "data"
catalogue = json.loads((DATA / "lessons" / "14" / "catalogue.json").read_text(encoding="utf-8"))
texts = [f"{entry['title']}. {entry['text']}" for entry in catalogue]
print(len(texts), "entries, such as:")
print(texts[30])

# %%
from helpers import costs

response = client.embeddings.create(model=EMBEDDING, input=texts)
matrix = np.array([item.embedding for item in response.data], dtype=np.float32)
price = costs.cost(EMBEDDING, response.usage)
print(matrix.shape, "·", response.usage.total_tokens, "tokens ·", costs.usd(price))

# %% [markdown]
# That was the whole preparation, and it is done once. A search then embeds the question, takes its dot product with every row (`matrix @ question` does all of them), and sorts:

# %%
known = {}


def vector_of(query):
    if query not in known:  # a repeated question costs nothing
        known[query] = embed([query])[0]
    return known[query]


def search(query, k=5):
    query = query.strip()
    if not query:
        raise ValueError("Type a question first.")
    scores = matrix @ vector_of(query)
    order = np.argsort(-scores)[:k]
    return [(catalogue[place], scores[place]) for place in order]


# %%
QUERY = "I have an exam on Monday"
for entry, score in search(QUERY):
    print(f"{score:.2f}  {entry['title']}  (lesson {entry['lesson']})")

# %% [markdown]
# The first entry shares no word with the question: it is about notes, flashcards and a quiz. Here is the same search as a box, with links into the lessons:

# %% tags=["furniture"]
LESSONS = json.loads((DATA / "course" / "lessons.json").read_text(encoding="utf-8"))
FILES = {entry["number"]: f"{entry['number']}_{entry['slug']}.ipynb" for entry in LESSONS}


def link(entry):
    named = entry.get("heading", True)  # some entries name no heading, but a whole lesson
    anchor = "#" + entry["title"].replace(" ", "-") if named else ""
    return Link(entry["title"], FILES[entry["lesson"]] + anchor)


def as_table(found):
    rows = [[link(entry), entry["lesson"], f"{score:.2f}"] for entry, score in found]
    return Table(["Section", "Lesson", "Similarity"], rows)


# %%
from helpers.demos import app_box

QUERIES = [
    QUERY,
    "somebody stole my password",
    "let it look at the receipt from the supermarket",
    "put captions under a film",
    "what happens on the last day of a model?",
    "sing me a song about the sea",
]
# %%
about = (
    "A search box: a field for a question, a menu of questions, and the sections that fit best."
)
line = app_box.text_line("Question", help="What you are looking for, in your own words.")
examples = {query: {"query": query} for query in QUERIES}
box = app_box.AppBox(search, examples, "Search", about, show=as_table, query=line)
box

# %% [markdown]
# Without a key the box knows the questions of its menu, the thirty questions further down and a few more, and tells you when it doesn't know yours. With a key, or with a model connected ([lesson 00](00_get_ready.ipynb)), it takes any question.
#
# **Try it:** type `make it cheaper`, `talk to a database`, `my bill is too high` or `it makes things up`. Then in German, which no entry is written in: `Fehler im Programm`.
#
# Here are the first two hits for each question of the menu:

# %% tags=["furniture"]
rows = []
for query, found in box.run_all().items():
    (first, score), (second, lower) = found[:2]
    rows.append([query, link(first), f"{score:.2f}", link(second), f"{lower:.2f}"])
Table(["Question", "First", "Score", "Second", "Score"], rows, "What the search box finds")

# %% [markdown]
# Most of it makes sense, but not all: what helps with captions under a film is *Get word timings*, which comes further down the list. And a search by meaning *always* finds something, even for a song. Only the low scores hint that nothing fits. No single score separates good hits from bad ones everywhere: another model gives other numbers, and so do longer texts. Look at the scores of questions whose answers you know, and set your limit by them.
#
# `search` sorts all rows to use a few of them. That doesn't matter for a catalogue, but it does for a million rows. The course's `top_k` finds the best without sorting the rest, and keeps equal scores in order:

# %%
from helpers.recipes.search import top_k, unit

places, scores = top_k(matrix, vector_of(QUERY), 3)
for place, score in zip(places, scores, strict=True):
    print(f"{score:.2f}  {catalogue[place]['title']}")

# %% [markdown]
# ## Draw a map
#
# Here are twenty-five short sentences on five topics. Nobody can draw 256 dimensions, but the two directions in which the vectors differ most can be drawn.

# %%
SAYINGS = [
    "Heavy rain is expected tonight", "Tomorrow will be sunny and warm",
    "Thunderstorms reach the coast", "Snow falls in the mountains", "A cold wind and dark clouds",
    "Fry the onions in butter", "Bake the bread in the oven", "Cook the pasta with salt",
    "A recipe for tomato soup", "Roast the potatoes with garlic",
    "Fix the bug in the code", "Write a unit test in Python", "Debug the Java program",
    "A function that sorts a list", "Software that will not compile",
    "The bank raised interest rates", "Money in a savings account", "She opened a bank account",
    "He paid back the loan", "A mortgage for a house",
    "She plays the violin", "The choir sings a hymn", "A jazz band on the stage",
    "He tunes his guitar", "The orchestra plays a symphony",
]  # fmt: skip
said = embed(SAYINGS, dimensions=256)

# %% [markdown]
# **Principal component analysis** (PCA) finds the directions in which points differ most. Move the mean of all points to the origin; numpy's singular value decomposition then gives the directions, the strongest first. The dot products of a sentence with the first two directions are its place on the map.

# %%
centred = said - said.mean(axis=0)
_, strengths, directions = np.linalg.svd(centred, full_matrices=False)
points = centred @ directions[:2].T
share = (strengths[:2] ** 2).sum() / (strengths**2).sum()
print(points.shape, f"· the map shows {share:.0%} of what differs")


# %% tags=["furniture"]
def draw_map(title, numbers, colours=plots.COLOURS):
    """The map with a number at each sentence; sentences with the same number look the same."""
    figure, plot = plots.axes(title, "first direction", "second direction", width=9.5, height=5)
    for number in sorted(set(numbers)):
        here = points[np.array(numbers) == number]
        colour = colours[number % len(colours)]
        plot.scatter(*here.T, marker=f"${number}$", s=90 * len(str(number)), color=colour)
    return figure, plot


# %% tags=["furniture"]
figure, plot = draw_map("A map of meanings", list(range(1, 26)), [plots.INK])
for number, text in enumerate(SAYINGS, 1):
    height = 1.04 - 0.043 * number
    plot.text(1.04, height, f"{number:>2}  {text}", transform=plot.transAxes, fontsize=9)
plots.show(
    figure,
    "A map of twenty-five numbered sentences. Those about banks, 16 to 20, are far off; the other topics have a region each, with some strays.",
)

# %% [markdown]
# Nobody told the model about topics. But the map is flat, and most of the differences aren't on it. Find the two numbers that are closest together. How similar are their sentences?

# %%
gaps = np.linalg.norm(points[:, None] - points, axis=2)
np.fill_diagonal(gaps, np.inf)  # a point is not its own neighbour
i, j = divmod(int(gaps.argmin()), len(points))
print(f"{i + 1}  {SAYINGS[i]}\n{j + 1}  {SAYINGS[j]}")
print(f"similarity: {said[i] @ said[j]:.2f}")

# %% [markdown]
# Sentences that look close may be far apart in the other directions. So look at maps to get an idea, and compute with the whole vectors.

# %% [markdown]
# ## Find the groups
#
# **k-means** finds groups, or *clusters*, without being told the topics. You only say how many. Start with some sentences as centres, assign every sentence to the nearest centre, move each centre to the mean of its group, and repeat. (`unit` scales vectors back to length 1, so that a dot product is a cosine again.)


# %%
def k_means(vectors, k, rng):
    centres = vectors[rng.choice(len(vectors), k, replace=False)]
    for _ in range(10):
        member = (vectors @ centres.T).argmax(axis=1)
        groups = [vectors[member == group] for group in range(k)]
        means = [g.mean(axis=0) if len(g) else c for g, c in zip(groups, centres, strict=True)]
        centres = unit(means)
    return member, (vectors * centres[member]).sum()


# %% [markdown]
# An unlucky start gives poor groups. The second value returned, the sum of each sentence's similarity to its own centre, says how tight the groups are. So try a hundred starts, keep the tightest groups, and number them in the order of the list:


# %%
from functools import cache


@cache  # each number of groups is computed once
def best_groups(k, starts=100):
    rng = np.random.RandomState(14)  # a fixed seed: the same groups at every run
    runs = (k_means(said, k, rng) for _ in range(starts))
    member, _ = max(runs, key=lambda run: run[1])
    first = list(dict.fromkeys(member.tolist()))
    return [first.index(group) + 1 for group in member]


def members(numbers, group):
    return [text for text, number in zip(SAYINGS, numbers, strict=True) if number == group]


# %% [markdown]
# How many groups are there? You know; the algorithm doesn't. Before you move the slider: what will happen with four groups, and what with six?


# %%
def draw_groups(k):
    numbers = best_groups(k)
    figure, _ = draw_map(f"{k} groups", numbers)
    return figure, widgets.items("; ".join(members(numbers, g)) for g in range(1, k + 1))


# %% tags=["furniture"]
slider = widgets.number("Groups", 5, 2, 8, 1, help="How many groups to find.", live=False)
widgets.live_figure(
    draw_groups,
    "A slider for the number of groups, over the map with a number at each sentence.",
    k=slider,
)

# %% tags=["furniture"]
rows = []
for k in (4, 5, 6):
    numbers = best_groups(k)
    rows += [[k, g, "; ".join(members(numbers, g))] for g in range(1, k + 1)]
Table(["Asked for", "Group", "Sentences"], rows, "What k-means makes of 25 sentences")

# %% [markdown]
# With five, the groups are the topics. With four, two topics have to share a group. With six, one topic falls apart, and with the recorded vectors the bread in the oven joins the banks. k-means accepts any number, and never says that it is wrong. It doesn't name the groups either. A chat model can, from the sentences alone:

# %%
numbers = best_groups(5)
prompt = "Name each group of sentences with one or two words, one line for each, nothing else."
for group in range(1, 6):
    prompt += f"\nGroup {group}: " + "; ".join(members(numbers, group))
names = client.chat.completions.create(
    model=SMALL, messages=[{"role": "user", "content": prompt}], reasoning_effort="none"
)
print(names.choices[0].message.content)

# %% [markdown]
# The same three steps sort a year of customer mail: embed, group, name.
#
# **Try it:** ask for names in another language, with `one or two words in French` in the prompt, or for shorter ones, with `one word`.

# %% [markdown]
# ## Measure the search
#
# The hits above look reasonable, but that is an impression. For a number you need questions whose right answers are known. Here are thirty, of three kinds. (Write your own before you measure. Afterwards it is hard not to choose those that work.)

# %%
path = DATA / "lessons" / "14" / "catalogue_questions.json"
questions = json.loads(path.read_text(encoding="utf-8"))
for kind in ("own words", "shared words", "exact"):
    some = [entry["question"] for entry in questions if entry["kind"] == kind]
    print(f"{kind} ({len(some)}): {some[0]} · {some[-1]}")

# %% [markdown]
# Questions in *own words* are what learners ask before they know what a thing is called. *Shared words* means that question and entry use the same words. *Exact* questions contain a name from the code. The score is the **hit rate at k**: for how many questions is a right entry among the first k?

# %%
titles = [entry["title"] for entry in catalogue]
asked = embed([entry["question"] for entry in questions])


def place_of(right, scores):
    """The place of the first right entry, from 1; None where its score is 0."""
    order = np.argsort(-scores, kind="stable")
    found = (n for n, i in enumerate(order, 1) if titles[i] in right and scores[i] > 0)
    return next(found, None)


def hits(places, k):
    return sum(place is not None and place <= k for place in places)


# %%
def by_meaning(rows, queries):
    pairs = zip(queries, questions, strict=True)
    return [place_of(entry["answers"], rows @ query) for query, entry in pairs]


meaning = by_meaning(matrix, asked)
print({k: f"{hits(meaning, k)} of {len(meaning)}" for k in (1, 3, 10)})

# %% [markdown]
# These are real measurements, though of the open model behind the shipped vectors. With a key you measure OpenAI's. To measure the large model too, put `EMBEDDING = EMBEDDING_LARGE` under the first import and run the notebook again. Thirty questions are few: one more or less is three percentage points, so don't rely on a difference of one or two.

# %% [markdown]
# ## Hold it against keywords
#
# Is that better than what search engines did before? **BM25** is the classic: an entry gets points for each word that it shares with the question. A rare word counts more than a common one, and a word in a short entry more than in a long one. It needs no model and no key. The first step is to split a text into words, without the very common ones:

# %%
import re
from collections import Counter

STOP = set(
    "a an and are as at be by can could did do does for from get had has have how i if in into "
    "is it its me my not of on or our so than that the their then there this to us was we what "
    "when where which while who why will with you your".split()
)


def words(text):
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP]


print(words("Why do I pay more for the tenth question than for the first?"))


# %%
def keyword_scores(query, texts):
    counts = [Counter(words(text)) for text in texts]
    lengths = np.array([count.total() for count in counts])
    scores = np.zeros(len(texts))
    for word in words(query):
        found = np.array([count[word] for count in counts])
        holders = (found > 0).sum()
        rarity = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
        # The usual settings of BM25: k1 = 1.2 (so k1 + 1 is 2.2) and b = 0.75.
        room = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        scores += rarity * 2.2 * found / (found + room)
    return scores


# %% [markdown]
# Predict, for each of the three kinds of questions: which of the two will find more?

# %%
keywords = [
    place_of(entry["answers"], keyword_scores(entry["question"], texts)) for entry in questions
]


def of_kind(places, kind):
    return [
        place for place, entry in zip(places, questions, strict=True) if entry["kind"] == kind
    ]


rows = []
for kind in ("own words", "shared words", "exact"):
    both = [of_kind(places, kind) for places in (meaning, keywords)]
    rows.append([kind, len(both[0]), *(hits(places, k) for k in (1, 3, 10) for places in both)])
rows.append(
    ["all", 30, *(hits(places, k) for k in (1, 3, 10) for places in (meaning, keywords))]
)

# %% tags=["guess", "furniture"]
heads = ["Questions", "How many"]
heads += [f"{way} at {k}" for k in (1, 3, 10) for way in ("Meaning", "Keywords")]
Table(heads, rows, "Questions with a right entry among the first 1, 3 and 10")

# %% tags=["guess", "furniture"]
mine = [entry for entry in questions if entry["kind"] == "own words"]
ways = [of_kind(places, "own words") for places in (meaning, keywords)]
rows = [[entry["question"], *both] for entry, *both in zip(mine, *ways, strict=True)]
Table(
    ["Question in own words", "Place by meaning", "By keywords"],
    rows,
    "Where the right entry comes",
)

# %% [markdown]
# <details><summary>What happened</summary>
#
# Where words are shared, both find nearly everything, and keywords do it free of charge. Where none are shared, keywords have nothing to go by; a dash means that no word of the question appears in the right entry. Look also at what meaning gets wrong: for example, short questions that say little, like *How do I make it more creative?*, where the entry talks about "alike" and "wander".
#
# Compare the rows, not the totals. Hardly any question in own words shares a word with its right entry, which is as hard as it gets for keywords, and these questions are more than half of the thirty. Your users will type a different mixture.
#
# </details>
#
# Is keyword search obsolete, then? Here is something that most companies have and the catalogue doesn't: numbers.

# %%
ORDERS = [
    "Order 48213: two fenders, delivered on Tuesday.",
    "Order 48231: a mooring rope, delivered on Friday.",
    "Order 48321: an anchor light, returned.",
    "Order 42831: a deck brush, waiting for payment.",
    "Order 43281: an anchor chain, waiting for payment.",
]
wanted = "What happened to 42831?"
order_rows = embed(ORDERS)
near = order_rows @ vector_of(wanted)
exact = keyword_scores(wanted, ORDERS)
rows = [[text, f"{a:.2f}", f"{b:.2f}"] for text, a, b in zip(ORDERS, near, exact, strict=True)]
Table(["Text", "By meaning", "By keywords"], rows, wanted)

# %% [markdown]
# To a vector, 42831 and 43281 are nearly the same thing: with the shipped vectors the wrong order even comes out ahead. To keywords they are as different as any two words. Order numbers, part numbers, error codes, names of people: where a text must match to the letter, use keywords, or both. Exercise 3 combines the two. For more than a few thousand texts, use a library like [bm25s](https://github.com/xhluca/bm25s) or the search of your database; the function above is there to show how it works.
#
# **Try it:** set `wanted` to `"Which order is waiting for payment?"`, to `"Who got the fenders?"`, or to a bare number, `"48213"`. Which of the two ways finds it?

# %% [markdown]
# ## Shorten the vectors
#
# A million vectors of 1,536 numbers take 6 GB. `dimensions` asks the API for shorter ones. You can also cut them yourself, but cutting breaks one thing:

# %%
cut = small[:, :256]
print("lengths after the cut: ", np.linalg.norm(cut, axis=1).round(2))
print("lengths after unit(…): ", np.linalg.norm(unit(cut), axis=1).round(2))
print("the same as dimensions=256:", np.allclose(unit(cut), batch, atol=0.01))

# %% [markdown]
# A cut vector is too short, and a dot product is a cosine only at length 1. So scale it back to length 1: `unit` divides each row by its length. With `dimensions`, the API does both for you. How much does the search lose? Guess before you move the slider: down to how many dimensions does it find about as much as with all of them?

# %% tags=["furniture"]
DIMENSIONS = [32, 64, 128, 256, 512, 1024, 1536]
SHORT = {size: by_meaning(unit(matrix[:, :size]), unit(asked[:, :size])) for size in DIMENSIONS}


def draw_quality(dimensions, k):
    kinds = ["own words", "shared words", "exact"]
    ways = {f"meaning, {dimensions} dimensions": SHORT[dimensions], "keywords": keywords}
    shown = {way: [[*of_kind(places, kind)] for kind in kinds] for way, places in ways.items()}
    rates = {way: [100 * hits(p, k) / len(p) for p in lists] for way, lists in shown.items()}
    figure, plot = plots.axes(f"Hit rate at {k}", "kind of question", "questions (%)")
    plots.bars(plot, kinds, rates)
    plot.set(ylim=(0, 130), yticks=range(0, 101, 20))
    total = hits(SHORT[dimensions], k)
    return figure, f"By meaning {total} of 30, by keywords {hits(keywords, k)} of 30."


# %% tags=["furniture"]
widgets.live_figure(
    draw_quality,
    "Two sliders, the number of dimensions and k, over bars of the hit rate for three kinds of questions.",
    dimensions=widgets.stops(
        "Dimensions", DIMENSIONS, 1536, help="Cuts all vectors to this many numbers."
    ),
    k=widgets.number("k", 3, 1, 10, 1, help="How many hits a reader would look at."),
)

# %% tags=["furniture"]
rows = []
for size, places in SHORT.items():
    found = [hits(places, k) for k in (1, 3, 10)]
    rows.append([size, *found, f"{size * 4 / 1000:.1f} GB"])
heads = ["Dimensions", "Hits at 1", "Hits at 3", "Hits at 10", "A million vectors, float32"]
Table(heads, rows, "Shorter vectors, the same thirty questions")

# %% tags=["furniture"]
figure, plot = plots.axes("What shortening costs", "dimensions", "questions with a hit (of 30)")
plots.lines(
    plot, DIMENSIONS, {f"at {k}": [hits(p, k) for p in SHORT.values()] for k in (1, 3, 10)}
)
plot.set_xscale("log", base=2)
plot.set_xticks(DIMENSIONS, [str(size) for size in DIMENSIONS])
plot.set_ylim(0, 30)
plots.show(
    figure,
    "Three lines rise steeply up to 256 dimensions and are almost level from there on to 1,536.",
)

# %% [markdown]
# With a sixth of the numbers, the search finds about as much as with all of them; with fewer, it finds less. And these vectors are at a disadvantage, because the model behind them wasn't trained to be shortened. OpenAI trained its third-generation models so that the first dimensions hold the most, a method named **Matryoshka** after the nested dolls. So live you should lose less. Measure it with a key before you decide.

# %% [markdown]
# ## Keep the vectors
#
# You pay for embedding once, if you keep the result. numpy writes a matrix to a file, and `float16` takes half the room:

# %%
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    for kind in ("float32", "float16"):
        file = Path(folder, f"{kind}.npy")
        np.save(file, matrix.astype(kind))
        lost = np.abs(np.load(file).astype(np.float32) - matrix).max()
        print(f"{kind}: {file.stat().st_size:,} bytes, largest difference {lost:.4f}")

# %% [markdown]
# Nothing is lost, because these numbers came in half precision, as the API has been seen to send them since June 2026. Turn them back into `float32` after loading, since processors multiply those fastest.
#
# Keep the model's name beside the file, and **never mix models**. A second model has no reason to use its dimensions in the same way, even if it has as many of them. (In replay both of OpenAI's models are played by the same one, so they would not show it.) A stand-in for a second model shows it: the same vectors, with their dimensions in another order.

# %%
order = np.random.RandomState(14).permutation(256)
other = batch[:, order]
print(f"sentences 1 and 2, first model:   {batch[0] @ batch[1]:.2f}")
print(f"sentences 1 and 2, second model:  {other[0] @ other[1]:.2f}")
print(f"sentence 1 in both models:        {batch[0] @ other[0]:.2f}")

# %% [markdown]
# Each model agrees with itself, but across the two even the same sentence looks unrelated. You get no error, only meaningless scores. So a new model means embedding everything again. What would that cost for a million entries like those of the catalogue?

# %% tags=["furniture"]
mean = response.usage.total_tokens / len(texts)
rows = []
for model in (EMBEDDING, EMBEDDING_LARGE):
    usage = {"prompt_tokens": round(1_000_000 * mean)}
    prices = [costs.usd(costs.cost(model, usage, batch)) for batch in (False, True)]
    rows.append([model, costs.usd(costs.cost(model, response.usage)), *prices])
heads = ["Model", "This catalogue", "A million such entries", "As a batch"]
Table(heads, rows, f"{mean:.0f} tokens an entry", f"Prices: {costs.prices_date(EMBEDDING)}.")

# %% [markdown]
# A batch waits for up to a day and costs half ([lesson 07](07_prepare_for_production.ipynb)).

# %% [markdown]
# ## On your own
#
# ### Exercise 1: find duplicates
#
# FAQ lists grow, and entries begin to repeat others in different words. Write `twins(rows, least)`. `rows` is a matrix of vectors of length 1. Return all pairs `(i, j)` with `i < j` whose similarity is at least `least`, the most similar pair first.


# %% tags=["exercise-1"]
def twins(rows, least):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rows @ rows.T` has the similarity of every pair. Two nested loops go through the half above its diagonal. `sorted(pairs, key=…, reverse=True)` puts them in order.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def twins(rows, least):
#     near = rows @ rows.T
#     count = len(rows)
#     pairs = [(i, j) for i in range(count) for j in range(i + 1, count) if near[i, j] >= least]
#     return sorted(pairs, key=lambda pair: near[pair], reverse=True)
# ```
#
# Try it: `[(titles[i], titles[j]) for i, j in twins(matrix, 0.6)]`.
#
# </details>

# %% [markdown]
# ### Exercise 2: more like this
#
# A reader liked some entries and wants more like them. Write `more_like(liked, rows, k)`. `liked` is a list of places in the matrix. The mean of their vectors says what the reader likes. Return the places of the `k` rows that are nearest to it, best first, without the liked ones.


# %% tags=["exercise-2"]
def more_like(liked, rows, k):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rows[liked]` has just the liked rows, and `.mean(axis=0)` is their mean. Sort all places by the dot product with it, then leave out the liked ones, then take k. The length of the mean does not change the order.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def more_like(liked, rows, k):
#     scores = rows @ rows[liked].mean(axis=0)
#     order = np.argsort(-scores)
#     return [int(place) for place in order if place not in liked][:k]
# ```
#
# Try it: `[titles[place] for place in more_like([titles.index("Turn a text into sound")], matrix, 3)]`.
#
# </details>

# %% [markdown]
# ### Exercise 3: mix both searches
#
# You can't add similarities and BM25 scores, because they are on different scales. You can add something made from their places. In **reciprocal rank fusion**, an entry gets 1 / (60 + place) from each list that it is in, where the first place is 1. Write `fuse(first, second, k)`. Both are lists of entries, best first. Return the `k` entries with the highest sums, best first. When your function passes, the check measures your mix on the thirty questions, and on three more about the orders:

# %%
NUMBERS = ["What happened to 42831?", "What happened to 43281?", "What happened to 48321?"]
near_orders = embed(NUMBERS) @ order_rows.T  # a row for each question


# %% tags=["exercise-3"]
def fuse(first, second, k):
    return ...


# %% tags=["check-3", "furniture"]
check(3)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A dictionary from entry to sum, filled in two loops: `for place, entry in enumerate(first, 1):`. Then `sorted(sums, key=sums.get, reverse=True)`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def fuse(first, second, k):
#     sums = Counter()
#     for ranking in (first, second):
#         for place, entry in enumerate(ranking, 1):
#             sums[entry] += 1 / (60 + place)
#     return sorted(sums, key=sums.get, reverse=True)[:k]
# ```
#
# What came out, in replay? On the thirty questions the mix loses more than it gains. It improves one, *How do I make it more creative?*, and only because question and entry happen to share the word *make*. For nine the right entry moves down, because keywords push wrong ones up. On the three order numbers the mix is always right, as keywords are; meaning alone gets one wrong. So for a single question a mix isn't better than the search that suits it. It helps when you can't know which kind of question comes next. Measure it on your own.
#
# </details>

# %% [markdown]
# ## From the production desk
#
# - **Measure on your own questions.** Collect what people really typed, and what they should have found. Thirty is a start.
# - **Keep a vector with its text, its model and its dimensions**, and a hash of the text, so that only what has changed is embedded again.
# - **Send lists; skip empty texts; cut long ones.** A text above 8,192 tokens is refused, and long before that a vector says little about any one of its sentences. [Lesson 15](15_answer_from_documents.ipynb) cuts documents into pieces.
# - **A matrix in memory goes a long way**: a million vectors of 256 numbers take about a gigabyte, and an exact search takes a fraction of a second. Use a vector store for data that is larger, changes all the time or must be filtered.
# - **Send exact terms to keywords.** If a question contains a number or a code, try keywords first.
#
# Embeddings have their own endpoint; the Responses API doesn't make any. (Its built-in file search embeds your files on OpenAI's side: [lesson 16](16_move_to_the_responses_api.ipynb).)

# %% [markdown]
# ## Recap
#
# - An embedding turns a text into a vector. At length 1, the dot product is the cosine similarity, and a search is one matrix product and a sort.
# - The same vectors give maps, groups, twins and recommendations.
# - Search by meaning finds texts that share no word with the question; keywords find what must match to the letter. Questions with known answers tell you which you need, and how short your vectors may be.
#
# Next, you will turn what a search finds into an answer: the model reads your documents.

# %%
lesson.receipt()
