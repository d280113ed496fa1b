# %% [markdown]
# # Build an assistant
#
# Turn the chat of lesson 01 into a program for the terminal. It remembers the conversation and survives a failed message, and you will know what a long conversation costs.

# %% [markdown]
# **You will learn** how to keep a conversation intact when a call fails, how to write the loop of a chat program, and why a long conversation costs more than you would expect.
#
# **You need** [lesson 01](01_make_your_first_call.ipynb), and [lesson 03](03_count_tokens_and_cost.ipynb) for what a token is.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, FORMER_SMALL, SMALL

lesson.start("04")

# %% [markdown]
# ## Keep the conversation
#
# An assistant makes many calls, so this one uses the small, cheap model. `ask` sends a whole conversation and returns the answer; `say` adds one **turn** to it: your message and the model's answer.

# %%
import openai

client = openai.OpenAI()


def ask(conversation):
    response = client.chat.completions.create(
        model=SMALL,
        messages=conversation,
        reasoning_effort="none",
        max_completion_tokens=500,
    )
    return response.choices[0].message.content or ""


# %%
INSTRUCTIONS = "You are a friendly assistant. Answer in one to three short sentences."
RULES = {"role": "developer", "content": INSTRUCTIONS}


def say(conversation, text):
    conversation.append({"role": "user", "content": text})
    answer = ask(conversation)
    conversation.append({"role": "assistant", "content": answer})
    return answer


conversation = [RULES]
print(say(conversation, "My name is Noor."))
print(say(conversation, "What is my name?"))

# %% [markdown]
# **Try it:** swap the last two lines. Or give this conversation other rules: `conversation = [{"role": "developer", "content": "You are a pirate."}]`.

# %% [markdown]
# ## Remove a failed turn
#
# Networks fail, and servers have bad moments. `lesson.faults` makes that happen on demand. Here the server answers with status 500 until the SDK stops trying.
# (`retry_after` keeps the waits in between short.) A new conversation begins, and its second message fails. Look at the last message in the list.

# %%
def fail(text):
    with lesson.faults("500", "500", "500", retry_after=0.02):
        try:
            say(conversation, text)
        except openai.APIError as error:
            print(error)


conversation = [RULES]
say(conversation, "My name is Noor.")
fail("From now on, call me Captain.")
print(conversation[-1])

# %% [markdown]
# The program told you that your message failed. What will the model say if you now ask something else?

# %% tags=["guess"]
print(say(conversation, "How many letters does my name have?"))

# %% [markdown]
# <details><summary>Where did that come from?</summary>
#
# The failed message has no answer, but it is still in the list, so every later request sends it.
#
# </details>
#
# A turn has to end in one of two states: both messages are in the list, or neither is. `raise` passes the error on, so that the caller can still tell the user. Only the call is inside `try`, so
# it is clear which line may fail, and what `pop` takes back.


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


# %% [markdown]
# The same conversation once more, from the start:

# %%
conversation = [RULES]
say(conversation, "My name is Noor.")
fail("From now on, call me Captain.")
print(say(conversation, "How many letters does my name have?"))

# %% [markdown]
# The failed message has left no trace. This is the whole memory. The last request sent everything except the last line, which is its answer:

# %%
for message in conversation:
    print(f"{message['role']:10} {message['content']}")

# %% [markdown]
# **Try it:** go back to the cell that starts the conversation over, and write the line with `fail` twice. Or call `fail` with the question about the letters before you ask it.

# %% [markdown]
# ## Put it into a program
#
# `assistant/v1_memory.py` puts a loop around this: the first version of an assistant that grows through the course. The loop handles four cases: a quit word, empty input, a failed turn,
# and a successful one. Find each of them in the code.

# %% tags=["furniture"]
from pathlib import Path

from IPython.display import Markdown

Markdown(f"```python\n{Path('assistant/v1_memory.py').read_text(encoding='utf-8')}```")

# %% [markdown]
# A small helper runs it here and types for you. The second line is empty, and the quit word is in capitals.

# %%
from helpers.recipes.scripts import talk

lines = ["My cat is called Pixel.", "", "What is my cat called?", "QUIT"]
print(talk("v1_memory.py", *lines))

# %% [markdown]
# **Try it:** replace the lines with `"My name is Noor."`, `"What is my name?"` and `"bye"`.
#
# In a terminal you type the lines yourself. Open one in the course's folder and run `python3 start.py serve`. Open a second one in the same folder, paste the lines that the first one printed, and run the program with the course's own Python, which has the `openai` package:
#
# ```bash
# .venv/bin/python notebooks/assistant/v1_memory.py        # Windows: .venv\Scripts\python
# ```

# %% [markdown]
# ## Chat with it
#
# Here is `ask` as a chat box. The line below it counts the tokens that will be sent along with your next message. Two questions first: what will the model say if your first message is *Tell me more about that*? And by how
# much does the count grow with each turn?

# %% tags=["furniture"]
from helpers.demos.chat_box import ChatBox
from helpers.tokens import chat_tokens

PATHS = [
    ["Why is the sky blue?", "Tell me more about that.", "And in the evening?"],
    ["Why is the sky blue?", "And in the evening?", "Tell me more about that."],
    ["Tell me more about that.", "Why is the sky blue?", "Tell me more about that."],
    ["My name is Noor.", "What is my name?", "Why is the sky blue?"],
    ["What is my name?", "My name is Noor.", "What is my name?"],
    ["Hello!", "What can you do?", "Why is the sky blue?"],
    ["What can you do?", "Why is the sky blue?"],
]


def size(conversation):
    length = chat_tokens(conversation, SMALL)
    return f"Your next message will be sent with {length} tokens of conversation."


ChatBox(ask, INSTRUCTIONS, paths=PATHS, footer=size)

# %% [markdown]
# <details><summary>What to notice</summary>
#
# The same message gets a different answer when something else came before it. That is all there is to memory, and you pay for it: the count grows by your message and its answer, and the whole conversation is sent again with every turn.
#
# </details>

# %% [markdown]
# ## Watch the cost grow
#
# Here is a conversation of 14 turns about a birthday dinner. All questions are about equally long, and so are the answers.

# %% tags=["furniture"]
import json

PARTY = json.loads(Path("../data/lessons/04/party.json").read_text(encoding="utf-8"))
print(*PARTY[:3], "…", PARTY[-1], sep="\n")

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "How many tokens does request 14 send, compared with request 1?",
    ["about the same", "twice as many", "5 times as many", "more than 10 times as many"],
)


# %%
def play(texts):
    conversation, sizes = [RULES], []
    for text in texts:
        question = {"role": "user", "content": text}
        sizes.append(chat_tokens([*conversation, question], SMALL))
        say(conversation, text)
    return conversation, sizes


# %%
whole, sent = play(PARTY)
print(sent)

# %% tags=["furniture"]
compare(1)

# %% tags=["furniture", "guess"]
from helpers import plots

turns = range(1, len(sent) + 1)
new = [chat_tokens([message], SMALL) for message in whole[1::2]]
old = [total - fresh for total, fresh in zip(sent, new, strict=True)]
figure, plot = plots.axes("What each request sends", "request", "tokens")
with plots.style():
    plot.bar(turns, old, label="rules and earlier turns", **plots.bar_look(0))
    plot.bar(turns, new, bottom=old, label="the new message", **plots.bar_look(1))
    plot.legend(loc="upper left")
    plot.set_xticks(turns)
plots.show(
    figure, "The bars grow almost in a straight line, and most of each later bar is rules and earlier turns."
)

# %% [markdown]
# ### Add it up
#
# One conversation is cheap. But when each turn adds the same number of tokens, the total grows with the *square* of the number of turns: twice as long costs about four times as much. Longer conversations of the same kind:

# %% tags=["furniture"]
from helpers import costs
from helpers.tables import Table

step = (sent[-1] - sent[0]) / (len(sent) - 1)
rows = []
for length in [25, 50, 100, 200]:
    total = round(sum(sent[0] + step * turn for turn in range(length)))
    prices = [costs.price(model)["input"] * total / 1_000_000 for model in (SMALL, FLAGSHIP)]
    rows.append([length, total, *map(costs.usd, prices)])
Table(["Turns", "Tokens sent in all", f"{SMALL} (USD)", f"{FLAGSHIP} (USD)"], rows)

# %% [markdown]
# These are the prices of what is *sent*, without the answers, and without the discount for a long beginning that repeats ([lesson 03](03_count_tokens_and_cost.ipynb)). *Deeper* compares three ways to keep a conversation short,
# and measures what each of them forgets.

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** People want to take things back. Write `undo(conversation)`: it removes the last turn, question and answer, from the list it is given, and returns the text of that question, so that it can be edited and sent
# again. The developer's message always stays: when there is no turn left, `undo` removes nothing and returns `""`.


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
# **Exercise 2.** Write `last_turns(messages, turns)`. It returns what to send when only the last turns are kept: the developer's message, and the messages of the last `turns` turns. The newest question has no answer yet, so three turns are five
# messages, and the developer's message makes six. `turns` is at least 1. The list it is given stays as it is.


# %% tags=["exercise-2"]
def last_turns(messages, turns):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `messages[:1]` is the developer's message, and `messages[1:]` is the rest. Of the rest you want the last `2 * turns - 1`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def last_turns(messages, turns):
#     return messages[:1] + messages[1:][-(2 * turns - 1) :]
# ```
#
# </details>

# %% [markdown]
# ## Deeper

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Fix an older assistant
#
# Many examples on the web look much like the loop in v1, yet they never answer. They were written for other models, with settings like these, and they catch every possible error.

# %%
OLD = {"model": FORMER_SMALL, "temperature": 0.7, "max_tokens": 500}

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
# The program runs, takes message after message and looks alive. But status 400 means that the request itself is wrong, and it will be wrong the next time too. (This is how the model responds in November 2026. OpenAI has
# announced that it will shut the model down on 11 December 2026; after that, a live call gets a 404. What follows applies to every model that reasons.)


# %%
def attempt(**settings):
    hello = {"role": "user", "content": "Hello!"}
    try:
        response = client.chat.completions.create(messages=[RULES, hello], **settings)
        print(response.choices[0].message.content)
    except openai.APIStatusError as error:
        print(error.status_code, error.code, error.param)
        print("  ", error.body["message"])


attempt(model=FORMER_SMALL, temperature=0.7, max_tokens=500)
attempt(model=FORMER_SMALL, temperature=0.7, max_completion_tokens=500)
attempt(model=SMALL, temperature=0.7, reasoning_effort="none")

# %% [markdown]
# A second refusal was waiting behind the first: a model that reasons accepts only `temperature=1`, and the older model can't stop reasoning. The newer one can.
#
# Why does v1 catch `openai.APIError` and not `Exception`? Here is what `except Exception` does with a bug of our own:

# %%
try:
    response = client.chat.completions.create(
        model=SMALL,
        messages=[RULES, {"role": "user", "content": "Hello!"}],
        reasoning_effort="none",
    )
    print(response.choices[0].text)
except Exception as error:
    print("Error:", error)

# %% [markdown]
# It looks as if the service had failed. In fact the answer had arrived, and was paid for; the mistake is our own, because the text is in `message.content`. With a narrow `except`, such a mistake stops the program and shows you the line.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Keep to a token budget
#
# Exercise 2 keeps the last turns (`newest` below is its solution). But turns differ in length; somebody may paste a whole page. So count the tokens, and drop the oldest turn, question and answer together, until the rest fits. The newest question always stays.
# (The tokenizer of this model is not published, so the count is an estimate; `usage` tells the truth.)


# %%
def newest(messages, turns):
    return messages[:1] + messages[1:][-(2 * turns - 1) :]


def within_budget(messages, budget):
    kept = messages[1:]
    while len(kept) > 1 and chat_tokens(messages[:1] + kept, SMALL) > budget:
        kept = kept[2:]
    return messages[:1] + kept


# %% [markdown]
# Move the two limits; both apply at once, and nothing is sent. Each bar is one request and covers the turns that it sends. Each dashed line is a fact, at the height of the turn that mentioned it. The circle on it marks the request
# that needs the fact. If the circle is inside the bar, the model can see the fact. If it is outside, the fact is lost.
#
# Which fact is lost first when you keep fewer turns? How many must you keep so that the last request still contains the allergy? What can a token budget guarantee that a number of turns can't?

# %% tags=["furniture"]
from helpers import widgets

FACTS = {  # fact: (turn that mentions it, turn that needs it, what the answer then holds)
    "name": (1, 12, "Noor"),
    "allergy": (2, 14, "walnut"),
    "budget": (7, 13, "45"),
    "date": (9, 12, "14 May"),
}


def requests(turns, budget):
    histories = [whole[: 2 * turn] for turn in range(1, 15)]
    return [within_budget(newest(history, turns), budget) for history in histories]


def draw(sendings):
    widths = [len(messages) // 2 for messages in sendings]
    bottoms = [turn - width + 0.5 for turn, width in enumerate(widths, 1)]
    figure, plot = plots.axes("Which turns each request sends", "request", "turns it sends")
    with plots.style():
        plot.bar(range(1, 15), widths, bottom=bottoms, color=plots.COLOURS[0])
        for fact, (turn, needed, _) in FACTS.items():
            plot.axhline(turn, color=plots.COLOURS[1], linestyle="--")
            plot.plot(needed, turn, "o", color="white", markeredgecolor=plots.INK)
            plot.text(14.6, turn, fact, va="center")
        plot.set(xlim=(0.3, 14.5), xticks=range(1, 15), ylim=(0.4, 14.6))
    return figure


def summary(sendings):
    tokens = sum(chat_tokens(messages, SMALL) for messages in sendings)
    price = costs.usd(costs.price(SMALL)["input"] * tokens / 1_000_000)
    known = [
        fact
        for fact, (turn, needed, _) in FACTS.items()
        if whole[2 * turn - 1] in sendings[needed - 1]
    ]
    return tokens, price, ", ".join(known) or "nothing"


def show_window(turns, budget):
    sendings = requests(turns, budget)
    tokens, price, known = summary(sendings)
    caption = f"Sent in all: <b>{tokens:,} tokens, {price}</b>. Facts still sent when needed: <b>{known}</b>."
    return draw(sendings), caption


widgets.live_figure(
    show_window,
    "Two sliders, for the number of turns and for the token budget that a request may hold.",
    turns=widgets.number("Last turns", 14, 1, 14, 1, help="The most turns that a request may send."),
    budget=widgets.number("Budget (tokens)", 700, 50, 700, 50, help="The most tokens that a request may send, the newest message aside."),
)

# %% tags=["furniture", "guess"]
rows = [["everything", *summary(requests(14, 700))]]
rows += [[f"last {turns} turns", *summary(requests(turns, 700))] for turns in (2, 4, 6, 8, 12)]
rows += [[f"{limit} tokens", *summary(requests(14, limit))] for limit in (150, 300, 450, 600)]
Table(["Keep", "Tokens sent in all", "Price", "Facts still sent when needed"], rows)

# %% [markdown]
# <details><summary>What to notice</summary>
#
# The allergy is mentioned in turn 2 and needed in turn 14, so you must keep 13 turns. What gets lost depends on how long ago it was mentioned, not on how important it is. Only a token budget limits how much history a single request carries.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Summarise the old turns
#
# Instead of dropping old turns, you can have another call turn them into notes, which travel with every later request. Here that happens whenever more than six turns have piled up: the three oldest, and the notes so far, become new
# notes. They are sent as a *user* message, because they come from the user's words; in a developer message the model would treat them as your own rules.

# %%
SHORTEN = "Rewrite these notes and messages as new notes, in at most three sentences."


def shorten(notes, messages, rule=SHORTEN):
    lines = [f"{message['role']}: {message['content']}" for message in messages]
    text = "\n".join([f"notes: {notes or 'none'}", *lines])
    rules = {"role": "developer", "content": rule}
    return ask([rules, {"role": "user", "content": text}])


# %%
class Notes:
    """Sends the notes so far, and the turns that are not in them yet."""

    def __init__(self):
        self.start, self.texts = 1, [""]

    def __call__(self, conversation):
        if len(conversation) - self.start > 12:  # six turns, and the new message
            old = conversation[self.start : self.start + 6]  # three turns
            self.texts.append(shorten(self.texts[-1], old))
            self.start += 6
        text = f"Notes on our conversation so far: {self.texts[-1]}"
        notes = [{"role": "user", "content": text}] if self.texts[-1] else []
        return conversation[:1] + notes + conversation[self.start :]


# %% [markdown]
# Now compare four ways with the same 14 messages. `keep` chooses what each request sends. Noor mentioned the allergy in turn 2; in turn 11 she asks for a salad.

# %%
def play_keeping(keep):
    conversation = [RULES]
    for text in PARTY:
        conversation.append({"role": "user", "content": text})
        answer = ask(keep(conversation))
        conversation.append({"role": "assistant", "content": answer})
    return conversation


# %%
notes = Notes()
conversations = {
    "everything": whole,
    "last 4 turns": play_keeping(lambda messages: newest(messages, 4)),
    "450 tokens": play_keeping(lambda messages: within_budget(messages, 450)),
    "notes": play_keeping(notes),
}
for way, messages in conversations.items():
    print(f"{way:13} {messages[22]['content']}")  # the answer of turn 11

# %% tags=["furniture"]
lesson.note()

# %% [markdown]
# Nothing warns you. A model can't know that something is missing, so it may answer with confidence. That is why you have to *measure* what gets lost: mention facts early, ask for them late, and look for them in the answers. A simple
# check is enough to start with: is the word there? (It has limits: the salad with walnuts contains the right word, too.)


# %%
def remembered(messages):
    answers = [message["content"] for message in messages[2::2]]
    facts = FACTS.items()
    return [fact for fact, (_, needed, word) in facts if word in answers[needed - 1]]


for way, messages in conversations.items():
    print(f"{way:13} {remembered(messages)}")

# %% [markdown]
# The notes lost the budget. Here are the last notes, and below them the notes under a stricter rule, which says what must be kept:

# %%
KEEP_FACTS = SHORTEN + " Keep names, numbers, dates and allergies exactly as told."
print(notes.texts[-1])
print(shorten(notes.texts[-2], conversations["notes"][13:19], KEEP_FACTS))  # turns 7-9

# %% [markdown]
# | Way | Choose it when | Watch out |
# |---|---|---|
# | Everything | conversations are short | the cost grows with the square of the length |
# | Last turns | each question makes sense almost on its own | one long message can still make a request huge |
# | Token budget | the history must stay below a certain cost or size | what is forgotten depends on how much people write; limit the newest message separately |
# | Notes | conversations are long and build on themselves | more calls, and a summary may lose what its rule doesn't name |
#
# They can be combined, and often are: a budget as the limit, notes for what falls out of it, and the few facts that must never be lost sent with every request.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### The same with the Responses API
#
# Here the server can hold the conversation. Each response has an id; the next request names it as `previous_response_id` and sends only what is new.

# %%
previous, questions = None, ["My name is Noor.", "What is my name?"]
for text in [*questions, "How many letters does it have?"]:
    response = client.responses.create(
        model=SMALL,
        reasoning={"effort": "none"},
        instructions=INSTRUCTIONS,
        input=text,
        previous_response_id=previous,
        store=True,
    )
    print(f"{response.usage.input_tokens:3} tokens in: {response.output_text}")
    previous = response.id

# %% [markdown]
# Three things to know before you use this:
#
# - You send less and **pay the same**: the model reads the earlier turns every time, and you are billed for them. Look at the numbers above.
# - The state is on the server, so it needs `store=True`, which is the default of this API. OpenAI then keeps each response for at least 30 days (November 2026); `client.responses.delete(response.id)` removes one.
# - `instructions` are not carried over, so they are sent every time.
#
# `client.conversations.create()` makes a conversation object that requests can name. It is stored until you delete it. The model's context window still limits its length, and you still pay for all earlier turns
# ([OpenAI's guide](https://developers.openai.com/api/docs/guides/conversation-state)). With `store=False` there is nothing to continue from:

# %%
unstored = client.responses.create(
    model=SMALL,
    reasoning={"effort": "none"},
    input="My name is Noor.",
    store=False,
)
try:
    client.responses.create(
        model=SMALL, input="What is my name?", previous_response_id=unstored.id
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code)

# %% [markdown]
# ## In production
#
# - Set a limit before the first user arrives: on turns or tokens per conversation, and on the length of one message. Log the tokens of every turn: a few long conversations can make most of the bill.
# - Trim rarely, but trim a lot at once. The discount for a repeated beginning needs a beginning that stays the same, and dropping a turn changes it.
# - A conversation is personal data. Before somebody asks, decide how long you keep it and who may read it.

# %% [markdown]
# ## What you have now
#
# An assistant for the terminal, `assistant/v1_memory.py`. Its memory is a list, and a turn is added to it completely or not at all. Its cost grows with the square of the conversation's length.
#
# **Next:** [the assistant learns](05_survive_errors.ipynb) which errors to wait out and which to report at once.

# %% tags=["furniture"]
lesson.receipt()
