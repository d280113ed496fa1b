# %% [markdown]
# # Build an assistant
#
# By the end you will have an assistant for the terminal that remembers what was said, gets over a message that failed, and whose cost you can foresee and limit.

# %% [markdown]
# ## What you will learn
#
# - Why a model remembers nothing, and where the memory of an assistant really is.
# - How to write the loop: quit words, empty input, and a failed turn that leaves no trace.
# - How to read a refused request instead of hiding it.
# - How tokens and dollars grow with a conversation, and three ways to keep it short.
# - How to measure what each of the three forgets.
#
# You need [lesson 01](01_make_your_first_call.ipynb) for the call, and from [lesson 03](03_count_tokens_and_cost.ipynb) what a token is.

# %%
from helpers import lesson
from helpers.models import SMALL

lesson.start("04")

# %% [markdown]
# ## See that the model forgets
#
# `send` makes the call of this lesson, and `ask` takes the text out of the response. An assistant makes many calls, so it uses `SMALL`, a cheap model. That one thinks before it
# answers unless `reasoning_effort` is `"none"`; a chat does without. `max_completion_tokens` is the most that one answer may cost you.

# %%
from openai import OpenAI

client = OpenAI()


def send(messages):
    return client.chat.completions.create(
        model=SMALL, messages=messages, reasoning_effort="none", max_completion_tokens=500
    )


def ask(conversation):
    return send(conversation).choices[0].message.content or ""


# %%
print(ask([{"role": "user", "content": "My name is Noor."}]))

# %% [markdown]
# The next request will ask for the name. Make a guess before you go on.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "What will the model answer to: What is my name?",
    ["Noor", "That it does not know", "Nothing: the request fails"],
)

# %%
print(ask([{"role": "user", "content": "What is my name?"}]))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# Chat Completions is **stateless**: nothing of one request is kept for the next. (The Responses API can keep a conversation for you; the last part of this lesson shows how.)
# So the memory of an assistant is a list on your side, and you send all of it every time.
#
# </details>

# %% [markdown]
# ## Give it a memory
#
# The list starts with the developer's message. Each **turn** adds two: the question of the user and the answer of the assistant.

# %%
INSTRUCTIONS = "You are a friendly assistant. Answer in one to three short sentences."
RULES = {"role": "developer", "content": INSTRUCTIONS}


def say(conversation, text):
    conversation.append({"role": "user", "content": text})
    answer = ask(conversation)
    conversation.append({"role": "assistant", "content": answer})
    return answer


# %%
conversation = [RULES]
print(say(conversation, "My name is Noor."))
print(say(conversation, "What is my name?"))

# %% [markdown]
# Now it knows, because the second request held the first turn. This is what lies in the list; the last request sent all of it but the last line.

# %% tags=["furniture"]
from helpers.tables import Table

Table(["Role", "Content"], [[message["role"], message["content"]] for message in conversation])

# %% [markdown]
# ## Take back a failed turn
#
# Networks fail and servers stumble. `lesson.faults` makes that happen on demand: here the server answers three times with status 500. Three times, because the SDK itself asks twice
# more before it gives up; [lesson 05](05_survive_errors.ipynb) is about that. (`retry_after` tells it how many seconds to wait in between.) Watch the last message of the list.

# %%
import openai

with lesson.faults("500", "500", "500", retry_after=0.02):
    try:
        say(conversation, "From now on, call me Captain.")
    except openai.APIError as error:
        print(error)
print(conversation[-1])

# %% [markdown]
# The question has no answer, but it is still in the memory, and every later request will send it. See how the ghost speaks:

# %%
print(say(conversation, "How many letters does my name have?"))

# %% [markdown]
# The user had been told that the message failed. So a turn has to end in one of two states: both messages are in the list, or neither is. The cure is one line. `raise` passes the error on, so
# that the caller can still tell the user. Only the call stands inside `try`: were there more, an error after the answer might take back the wrong message.


# %%
def say(conversation, text):
    conversation.append({"role": "user", "content": text})
    try:
        answer = ask(conversation)
    except openai.APIError:
        conversation.pop()
        raise
    conversation.append({"role": "assistant", "content": answer})
    return answer


# %%
conversation = conversation[:5]
with lesson.faults("500", "500", "500", retry_after=0.02):
    try:
        say(conversation, "From now on, call me Captain.")
    except openai.APIError as error:
        print(error)
print(say(conversation, "How many letters does my name have?"))

# %% [markdown]
# ## Put it into a script
#
# `assistant/v1_memory.py` is all of this with a loop around it: the first version of an assistant that grows through the course. Find the four cases that the loop tells apart: a quit word,
# empty input, a failed turn, and a turn that went well.

# %%
from pathlib import Path

script = Path("assistant/v1_memory.py")
print(script.read_text(encoding="utf-8"))

# %% [markdown]
# In a terminal you would type. Here the lines come from a text, so they do not show; only the prompts and the answers do. The second line is empty, and the quit word is shouted.

# %%
import subprocess
import sys


def run(script, typed):
    command = [sys.executable, "-X", "utf8", script]
    done = subprocess.run(command, input=typed, capture_output=True, encoding="utf-8")
    print(done.stdout or done.stderr)


run(script, "My cat is called Pixel.\n\nWhat is my cat called?\nQUIT\n")

# %% [markdown]
# The same message again, but the server fails the first time. The user repeats it, and then the input simply ends, without a quit word.

# %%
with lesson.faults("500", "500", "500", retry_after=0.02):
    run(script, "My cat is called Pixel.\nMy cat is called Pixel.\n")

# %% [markdown]
# ## Mend an older assistant
#
# Many examples on the web look much like this loop and yet never answer. They were written for other models, with settings such as these, and they catch every error there is:

# %%
from helpers.models import FORMER_SMALL, shutdown

OLD = {"model": FORMER_SMALL, "temperature": 0.7, "max_tokens": 500}
print(FORMER_SMALL, "ends on", shutdown(FORMER_SMALL))

# %%
old_conversation = [RULES]
for text in ["Hello!", "Is anybody there?"]:
    old_conversation.append({"role": "user", "content": text})
    try:
        response = client.chat.completions.create(messages=old_conversation, **OLD)
        print("Assistant:", response.choices[0].message.content)
    except Exception as error:
        print("Error:", error)
        old_conversation.pop()

# %% [markdown]
# The program runs, takes message after message and looks alive. But this is no passing trouble: status 400 means that the request itself is wrong, and it will be wrong the next time too.
# A 400 says what to change. (Once the model has ended, you see a 404 instead: there is no such model any more.)


# %%
def attempt(**settings):
    try:
        response = client.chat.completions.create(
            messages=[RULES, {"role": "user", "content": "Hello!"}], **settings
        )
        print(response.choices[0].message.content)
    except openai.APIStatusError as error:
        print(error.status_code, error.code, error.param)
        print(error.body["message"])


attempt(**OLD)

# %% [markdown]
# `max_tokens` is the older name; models that can reason take `max_completion_tokens`, which counts the hidden tokens of their thinking as well. So rename it. Is that all?

# %%
attempt(model=FORMER_SMALL, temperature=0.7, max_completion_tokens=500)

# %% [markdown]
# A second refusal was waiting behind the first. A model that reasons takes no other `temperature` than 1, and this one cannot stop reasoning. `SMALL` can, with effort `"none"`,
# and then it takes a temperature too:

# %%
attempt(model=SMALL, reasoning_effort="none", temperature=0.7, max_completion_tokens=500)

# %% [markdown]
# That is why v1 has the settings it has. And here is why it catches `openai.APIError` rather than `Exception`. What went wrong in this cell?

# %%
try:
    print(send([{"role": "user", "content": "Hello!"}]).choices[0].text)
except Exception as error:
    print("Error:", error)

# %% [markdown]
# It reads as if the service had failed. In truth the answer had arrived, and was paid for; the mistake is our own, because the text lies in `message.content`. A narrow `except` lets such a
# mistake stop the program with the number of the line, which is where you want to be sent.

# %% [markdown]
# ## Chat in the notebook
#
# A box to chat in is easier to try than a script. In replay only recorded messages have an answer, so the box has a menu: it offers the messages that can follow at this point.
# These are the conversations behind it:

# %%
PATHS = [
    ["Why is the sky blue?", "Tell me more about that.", "And in the evening?"],
    ["Why is the sky blue?", "And in the evening?", "Tell me more about that."],
    ["Tell me more about that.", "Why is the sky blue?"],
]

# %% [markdown]
# `play` sends one of them, message by message, with the memory that you know. What `keep` returns is what is sent: for now, everything.


# %%
def everything(messages):
    return messages


def play(texts, keep=everything):
    conversation, usages = [RULES], []
    for text in texts:
        conversation.append({"role": "user", "content": text})
        response = send(keep(conversation))
        answer = response.choices[0].message.content
        conversation.append({"role": "assistant", "content": answer})
        usages.append(response.usage)
    return conversation, usages


# %%
rows = []
for number, path in enumerate(PATHS, 1):
    said, used = play(path)
    for turn, usage in enumerate(used):
        question, answer = said[2 * turn + 1], said[2 * turn + 2]
        rows.append([number, question["content"], answer["content"], usage.prompt_tokens])
Table(["Path", "You", "Assistant", "Tokens sent"], rows)

# %% [markdown]
# Now try it yourself. Two questions first: what does *Tell me more about that* mean to a model that was told nothing? And which number below the box grows with every turn, even if your
# message is short? Choose a message, send it, go on; then start over and take another way. Type something of your own, too, and see what becomes of a message that fails.

# %%
from helpers.demos.chat_box import ChatBox
from helpers.tokens import chat_tokens


def size(conversation):
    tokens = chat_tokens(conversation, SMALL)
    return f"Your next message will be sent along with {tokens} tokens of conversation."


ChatBox(ask, INSTRUCTIONS, paths=PATHS, footer=size)

# %% [markdown]
# The same words get another answer when other words stand before them. That is all there is to the memory, and it is bought: the box sends everything again, every time.

# %% [markdown]
# ## Watch the conversation grow
#
# Here is a longer conversation of 14 turns. Four facts are planted in it: a name, an allergy, a budget and a date. The last four messages need them.

# %%
START = [
    "Hello! I am Noor, and I am planning a birthday dinner for my sister.",
    "We will be six. One thing matters most: my sister is allergic to walnuts.",
    "Should it be three courses or a buffet?",
    "What would make a good starter?",
    "And a main course that I can cook the day before?",
]
MIDDLE = [
    "One guest eats no meat. What can we do?",
    "I can spend 120 euros in all. Will that do?",
    "Which drinks go with the stew?",
    "The dinner is on 14 May. Which fruit is good at that time?",
    "When should I start on the day?",
]

# %%
END = [
    "I would like a salad as well. What should be in it?",
    "Write the invitation in two sentences, with the date, and my name under it.",
    "The food will cost 75 euros. How much does that leave for flowers and candles?",
    "Last check: must anything be kept off the table?",
]
PARTY = START + MIDDLE + END

# %% [markdown]
# The questions are all about as long, and so are the answers. So how many times the tokens of the first request does the last one hold?

# %% tags=["furniture"]
predict(
    2,
    "Tokens of request 14, compared with request 1:",
    ["about the same", "twice as many", "5 times as many", "more than 10 times as many"],
)

# %%
whole, usages = play(PARTY)
sent = [usage.prompt_tokens for usage in usages]

# %% tags=["furniture"]
compare(2)

# %% tags=["guess", "furniture"]
from helpers import plots

turns = range(1, len(sent) + 1)
new = [chat_tokens([message], SMALL) for message in whole[1::2]]
old = [total - fresh for total, fresh in zip(sent, new, strict=True)]
figure, plot = plots.axes("What each request sends", "request", "tokens")
with plots.style():
    look = {"edgecolor": "black", "linewidth": 0.8}
    plot.bar(turns, old, color=plots.COLOURS[0], label="rules and earlier turns", **look)
    look |= {"color": plots.COLOURS[1], "hatch": "///"}
    plot.bar(turns, new, bottom=old, label="the new message", **look)
    plot.legend(loc="upper left")
plots.show(
    figure, "The bars grow almost in a straight line; nearly all of each was sent before."
)

# %% [markdown]
# <details><summary>What happened</summary>
#
# Every request repeats all that was said before.
#
# </details>
#
# The dollars follow. One line is the price of each turn, the other adds up what the conversation has cost so far:

# %% tags=["guess", "furniture"]
from itertools import accumulate

from helpers import costs

prices = [costs.cost(SMALL, usage) for usage in usages]
series = {"this turn": prices, "all turns so far": list(accumulate(prices))}
figure, plot = plots.axes(f"What each turn costs on {SMALL}", "turn", "USD")
plots.lines(plot, turns, series)
plots.show(
    figure,
    "The price of a turn rises steadily; the price of the whole conversation bends upwards.",
)

# %% [markdown]
# One conversation is cheap. But when each turn adds the same number of tokens, the total grows with the *square* of the number of turns: twice as long costs four times as much.
# Here are longer conversations of the same kind, in which every turn adds as many tokens as it does on average above.

# %% tags=["furniture"]
from helpers.models import FLAGSHIP

step = (sent[-1] - sent[0]) / (len(sent) - 1)
rows = []
for length in [25, 50, 100, 200]:
    total = round(sum(sent[0] + step * turn for turn in range(length)))
    prices = [costs.price(model)["input"] * total / 1_000_000 for model in (SMALL, FLAGSHIP)]
    rows.append([length, total, *map(costs.usd, prices)])
Table(["Turns", "Tokens sent in all", f"{SMALL} (USD)", f"{FLAGSHIP} (USD)"], rows)

# %% [markdown]
# These are the prices of what is *sent*, without the answers and without the discount for a long beginning that repeats, which starts at 1,024 tokens
# ([lesson 03](03_count_tokens_and_cost.ipynb)). The discount makes the line flatter; it does not make it straight.

# %% [markdown]
# ## Keep it short
#
# There are three usual ways. All keep the developer's message, and all keep the list on your side whole: they choose what to *send*.
#
# **Keep the last turns.** The newest question has no answer yet, so three turns are five messages.


# %%
def last_turns(messages, turns):
    return messages[:1] + messages[1:][1 - 2 * turns :]


[message["content"][:40] for message in last_turns(whole[:-1], 3)]

# %% [markdown]
# **Keep to a token budget.** Turns differ in length; somebody may paste a whole page. So count the tokens, and drop the oldest turn, question and answer together, until the rest fits.
# The newest question always stays, even if it is too long by itself. (`chat_tokens` counts here, without a call. The tokenizer of this model is not published, so that is an estimate; `usage` tells the truth.)


# %%
def within_budget(messages, budget):
    kept = messages[1:]
    while len(kept) > 1 and chat_tokens(messages[:1] + kept, SMALL) > budget:
        kept = kept[2:]
    return messages[:1] + kept


chat_tokens(within_budget(whole[:-1], 400), SMALL)

# %% [markdown]
# Both are a matter of arithmetic, so you can move them without a call; here both limits hold at once. In the picture each bar is a request, and covers the turns that it holds. A dashed line is
# the turn in which a fact was told, and the circle on it is the request that needs it. A circle inside a bar: the model can know. A circle outside: it has forgotten.
#
# At first everything is sent. Before you move anything: which fact is lost first when the window gets narrow? How many turns must be kept for the last question to know the allergy? And what
# does a budget do that a number of turns does not?

# %%
FACTS = {  # fact: (turn that tells it, turn that needs it, what the answer then holds)
    "name": (1, 12, "Noor"),
    "allergy": (2, 14, "walnut"),
    "budget": (7, 13, "45"),
    "date": (9, 12, "14 May"),
}


def requests(turns, budget):
    histories = [whole[: 2 * turn] for turn in range(1, 15)]
    return [within_budget(last_turns(history, turns), budget) for history in histories]


# %% tags=["furniture"]
def draw(sendings):
    widths = [len(messages) // 2 for messages in sendings]
    bottoms = [turn - width + 0.5 for turn, width in enumerate(widths, 1)]
    figure, plot = plots.axes("Which turns each request sends", "request", "turns that it holds")
    look = {"color": plots.COLOURS[0], "edgecolor": "black"}
    with plots.style():
        plot.bar(range(1, 15), widths, bottom=bottoms, **look)
        for fact, (told, needed, _) in FACTS.items():
            plot.axhline(told, color="black", linestyle="--", linewidth=0.8)
            plot.plot(needed, told, "o", color="white", markeredgecolor="black")
            plot.text(14.6, told, fact, va="center")
        plot.set(xlim=(0.3, 14.5), xticks=range(1, 15), ylim=(0.4, 14.6))
    return figure


# %%
def summary(sendings):
    tokens = sum(chat_tokens(messages, SMALL) for messages in sendings)
    price = costs.usd(costs.price(SMALL)["input"] * tokens / 1_000_000)
    known = [
        fact
        for fact, (told, needed, _) in FACTS.items()
        if whole[2 * told - 1] in sendings[needed - 1]
    ]
    return tokens, price, ", ".join(known) or "nothing"


# %% tags=["furniture"]
from helpers import widgets


def show_window(turns, budget):
    sendings = requests(turns, budget)
    tokens, price, known = summary(sendings)
    caption = f"Sent in all: <b>{tokens:,} tokens, {price}</b>. Still there when needed: <b>{known}</b>."
    return draw(sendings), caption


widgets.live_figure(
    show_window,
    "Two sliders, for the number of turns and for the token budget that a request may hold.",
    turns=widgets.number("Last turns", 14, 1, 14, 1, help="No request holds more turns."),
    budget=widgets.number("Budget (tokens)", 700, 50, 700, 50, help="No request is longer."),
)

# %% [markdown]
# For reading without the control, the picture at four turns, and a table of some positions:

# %% tags=["furniture"]
plots.show(
    draw(requests(4, 700)),
    "With the last four turns the bars form a rising band, and three of the four circles lie outside it.",
)

# %% tags=["furniture"]
rows = [["everything", *summary(requests(14, 700))]]
rows += [[f"last {turns} turns", *summary(requests(turns, 700))] for turns in (2, 4, 6, 8, 12)]
rows += [[f"{limit} tokens", *summary(requests(14, limit))] for limit in (150, 300, 450, 600)]
Table(["Keep", "Tokens sent in all", "Price", "Facts still sent when needed"], rows)

# %% [markdown]
# A window is cheap because it is narrow, and it forgets because it is narrow. Whether a fact is important plays no part; all that counts is how long ago it was told. With a budget the
# window holds more turns when they are short and fewer when they are long, but no request can get out of hand.
#
# **Summarise the old.** Instead of dropping old turns, a further call turns them into notes, and the notes travel with every later request. Here that happens whenever more than six turns have
# piled up: the three oldest become notes, together with the notes before them. `memory` holds where the turns begin that are not in the notes yet, and all notes so far. The notes are sent as a message of the *user*, because they are made of the user's words;
# what stands in the developer's message would count as your own rule.

# %%
SHORTEN = "Rewrite these notes and messages as new notes, in at most three short sentences."


def shorten(notes, messages, rule=SHORTEN):
    lines = [f"{message['role']}: {message['content']}" for message in messages]
    text = "\n".join([f"notes: {notes or 'none'}", *lines])
    return send([{"role": "developer", "content": rule}, {"role": "user", "content": text}])


# %%
def with_notes(conversation):
    start, notes = memory["start"], memory["notes"][-1]
    if len(conversation) - start > 12:
        response = shorten(notes, conversation[start : start + 6])
        start, notes = start + 6, response.choices[0].message.content
        memory["usages"][len(conversation) // 2] = response.usage
        memory["notes"].append(notes)
        memory["start"] = start
    told = {"role": "user", "content": f"Notes on our conversation so far: {notes}"}
    return conversation[:1] + ([told] if notes else []) + conversation[start:]


# %% [markdown]
# ## Compare what it costs and what is forgotten
#
# Now the same 14 messages are sent in all four ways, with real calls. Each way goes on from its own answers, just as it would with a user. (A `lambda` is a function without a name: before
# the colon what it takes, behind it what it returns.)

# %%
memory = {"start": 1, "notes": [""], "usages": {}}
played = {
    "everything": (whole, usages),
    "last 4 turns": play(PARTY, lambda messages: last_turns(messages, 4)),
    "450 tokens": play(PARTY, lambda messages: within_budget(messages, 450)),
    "notes": play(PARTY, with_notes),
}

# %% [markdown]
# Look at one answer first. Noor asked for a salad in turn 11; the allergy was told in turn 2.

# %% tags=["furniture"]
rows = [[way, said[22]["content"]] for way, (said, _) in played.items()]
Table(["Keep", "Answer of turn 11"], rows)

# %% [markdown]
# Nothing warns you. A model cannot know that there was something to know, so it may well answer with confidence. That is why forgetting has to be *measured*: plant facts, ask for them late,
# and look for them in the answers. A simple check does for a start: is the word there?


# %%
def remembered(said):
    answers = [message["content"] for message in said[2::2]]
    return [fact for fact, (_, needed, word) in FACTS.items() if word in answers[needed - 1]]


# %% tags=["furniture"]
rows = []
for way, (said, uses) in played.items():
    paid = [*uses, *memory["usages"].values()] if way == "notes" else uses
    tokens_in = sum(usage.prompt_tokens for usage in paid)
    tokens_out = sum(usage.completion_tokens for usage in paid)
    price = costs.usd(sum(costs.cost(SMALL, usage) for usage in paid))
    kept = remembered(said)
    rows.append([way, len(paid), tokens_in, tokens_out, price, len(kept), ", ".join(kept)])
heads = ["Keep", "Calls", "Tokens sent", "Tokens written", "Price", "Facts of 4", "Remembered"]
Table(heads, rows, "Four ways through one conversation", lesson.note())

# %% [markdown]
# Notes save little here: each new note is a call of its own, and its output is the dear part. They pay in longer conversations. The next figure shows why; look at the right end of the
# lines. The line of the notes has a peak wherever a call for new notes was added.

# %% tags=["furniture"]
series = {way: [usage.prompt_tokens for usage in uses] for way, (_, uses) in played.items()}
for turn, usage in memory["usages"].items():
    series["notes"][turn - 1] += usage.prompt_tokens
figure, plot = plots.axes("Four ways to send one conversation", "turn", "tokens sent")
plots.lines(plot, range(1, 15), series)
plots.show(
    figure,
    "Everything rises without end; the other ways level off, the notes with a peak at turns 7, 10 and 13.",
)

# %% [markdown]
# Which fact did the notes lose? Here are the last ones. Look for the budget: in the recorded notes, the number has become an adjective.

# %%
print(memory["notes"][-1])

# %% [markdown]
# A summary can lose a number or a name, and the next summary is made from it, so what is lost stays lost. So say what must survive. The same turns and the same older notes again, with a sharper rule:

# %%
KEEP_FACTS = SHORTEN + " Keep every name, number, date and allergy exactly as it was told."
old_turns = played["notes"][0][13:19]
print(shorten(memory["notes"][-2], old_turns, KEEP_FACTS).choices[0].message.content)

# %% [markdown]
# | Way | Choose it when | Mind that |
# |---|---|---|
# | Everything | conversations are short | the cost grows with the square of the length |
# | Last turns | every question stands nearly alone | one long message can still make a request huge |
# | Token budget | a request must never pass a limit of cost or size | what is forgotten depends on how much people write |
# | Notes | conversations are long and build on themselves | further calls, and a summary loses what its rule does not name |
#
# They can be combined, and often are: a budget as the fence, notes for what falls out, and the few facts that must never be lost pinned to the developer's message. That is exercise 2.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: undo
#
# People want to take things back. Write `undo(conversation)`: it removes the last turn, question and answer, from the list that it is given, and returns the text of that question, so that it
# could be edited and sent again. The developer's message always stays: when there is no turn left, `undo` removes nothing and returns `""`.


# %% tags=["exercise-1"]
def undo(conversation):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A list with one turn has three messages. `conversation.pop()` removes the last one and returns it.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def undo(conversation):
#     if len(conversation) < 3:
#         return ""
#     conversation.pop()
#     return conversation.pop()["content"]
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: pin what must not be lost
#
# Write `pinned(messages, turns, facts)`. It returns what to send: first a developer's message, whose content is the old content, a line break (`"\n"`) and the `facts`; then the last
# `turns` turns, as `last_turns` keeps them. The conversation itself must stay as it is. (Notes were made of the user's words; these facts are ones that your own program is sure of, so they may
# stand with the rules.) When your function is right, the check sends its result and prints what the model answers to the last question.

# %% tags=["exercise-2"]
PINNED = "Facts: the host is Noor; her sister is allergic to walnuts; the budget is 120 euros."


def pinned(messages, turns, facts):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `last_turns` does the second half. Its first entry is the very dictionary that the conversation holds, so do not write into it: build a new one.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def pinned(messages, turns, facts):
#     first, *rest = last_turns(messages, turns)
#     return [{"role": "developer", "content": f"{first['content']}\n{facts}"}, *rest]
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# Here the server can hold the conversation. Each response has an id; the next request names it as `previous_response_id` and sends only what is new.

# %%
previous = None
for text in ["My name is Noor.", "What is my name?", "How many letters does it have?"]:
    response = client.responses.create(
        model=SMALL,
        reasoning={"effort": "none"},
        instructions=INSTRUCTIONS,
        input=text,
        previous_response_id=previous,
        max_output_tokens=500,
        store=True,
    )
    print(f"{response.usage.input_tokens:3} tokens in: {response.output_text}")
    previous = response.id

# %% [markdown]
# Three things to know before you use this:
#
# - You send less, and **pay the same**: the tokens of the earlier turns are read, and billed, every time. Look at the numbers above.
# - The state lies on the server, so it needs `store=True`, which is the default of this API. OpenAI then keeps each response for at least 30 days (November 2026);
#   `client.responses.delete(response.id)` removes one.
# - `instructions` are not carried over, so they are sent every time.
#
# For a memory that does not run out, `client.conversations.create()` makes a conversation object that requests can name; it stays until you delete it
# ([OpenAI's guide](https://developers.openai.com/api/docs/guides/conversation-state)). Without `store` there is nothing to go on from:

# %%
unstored = client.responses.create(
    model=SMALL, reasoning={"effort": "none"}, input="My name is Noor.", store=False
)
try:
    client.responses.create(
        model=SMALL,
        reasoning={"effort": "none"},
        input="What is my name?",
        previous_response_id=unstored.id,
        store=False,
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code)

# %% [markdown]
# ## From the production desk
#
# - Set a limit before the first user comes: on turns or tokens of a conversation, and on the length of one message. Log the tokens of every turn; the long conversations make the bill.
# - Cut seldom, and then a good piece. The discount for a repeated beginning needs a beginning that stays the same. A window that moves with every turn changes it every time; the notes above change it every third turn.
# - A conversation is personal data. Decide how long you keep it and who may read it, before somebody asks.

# %% [markdown]
# ## Recap
#
# - The model forgets; the memory is a list, and a turn enters it whole or not at all.
# - Read the body of a 400 and catch only the errors you mean: a program that hides errors looks alive and never answers.
# - Cost grows with the square of the length. Every way to limit it forgets something, so plant facts and measure what.
#
# Next the assistant learns which errors to wait out and which to report at once.

# %%
lesson.receipt()
