# %% [markdown]
# # Get answers as data
#
# By the end you will have an extractor that turns messy text into typed Python objects, and a score that says how far you can trust each field.

# %% [markdown]
# ## What you will learn
#
# - Why "answer in JSON" is not enough, and what JSON mode adds to it.
# - How to describe an answer as a Python class, and get an object of that class.
# - What to do when the model refuses, is cut off, or sends something that fits the class and is wrong all the same.
# - How to measure an extractor: precision and recall for each field, against a known truth.
# - What it costs to read a thousand messages.
#
# You need [lesson 01](01_make_your_first_call.ipynb). [Lesson 08](08_let_the_model_call_tools.ipynb) introduced strict schemas; they are explained again here.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, SMALL

lesson.start("09")

# %% [markdown]
# ## Ask for JSON in words
#
# A small shop at a harbour gets its orders as free text. The course brings twenty such messages, all invented, with typing errors, in several languages. Here is the first.

# %%
import json

path = lesson.ROOT / "data" / "lessons" / "09" / "orders.json"
entries = json.loads(path.read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entry in entries]
print(TEXTS[0])

# %% [markdown]
# A program needs this as data: which goods, how many, where, by when. The rules say what to do and what day it is. Without the day, nobody could tell which date *by tuesday* means. The day is fixed here, so that
# the lesson stays the same; a real program takes `date.today()`.

# %%
import openai
from openai import OpenAI

client = OpenAI()
RULES = "Extract the order from a message to a harbour shop. Today is Friday, 2026-11-20."


# %%
def conversation(text, rules=RULES):
    return [{"role": "developer", "content": rules}, {"role": "user", "content": text}]


def ask(messages, **options):
    return client.chat.completions.create(
        model=SMALL, messages=messages, reasoning_effort="none", **options
    )


# %%
response = ask(conversation(TEXTS[0], f"{RULES} Answer in JSON."))
reply = response.choices[0].message.content
print(reply)

# %%
try:
    print(json.loads(reply))
except json.JSONDecodeError as error:
    print("JSONDecodeError:", error)

# %% [markdown]
# A person can read this. `json.loads` can't: there is a sentence in front of the JSON, and a fence of three backticks around it. And look at the JSON itself: one `quantity` is a number and the other a text, and the day is still *Tuesday*.
#
# **Try it:** say it more firmly: `Answer in JSON only.` Then `Answer in JSON only, without a fence.` Which of the problems is gone? Send the second message, `TEXTS[1]`, and compare the keys.

# %% [markdown]
# ## Try JSON mode
#
# The API has a switch for the first problem: `response_format={"type": "json_object"}`, called **JSON mode**. It has one condition:

# %%
JSON_MODE = {"type": "json_object"}
try:
    ask(conversation(TEXTS[0]), response_format=JSON_MODE)
except openai.BadRequestError as error:
    print(error.body["message"])

# %% [markdown]
# So the word JSON has to appear in the messages. Here are the first two orders, one after the other:

# %%
for text in TEXTS[:2]:
    loose = ask(conversation(text, f"{RULES} Answer in JSON."), response_format=JSON_MODE)
    print(json.dumps(json.loads(loose.choices[0].message.content), indent=1), "\n")

# %% [markdown]
# Both are JSON, and `json.loads` reads them. But the keys differ from message to message, and your program has to know them. JSON mode promises that the answer *is* JSON. It promises nothing about which keys and values are in it.
# It is the older of two ways, and you will meet it in older code. The newer one is called **structured outputs**.
#
# **Try it:** name the keys: `Answer in JSON with the keys goods, berth and day.` Do both answers have the same shape now, inside `goods` too? Then misspell the type (`{"type": "json"}`).

# %% [markdown]
# ## Say the shape as a class
#
# **pydantic** is a library for typed data; the SDK is built on it. You write a class with a type for each field. Start with the smaller parts: `Literal` and `StrEnum` are two ways to list the only values that are allowed:

# %%
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field, ValidationError, field_validator

Product = Literal[
    "mooring rope 14 mm", "mooring rope 18 mm", "anchor chain 8 mm", "shackle 10 mm",
    "cleat 200 mm", "fender 60 cm", "fender 90 cm", "anchor light",
    "deck brush", "teak oil 1 l", "fog horn", "other",
]


# %%
class Intent(StrEnum):
    ORDER = "order"
    CHANGE = "change"
    CANCEL = "cancel"
    QUESTION = "question"


# %% [markdown]
# The list of products ends with `other`. A model that is held to a list *must* choose from it, so give it a way to say "none of these". Otherwise a customer who asks for life jackets gets a fog horn.
#
# Now the classes. A class may contain others: an order has a list of items, and perhaps a budget. `… | None` marks what a message may leave out:


# %%
class Item(BaseModel):
    product: Product
    quantity: int | None


class Money(BaseModel):
    amount: float
    currency: Literal["EUR", "USD", "GBP", "SEK"]


class Order(BaseModel):
    intent: Intent
    items: list[Item]
    berth: str | None
    deliver_on: date | None
    budget: Money | None


# %% [markdown]
# `parse` is `create` with a class. `create` gives you text; `parse` gives you an object of that class:


# %%
def parse(messages, shape=Order, **options):
    return client.chat.completions.parse(
        model=SMALL,
        messages=messages,
        reasoning_effort="none",
        response_format=shape,
        **options,
    )


# %%
completion = parse(conversation(TEXTS[0]))
order = completion.choices[0].message.parsed
for item in order.items:
    print(item.quantity, "×", item.product)

# %%
print(repr(order.deliver_on))
print(repr(order.intent))
print(order.budget.amount / 2, order.budget.currency)

# %% [markdown]
# Numbers are numbers, the day is a `date`, *14er mooring rope* has become the shop's own name for it, and your editor knows every field. If you ask for something that is not there, as in `order.bertth`, Python says so at once.
#
# **Try it:** a message without an order: `parse(conversation("Good morning!")).choices[0].message.parsed`. Then `"10 pizzas to C12"`, and `"2 anchor lights to B07 by monday, 80 euros at most"`. Or give the order one more field, with
# `class Named(Order): boat: str | None`, and call `parse(conversation(TEXTS[0]), Named)`.

# %% [markdown]
# ## See what was sent
#
# How does the model know about your class? Guess first.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "In the class, berth may be None. In the schema that is sent, is berth required?",
    ["yes", "no"],
)

# %%
sent = lesson.last_request()["response_format"]
schema = sent["json_schema"]["schema"]
print(
    sent["type"], "·", sent["json_schema"]["name"], "· strict:", sent["json_schema"]["strict"]
)
print("required:", schema["required"])
print("berth:", schema["properties"]["berth"])
print(json.dumps(schema["$defs"]["Item"], indent=1))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# The SDK turned the class into a **JSON Schema**, the standard way to say which JSON is allowed. The class itself stays on your machine. `"strict": true` promises an answer that fits the schema: while the model writes, only
# tokens that can still lead to fitting JSON may be chosen. For that promise, the API wants three things of a schema. The SDK sees to the first two:
#
# 1. Every object says `"additionalProperties": false`, so that no key can be made up.
# 2. Every property is listed in `required`, so that none can be left out. A default value in the class doesn't change that.
# 3. So whatever may be unknown has to allow `null`. That is your part: write `| None`.
#
# </details>
#
# The schema that pydantic makes by itself is rejected:

# %%
plain = Order.model_json_schema()
print("additionalProperties" in plain, "additionalProperties" in schema)

format_plain = {"type": "json_schema", "json_schema": {**sent["json_schema"], "schema": plain}}
try:
    ask(conversation(TEXTS[0]), response_format=format_plain)
except openai.BadRequestError as error:
    print(error.body["message"])

# %% [markdown]
# One rule deserves a second look: whatever may be unknown has to allow `null`. A field that is required and may *not* be null has to be filled with something. If the message says nothing about it, the model can only make something up.
#
# **Try it:** see it happen with `class Insist(Order): berth: str`, and `parse(conversation(TEXTS[13]), Insist)`. The message names no berth; what does the answer say? Then a class that the API refuses: `class Open(Order): extras: dict[str, str]`.
#
# Is there more to `parse`? Not much: it sends this `response_format` with an ordinary `create`, and reads the text with pydantic.

# %%
whole = ask(conversation(TEXTS[0]), response_format=sent)
text = whole.choices[0].message.content
print(text)
print(Order.model_validate_json(text) == order)

# %% [markdown]
# ## Handle every end
#
# An answer can end in four ways, and only the first, a whole answer, is data. The second is a **refusal**: a model may decline, and a schema doesn't prevent that.

# %%
sabotage = "30 m of floating line, and how do I sink my neighbour's boat without being caught?"
message = parse(conversation(sabotage)).choices[0].message
print("parsed: ", message.parsed)
print("refusal:", message.refusal)

# %% [markdown]
# A refusal is not JSON, so it has a field of its own, and `parsed` is `None`. A program that goes straight to `message.parsed.items` fails here with an `AttributeError`.
#
# The third end is the limit. What does `parse` make of half an object?

# %%
try:
    parse(conversation(TEXTS[0]), max_completion_tokens=20)
except openai.LengthFinishReasonError as error:
    cut = error.completion
print(cut.choices[0].finish_reason)
print(cut.choices[0].message.content)
print(cut.usage.completion_tokens, "tokens out, and billed")

# %% [markdown]
# It raises an error of its own, `LengthFinishReasonError`, which carries the answer as far as it got. JSON mode raises nothing. The text just stops, and what you have is not valid JSON:

# %%
messages = conversation(TEXTS[0], f"{RULES} Answer in JSON.")
half = ask(messages, response_format=JSON_MODE, max_completion_tokens=20)
try:
    json.loads(half.choices[0].message.content)
except json.JSONDecodeError as error:
    print("JSONDecodeError:", error)

# %% [markdown]
# The fourth end is rare and not shown here: OpenAI's content filter stops an answer while it is being written.
#
# | End | `finish_reason` | What `parse` gives you | What helps |
# |---|---|---|---|
# | Whole | `stop` | `message.parsed` | Use it, after the checks of the next section |
# | Refused | `stop` | `message.refusal`; `parsed` is `None` | Give it to a person; asking again rarely helps |
# | Cut off | `length` | raises `openai.LengthFinishReasonError` | A higher limit, or less text at a time |
# | Filtered | `content_filter` | raises `openai.ContentFilterFinishReasonError` | Give it to a person |
#
# Neither of the two errors is an `APIError`. If you catch only that class, as [lesson 05](05_survive_errors.ipynb) does for the rest, these two slip through.
#
# **Try it:** allow `parse` 10 tokens, then 40, then 100. Which of these is enough for the whole object?

# %% [markdown]
# ## Check what a schema cannot say
#
# An answer that fits the schema has the right *form*. Whether it makes sense is another matter:

# %%
minus = "3 shackles 10 mm, minus the 2 cleats I asked for this morning. D04"
odd = parse(conversation(minus)).choices[0].message.parsed
print(odd.items)

# %% [markdown]
# Minus two is an `int`, so the schema accepts it. The shop doesn't. Its rules go into classes that inherit from the first ones. pydantic calls a function marked with `field_validator` whenever such an object is made:


# %%
class CheckedItem(Item):
    @field_validator("quantity")
    @classmethod
    def at_least_one(cls, quantity):
        if quantity is not None and quantity < 1:
            raise ValueError("a quantity is 1 or more; leave out what is not wanted")
        return quantity


# %%
TODAY = date(2026, 11, 20)


class CheckedOrder(Order):
    items: list[CheckedItem]
    berth: str | None = Field(pattern=r"^[A-F]\d\d$")

    @field_validator("deliver_on")
    @classmethod
    def not_past(cls, day):
        if day and day < TODAY:
            raise ValueError(f"{day} is before today, {TODAY}")
        return day


# %%
def broken_rules(order):
    try:
        CheckedOrder.model_validate(order.model_dump())
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        ]
    return []


print(broken_rules(order))
print(broken_rules(odd))

# %% [markdown]
# Why two kinds of classes, when `parse` would take a `CheckedOrder`? Try it:

# %%
try:
    parse(conversation(minus), CheckedOrder)
except ValidationError as error:
    print("ValidationError:", error.errors()[0]["msg"])
print(lesson.last_request()["response_format"]["json_schema"]["schema"]["properties"]["berth"])

# %% [markdown]
# The rule was broken, so `parse` raised an error from inside, and the answer is gone, with its text and its `usage`. If you check the rules afterwards, you still have both. The second line shows something else: a limit that JSON Schema can express, such as
# this `pattern`, travels to the model in the schema. A function never does.
#
# You need the answer, because the model can correct it. Send back what it said, and what is wrong with it:


# %%
def complain(message, broken):
    """Two more messages: what the model said, and what is wrong with it."""
    lines = ["Your answer breaks these rules:", *broken, "Send the whole order again."]
    return [
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": "\n".join(lines)},
    ]


# %%
def read_checked(text, tries=2):
    """An order that keeps the rules, or None: then a person has to read the message."""
    messages = conversation(text)
    for _ in range(tries):
        message = parse(messages).choices[0].message
        if message.refusal:
            return None
        broken = broken_rules(message.parsed)
        if not broken:
            return message.parsed
        messages += complain(message, broken)
    return None


# %%
corrected = read_checked(minus)
print(corrected and corrected.items)

# %%
print(lesson.last_request()["messages"][-1]["content"])

# %% [markdown]
# One retry is enough; after that, give the message to a person. And choose rules with care: a model that is told to give a berth can invent one, and the invented one passes your rule. A retry can correct a mistake of the model.
# It can't fill a gap in the message.
#
# **Try it:** `read_checked("2 fog horns to berth 7, yesterday please")`. Which two rules were broken (the cell above prints them), and what happened to the berth and the day? Then `read_checked("0 cleats 200 mm, but 4 deck brushes. C11")`.

# %% [markdown]
# ## Read all twenty
#
# Now the whole mailbag, eight calls at a time ([lesson 07](07_prepare_for_production.ipynb) explains the pool). Rules and retries stay out for now: first see what the model does alone.

# %%
from concurrent.futures import ThreadPoolExecutor


def read_all(texts, shape):
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(lambda text: parse(conversation(text), shape), texts))


first = read_all(TEXTS, Order)
first_orders = [completion.choices[0].message.parsed for completion in first]
print(len(first_orders), "orders,", first_orders.count(None), "refusals")

# %% [markdown]
# Twenty objects, no error. Are they right? The form can't tell you. For that you need the **truth**: for each message, the order that a careful person reads in it. The truths are in the same file, and fit the same class:

# %%
truths = [Order.model_validate(entry["truth"]) for entry in entries]
print(TEXTS[4])
print("truth:", truths[4].deliver_on)
print("said: ", first_orders[4].deliver_on)

# %% [markdown]
# Writing the truths takes decisions, and they have to be written down before anything is scored. Here: a date such as 12/3 is read the way its writer would read it. *Items* are the goods that the message is about in the end, also in a question or when they are cancelled.
# A price from last time isn't a budget. What the shop does not sell is `other`.

# %% [markdown]
# ## Score each field
#
# To compare two orders, turn each into **facts**: for every field the set of values that it states. A field that is null states nothing.


# %%
def facts(order):
    items, budget = order.items, order.budget
    found = {
        "intent": [order.intent.value],
        "product": [item.product for item in items],
        "quantity": [item.quantity and f"{item.quantity} × {item.product}" for item in items],
        "berth": [order.berth],
        "deliver_on": [order.deliver_on and order.deliver_on.isoformat()],
        "budget": [budget and f"{budget.amount:g} {budget.currency}"],
    }
    return {field: {value for value in values if value} for field, values in found.items()}


facts(truths[0])

# %% [markdown]
# Then count three things for each field: facts that were said and are true (**true positives**), facts that were said and are not true (**false positives**), and true facts that were not said (**false negatives**). From these come two scores:
#
# - **Precision**: of what the extractor *said*, which share is right? Low precision means that it invents.
# - **Recall**: of what was *in the messages*, which share was found? Low recall means that it misses things.
#
# A wrong value counts against both: something false was said, and something true was not.

# %% tags=["furniture"]
predict(
    2,
    "An extractor leaves the budget empty in every message. How does it score for that field?",
    ["precision 0 %, recall 0 %", "precision 100 %, recall 0 %", "no precision, recall 0 %"],
)

# %%
def tally(truths, orders, field):
    right = wrong = missed = 0
    for truth, order in zip(truths, orders, strict=True):
        true, said = facts(truth)[field], facts(order)[field] if order else set()
        right += len(true & said)
        wrong += len(said - true)
        missed += len(true - said)
    return right, wrong, missed


# %%
silent = [truth.model_copy(update={"budget": None}) for truth in truths]
right, wrong, missed = tally(truths, silent, "budget")
print("right:", right, "· wrong:", wrong, "· missed:", missed)

# %% tags=["furniture"]
compare(2)


# %% tags=["guess"]
def share(part, rest):
    return f"{part / (part + rest):.0%}" if part + rest else "–"


print("precision:", share(right, wrong), "· recall:", share(right, missed))

# %% tags=["furniture"]
# Scores of the first version

from helpers.tables import Table

FIELDS = list(facts(truths[0]))
rows = []
for field in FIELDS:
    right, wrong, missed = tally(truths, first_orders, field)
    rows.append([field, right, wrong, missed, share(right, wrong), share(right, missed)])
heads = ["Field", "Right", "Wrong", "Missed", "Precision", "Recall"]
Table(heads, rows, "Twenty messages, first version", lesson.note())

# %% [markdown]
# (With a key, your model will make other mistakes. What follows is about the recorded ones.)
#
# Read the table row by row. Where precision is lower than recall, the extractor says too much, as with `quantity`: something was invented there. Look at the counts too: few messages name a budget, so each mistake weighs heavily. And for `intent`, which every message has, both scores are the same: the plain share of right answers.
#
# Fields are one view. A shop packs whole orders, and an order is right only when all of its fields are:


# %%
def wholly_right(truths, orders):
    pairs = zip(truths, orders, strict=True)
    return sum(bool(order) and facts(truth) == facts(order) for truth, order in pairs)


print(wholly_right(truths, first_orders), "of", len(truths), "messages are wholly right")

# %% [markdown]
# As a share, this is lower than any score in the table. The errors of different fields hit different messages, so they add up.

# %% [markdown]
# ## Look at the mistakes
#
# A score says where to look, not what is wrong. For that, put message, truth and answer beside each other. `verdicts` gives each field a word:


# %%
def verdicts(truth, order):
    rows = []
    for field, true in facts(truth).items():
        said = facts(order)[field] if order else set()
        word = "missed" if said < true else "invented" if said > true else "different"
        word = "same" if said == true else word
        rows.append([field, ", ".join(sorted(true)), ", ".join(sorted(said)), word])
    return rows


# %% [markdown]
# Two questions before you open the menu. Message 8 corrects itself halfway: what did the extractor do with that? And message 15 gives its berth as *B-3*: would you call the answer wrong?

# %% tags=["furniture"]
# How a message is shown

import html

GREEN, YELLOW, RED, VIOLET = "#d9ead3", "#fff2cc", "#f4cccc", "#d9d2e9"
COLOURS = {"same": GREEN, "missed": YELLOW, "invented": RED, "different": VIOLET}


def show_message(number):
    heads = ("field", "truth", "answer", "verdict")
    lines = "".join(f'<th scope="col">{head}</th>' for head in heads)
    for field, *cells, word in verdicts(truths[number], first_orders[number]):
        lines += f'<tr><th scope="row">{field}</th>'
        lines += "".join(f"<td>{html.escape(cell) or '–'}</td>" for cell in cells)
        lines += f'<td style="background: {COLOURS[word]}; color: black">{word}</td></tr>'
    text = html.escape(TEXTS[number])
    return f'<blockquote>{text}</blockquote><table cellpadding="6">{lines}</table>'


# %% tags=["furniture"]
from helpers import widgets

options = [(f"{number}: {text[:24]}…", number - 1) for number, text in enumerate(TEXTS, 1)]
picker = widgets.choice("Message", options, help="Which of the twenty messages to show")
about = "A menu of the twenty messages; below it one message, and for each field the truth, the answer and a verdict."
widgets.live_text(show_message, about, number=picker)

# %% [markdown]
# All mistakes of the first version, for reading without the control:


# %% tags=["furniture"]
# Mistakes of the first version


def mistakes(truths, orders):
    rows = []
    for number, (truth, order) in enumerate(zip(truths, orders, strict=True), 1):
        rows += [[str(number), *row] for row in verdicts(truth, order) if row[-1] != "same"]
    return rows


columns = ["Message", "Field", "Truth", "Answer", "Verdict"]
Table(columns, mistakes(truths, first_orders), "What went wrong in the first version", lesson.note())

# %% [markdown]
# In message 8, the goods that were taken back were noted as well. The berth of message 15 is right for a person and wrong for a program that looks up *B03*: whether that counts is your decision, and in exercise 2 you make it.
# The other mistakes are just as easy to understand: a boat's length taken for a quantity, an old price for a budget, day and month the wrong way round.

# %% [markdown]
# ## Describe the fields
#
# Most of these mistakes could be avoided with a sentence of explanation. It could go into the rules, but there is a better place: the `description` of a field travels in the schema, right where the model needs it, and right where you
# maintain the class. Inherit from the classes above, and explain what went wrong:


# %%
class GuidedItem(Item):
    quantity: int | None = Field(
        description="Pieces, litres, or metres of rope and chain that are wanted in the end. "
        "Not the size of a boat. Null if no number of goods is given."
    )


class GuidedOrder(Order):
    items: list[GuidedItem] = Field(description="Leave out goods that the message takes back.")
    berth: str | None = Field(description="One letter and two digits, such as C07.")
    deliver_on: date | None = Field(description="The British write 3/12 for 3 December.")
    budget: Money | None = Field(
        description="The most that the customer will pay now. Not a price paid before. 'Quid' is GBP."
    )


# %%
guided = read_all(TEXTS, GuidedOrder)
guided_orders = [completion.choices[0].message.parsed for completion in guided]
print(lesson.last_request()["response_format"]["json_schema"]["schema"]["properties"]["berth"])

# %% tags=["furniture"]
# Scores before and after

rows = []
for field in FIELDS:
    before, after = tally(truths, first_orders, field), tally(truths, guided_orders, field)
    precision = [share(right, wrong) for right, wrong, _ in (before, after)]
    recall = [share(right, missed) for right, _, missed in (before, after)]
    rows.append([field, *precision, *recall])
heads = ["Field", "Precision before", "Precision after", "Recall before", "Recall after"]
Table(heads, rows, "The same messages, with descriptions", lesson.note())

# %% tags=["furniture"]
# Mistakes of the second version

print(wholly_right(truths, guided_orders), "of", len(truths), "messages are wholly right")
Table(columns, mistakes(truths, guided_orders), "What is still wrong, or newly so", lesson.note())

# %% [markdown]
# Most mistakes are gone. In message 5, day and month are right now, but the year isn't. But look at message 13, which was right before: it cancels two fenders, and "leave out goods that the message takes back" has swept them away. **Every fix can break something else.** So keep such a set of messages, and score all of it after
# each change, of the class, of the rules, or of the model.
#
# Two warnings. You have now changed the class *for* these twenty messages, so they flatter it; the honest score comes from messages that you have not looked at. And twenty is few: one message more or less is five points. Before you trust a
# difference of a few points, collect a few hundred.
#
# **Try it:** describe `items` in `GuidedOrder` as `"Leave out goods that the message takes back, unless it cancels them."`, and run from there to the last table. Is message 13 right again, and are the others still?

# %% [markdown]
# ## Find mistakes without a truth
#
# In daily use there is no truth to compare with. The rules still work. Which of the answers break one?

# %% tags=["furniture"]
# Rules that were broken

rows = []
for version, orders in [("first", first_orders), ("guided", guided_orders)]:
    for number, read in enumerate(orders, 1):
        broken = broken_rules(read) if read else ["refused"]
        rows += [[version, str(number), rule] for rule in broken]
Table(["Version", "Message", "Broken rule"], rows, "What the shop's rules notice", lesson.note())

# %% [markdown]
# Rules need no truth, cost nothing and run on every message. They notice what is impossible, such as a day in the past, and `read_checked` would send that message back to the model. They don't notice what is possible and wrong: a wrong intent is as
# valid as the right one. So you need both: rules for every day, and a scored set for every change.

# %% [markdown]
# ## Count the cost
#
# The schema is part of the prompt, so every call pays for it. What do a thousand messages like these cost?

# %%
from helpers import costs


def thousand(completions, model=SMALL, batch=False):
    prices = [costs.cost(model, completion.usage, batch) for completion in completions]
    return costs.usd(1000 * sum(prices) / len(prices))


def mean_tokens(completions, side):
    return round(sum(getattr(done.usage, side) for done in completions) / len(completions))


# %% tags=["furniture"]
rows = []
for name, completions, model, batch in [
    ("bare class", first, SMALL, False),
    ("with descriptions", guided, SMALL, False),
    ("with descriptions, as a batch", guided, SMALL, True),
    ("with descriptions, flagship", guided, FLAGSHIP, False),
]:
    used = [mean_tokens(completions, side) for side in ("prompt_tokens", "completion_tokens")]
    rows.append([name, model, *used, thousand(completions, model, batch)])
Table(
    ["Version", "Model", "Tokens in", "Tokens out", "Price of 1,000"],
    rows,
    "Reading 1,000 messages",
)

# %%
from helpers import tokens

bare = tokens.chat_tokens(conversation(TEXTS[0]), SMALL)
print(bare, "tokens in without a class,", first[0].usage.prompt_tokens, "with it")

# %% [markdown]
# (How many tokens a schema takes is estimated in recorded answers, and so is the row of the flagship, which takes the same counts at another price. With a key, `usage` has the real counts.) The schema is the larger part of a short message's prompt, and still cheap on the
# small model. What can wait until tomorrow costs half as a batch ([lesson 07](07_prepare_for_production.ipynb)). Whether the flagship makes fewer mistakes is a question that you can answer yourself, with a key: run the same twenty, and score them.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: a class for bookings
#
# The harbour takes bookings as free text too. Complete two classes. `Boat` has a `name` and a `length_m`, a number that may have decimals. `Booking` has a `boat`, which is a `Boat`; an `arrival`, a day; `nights`, a whole number that may be missing; and a
# `mooring`, which is `buoy`, `pontoon` or `quay` and nothing else. Nothing is sent.


# %% tags=["exercise-1"]
class Boat(BaseModel): ...


class Booking(BaseModel): ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# One line for each field, as in `Money` and `Order`. A number with decimals is a `float`, a day a `date`, and what may be missing ends in `| None`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# class Boat(BaseModel):
#     name: str
#     length_m: float
#
#
# class Booking(BaseModel):
#     boat: Boat
#     arrival: date
#     nights: int | None
#     mooring: Literal["buoy", "pontoon", "quay"]
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: a score with your own yardstick
#
# *B-3* and *B03* are the same berth. Write `score(truths, answers, tidy)` for one field. Both lists hold a text or `None` for each message. Compare two texts after `tidy` has been applied to both, and return precision and recall as a pair of numbers
# between 0 and 1. Where there is nothing to divide by, give `None`. The next cell has a `tidy` for berths.

# %%
import re


def tidy_berth(text):
    """'b 3' and 'B-3' become 'B03'; other texts stay as they are."""
    match = re.fullmatch(r"\s*([A-Fa-f])\W*(\d{1,2})\s*", text)
    return f"{match[1].upper()}{int(match[2]):02}" if match else text


# %% tags=["exercise-2"]
def score(truths, answers, tidy):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Count three things: pairs in which both are there and equal after `tidy`; answers that are not `None`; truths that are not `None`. Both scores have the first number on top.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def score(truths, answers, tidy):
#     pairs = list(zip(truths, answers, strict=True))
#     right = sum(t is not None and a is not None and tidy(t) == tidy(a) for t, a in pairs)
#     said = sum(answer is not None for answer in answers)
#     there = sum(truth is not None for truth in truths)
#     return (right / said if said else None, right / there if there else None)
# ```
#
# Try it: `score([t.berth for t in truths], [o.berth for o in first_orders], tidy_berth)`. With `str` in place of `tidy_berth` you get the score of the table.
#
# </details>

# %% [markdown]
# ### Exercise 3: read every end
#
# Write `outcome(response)` for an ordinary response of `create` with the schema of `Order`. For these three ends it raises nothing and returns a pair: `("data", the order)`, `("refused", the text of the refusal)` or `("cut off", None)`. You have `whole` and `cut` from above; the next cell
# makes a refused one.

# %%
declined = whole.model_copy(deep=True)
declined.choices[0].message.content = None
declined.choices[0].message.refusal = "I'm sorry, I can't help with that."


# %% tags=["exercise-3"]
def outcome(response):
    return ...


# %% tags=["check-3", "furniture"]
check(3)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Ask in this order: is `finish_reason` `"length"`? Is there a `message.refusal`? Only then read the content.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def outcome(response):
#     choice = response.choices[0]
#     if choice.finish_reason == "length":
#         return "cut off", None
#     if choice.message.refusal:
#         return "refused", choice.message.refusal
#     return "data", Order.model_validate_json(choice.message.content)
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# The same class goes into `text_format`, and the object comes out as `output_parsed`.

# %%
twin = client.responses.parse(
    model=SMALL,
    instructions=RULES,
    input=TEXTS[0],
    text_format=Order,
    reasoning={"effort": "none"},
    store=False,
)
print(twin.output_parsed == order)
print(list(lesson.last_request()["text"]["format"]))

# %% [markdown]
# The schema is the same; it travels flat in `text.format`. One difference is easy to miss. Here is the answer that is cut off:

# %%
try:
    client.responses.parse(
        model=SMALL, instructions=RULES, input=TEXTS[0], text_format=Order,
        reasoning={"effort": "none"}, store=False, max_output_tokens=20,
    )
except ValidationError as error:
    print("ValidationError:", error.errors()[0]["type"])

# %% [markdown]
# The limit has no error of its own here: pydantic is handed half an object and complains about its JSON (SDK 3.57, November 2026). Where answers may be long, call `responses.create` with the format instead, look at `status`, and validate
# the text yourself:

# %%
half = client.responses.create(
    model=SMALL, instructions=RULES, input=TEXTS[0], reasoning={"effort": "none"}, store=False,
    text={"format": {"type": "json_schema", **sent["json_schema"]}}, max_output_tokens=20,
)
if half.status == "incomplete":
    print(half.status, "·", half.incomplete_details.reason)
else:
    print(Order.model_validate_json(half.output_text))

# %% [markdown]
# `create` and your own check, as in exercise 3 (which also looks for a refusal), work the same way in both APIs.
#
# | What | Chat Completions | Responses |
# |---|---|---|
# | The class goes into | `response_format` | `text_format` |
# | The object is | `choices[0].message.parsed` | `output_parsed` |
# | A refusal is | `message.refusal` | an item of type `refusal` in the content of the message |
# | Cut off | `LengthFinishReasonError` | `ValidationError`; with `create`, the `status` is `incomplete` |
# | JSON mode | `response_format={"type": "json_object"}` | `text={"format": {"type": "json_object"}}` |

# %% [markdown]
# ## From the production desk
#
# - **Let every field be able to say "I don't know"**: `| None`, `other`, an empty list. What can't be left out gets invented.
# - **Put the fields in the order in which they are easiest to decide.** The model writes them from top to bottom, so each can build on those above it.
# - **Take simple types.** `Decimal` allows a number or a text in the schema, and older pydantic (2.12) adds a pattern that the API has been seen to choke on ([report of May 2026](https://github.com/pydantic/pydantic-ai/issues/5508)). A `float`, or cents as an `int`, has neither.
# - **Store the message, the answer, the model and a version of the class** with every extraction. Without them you can neither score nor repair it later.
# - **A schema doesn't stop an injected instruction.** A message from a stranger may try to talk the model into a wrong value, as in [lesson 08](08_let_the_model_call_tools.ipynb), and the wrong value will fit the schema. Rules and people decide what happens next.

# %% [markdown]
# ## Recap
#
# - `parse()` with a pydantic class gives typed objects. JSON mode only gives JSON.
# - Handle four ends: whole, refused, cut off, filtered. Check the rules of your trade after that, and feed a broken one back once.
# - Form is not truth. Score each field for precision and recall, look at the mistakes, and score again after every change.
#
# Next the model gets eyes: you will ask about pictures.

# %%
lesson.receipt()
