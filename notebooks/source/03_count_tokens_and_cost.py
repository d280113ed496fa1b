# %% [markdown]
# # Count tokens and cost
#
# Find out what a request will cost before you send it, and what makes a bill grow.

# %% [markdown]
# **You will learn** what a token is, how many tokens your kind of text takes, how to count and price a request, and five ways to pay less.
#
# **You need** [lesson 01](01_make_your_first_call.ipynb): messages, and the `usage` of a response.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, FORMER_SMALL, NEWEST, PRO, SMALL

lesson.start("03")

# %% [markdown]
# ## See text as a model sees it
#
# A model doesn't read letters or words. A **tokenizer** cuts the text into **tokens**: a frequent word is one token, and a rare word is split into several. You pay per token, so start by counting them.
# `tokens.encode` returns one number, an **id**, for each token. Take a guess before you count. (The first count takes about a second, because it loads a list of some 200,000 tokens.)

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, 'How many tokens is "extraordinary"?', ["1", "2", "3", "4"])

# %%
from helpers import tokens

for text in ["the", "extraordinary", " extraordinary"]:
    print(repr(text), tokens.encode(text))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# ### Look for yourself
#
# The token counts you find on the web often disagree. Check for yourself: counting needs no network and no key. Type into the box and find out:
#
# - What does a space in front of a word change? What do CAPITALS change?
# - What happens to a typo, and to a long number?
# - How many tokens is an emoji? How many is your name?

# %% tags=["furniture"]
from helpers.demos import token_lens

token_lens.live("Good morning! The ferry leaves at 09:30, and the harbour is calm.")

# %% tags=["furniture", "guess"]
token_lens.table(["Hello, world!", " harbour", " HARBOUR", " habrour", "12", "1234567", "🦜"])

# %% [markdown]
# <details><summary>What to notice</summary>
#
# A space belongs to the word after it, but in front of a number it is a token of its own. Capitals and typos break a frequent word into pieces, because only its usual spelling has a token of its own. A long number is cut into groups of three digits, from the left.
# A rare emoji is cut *inside* the character, into bytes, shown here as `\xf0` and the like.
#
# </details>
#
# In a program of your own, use `tiktoken`, OpenAI's tokenizer; `o200k_base` is the name of its list for recent models. It downloads the list on first use. The course uses a package that contains the same list, so the ids are the same
# and nothing is downloaded.
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
# The usual rule says that a token is about 4 characters, or three quarters of a word, so 1,000 tokens are about 750 words. That is a rule for English prose. Does it hold for your language, or for code? Below is one message in ten languages,
# and then seven other kinds of text.

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
heads = ["Kind", "Characters", "Tokens", "Characters per token", "Tokens compared with English"]
Table(heads, rows, caption="One message in ten languages, and seven other kinds of text")

# %% [markdown]
# <details><summary>What to notice</summary>
#
# The rule holds roughly for English prose and for its neighbours, such as German, French and Spanish. Look at the last column too: Chinese has about one character per token and still costs hardly more than English, because a
# character says more.
#
# </details>
#
# Only a count of *your* text tells you the price.

# %% [markdown]
# ## Count a whole request
#
# A request is more than its text: each message also has a role, and markers for where it begins and ends. `tokens.chat_tokens` counts all of that, and `usage` in the response says what was billed.

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
print("prompt, counted:", tokens.chat_tokens(messages, FLAGSHIP))
print("prompt, billed: ", response.usage.prompt_tokens)
print("answer, billed: ", response.usage.completion_tokens)
print("total:          ", response.usage.total_tokens)

# %% [markdown]
# Use the count to plan, and `usage` for the real number. (For recorded answers the course computed both with the same rule, so they agree here.) The count is only an estimate for tools and pictures, and for every gpt-6 model, because
# OpenAI has not published that tokenizer (November 2026).
#
# **Try it:** ask the small model the same question (`model="gpt-6-luna"`, with `reasoning_effort="none"`). Then ask `Why are rivers not salty?` Afterwards, undo your changes and run both cells again: later cells use this answer.

# %% [markdown]
# ## Price it
#
# A model has several prices: for what you send, for what it writes, and a lower one for input it has seen recently. (*cache write* is a fee that newer models charge; *Deeper* explains it.) The prices come from a package that this course
# pins to one version; the line below the table says when they were checked.

# %%
from helpers import costs

costs.cost_table([FLAGSHIP, SMALL, PRO, FORMER_SMALL, NEWEST])

# %% [markdown]
# Read the last column first; it says when a model will be shut down. A cheap model that ends soon isn't a bargain, because you will soon have to test its successor. *unknown* means that the package doesn't have the price yet; the table doesn't guess, but OpenAI's [price list](https://developers.openai.com/api/docs/pricing) may have it.
#
# **Try it:** put other names into the list: `"gpt-5.4-mini"`, `"gpt-4o"`, or one that you make up.
#
# Now work out a bill by hand. A chatbot gets a prompt of 200 tokens and answers with 300:

# %%
price = costs.price(FLAGSHIP)  # USD per million tokens
question = 200 * price["input"] / 1_000_000
answer = 300 * price["output"] / 1_000_000
message = question + answer
print(f"question {costs.usd(question)}, answer {costs.usd(answer)}")
print(f"together {costs.usd(message)}")
print(f"1,000 messages: {costs.usd(1000 * message)}")
print(f"rounded first:  {costs.usd(1000 * 0.0046)}")

# %% [markdown]
# If you round the price of one message first, a thousand seem to cost USD 4.60 instead of 4.55. Round only at the end. `costs.cost` does this arithmetic for the `usage` of any response, cached input and reasoning included.

# %%
print(costs.usd(costs.cost(response.model, response.usage)))

# %% [markdown]
# ## Estimate a monthly bill
#
# One message costs next to nothing, but a service sends many. Write down your guesses before you move the sliders:
#
# - Start at 1,000 messages a day, 200 tokens in and 300 out, then halve the answer. How much of the bill is left: a half, or more?
# - Raise the prompt to 5,000 tokens. Which bar is the longest now?
# - Now set the repeated share to 80%. How much smaller is the bill? Does it also help with a prompt of 1,000 tokens?

# %% tags=["furniture"]
from helpers.demos import cost_calculator

cost_calculator.live()

# %% tags=["furniture", "guess"]
cases = [
    (200, 300, 0),
    (100, 300, 0),
    (200, 150, 0),
    (5000, 300, 0),
    (5000, 300, 0.8),
    (1000, 300, 0),
    (1000, 300, 0.8),
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
# With a short prompt, nearly all of the bill is the answer. With a long one, most of it is the prompt, and then repetition pays: OpenAI charges less for the beginning of a prompt if it has read the same beginning recently.
# That beginning must be long (here: 1,024 tokens), so a short chat never gains from it. *Deeper* has the rules.
#
# </details>

# %% [markdown]
# ## Pay less
#
# Five tips you will hear everywhere, and what each is worth. All figures are calculated from the list prices.

# %% tags=["furniture"]
small = costs.price(SMALL)


def chat(model, sent, written):
    usage = {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}
    return 1000 * costs.cost(model, usage)


turns = [50 + 70 * turn for turn in range(20)]  # a question and an answer of 35 tokens each
tips = {
    "Take the smallest model that works": (chat(FLAGSHIP, 200, 300), chat(SMALL, 200, 300)),
    "Reuse answers to questions that repeat": (chat(SMALL, 200, 300), chat(SMALL, 200, 300) / 2),
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
    f"200 in, 300 out: {SMALL} instead of {FLAGSHIP}", "half of the questions were asked before",
    "60 tokens out instead of 300", "a chat of 20 turns; 4 earlier turns are sent",
    f"80% of 5,000 tokens repeat, on {FLAGSHIP}",
]
rows = [
    [tip, case, costs.usd(before), costs.usd(after), f"{1 - after / before:.0%}"]
    for case, (tip, (before, after)) in zip(cases, tips.items(), strict=True)
]
Table(["Tip", "For example", "Before", "After", "Saved"], rows, "USD per 1,000 calls or chats")

# %% [markdown]
# - **The smallest model that works** often saves the most, and only a test on *your* questions tells you which one that is ([lesson 02](02_turn_the_knobs.ipynb) has one).
# - **Reuse answers** only where they are the same for everybody, and let stored ones expire: shops change their hours. [Lesson 07](07_prepare_for_production.ipynb) builds such a cache.
# - **Ask for a short answer**, and set `max_completion_tokens` well above that. The limit doesn't make an answer shorter; it cuts it off.
# - **Send only the last turns** when the model doesn't need the rest. [Lesson 04](04_build_an_assistant.ipynb) compares three ways.
# - **Share a long beginning**: put what stays the same (rules, documents) first, and what changes last.

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** Write `highest_price(messages, limit, model)`. It returns, in USD, the most that a chat call can cost: the prompt, and an answer as long as the limit (`max_completion_tokens`) allows. Ignore
# caching. Nothing is sent.


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
#     price = costs.price(model)
#     prompt = tokens.chat_tokens(messages, model)
#     return (prompt * price["input"] + limit * price["output"]) / 1_000_000
# ```
#
# </details>

# %% [markdown]
# **Exercise 2.** Write `total(responses)`. It returns the total cost of a list of responses, in USD, with each response at the price of its own model. `costs.cost` returns `None` when a price is unknown. In that case, raise a `ValueError` that
# names the model.


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
# Ask a second question, with the first one and its answer in front of it. Then compare the tokens in the text with the tokens billed.

# %%
longer = [
    *messages,
    {"role": "assistant", "content": response.choices[0].message.content},
    {"role": "user", "content": "And why are rivers not?"},
]
second = client.chat.completions.create(model=FLAGSHIP, messages=longer)
print(second.choices[0].message.content)

# %%
for sent, reply in [(messages, response), (longer, second)]:
    texts = sum(tokens.count(message["content"]) for message in sent)
    billed = reply.usage.prompt_tokens
    print(f"{len(sent)} messages: {texts} tokens of text, {billed - texts} more billed")

# %% [markdown]
# The extra tokens mark where messages begin and end. For this model the course counts 4 per message, 2 more per earlier answer, and 2 per request.

# %%
def count_prompt(messages):
    count = 2
    for message in messages:
        count += 4 + tokens.count(message["content"])
        count += 2 if message["role"] == "assistant" else 0
    return count


print(count_prompt(longer), second.usage.prompt_tokens)

# %% [markdown]
# The rule comes from public recordings of the real API for related models. With a key, compare again.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Compare the prompt with the answer
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
    price = costs.price(model)
    ratio = price["output"] / price["input"]
    print(f"{model}: a token of the answer costs as much as {ratio:g} of the prompt")

# %% tags=["furniture"]
compare(3)

# %% [markdown]
# #### Find the turning point
#
# The saying holds for short questions with long answers. Multiply the answer's tokens by the ratio above: a prompt longer than that costs more than the answer. Long documents, histories and instructions are well past that point. So check which part
# makes up most of *your* bill before you shorten anything.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Save with the prompt cache
#
# When the beginning of a prompt is the same as that of an earlier one, OpenAI automatically charges less for it. Three conditions (November 2026):
#
# - The beginning, called the **prefix**, must be identical, character for character.
# - It must be long enough: at least 1,024 tokens from gpt-5.6 on. For earlier models, OpenAI's guide no longer gives a fixed number.
# - Its last use must be recent: from gpt-5.6 on, a prefix is kept for at least 30 minutes.
#
# A typical long prefix is a document that every question is about. Here is an invented ferry timetable:

# %%
from pathlib import Path

path = Path("../data/lessons/03/timetable.txt")
RULES = path.read_text(encoding="utf-8").strip()
print(RULES[:300], "…")

# %%
print(f"{tokens.count(RULES):,} tokens")

# %% [markdown]
# Send two different questions, one after the other. They share the rules and the timetable.

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
    reply = ask_timetable(question)
    usage = reply.usage
    cached = usage.prompt_tokens_details.cached_tokens
    price = costs.usd(costs.cost(FLAGSHIP, usage))
    print(reply.choices[0].message.content)
    print(f"  {usage.prompt_tokens:,} in, {cached:,} cached: {price}")

# %% [markdown]
# Most of the second prompt came from the cache. For this model the cache works in blocks of 128 tokens, so a little less than the shared part gets the discount. (With a key, a second call may still miss the cache, and a first one may hit what an earlier run left there.
# `usage` tells you.)
#
# A common mistake is to put the time of day at the top:

# %%
def shared_tokens(one, other):
    count = 0
    for left, right in zip(tokens.encode(one), tokens.encode(other), strict=False):
        if left != right:
            break
        count += 1
    return count


one, other = "Sunday, 09:14", "Monday, 11:30"
print("time at the end:", shared_tokens(f"{RULES}\n{one}", f"{RULES}\n{other}"))
print("time at the top:", shared_tokens(f"{one}\n{RULES}", f"{other}\n{RULES}"))

# %% [markdown]
# With a changing line at the top, no two prompts share a prefix, so nothing is cached.
#
# **Exercise 3.** The assistant for the timetable must know what time it is. Write `build(question, now)`. It returns the list of messages: `RULES`, the time `now` and the question, ordered so that two visitors at different times share
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
# ### Account for the write fee of newer models
#
# Before gpt-5.6, writing into the cache was free. From gpt-5.6 on it costs a quarter more than plain input, and you can mark where a reusable prefix ends, with a **breakpoint** on a part of a
# message. OpenAI now finds the right cache by itself, so you don't need `prompt_cache_key`, which older tutorials recommend for that.

# %%
mark = {"prompt_cache_breakpoint": {"mode": "explicit"}}
rules = {"role": "developer", "content": [{"type": "text", "text": RULES, **mark}]}
for question in QUESTIONS:
    reply = client.chat.completions.create(
        model=SMALL,
        messages=[rules, {"role": "user", "content": question}],
        reasoning_effort="none",
    )
    details = reply.usage.prompt_tokens_details
    print(details.cached_tokens, "read,", details.cache_write_tokens, "written")

# %% [markdown]
# The question was written too, although it comes after the mark: by default OpenAI adds one breakpoint of its own at the end. With `prompt_cache_options={"mode": "explicit"}` only your marks count.
# (The last three tokens of a prompt are not written: a public recording of gpt-5.6 shows it, and the numbers here follow it.)
#
# When does the fee pay off? Take the price of one prompt without the cache as 1:

# %%
price = costs.price(SMALL)
for calls in (1, 2, 8):
    with_cache = price["cache_write"] + (calls - 1) * price["cached_input"]
    ratio = with_cache / price["input"]
    print(f"calls: {calls}   with the cache: {ratio:.2f}   without: {calls:.2f}")

# %% [markdown]
# From the second call on you are ahead. Only a long prompt that is *never* repeated pays the fee for nothing. For such prompts, turn caching off: set `prompt_cache_options={"mode": "explicit"}` and mark no breakpoint.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Choose a service tier
#
# The same model comes at three prices. `service_tier="flex"` costs half, but the request may be slow, or refused when OpenAI is busy; `"priority"` (also called fast) costs about twice as much and is meant to be faster; leave it out for the default. Not every model has all three
# (November 2026). Work that can wait a day also costs half, with the Batch API ([lesson 07](07_prepare_for_production.ipynb)). The response says which tier answered:

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
# - Log `response.model` and the whole `usage` with every call, and compute the price later, from a table with a date. If a price turns out to be wrong, you can compute it again from the counts.
# - Set a hard spend limit for your project before you need it. Without one, you notice a runaway loop when the bill comes.

# %% [markdown]
# ## What you have now
#
# Text is cut into tokens, which you can count yourself. You pay for the prompt and for the answer, each at its own price. The smallest model that works often saves the most; after that, shorten whatever makes up most of your bill.
#
# **Next:** [build an assistant](04_build_an_assistant.ipynb) that remembers, and keep an eye on what its memory costs.

# %% tags=["furniture"]
lesson.receipt()
