# %% [markdown]
# # Count tokens and cost
#
# By the end you will have a token counter and a price calculator for requests that you have not sent yet.

# %% [markdown]
# ## What you will learn
#
# - What a token is, and how many of them your kind of text makes.
# - How to count a request before you send it, and how to check the count against the bill.
# - What a call costs, and which part of it costs most.
# - When prompt caching starts, what it saves, and on which models it also costs something.
# - Five ways to pay less, and how to compute what each saves you.
#
# You need [lesson 01](01_make_your_first_call.ipynb): messages, and the `usage` of a response. From [lesson 02](02_turn_the_knobs.ipynb):
# `reasoning_effort="none"` keeps a model from thinking in hidden tokens before it answers.

# %% tags=["furniture"]
from helpers import costs, lesson, plots, tokens
from helpers.demos import token_lens
from helpers.models import FLAGSHIP, FORMER_SMALL, NEWEST, PRO, SMALL
from helpers.tables import Table

lesson.start("03")

# %%
from openai import OpenAI

client = OpenAI()

# %% [markdown]
# ## See text as a model sees it
#
# A model reads neither letters nor words. Its **tokenizer** cuts a text into **tokens**: frequent words are one token, rare ones are put together from pieces. Each token has a
# number, its id, and the list of ids is all that the model gets. You pay by the token, so this is where cost begins.
#
# Guess first. The first count loads the list of some 200,000 tokens, which takes about a second.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, 'How many tokens is "extraordinary"?', ["1", "2", "3", "4"])

# %%
for text in ["the", "extraordinary", " extraordinary"]:
    print(repr(text), tokens.encode(text))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# You may read that *extraordinary* is three tokens. The tokenizer of the current models (`o200k_base`) says otherwise, and the space in front makes it another token altogether.
# So never argue about tokens: count them. Counting needs no network and no key.
#
# </details>
#
# Now the lens. Type into the box, and try to answer from what you see:
#
# - What does a space in front of a word change? And CAPITALS?
# - What happens to a word with a typing mistake, and to a long number?
# - How many tokens is one emoji? And your name?
# - Does another model cut in another way? The last one of the list makes embeddings ([lesson 14](14_search_by_meaning.ipynb)) and has an older vocabulary.

# %%
token_lens.live("Extraordinary! The ferry leaves at 09:30, and the harbour is calm. 🦜")

# %% [markdown]
# The same in a table, for reading without the lens:

# %%
token_lens.table(["Hello, world!", " harbour", " HARBOUR", " habrour", "12", "1234567", "🦜"])

# %% [markdown]
# A space belongs to the word behind it. Capitals and mistakes break a frequent word into pieces, because only its usual spelling has a token of its own. Numbers are cut into
# threes from the left. A rare emoji is cut *inside* the character, into bytes; the lens shows them, such as `\xf0`.

# %% [markdown]
# ## Measure the rules of thumb
#
# The usual rule says: a token is about 4 characters, or three quarters of a word, so 1,000 tokens are about 750 words. That is a rule for English. What about other texts?

# %%
import json
from pathlib import Path

kinds = json.loads(Path("../data/lessons/03/kinds_of_text.json").read_text(encoding="utf-8"))
languages, others = kinds["languages"], kinds["others"]
print(languages["English"])

# %%
measured = {kind: tokens.count(text) for kind, text in languages.items()}
four = ["Chinese", "English", "Hindi", "Spanish"]

# %% tags=["furniture"]
predict(2, "The same message in four languages. Which one takes the most tokens?", four)

# %% tags=["furniture"]
compare(2)

# %% [markdown]
# `others` holds what is not prose: code, data, links, emoji. All texts together:

# %% tags=["guess", "furniture"]
rows = []
for kind, text in {**languages, **others}.items():
    number, words = tokens.count(text), len(text.split())
    against = f"{number / measured['English']:.2f} ×" if kind in languages else None
    by_words = f"{words / number:.2f}" if words > 1 else None
    rows.append([kind, len(text), number, f"{len(text) / number:.2f}", by_words, against])

heads = ["Kind", "Characters", "Tokens", "Characters a token", "Words a token", "Price against English"]
Table(heads, rows, caption="One message in ten languages, and seven other kinds of text")

# %% tags=["guess", "furniture"]
figure, plot = plots.axes("The rule of four characters", "characters a token", "", height=4.8)
names, ratios, border = [row[0] for row in rows], [float(row[3]) for row in rows], len(languages)
look = {"edgecolor": "black", "linewidth": 0.8}
plot.barh(names[:border], ratios[:border], color=plots.COLOURS[0], label="one message", **look)
plot.barh(names[border:], ratios[border:], color=plots.COLOURS[1], hatch="///", label="other kinds", **look)
plot.axvline(4, color="black", linestyle="--")
plot.invert_yaxis()
plot.legend(loc="lower right")
above = [name for name, ratio in zip(names, ratios, strict=True) if ratio >= 4]
plots.show(figure, f"Bars of characters a token; only {', '.join(above)} reach the dashed line at four.")

# %% [markdown]
# The rule holds for English prose and its close relatives. Look at the last column too: Chinese has about one character a token and still costs hardly more than English, because a
# character says more. Only a count of *your* text tells the price. For data, links and emoji the rule is far off.

# %% [markdown]
# ## Count a whole request
#
# A request is more than its texts. Ask two questions, the second with the history of the first, and compare the tokens of the texts with the bill.

# %%
messages = [
    {"role": "developer", "content": "You are a friendly guide. Answer in one sentence."},
    {"role": "user", "content": "Why is the sea salty?"},
]
first = client.chat.completions.create(model=FLAGSHIP, messages=messages)
reply = first.choices[0].message.content
print(reply)

# %%
longer = [
    *messages,
    {"role": "assistant", "content": reply},
    {"role": "user", "content": "And why are rivers not?"},
]
second = client.chat.completions.create(model=FLAGSHIP, messages=longer)
print(second.choices[0].message.content)

# %%
for sent, response in [(messages, first), (longer, second)]:
    texts = sum(tokens.count(message["content"]) for message in sent)
    billed = response.usage.prompt_tokens
    print(f"{len(sent)} messages: {texts} tokens of text, {billed} billed, {billed - texts} more")

# %% [markdown]
# The rest is wrapping: every message carries its role and marks for its beginning and end, and the answer is opened for the model. In recordings of newer models that is 4 tokens a message, 2
# more for each earlier answer, and 2 once; for this model it is taken over from them. With this you can count any conversation:

# %%
def count_prompt(messages):
    total = 2
    for message in messages:
        total += 4 + tokens.count(message["content"])
        total += 2 if message["role"] == "assistant" else 0
    return total


print(count_prompt(messages), first.usage.prompt_tokens)
print(count_prompt(longer), second.usage.prompt_tokens)

# %% [markdown]
# `tokens.chat_tokens` does the same for every model of the course, and `tokens.completion_tokens` counts an answer, whose end takes some tokens as well:

# %%
print(tokens.chat_tokens(longer, FLAGSHIP), "of", second.usage.prompt_tokens)
said = second.choices[0].message.content
print(tokens.completion_tokens(said, FLAGSHIP), "of", second.usage.completion_tokens)

# %% [markdown]
# How far can you trust this? The rule was found in
# public recordings of the real API and is tested against them. Some things stay estimates: tools, several function calls at once, and all of gpt-6, whose tokenizer OpenAI has not
# published (November 2026). The truth is always the `usage` of the answer.

# %% [markdown]
# ## Read the price table
#
# A model has several prices: for what you send, for what it writes, and for input that it has seen shortly before. (*Cache write* has its turn
# further below.) They come from a package that this course pins to one version, so that a price moves by a decision and not by surprise. The line below the table says when they
# were checked.

# %%
costs.cost_table([FLAGSHIP, SMALL, PRO, FORMER_SMALL, NEWEST])

# %% [markdown]
# Read the last column before the others: a cheap model that ends soon is no bargain, because you will have to test its successor anyway. Where a price is
# *unknown*, this version of the package does not have it yet. A good helper says so and does not guess.

# %%
flagship = costs.price(FLAGSHIP)
for model in (FORMER_SMALL, SMALL):
    listed = costs.price(model)
    ratios = [flagship[side] / listed[side] for side in ("input", "output")]
    print(f"{model}: {ratios[0]:g} times cheaper input, {ratios[1]:g} times cheaper output")

# %% [markdown]
# The first line is the "7 times cheaper" that you may have read about, and it is right. But the model ends on the day that the table names. The second line is what took its
# place in this course.
#
# Now a bill by hand. A chatbot gets a prompt of 200 tokens and answers with 300:

# %%
question = 200 * flagship["input"] / 1_000_000
answer = 300 * flagship["output"] / 1_000_000
message = question + answer
print(f"question {costs.usd(question)} + answer {costs.usd(answer)} = {costs.usd(message)}")
print(f"1,000 messages: {costs.usd(1000 * message)}; rounded too early: {costs.usd(1000 * 0.0046)}")

# %% [markdown]
# Whoever rounds the price of one message to $0.0046 and multiplies then pays five cents that nobody charges. Small here, but the habit counts: **round last**.
# `costs.cost` takes the `usage` of any answer and does this arithmetic, cached input and reasoning included:

# %%
usage = second.usage
by_hand = usage.prompt_tokens * flagship["input"] + usage.completion_tokens * flagship["output"]
print(costs.usd(by_hand / 1_000_000), costs.usd(costs.cost(FLAGSHIP, usage)))

# %% [markdown]
# ## Test a claim: the answer always costs more
#
# On this model a token of the answer costs eight times as much as a token of the prompt. So does the answer always cost more than the prompt, as is often said?

# %% tags=["furniture"]
predict(
    3,
    f"A prompt of 1,000 tokens, an answer of 100, on {FLAGSHIP}. Which of the two costs more?",
    ["the prompt", "the answer"],
)

# %%
lengths = list(range(0, 25, 2))


def share(model, times):
    listed = costs.price(model)
    prompt = times * listed["input"]
    return 100 * prompt / (prompt + listed["output"])


turning = {}
for model in (FLAGSHIP, SMALL):
    listed = costs.price(model)
    turning[model] = listed["output"] / listed["input"]
print(turning)

# %% tags=["furniture"]
compare(3)

# %% tags=["guess", "furniture"]
title = "What the prompt takes of the price"
figure, plot = plots.axes(title, "prompt tokens for each token of the answer", "share of the price (%)")
plots.lines(plot, lengths, {model: [share(model, times) for times in lengths] for model in turning})
plot.axhline(50, color="black", linewidth=0.8)
where = " and ".join(f"{times:g} on {model}" for model, times in turning.items())
plots.show(figure, f"Two rising curves; the prompt takes half where it is so many times longer: {where}.")

# %% [markdown]
# <details><summary>What happened</summary>
#
# The claim is true for short questions with long answers. It turns where the prompt is longer than the answer by the ratio of the two prices. Documents, long histories and long
# instructions lie far beyond that point. So find out which side *your* bill is on, before you save on the wrong one.
#
# </details>

# %% [markdown]
# ## Move the calculator
#
# A message costs next to nothing; a service sends many. Before you move the sliders, note your guesses:
#
# - Start at 1,000 messages a day, 200 tokens in and 300 out. What shrinks the bill more: half the prompt, or half the answer?
# - Raise the prompt to 5,000 tokens. Which bar is the longest now?
# - Then let 80 % of the prompt repeat. How much of the bill goes? Does the same help at 1,000 tokens?
# - Do all that on the small model too, and look for a bar that stays empty on the flagship.

# %%
from helpers.demos import cost_calculator

cost_calculator.live()

# %% [markdown]
# Some positions of the sliders, as a table:

# %% tags=["furniture"]
cases = [(200, 300, 0), (100, 300, 0), (200, 150, 0), (5000, 300, 0), (5000, 300, 0.8), (1000, 300, 0.8)]
rows = []
for sent, written, repeated in cases:
    bills = [cost_calculator.bill(1000, sent, written, model, repeated) for model in (FLAGSHIP, SMALL)]
    months = [costs.usd(bill.month) for bill in bills]
    rows.append([f"{sent:,} in, {written} out", f"{repeated:.0%}", *months])

Table(["Message", "Repeated", FLAGSHIP, SMALL], rows, "A month of 1,000 messages a day, in USD")

# %% [markdown]
# With a short prompt, the answer is the bill. With a long one the prompt is, and its repetition is worth money. At 1,000 tokens it is not: nothing that short is ever cached. The next
# section shows why, and what the extra bar of the small model is.

# %% [markdown]
# ## Let the cache pay
#
# When the beginning of a prompt is the same as that of an earlier one, the model need not read it again. OpenAI caches such beginnings without being asked; the price table shows what they
# cost. There are three conditions (November 2026):
#
# - The **prefix**, as the beginning is called, must be the same *to the letter*.
# - It must have at least **1,024 tokens** from gpt-5.6 on. For earlier models OpenAI's guide no longer names a number, so their rows here show the older rule of 1,024. Short chats never gain from it.
# - Its last use must not be long ago: at least 30 minutes are promised from gpt-5.6 on; earlier models keep it for up to a day.
#
# What needs a long prefix? A document that every question is about. Here is an invented timetable of ferries:

# %%
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STOPS = ["Gull Bay", "Heron Point", "Kelp Cove", "Long Sands", "Mill Creek", "North Quay", "Seal Island"]


def departures(day, stop):
    start = 360 + 10 * day + 35 * stop  # minutes after midnight
    return ", ".join(f"{t // 60:02}:{t % 60:02}" for t in range(start, start + 640, 180))


timetable = []
for day, name in enumerate(DAYS):
    timetable += [f"{name}, {place}: {departures(day, stop)}" for stop, place in enumerate(STOPS)]
print("\n".join(timetable[-3:]))

# %%
RULES = (
    "Answer questions about this ferry timetable in one short sentence. "
    "Each line has a day, a stop and the departures from the harbour.\n\n"
) + "\n".join(timetable)

print(f"{tokens.count(RULES):,} tokens")

# %% [markdown]
# Two different questions, one after the other. What they share is the rules and the timetable.

# %%
QUESTIONS = [
    "When does the last ferry to Seal Island leave on Sunday?",
    "Which is the earliest ferry on Monday?",
]


def ask_timetable(question):
    messages = [{"role": "developer", "content": RULES}, {"role": "user", "content": question}]
    return client.chat.completions.create(model=FLAGSHIP, messages=messages)


pair = [ask_timetable(question) for question in QUESTIONS]
for response in pair:
    print(response.choices[0].message.content)

# %%
for response in pair:
    usage = response.usage
    cached = usage.prompt_tokens_details.cached_tokens
    answer = usage.completion_tokens * flagship["output"] / 1_000_000
    prompt = costs.cost(FLAGSHIP, usage) - answer
    print(f"{usage.prompt_tokens:,} prompt tokens, {cached:,} cached: {costs.usd(prompt)}", end="; ")
    print(f"the answer {costs.usd(answer)}")

# %% [markdown]
# The second prompt found most of itself in the cache: in steps of 128 tokens, so a little less than what is the same. And see how the prompt costs more than the answer: this is the other
# side of the turning point. (Live, a second call can still miss the cache, and a first one can find what an earlier run has left. The bill says what you got.)
#
# ### Put what changes at the end
#
# A function for what two prompts share at their beginning, and a common mistake: the time of day at the top.

# %%
def shared_tokens(one, other):
    number = 0
    for left, right in zip(tokens.encode(one), tokens.encode(other), strict=False):
        if left != right:
            break
        number += 1
    return number


print("time at the end:", shared_tokens(f"{RULES}\nSunday, 09:14", f"{RULES}\nMonday, 11:30"))
print("time at the top:", shared_tokens(f"Sunday, 09:14\n{RULES}", f"Monday, 11:30\n{RULES}"))

# %% [markdown]
# One line in the wrong place, and nothing is cached for anybody. Rules, examples and documents come first; names, dates and questions last.
#
# ### Know the fee of newer models
#
# Before gpt-5.6, writing into the cache was free. From gpt-5.6 on it costs a quarter more than plain input, and you can say where the part ends that is worth keeping: with a
# **breakpoint** on a part of a message. A `prompt_cache_key` keeps the cache of one customer or feature apart from another's; these models find the right cache without it. (Before gpt-5.6 it also steered requests to the same cache.)

# %%
def ask_marked(question):
    mark = {"prompt_cache_breakpoint": {"mode": "explicit"}}
    rules = {"role": "developer", "content": [{"type": "text", "text": RULES, **mark}]}
    return client.chat.completions.create(
        model=SMALL,
        messages=[rules, {"role": "user", "content": question}],
        reasoning_effort="none",
        prompt_cache_key="ferry-timetable",
    )


marked = [ask_marked(question) for question in QUESTIONS]

# %% tags=["furniture"]
rows = []
for model, responses in {FLAGSHIP: pair, SMALL: marked}.items():
    for number, response in enumerate(responses, 1):
        usage, details = response.usage, response.usage.prompt_tokens_details
        price = costs.usd(costs.cost(model, usage))
        row = [usage.prompt_tokens, details.cached_tokens, details.cache_write_tokens, price]
        rows.append([f"{model}, call {number}", *row])

heads = ["Call", "Prompt tokens", "Read from cache", "Written to cache", "Price"]
Table(heads, rows, "The same two questions on two models")

# %% [markdown]
# The small model wrote nearly the whole first prompt, at the fee, and read it back at a tenth. When does that pay? In units of one prompt that is read without any cache:

# %%
def total(model, calls):
    listed = costs.price(model)
    once = listed.get("cache_write", listed["input"])
    return (once + (calls - 1) * listed["cached_input"]) / listed["input"]


calls = list(range(1, 9))
series = {model: [total(model, number) for number in calls] for model in (SMALL, FLAGSHIP)}
for model, totals in series.items():
    print(f"{model}: {totals[0]:.2f} after one call, {totals[1]:.2f} after two, {totals[-1]:.2f} after eight")

# %% tags=["furniture"]
figure, plot = plots.axes("The price of a prefix that repeats", "calls", "price (uncached prefixes)")
plots.lines(plot, calls, {"without a cache": calls, **series})
alt = "Without a cache the price rises by one a call; with it, it starts at 1 or 1.25 and rises by a tenth."
plots.show(figure, alt)

# %% [markdown]
# From the second call on both are ahead. Only a long prompt that *never* repeats loses: on newer models it pays the fee for nothing. For those, `prompt_cache_options={"mode": "explicit"}`
# without a breakpoint turns caching off. The extra bar of the calculator was this fee.

# %% [markdown]
# ## Pay less: five tips
#
# ### Tip 1: take the smallest model that works
#
# A simple task, on both models; on the small one once as it comes, which means that it thinks before it answers. Single calls cost so little that from here on prices are for
# 1,000 of them.

# %%
def ask(model, text, **options):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=model, messages=messages, **options)


def thousand(responses, model=SMALL):
    return 1000 * sum(costs.cost(model, response.usage) for response in responses)


# %%
TASK = (
    "Is this message praise, a complaint or a question? Answer with one word.\n\n"
    "The parcel came two days late, and the box was wet."
)
big = ask(FLAGSHIP, TASK)
small = ask(SMALL, TASK, reasoning_effort="none")
thinking = ask(SMALL, TASK)

# %% tags=["furniture"]
rows = []
for name, model, response in [
    (FLAGSHIP, FLAGSHIP, big),
    (f"{SMALL}, effort none", SMALL, small),
    (f"{SMALL}, thinking", SMALL, thinking),
]:
    usage, said = response.usage, response.choices[0].message.content
    hidden = usage.completion_tokens_details.reasoning_tokens
    price = costs.usd(thousand([response], model))
    rows.append([name, said, usage.prompt_tokens, usage.completion_tokens, hidden, price])

heads = ["Model", "Answer", "Tokens in", "Tokens out", "Of them hidden", "Price of 1,000"]
Table(heads, rows, "One task, three ways", lesson.note())

# %% [markdown]
# Hidden thinking is billed as output, so look for it before you wonder about a bill. One answer says nothing about quality either. Whether a small model is good *enough* is a question for many examples;
# [lesson 09](09_get_answers_as_data.ipynb) scores answers against the truth.
#
# ### Tip 2: keep answers to questions that repeat
#
# Six visitors ask a shop three different things. A dictionary is enough to ask each only once.

# %%
SHOP = (
    "You answer for a bookshop at the harbour. It opens from Monday to Saturday, 9 to 18 o'clock. "
    "Parking behind the house is free for two hours. Gift cards start at 10 euros. Answer in one sentence."
)
HOURS, PARKING, CARDS = "When do you open?", "Is parking free?", "Do you sell gift cards?"
VISITORS = [HOURS, PARKING, HOURS, CARDS, PARKING, HOURS]


def ask_shop(question):
    messages = [{"role": "developer", "content": SHOP}, {"role": "user", "content": question}]
    return client.chat.completions.create(model=SMALL, messages=messages, reasoning_effort="none")

# %%
each_time = [ask_shop(question) for question in VISITORS]

kept = {}
for question in VISITORS:
    if question not in kept:
        kept[question] = ask_shop(question)

# %% tags=["furniture"]
rows = [
    ["each time", len(each_time), costs.usd(thousand(each_time))],
    ["with a dictionary", len(kept), costs.usd(thousand(kept.values()))],
]
Table(["Way", "Calls", "Price of 1,000 such rounds"], rows, "Six questions, three of them different")

# %% [markdown]
# The repeated answers are free, and they come at once. Keep only answers that are the same for everybody, and give them an end date: shops change their hours.
# [Lesson 07](07_prepare_for_production.ipynb) builds such a cache properly.
#
# ### Tip 3: limit the answer
#
# There are two ways to get a shorter answer: set a limit, or ask for it. Guess what each does to the text.

# %%
QUESTION = "What is a token in a language model?"
ways = {
    "as it comes": ask(SMALL, QUESTION, reasoning_effort="none"),
    "max_completion_tokens=30": ask(SMALL, QUESTION, reasoning_effort="none", max_completion_tokens=30),
    "asked for one sentence": ask(SMALL, f"{QUESTION} Answer in one sentence.", reasoning_effort="none"),
}

# %% tags=["furniture"]
rows = []
for way, response in ways.items():
    choice, length = response.choices[0], response.usage.completion_tokens
    end = " ".join(choice.message.content.split()[-5:])
    rows.append([way, length, choice.finish_reason, f"… {end}", costs.usd(thousand([response]))])

heads = ["Way", "Tokens out", "finish_reason", "Last words", "Price of 1,000"]
Table(heads, rows, "Two ways to a shorter answer")

# %% [markdown]
# The limit saves money and breaks the sentence: the model does not know of it. Asking for one sentence gives you a whole answer. So **ask for the length you want, and set the limit a good
# deal higher**, as a brake for the day on which something goes wrong.
#
# ### Tip 4: trim the history
#
# A model remembers nothing; every turn sends all turns before it again. Eight questions about a balcony, with the prompt tokens of each turn:

# %%
GARDEN = [
    "I have a balcony of two square metres. Can I grow vegetables there?",
    "It gets sun from noon on. Which three would you pick?",
    "How large must the pots be?",
    "Which soil should I buy?",
    "When do I sow the tomatoes?",
    "How often do I water in July?",
    "My neighbour says that coffee grounds help. True?",
    "How much of it per pot?",
]

# %%
def talk(history):
    return client.chat.completions.create(model=SMALL, messages=history, reasoning_effort="none")


history, turns = [{"role": "developer", "content": "Answer in two short sentences."}], []
for question in GARDEN:
    history.append({"role": "user", "content": question})
    turn = talk(history)
    turns.append(turn)
    history.append({"role": "assistant", "content": turn.choices[0].message.content})

print([turn.usage.prompt_tokens for turn in turns])

# %% [markdown]
# The last question needs only what stands right before it. Send the rule, the last exchange and the question:

# %%
whole = history[:-1]
recent = [history[0], *whole[-3:]]
trimmed = talk(recent)
print(trimmed.choices[0].message.content)
for sent, response in [(whole, turns[-1]), (recent, trimmed)]:
    price = costs.usd(thousand([response]))
    print(f"{len(sent)} messages, {response.usage.prompt_tokens} prompt tokens, {price} for 1,000 calls")

# %% [markdown]
# *It* is in the messages that are left, so the question can still be answered. Had the last question been about the size of the balcony, trimming would have cost you the answer.
# [Lesson 04](04_build_an_assistant.ipynb) compares three ways to shorten a history.
#
# ### Tip 5: let prompts share a long beginning
#
# You have seen this one above. All five side by side. The prices follow from the lengths of the recorded answers, so the table shows how to compute a saving; yours will differ:

# %% tags=["furniture"]
long, short = ways["as it comes"], ways["asked for one sentence"]
tips = {
    "1 smaller model": (thousand([big], FLAGSHIP), thousand([small])),
    "2 keep answers": (thousand(each_time), thousand(kept.values())),
    "3 ask for a short answer": (thousand([long]), thousand([short])),
    "4 trim the history": (thousand(turns[-1:]), thousand([trimmed])),
    "5 cached input": (thousand(pair[:1], FLAGSHIP), thousand(pair[1:], FLAGSHIP)),
}
rows = [[tip, costs.usd(a), costs.usd(b), f"{1 - b / a:.0%}"] for tip, (a, b) in tips.items()]
Table(["Tip", "Before", "After", "Saved"], rows, "The five tips, in USD for 1,000 times")

# %% [markdown]
# Measure first, then save where the money goes.
#
# One more count, over everything that this lesson has sent: how many prompts did the counter get right?

# %%
answered = [exchange for exchange in lesson.exchanges() if exchange.reading]
right = 0
for exchange in answered:
    sent, billed = exchange.request["json"], exchange.reading.usage["prompt_tokens"]
    right += tokens.chat_tokens(sent["messages"], sent["model"]) == billed

print(f"{right} of {len(answered)} prompts")

# %% [markdown]
# ## On your own
#
# ### Exercise 1: the price before you send
#
# Write a function `highest_price(messages, limit, model)` that returns, in USD, the most that a chat call can cost: the prompt, and an answer as long as the limit
# (`max_completion_tokens`) allows. Leave the cache out of it. Nothing is sent.


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
# ### Exercise 2: a request that can be cached
#
# The assistant for the timetable must know what time it is. Write `build(question, now)`, which returns the list of messages: `RULES`, the time `now` and the question, in such an order that
# two visitors at different times share a prefix that can be cached.


# %% tags=["exercise-2"]
def build(question, now):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# First a `developer` message with nothing but `RULES`. The time can stand in a second message, or in the one with the question.
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
# ## The same with the Responses API
#
# Tokens and prices are the same; the names are `input_tokens` and `output_tokens`. This API can also count for you: `input_tokens.count` takes the same arguments as a request and
# generates nothing. It knows what an offline count cannot: tools, pictures, and models whose tokenizer is not published.

# %%
request = {"model": SMALL, "instructions": RULES, "input": QUESTIONS[0], "reasoning": {"effort": "none"}}
counted = client.responses.input_tokens.count(**request)
twin = client.responses.create(**request, store=False)
print(counted.input_tokens, "counted,", twin.usage.input_tokens, "billed")
print(costs.usd(costs.cost(SMALL, twin.usage)))

# %% [markdown]
# Cached tokens are in `usage.input_tokens_details`, and `costs.cost` reads both kinds of `usage`. [Lesson 16](16_move_to_the_responses_api.ipynb) compares the two in full.

# %% [markdown]
# ## From the production desk
#
# - Log `response.model` and the whole `usage` with every call, and compute the price later, from a table with a date. A price in the log cannot be corrected; a count can.
# - In your own scripts, two lines count as this lesson does: `import bpe_openai`, then `len(bpe_openai.get_encoding("o200k_base").encode_ordinary(text))`.
# - Set a spend limit for your project on OpenAI's site before you need it. A loop that asks too often is found at the limit, or on the bill.
# - What can wait a day costs half: the Batch API, in [lesson 07](07_prepare_for_production.ipynb).

# %% [markdown]
# ## Recap
#
# - Text is cut into tokens; count your own, because the rule of four characters holds for English prose and little else.
# - A call costs its prompt and its answer, each at its own price, and a prompt that is long enough costs more than the answer.
# - A prefix of 1,024 tokens or more that stays the same is cheap from its second use on; put what changes at the end.
#
# Next you will build an assistant that remembers, and keep the cost of its memory in hand.

# %%
lesson.receipt()
