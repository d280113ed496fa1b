# %% [markdown]
# # Count tokens and cost
#
# Find out what a request will cost before you send it, and what makes a bill grow.

# %% [markdown]
# **You will learn** what a token is, how many your kind of text makes, how to count a request and price it, and five ways to pay less.
#
# **You need** [lesson 01](01_make_your_first_call.ipynb): messages, and the `usage` of a response.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, FORMER_SMALL, NEWEST, PRO, SMALL

lesson.start("03")

# %% [markdown]
# ## See text as a model sees it
#
# A model doesn't read letters or words. A **tokenizer** cuts the text into **tokens**: frequent words are one token, rare ones are put together from pieces. You pay by the token, so this is where cost begins.
# Take a guess before you count. (The first count loads a list of some 200,000 tokens, which takes about a second.)

# %% tags=["furniture"]
from helpers import tokens
from helpers.exercises import compare, predict

predict(1, 'How many tokens is "extraordinary"?', ["1", "2", "3", "4"])

# %%
for text in ["the", "extraordinary", " extraordinary"]:
    print(repr(text), tokens.encode(text))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# ### Look for yourself
#
# You will read other numbers elsewhere. Don't argue about tokens: count them. It needs no network and no key.
#
# Now type into the box, and try to answer from what you see:
#
# - What does a space in front of a word change? What do CAPITALS change?
# - What happens to a typo, and to a long number?
# - How many tokens is an emoji? How many is your name?

# %% tags=["furniture"]
from helpers.demos import token_lens

token_lens.live("Extraordinary! The ferry leaves at 09:30, and the harbour is calm. 🦜")

# %% tags=["furniture", "guess"]
token_lens.table(["Hello, world!", " harbour", " HARBOUR", " habrour", "12", "1234567", "🦜"])

# %% [markdown]
# <details><summary>What to notice</summary>
#
# A space belongs to the word behind it. Capitals and typos break a frequent word into pieces, because only its usual spelling has a token of its own. Numbers are cut into threes from the left.
# A rare emoji is cut *inside* the character, into bytes; the lens shows them, like `\xf0`.
#
# </details>
#
# In a program of your own, use `tiktoken`, OpenAI's tokenizer. The course counts with a package that has the same lists on board and needs no download. The ids are the same.
#
# ```python
# import tiktoken
#
# encoding = tiktoken.get_encoding("o200k_base")
# print(len(encoding.encode("Hello, world!")))
# ```

# %% [markdown]
# ## Test the rule of thumb
#
# The usual rule says that a token is about 4 characters, or three quarters of a word, so 1,000 tokens are about 750 words. That is a rule for English prose. Here is one message in ten languages, and seven
# other kinds of text.

# %% tags=["furniture"]
import json
from pathlib import Path

path = Path("../data/lessons/03/kinds_of_text.json")
kinds = json.loads(path.read_text(encoding="utf-8"))
languages, others = kinds["languages"], kinds["others"]
measured = {kind: tokens.count(text) for kind, text in languages.items()}
four = ["Chinese", "English", "Hindi", "Spanish"]
predict(2, "The same message in four languages. Which one takes the most tokens?", four)

# %% tags=["furniture"]
compare(2)

# %% tags=["furniture", "guess"]
from helpers.tables import Table

rows = []
for kind, text in {**languages, **others}.items():
    number = tokens.count(text)
    against = f"{number / measured['English']:.2f} ×" if kind in languages else None
    rows.append([kind, len(text), number, f"{len(text) / number:.2f}", against])
heads = ["Kind", "Characters", "Tokens", "Characters per token", "Price against English"]
Table(heads, rows, caption="One message in ten languages, and seven other kinds of text")

# %% [markdown]
# <details><summary>What to notice</summary>
#
# The rule holds for English prose and its close relatives. Look at the last column too: Chinese has about one character per token and still costs hardly more than English, because a
# character says more.
#
# </details>
#
# Only a count of *your* text tells you the price.

# %% [markdown]
# ## Count a whole request
#
# A request is more than its texts: every message also carries its role, and marks for its beginning and end. `tokens.chat_tokens` counts all of it, and the response tells you whether that was right.

# %%
from openai import OpenAI

client = OpenAI()

messages = [
    {"role": "developer", "content": "You are a guide. Answer in one sentence."},
    {"role": "user", "content": "Why is the sea salty?"},
]
response = client.chat.completions.create(model=FLAGSHIP, messages=messages)

print(response.choices[0].message.content)

# %%
print("counted:", tokens.chat_tokens(messages, FLAGSHIP))
print("billed: ", response.usage.prompt_tokens)
print("written:", response.usage.completion_tokens)
print("in all: ", response.usage.total_tokens)

# %% [markdown]
# Trust the count, but not blindly. It is an estimate for tools and pictures, and for every gpt-6 model, because OpenAI has not published that tokenizer (November 2026). The truth is always the `usage` of the response.
#
# **Try it:** ask the small model the same (`model="gpt-6-luna"`, with `reasoning_effort="none"`). Ask why rivers are not salty.

# %% [markdown]
# ## Price it
#
# A model has several prices: for what you send, for what it writes, and for input it has seen shortly before. They come from a package that this course pins to one version. The line below the table says when they were checked.

# %% tags=["furniture"]
from helpers import costs

costs.cost_table([FLAGSHIP, SMALL, PRO, FORMER_SMALL, NEWEST])

# %% [markdown]
# Read the last column first: a cheap model that ends soon is no bargain, because you will have to test its successor anyway. Where a price is *unknown*, the package doesn't have it yet, and a good helper says so instead of
# guessing.
#
# Now a bill by hand. A chatbot gets a prompt of 200 tokens and answers with 300:

# %%
flagship = costs.price(FLAGSHIP)
question = 200 * flagship["input"] / 1_000_000
answer = 300 * flagship["output"] / 1_000_000
message = question + answer
print(f"question {costs.usd(question)}, answer {costs.usd(answer)}")
print(f"together {costs.usd(message)}")
print(f"1,000 messages: {costs.usd(1000 * message)}")
print(f"rounded first:  {costs.usd(1000 * 0.0046)}")

# %% [markdown]
# Round first, and you get 4.60 instead of 4.55 dollars. So round only at the end. `costs.cost` does this arithmetic for the `usage` of any response, cached input and reasoning included.

# %%
print(costs.usd(costs.cost(FLAGSHIP, response.usage)))

# %% [markdown]
# ## Move the calculator
#
# A message costs next to nothing; a service sends many. Write down your guesses before you move the sliders:
#
# - Start at 1,000 messages a day, 200 tokens in and 300 out. Which shrinks the bill more: half the prompt, or half the answer?
# - Raise the prompt to 5,000 tokens. Which bar is the longest now?
# - Then let 80 % of the prompt repeat. How much of the bill goes? Does the same help at 1,000 tokens?

# %% tags=["furniture"]
from helpers.demos import cost_calculator

cost_calculator.live()

# %% tags=["furniture", "guess"]
cases = [
    (200, 300, 0), (100, 300, 0), (200, 150, 0), (5000, 300, 0), (5000, 300, 0.8), (1000, 300, 0.8)
]
rows = []
for sent, written, repeated in cases:
    bills = [cost_calculator.bill(1000, sent, written, model, repeated) for model in (FLAGSHIP, SMALL)]
    months = [costs.usd(bill.month) for bill in bills]
    rows.append([f"{sent:,} in, {written} out", f"{repeated:.0%}", *months])
Table(["Message", "Repeated", FLAGSHIP, SMALL], rows, "A month of 1,000 messages a day, in USD")

# %% [markdown]
# <details><summary>What to notice</summary>
#
# With a short prompt, the answer is the bill. With a long one the prompt is, and its repetition is worth money: OpenAI charges less for the beginning of a prompt that it has read shortly before. This needs at least
# 1,024 tokens, so a short chat never gains from it. *Deeper* has the rules.
#
# </details>

# %% [markdown]
# ## Pay less
#
# Five tips that everybody gives, and what each is worth. None of these figures needs a model: they follow from the prices.

# %% tags=["furniture"]
small = costs.price(SMALL)


def chat(model, sent, written):
    usage = {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}
    return 1000 * costs.cost(model, usage)


turns = [50 + 70 * turn for turn in range(20)]  # a question and an answer of 35 tokens each
tips = {
    "Take the smallest model that works": (chat(FLAGSHIP, 200, 300), chat(SMALL, 200, 300)),
    "Keep answers to questions that repeat": (chat(SMALL, 200, 300), chat(SMALL, 200, 300) / 2),
    "Ask for a short answer": (chat(SMALL, 200, 300), chat(SMALL, 200, 60)),
    "Send only the last turns of a chat": (
        sum(chat(SMALL, sent, 35) for sent in turns),
        sum(chat(SMALL, min(sent, 50 + 4 * 70), 35) for sent in turns),
    ),
    "Share a long beginning": (
        1000 * cost_calculator.bill(1, 5000, 300, FLAGSHIP, 0).message,
        1000 * cost_calculator.bill(1, 5000, 300, FLAGSHIP, 0.8).message,
    ),
}
cases = [
    f"200 in, 300 out: {SMALL} instead of {FLAGSHIP}", "every second question was asked before",
    "60 tokens out instead of 300", "a chat of 20 turns; the last 4 are sent",
    "80 % of 5,000 tokens repeat",
]
rows = [
    [tip, case, costs.usd(before), costs.usd(after), f"{1 - after / before:.0%}"]
    for case, (tip, (before, after)) in zip(cases, tips.items(), strict=True)
]
Table(["Tip", "For example", "Before", "After", "Saved"], rows, "USD per 1,000 calls, or chats")

# %% [markdown]
# - **The smallest model that works** often saves the most, and only a test on *your* questions tells you which one that is ([lesson 02](02_turn_the_knobs.ipynb) has one).
# - **Keep answers** only where they are the same for everybody, and give them an end date: shops change their hours. [Lesson 07](07_prepare_for_production.ipynb) builds such a cache.
# - **Ask for a short answer**, and set `max_completion_tokens` a good deal higher. The limit doesn't shorten, it cuts.
# - **Send only the last turns** when the model doesn't need the rest. [Lesson 04](04_build_an_assistant.ipynb) compares three ways.
# - **Share a long beginning**: put rules and documents first, and what changes last.

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** Write `highest_price(messages, limit, model)`. It returns, in USD, the most that a chat call can cost: the prompt, and an answer as long as the limit (`max_completion_tokens`) allows. Leave the
# cache out of it. Nothing is sent.


# %% tags=["exercise-1"]
def highest_price(messages, limit, model):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Count the prompt with `tokens.chat_tokens(messages, model)`, and take `input` and `output` from `costs.price(model)`. Both prices are for a million tokens.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def highest_price(messages, limit, model):
#     listed = costs.price(model)
#     prompt = tokens.chat_tokens(messages, model)
#     return (prompt * listed["input"] + limit * listed["output"]) / 1_000_000
# ```
#
# </details>

# %% [markdown]
# **Exercise 2.** Write `total(responses)`. It returns what a list of responses cost together, in USD, each at the price of its own model. `costs.cost` gives `None` where a price is unknown: then raise a `ValueError` that names the
# model.


# %% tags=["exercise-2"]
def total(responses):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `response.model` names the model, and `costs.cost(response.model, response.usage)` is the price of one. Check for `None` before you add it.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def total(responses):
#     spent = 0.0
#     for response in responses:
#         price = costs.cost(response.model, response.usage)
#         if price is None:
#             raise ValueError(f"The price of {response.model} is unknown.")
#         spent += price
#     return spent
# ```
#
# </details>

# %% [markdown]
# ## Deeper

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Count it yourself
#
# Ask a second question with the history of the first, and compare the tokens of the texts with the bill.

# %%
longer = [
    *messages,
    {"role": "assistant", "content": response.choices[0].message.content},
    {"role": "user", "content": "And why are rivers not?"},
]
second = client.chat.completions.create(model=FLAGSHIP, messages=longer)
print(second.choices[0].message.content)

# %%
for sent, answered in [(messages, response), (longer, second)]:
    texts = sum(tokens.count(message["content"]) for message in sent)
    billed = answered.usage.prompt_tokens
    print(f"{len(sent)} messages: {texts} tokens of text, {billed - texts} more billed")

# %% [markdown]
# The rest is wrapping. The course's rule for this model: 4 tokens per message, 2 more for each earlier answer, and 2 once.

# %%
def count_prompt(messages):
    count = 2
    for message in messages:
        count += 4 + tokens.count(message["content"])
        count += 2 if message["role"] == "assistant" else 0
    return count


print(count_prompt(longer), second.usage.prompt_tokens)

# %% [markdown]
# Where does the rule come from? It was found in public recordings of the real API for related models, and taken over for this one. The `usage` of an authored answer comes from the same rule, so with those the two can
# only agree. Live, compare again.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Find out when the prompt costs more than the answer
#
# A token of the answer costs several times as much as a token of the prompt. So does the answer always cost more than the prompt, as is often said?

# %% tags=["furniture"]
predict(
    3,
    f"A prompt of 1,000 tokens, an answer of 100, on {FLAGSHIP}. Which of the two costs more?",
    ["the prompt", "the answer"],
)

# %%
for model in (FLAGSHIP, SMALL):
    listed = costs.price(model)
    ratio = listed["output"] / listed["input"]
    print(f"{model}: a token of the answer costs as much as {ratio:g} of the prompt")

# %% tags=["furniture"]
compare(3)

# %% [markdown]
# #### Where it turns
#
# The saying holds for short questions with long answers. It turns where the prompt is longer than the answer by the ratio of the two prices. Documents, long histories and long instructions are well past that point. So find out which
# side *your* bill is on before you save on the wrong one.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Let the cache pay
#
# When the beginning of a prompt is the same as that of an earlier one, OpenAI charges less for it, without being asked. Three conditions (November 2026):
#
# - The **prefix**, as the beginning is called, must be the same *to the letter*.
# - It must be long enough: at least 1,024 tokens from gpt-5.6 on. For earlier models OpenAI's guide names no fixed number any more.
# - Its last use must not be long ago: at least 30 minutes are promised from gpt-5.6 on.
#
# What needs a long prefix? A document that every question is about. Here is an invented timetable of ferries:

# %%
from pathlib import Path

path = Path("../data/lessons/03/timetable.txt")
RULES = path.read_text(encoding="utf-8").strip()
print(RULES[:300], "…")

# %%
print(f"{tokens.count(RULES):,} tokens")

# %% [markdown]
# Two different questions, one after the other. What they share is the rules and the timetable.

# %%
QUESTIONS = [
    "When does the last ferry to Seal Island leave on Sunday?",
    "Which is the earliest ferry on Monday?",
]


def ask_timetable(question):
    rules = {"role": "developer", "content": RULES}
    sent = [rules, {"role": "user", "content": question}]
    return client.chat.completions.create(model=FLAGSHIP, messages=sent)


# %%
for question in QUESTIONS:
    answered = ask_timetable(question)
    usage = answered.usage
    cached = usage.prompt_tokens_details.cached_tokens
    price = costs.usd(costs.cost(FLAGSHIP, usage))
    print(answered.choices[0].message.content)
    print(f"  {usage.prompt_tokens:,} in, {cached:,} cached: {price}")

# %% [markdown]
# Most of the second prompt came from the cache. Caching works in blocks, so a little less than the shared part counts. (Live, a second call can still miss the cache, and a first one can find what an earlier run has left. The bill says what
# you got.)
#
# A common mistake is to put the time of day at the top:

# %%
def shared_tokens(one, other):
    pairs = zip(tokens.encode(one), tokens.encode(other), strict=False)
    return next((n for n, (left, right) in enumerate(pairs) if left != right), None)


one, other = "Sunday, 09:14", "Monday, 11:30"
print("time at the end:", shared_tokens(f"{RULES}\n{one}", f"{RULES}\n{other}"))
print("time at the top:", shared_tokens(f"{one}\n{RULES}", f"{other}\n{RULES}"))

# %% [markdown]
# One line in the wrong place, and nothing is cached for anybody.
#
# **Exercise 3.** The assistant for the timetable must know what time it is. Write `build(question, now)`. It returns the list of messages: `RULES`, the time `now` and the question, in such an order that two visitors at different times share
# a prefix that can be cached.


# %% tags=["exercise-3"]
def build(question, now):
    return ...


# %% tags=["check-3", "furniture"]
check(3)

# %% [markdown]
# <details><summary>Hint</summary>
#
# First a `developer` message with nothing but `RULES`. The time can be in a second message, or in the one with the question.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def build(question, now):
#     return [
#         {"role": "developer", "content": RULES},
#         {"role": "developer", "content": f"It is {now}."},
#         {"role": "user", "content": question},
#     ]
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Know the fee of newer models
#
# Before gpt-5.6, writing into the cache was free. From gpt-5.6 on it costs a quarter more than plain input, and you can mark where the part worth keeping ends: with a **breakpoint** on a part of a message. OpenAI
# finds the cache by itself; a `prompt_cache_key` keeps separate accounts of it.

# %%
mark = {"prompt_cache_breakpoint": {"mode": "explicit"}}
rules = {"role": "developer", "content": [{"type": "text", "text": RULES, **mark}]}
for question in QUESTIONS:
    answered = client.chat.completions.create(
        model=SMALL,
        messages=[rules, {"role": "user", "content": question}],
        reasoning_effort="none",
        prompt_cache_key="ferry-timetable",
    )
    details = answered.usage.prompt_tokens_details
    print(details.cached_tokens, "read,", details.cache_write_tokens, "written")

# %% [markdown]
# When does that pay? In units of one prompt that is read without any cache:

# %%
listed = costs.price(SMALL)
for calls in (1, 2, 8):
    total_price = listed["cache_write"] + (calls - 1) * listed["cached_input"]
    cached = total_price / listed["input"]
    print(f"{calls} calls: {cached:.2f} with the cache, {calls:.2f} without")

# %% [markdown]
# From the second call on you are ahead. Only a long prompt that *never* repeats loses: it pays the fee for nothing. For those, `prompt_cache_options={"mode": "explicit"}` without a breakpoint turns caching off.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Choose a service tier
#
# The same model comes at three prices. `service_tier="flex"` costs half and may be slow or turned away when OpenAI is busy; `"priority"` (also called fast) costs about twice as much and is meant to be faster; leave it out for the default. Not every model has all three
# (November 2026). What can wait a day costs half too, with the Batch API ([lesson 07](07_prepare_for_production.ipynb)). The response says which tier answered:

# %%
print(response.service_tier)

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### The same with the Responses API
#
# Tokens and prices are the same; the names are `input_tokens` and `output_tokens`. This API can also count for you: `input_tokens.count` takes the same arguments as a request and generates nothing. It knows what an offline count can't: tools,
# pictures, and models whose tokenizer is not published.

# %%
request = {"model": SMALL, "instructions": RULES, "input": QUESTIONS[0]}
counted = client.responses.input_tokens.count(**request, reasoning={"effort": "none"})
twin = client.responses.create(**request, reasoning={"effort": "none"}, store=False)
print(counted.input_tokens, "counted,", twin.usage.input_tokens, "billed")

# %%
print(costs.usd(costs.cost(SMALL, twin.usage)))

# %% [markdown]
# ## In production
#
# - Log `response.model` and the whole `usage` with every call, and compute the price later, from a table with a date. A price in the log can't be corrected; a count can.
# - Set a hard spend limit for your project before you need it. A loop that asks too often is found at the limit, or on the bill.

# %% [markdown]
# ## What you have now
#
# Text is cut into tokens, and you can count your own. A call costs its prompt and its answer, each at its own price. The smallest model that works often saves the most; after that, save on the side where your bill is.
#
# **Next:** [build an assistant](04_build_an_assistant.ipynb) that remembers, and keep an eye on what its memory costs.

# %% tags=["furniture"]
lesson.receipt()
