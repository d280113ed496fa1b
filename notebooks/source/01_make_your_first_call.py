# %% [markdown]
# # Make your first call
#
# Ask a model a question from Python, find your way around the answer, and finish with a chat app of your own.

# %% [markdown]
# **You will learn** what a request is made of, where the answer is in the response, how to tell why a model stopped, and how a chat remembers.
#
# **You need** variables, functions, lists and dictionaries. You don't need a key: the calls on this page have recorded answers, and so do the
# changes it suggests. [Lesson 00](00_get_ready.ipynb) shows how to connect a free model, or your own key.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP

lesson.start("01")

# %% [markdown]
# ## Ask a question
#
# It takes three steps. Make a **client**, which finds your key and knows where to send things. Write down what you want to say as a list of **messages**. Send them to a **model**.

# %%
from openai import OpenAI

client = OpenAI()

response = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
print(response.choices[0].message.content)

# %% [markdown]
# That is a complete program. With a key, you could paste it into a file and run it.
#
# The answer is inside `choices`, because you can ask for several at once. Normally there is one, and its `message` looks like the one you sent: a role and some content.
#
# **Try it:** ask for the capital of Italy or Portugal, or ask in French: `Quelle est la capitale de la France ?` Then misspell the name of the model and read the last line of the error.

# %% [markdown]
# ## Give it an instruction
#
# A message with the role `developer` goes first and sets the rules for what follows. (Older code says `system`. The API takes both.)

# %%
response = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[
        {"role": "developer", "content": "Answer with one word and nothing else."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
)
print(response.choices[0].message.content)

# %% [markdown]
# **Try it:** change the instruction to `Answer like a pirate.` or `Explain to a six-year-old.` Change `developer` to `system` and see that nothing else changes.

# %% [markdown]
# ## Look inside the response
#
# The text is only a small part of what came back. Click a line to open it. Before you open `usage`: models count in **tokens**, which are words or pieces of words.
# How many do you think your two short messages took?

# %% tags=["furniture"]
from helpers.demos.tree import tree

tree(response, open_depth=1)

# %% [markdown]
# Most of it you will never need. These are the fields to know:
#
# | Field | What it tells you |
# |---|---|
# | `response.model` | Which version answered. You asked for a model by name; a dated version of it replied. |
# | `choices[0].message.content` | The answer. |
# | `choices[0].finish_reason` | Why the model stopped. `stop` means it was done. |
# | `usage.prompt_tokens` | What you sent, in tokens: your words, and a few tokens around each message. |
# | `usage.completion_tokens` | What the model wrote, in tokens, and a few that you don't see. Each costs more than an input token. |
# | `usage.total_tokens` | The two together. |
# | `response.id` | A name for this response, for your own log. |
# | `response._request_id` | What OpenAI's support will ask you for. It comes from an HTTP header, so it is not in the tree. |

# %% [markdown]
# ## Limit the length
#
# `max_completion_tokens` limits how much a model may write. Suppose you ask for a short story and allow only 16 tokens. Will it squeeze the story into 16 tokens, or do something else?

# %% tags=["guess"]
story = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "user", "content": "Tell me a short story about a lighthouse."}],
    max_completion_tokens=16,
)
print(story.choices[0].message.content)
print("finish_reason:", story.choices[0].finish_reason)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# The model doesn't plan for the limit. Its answer is cut off in the middle, and nothing raises an error. The only sign is `finish_reason`, which now says `length`.
# Check it before you show an answer to anyone.
#
# </details>
#
# **Try it:** allow 60 tokens, or take the limit out. What does `finish_reason` say then? The old name of this parameter is `max_tokens`: try that too.

# %% [markdown]
# ## Turn it into a chat
#
# A model remembers nothing between calls. If you want a conversation, you have to keep it yourself: put every message into a list, and send the whole list each time.

# %%
rules = "You are a friendly assistant. Answer briefly."
messages = [{"role": "developer", "content": rules}]


def reply(messages):
    response = client.chat.completions.create(model=FLAGSHIP, messages=messages)
    return response.choices[0].message.content


for text in ["Hi! My name is Noor.", "What is my name?"]:
    messages.append({"role": "user", "content": text})
    messages.append({"role": "assistant", "content": reply(messages)})
    print(f"You: {text}\nAssistant: {messages[-1]['content']}")

# %% [markdown]
# That is all there is to memory: your second message was sent together with the first one and its answer.
#
# **Try it:** ask without the list: `reply([{"role": "user", "content": "What is my name?"}])`. Then put another name into the loop: Ana, Sam or Tom. (Run the whole cell, so that the list starts again.)
#
# Here is the same loop in a box. It keeps the list for you, and calls `reply` with it. Tell it your name, then ask what your name is. (In replay, write `Hi! My name is Ana.` and then `What is my name?` The names Noor, Sam and Tom work too.)

# %% tags=["furniture"]
from helpers.demos.chat_box import ChatBox

PATHS = [
    ["Hi! My name is Noor.", "What is my name?", "How many letters does it have?"],
    ["Tell me a joke about Python.", "Explain it, please.", "Another one!"],
    ["What can I build with you?", "Which of these would you start with?"],
]
PATHS += [["Hello!", *path] for path in PATHS]
ChatBox(reply, "You are a friendly assistant. Answer briefly.", paths=PATHS)

# %% [markdown]
# You have an app. [Lesson 04](04_build_an_assistant.ipynb) moves it into a terminal, makes it recover when a call fails, and keeps track of what it costs.
#
# **Try it:** give it another personality: click the three dots above the box (in Colab, *Show code*) to show its code, change the instruction in the last line to `"You are a pirate. Answer briefly."`, run the cell, and write `Hello!`

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** Ask for the capital of Japan so that the model answers with one word. Use two messages: a `developer` message with the content `Answer with one word.` and a `user`
# message with the content `What is the capital of Japan?`. Keep the whole response in `answer`.

# %% tags=["exercise-1"]
my_messages = ...
answer = ...

# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A list holds the two dictionaries. Pass it to `client.chat.completions.create` as `messages`, with the model of this lesson.
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
# answer = client.chat.completions.create(model="gpt-5.2", messages=my_messages)
# ```
#
# </details>

# %% [markdown]
# **Exercise 2.** Write `read(response)`. It returns the text of a finished answer, and adds ` […]` to one that was cut off.


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

# %% [markdown]
# ## Deeper
#
# Three optional sections. Each is complete on its own.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### See what goes over the wire
#
# The SDK (software development kit: the `openai` package) turns your call into one HTTP request, the kind of message a browser sends to a website. `lesson.show_last()` shows the last
# one three ways: the Python call, the HTTP messages in both directions, and a `curl` command that sends the same request from a terminal.
# Look for your message, and for the key. The key is sent in the `Authorization` header; here you see only the name of its variable.

# %%
question = [{"role": "user", "content": "What is the capital of France?"}]
client.chat.completions.create(model=FLAGSHIP, messages=question)
lesson.show_last()

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Run it as a script
#
# A notebook is for trying things out; a script is what you keep. `assistant/hello_gpt.py` has this lesson's call as a complete script.

# %%
from pathlib import Path

print(Path("assistant/hello_gpt.py").read_text(encoding="utf-8"))

# %% [markdown]
# In a terminal it needs a key, or the course's server. `start.py serve` runs the server of this notebook as a separate program. Open a terminal in the course's folder:
#
# ```bash
# python3 start.py serve           # Windows: py start.py serve
# ```
#
# It prints two lines to copy. Paste them into a second terminal in the same folder, and run the script there with the Python of the course:
#
# ```bash
# source .venv/bin/activate        # Windows: .venv\Scripts\activate
# python notebooks/assistant/hello_gpt.py
# ```
#
# With a key in `.env`, the server prints only the first of those lines: set `OPENAI_API_KEY` in the second terminal yourself, because a script doesn't read `.env`. The server then sends the script's calls to OpenAI and keeps to the course's spending cap.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### The same with the Responses API
#
# OpenAI has two APIs for text. This course begins with Chat Completions: most existing code uses it, other providers speak it too, and OpenAI has announced no end for it (November 2026).
# The newer one is the Responses API, which OpenAI recommends for new projects. The developer's message becomes `instructions`, the question becomes `input`, and the text is in `output_text`.

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
# `status` takes the place of `finish_reason`, and tokens are counted as `input_tokens` and `output_tokens`. `store=False` asks OpenAI not to keep the response; by default this API
# stores it. [Lesson 16](16_move_to_the_responses_api.ipynb) compares the two in full.

# %% [markdown]
# ## In production
#
# - Log `_request_id` and `response.model` with every call. Support will ask for the first; the second tells you when the version behind a name has changed.
# - Check `finish_reason` before you show or store an answer. A truncated text can look complete.

# %% [markdown]
# ## What you have now
#
# A call is a client, a model and a list of messages. The answer is in `choices[0].message.content`; `finish_reason` says why it ended, and `usage` shows what you pay for.
# A chat is the same call with a longer list.
#
# **Next:** [turn the knobs](02_turn_the_knobs.ipynb) of a request and see what each one does.

# %% tags=["furniture"]
lesson.receipt()
