# %% [markdown]
# # Make your first call
#
# By the end you will have asked a model a question from Python, know every field of what comes back, and have the same call as a script.

# %% [markdown]
# ## What you will learn
#
# - What a request is made of: a client, a model and a list of messages.
# - Where the answer is in the response, and what the other fields are for.
# - How to see *why* a model stopped, and what the call used.
# - That the SDK is a thin layer over one HTTP message, which you could send yourself.
#
# You need basic Python: variables, functions, lists and dictionaries. A key is not needed; [lesson 00](00_get_ready.ipynb) explains why, and how to
# use your own. The cell below sets the lesson up and says what it would cost with a key.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP

lesson.start("01")

# %% [markdown]
# ## Ask a question
#
# Everything goes through a **client**. `OpenAI()` makes one. It takes your key from the environment variable `OPENAI_API_KEY`, so the key never stands in your code.

# %%
from openai import OpenAI

client = OpenAI()

# %% [markdown]
# What you send is a list of **messages**. Each is a dictionary with a `role`, which says who is speaking, and a `content`, which says what.
# The `developer` sets the rules for the whole conversation; the `user` asks. (Older code says `system` where this says `developer`. The API takes both.)

# %%
messages = [
    {"role": "developer", "content": "You are a helpful assistant."},
    {"role": "user", "content": "What is the capital of France?"},
]

# %% [markdown]
# Now send them. `create` takes the name of a **model** and the messages, waits for the answer, and returns it.
# `FLAGSHIP` is only a name, kept in one table of this course because models come and go.

# %%
print("model:", FLAGSHIP)
response = client.chat.completions.create(model=FLAGSHIP, messages=messages)

# %% [markdown]
# The response holds a list of `choices`, normally with one entry. Its `message` has the same two fields as yours: a role and a content.

# %%
print(response.choices[0].message.role)
print(response.choices[0].message.content)

# %% [markdown]
# That is a complete program. Everything later in this course is a variation of these three steps: make a client, send messages, read the answer.

# %% [markdown]
# ## Look inside the response
#
# The text is the smallest part of what came back. Before you open the tree below, guess: how many tokens, the pieces of words in which the API counts, did your two short messages take?
# Then open `usage` and look. Click a line to open or close it.

# %%
from helpers.demos.tree import tree

tree(response)

# %% [markdown]
# The tree is long because the same shape serves every use of the API. A handful of fields matter every day. The next cell prints each with its value.

# %%
choice, usage = response.choices[0], response.usage
fields = {
    "response.id": response.id,
    "response.model": response.model,
    "choice.message.content": choice.message.content,
    "choice.finish_reason": choice.finish_reason,
    "usage.prompt_tokens": usage.prompt_tokens,
    "usage.completion_tokens": usage.completion_tokens,
    "usage.total_tokens": usage.total_tokens,
    "response._request_id": response._request_id,
}
for name, value in fields.items():
    print(f"{name:24} {value}")

# %% [markdown]
# | Field | What it is for |
# |---|---|
# | `response.id` | Names this completion, for your own log. |
# | `response.model` | The exact version that answered. You asked for a name; a dated version behind the name replied. |
# | `choices[0].message.content` | The answer as text. |
# | `choices[0].finish_reason` | Why the model stopped. `stop` means that it had finished. |
# | `usage.prompt_tokens` | Tokens that you sent: your text, and a few for the wrapping of each message. |
# | `usage.completion_tokens` | Tokens that the model wrote: its text, and a few that mark its end. One of these costs more than one of yours. |
# | `usage.total_tokens` | The sum of both. |
# | `_request_id` | Names the HTTP request. Give it to OpenAI's support when something went wrong. |

# %% [markdown]
# ## See why it stopped
#
# `max_completion_tokens` limits the length of an answer. Predict first: you ask for a short story and allow 16 tokens. Will the model write a story that fits into 16 tokens,
# or will something else happen?

# %%
story = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "user", "content": "Tell me a short story about a lighthouse."}],
    max_completion_tokens=16,
)
print(story.choices[0].message.content)

# %%
print(story.choices[0].finish_reason)
print(story.usage.completion_tokens)

# %% [markdown]
# The model does not plan for the limit; it is cut off. The only sign is `finish_reason`, which now says `length`. Nothing raises an error, so a program that shows answers to
# people has to look at this field.

# %% [markdown]
# ## Change the instruction
#
# The question stays the same: *What is the capital of France?* Only the developer's message changes. Two guesses before you move the control: which instruction gives the
# longest answer? Does a longer instruction make the answer cost more, or the question?

# %%
INSTRUCTIONS = {
    "Plain": "You are a helpful assistant.",
    "One word": "Answer with one word and nothing else.",
    "For a child": "Explain to a six-year-old child, in three short sentences.",
    "As a pirate": "You are a pirate. Stay in character, but keep the facts right.",
    "As data": "Answer with a JSON object that has the keys country, capital and river. No other text.",
}


# %%
def ask(instruction):
    return client.chat.completions.create(
        model=FLAGSHIP,
        messages=[
            {"role": "developer", "content": instruction},
            {"role": "user", "content": "What is the capital of France?"},
        ],
    )


answers = {name: ask(instruction) for name, instruction in INSTRUCTIONS.items()}

# %% tags=["furniture"]
import html

from helpers import widgets


def show_answer(style):
    text = html.escape(answers[style].choices[0].message.content)
    used = answers[style].usage
    return f"<p>{text}</p><p>{used.prompt_tokens} tokens in, {used.completion_tokens} out</p>"


about = "A menu of five instructions; the answer and its tokens appear below it."
widgets.live_text(show_answer, about, style=widgets.choice("Instruction", list(INSTRUCTIONS)))

# %% [markdown]
# The same five answers as a table, for reading without the control:

# %% tags=["furniture"]
from helpers.tables import Table

Table(
    ["Instruction", "Tokens in", "Tokens out", "Answer"],
    [
        [name, a.usage.prompt_tokens, a.usage.completion_tokens, a.choices[0].message.content]
        for name, a in answers.items()
    ],
    caption="One question under five instructions. Recorded answers: see the first line of this lesson.",
)

# %% [markdown]
# The fact stays the same; form and length follow the instruction. A longer instruction makes the *question* cost more, because it is sent with every call; a longer answer
# costs more as output, which is dearer. Each row is one answer, so this shows what an instruction can do. It does not measure how reliably it does it.

# %% [markdown]
# ## See what went over the wire
#
# The SDK (software development kit: the `openai` package) turned your call into one HTTP request, the kind of message that a browser sends to a website.
# `lesson.show_last()` shows the last exchange as the Python call, as the HTTP messages that went out and came back, and as a `curl` command, which
# sends the same request from a terminal. Look for your two messages, and for the key: it travels in the line `Authorization`
# (shown here by the name of its variable only).

# %%
ask("You are a helpful assistant.")
lesson.show_last()

# %% [markdown]
# ## Save it as a script
#
# A notebook is for trying things out; a script is what you keep. `assistant/hello_gpt.py` is the call of this lesson, whole.

# %%
from pathlib import Path

script = Path("assistant/hello_gpt.py")
print(script.read_text(encoding="utf-8"))

# %% [markdown]
# Run it the way a terminal would. The script knows nothing of this course; it finds the address and the key in the environment, like any program that uses the SDK.

# %%
import subprocess
import sys

run = subprocess.run([sys.executable, script], capture_output=True, text=True)
print(run.stdout or run.stderr)

# %% [markdown]
# ## On your own
#
# ### Exercise 1: two messages
#
# Ask the flagship model for the capital of Japan, so that it answers with one word. Use two messages: a `developer` message with the content `Answer with one word.` and a `user`
# message with the content `What is the capital of Japan?`. Replace both `...`.

# %% tags=["exercise-1"]
my_messages = ...
reply = ...

# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A list holds the two dictionaries. Pass it to `client.chat.completions.create` as `messages`, with `model=FLAGSHIP`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# my_messages = [
#     {"role": "developer", "content": "Answer with one word."},
#     {"role": "user", "content": "What is the capital of Japan?"},
# ]
# reply = client.chat.completions.create(model=FLAGSHIP, messages=my_messages)
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: a safe way to read an answer
#
# Write a function `read(response)` that returns the text when the model had finished, and the text followed by ` […]` when it was cut off at the limit.


# %% tags=["exercise-2"]
def read(response):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# The text is `response.choices[0].message.content`. Compare `response.choices[0].finish_reason` with `"length"`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def read(response):
#     choice = response.choices[0]
#     if choice.finish_reason == "length":
#         return f"{choice.message.content} […]"
#     return choice.message.content
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# OpenAI has two ways to ask for text. This course begins with Chat Completions, because most existing code uses it and no end has been announced (November 2026). The newer one
# is the Responses API, which OpenAI recommends for new projects. The developer's message becomes `instructions`, the question `input`, and the text is at hand as `output_text`.

# %%
twin = client.responses.create(
    model=FLAGSHIP,
    instructions="You are a helpful assistant.",
    input="What is the capital of France?",
    store=False,
)
print(twin.output_text)
print(twin.status, twin.usage.input_tokens, twin.usage.output_tokens)

# %% [markdown]
# `status` takes the place of `finish_reason`, and the tokens are called input and output. `store=False` asks OpenAI not to keep the response; without it, this API keeps
# responses for later use. [Lesson 16](16_move_to_the_responses_api.ipynb) compares the two in full.

# %% [markdown]
# ## From the production desk
#
# - Log `_request_id` and `response.model` with every call. The first is what support asks for; the second tells you when the version behind a name has changed.
# - Check `finish_reason` before you show or store an answer. A text that was cut off looks almost like one that is complete.

# %% [markdown]
# ## Recap
#
# - A call is a client, a model and a list of messages; the answer is in `choices[0].message.content`.
# - `finish_reason` says why the model stopped, and `usage` says what you pay for.
# - The SDK sends one HTTP request, which any other tool could send too.
#
# Next you will turn the knobs of a request and see what each of them does.

# %%
lesson.receipt()
