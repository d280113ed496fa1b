# %% [markdown]
# # Move to the Responses API
#
# By the end you will have done six everyday tasks in both of OpenAI's APIs for text, and can convert a request from one to the other.

# %% [markdown]
# ## What you will learn
#
# - Why there are two APIs, and when a move pays.
# - Six tasks side by side: ask, go on, stream, call a function, get data, let the model think.
# - What OpenAI keeps of your calls, how long, and how to say no.
# - What reasoning costs, and which models and tools exist only in the newer API.
# - Which old parameters are refused, and what to write instead.
#
# You need [lesson 01](01_make_your_first_call.ipynb) to [lesson 04](04_build_an_assistant.ipynb). [Lesson 08](08_let_the_model_call_tools.ipynb) helps with the task about functions.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, NEWEST, PRO, SMALL

lesson.start("16")

# %% [markdown]
# ## Why there are two
#
# **Chat Completions** came first. Most code that you find uses it, OpenAI supports it, and no end has been announced (November 2026). The **Responses API** is newer, and OpenAI
# [recommends it](https://developers.openai.com/api/docs/guides/migrate-to-responses) for all new projects. (A third one, the Assistants API, ended on 2026-08-26; older guides still use it.) The course's model table shows what depends on the choice:

# %% tags=["furniture"]
from helpers import models
from helpers.tables import Table

rows = []
for model in [FLAGSHIP, SMALL, NEWEST, PRO]:
    chat_too = "yes" if "chat" in models.info(model)["endpoints"] else "no"
    rows.append([model, chat_too, models.condition(model, "tools")])
Table(
    ["Model", "Chat Completions", "Function tools there"],
    rows,
    caption=f"What Chat Completions offers of four models, as of {models.AS_OF}. Responses offers all of it.",
)

# %% [markdown]
# So there is no hurry to move code that works. A new project, a new model with tools, and everything with built-in tools belong in Responses.

# %% [markdown]
# ## Task 1: ask a question
#
# First the call that you know. The question and the rule have names here, because both APIs get the same ones.

# %%
from openai import OpenAI

client = OpenAI()
RULE = "Answer in at most twelve words."
SKY = "Why is the sky blue?"
messages = [{"role": "developer", "content": RULE}, {"role": "user", "content": SKY}]

chat = client.chat.completions.create(model=FLAGSHIP, messages=messages)
print(chat.choices[0].message.content)

# %% [markdown]
# And in Responses. The developer's message becomes `instructions`, the question `input`. `store=False` is explained under task 2.

# %%
response = client.responses.create(model=FLAGSHIP, instructions=RULE, input=SKY, store=False)
print(response.output_text)

# %% [markdown]
# The model is the same, and so are its prices. What comes with the answer has new names:

# %% tags=["furniture"]
old, new = chat.usage, response.usage
rows = [
    ["finish_reason", chat.choices[0].finish_reason, "status", response.status],
    ["prompt_tokens", old.prompt_tokens, "input_tokens", new.input_tokens],
    ["completion_tokens", old.completion_tokens, "output_tokens", new.output_tokens],
]
Table(["Chat Completions", "Value", "Responses", "Value"], rows, caption="Old names and new ones.")

# %% [markdown]
# The prompt has the same length in both. These are two answers, so their words and lengths differ.

# %% [markdown]
# You will want to see the requests side by side later. After each task, a folded cell keeps the last one of each API, from the log of the course's server.

# %% tags=["furniture"]
# Keep the requests of this task
sent = {}


def keep(task):
    latest = {e.request["path"]: e.request.get("json") for e in lesson.exchanges()}
    sent[task] = latest["/v1/chat/completions"], latest["/v1/responses"]


keep("1 Ask a question")

# %% [markdown]
# `input` takes a list of messages as well. The smallest possible move therefore changes the method and one name, and leaves the messages alone:

# %%
same = client.responses.create(model=FLAGSHIP, input=messages, store=False)
print(same.output_text)

# %% [markdown]
# **Try it:** change the rule, `RULE = "Answer like a pirate."` or `RULE = "Answer in German."`, or the question, `SKY = "Why is the sea salty?"`, and run the cells of this task again, in both APIs.

# %% [markdown]
# ### Read the items
#
# Chat Completions answers with `choices`, and each holds one message. A response holds a list called `output`, and its entries are **items**: things that the model did, in order, each with a `type`. Guess before you
# look: how deep inside does the text of the answer lie?

# %% tags=["guess"]
from helpers.demos.tree import tree

tree(response.model_dump()["output"], "output", open_depth=5)

# %% [markdown]
# | Type of item | What it is |
# |---|---|
# | `message` | What the model says: a list of parts, `output_text` or `refusal` |
# | `reasoning` | A sign that the model thought. The thoughts stay hidden; a summary can be asked for |
# | `function_call` | A request to call one of your functions |
# | `web_search_call`, `file_search_call`, … | A built-in tool that OpenAI ran |
#
# `output_text` is not sent by the API. It is a shortcut of the SDK (software development kit, the `openai` package), which joins all parts of type `output_text`. Use it instead of `output[0]`: the first item need not be a message, as task 6 shows.

# %% [markdown]
# ### Notice a cut
#
# `max_output_tokens` takes the place of `max_completion_tokens`, and allows no fewer than 16. An answer that hits the limit says so in two fields:

# %%
cut = client.responses.create(
    model=FLAGSHIP, input="Tell me about tides.", max_output_tokens=16, store=False
)
print(cut.output_text)
print(cut.status, cut.incomplete_details.reason)

# %% [markdown]
# **Try it:** raise the limit to 30, then to 100. When an answer is whole, `incomplete_details` is `None`, so leave out `.reason`. Then go down to 10, which is less than the API allows.

# %% [markdown]
# ## Task 2: go on with a conversation
#
# Chat Completions is **stateless**: each request stands alone, so your program sends the whole conversation each time.

# %%
WHO, TALL = "Who built the lighthouse of Alexandria?", "How tall was it?"
history = [{"role": "developer", "content": RULE}, {"role": "user", "content": WHO}]

chat = client.chat.completions.create(model=FLAGSHIP, messages=history)
history.append({"role": "assistant", "content": chat.choices[0].message.content})
history.append({"role": "user", "content": TALL})
chat = client.chat.completions.create(model=FLAGSHIP, messages=history)
print(chat.choices[0].message.content)

# %% [markdown]
# The model remembers nothing in Responses either, but there the *server* can: name the earlier response in `previous_response_id`, and send only what is new. So when you read "the API is stateless", it is about
# Chat Completions.

# %%
first = client.responses.create(model=FLAGSHIP, instructions=RULE, input=WHO)
second = client.responses.create(
    model=FLAGSHIP, instructions=RULE, input=TALL, previous_response_id=first.id
)
print(second.output_text)

# %% tags=["furniture"]
# Keep the requests of this task
keep("2 Go on with a conversation")

# %% [markdown]
# Now a third request, with the id and without the instructions.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

YES, NO = "yes, it came with the first question", "no, it has to come with every request"
predict(
    1,
    "TALL is asked again with previous_response_id=first.id, but without instructions. Does the rule still hold?",
    [YES, NO],
)

# %%
third = client.responses.create(model=FLAGSHIP, input=TALL, previous_response_id=first.id)
print(third.output_text)

# %% tags=["furniture"]
rows = [
    ["Chat Completions, all sent again", chat.usage.prompt_tokens],
    ["Responses, kept by the server", second.usage.input_tokens],
    ["Responses, without instructions", third.usage.input_tokens],
]
Table(["The second question", "Tokens in"], rows, caption="Tokens billed as input.")

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# The last row lacks the tokens of the rule: the model never saw it. And the second row shows that you send less but **pay for all of it**. The earlier turns are read, and billed, each time. State on the server saves you code, not tokens.
# (In both APIs a long beginning that repeats may be billed at the lower price of cached input: [lesson 03](03_count_tokens_and_cost.ipynb).)
#
# </details>
#
# You can also carry the state yourself, as in Chat Completions: keep a list and add each response's `output` to it. Task 4 does that. A third way, `client.conversations.create()`, makes a conversation that OpenAI keeps until
# you delete it, without the limit of 30 days. The model's context window and the bill for all earlier turns stay the same.
#
# **Try it:** have another conversation, `WHO, TALL = "Who wrote Moby-Dick?", "When was it published?"`, and run all cells of this task. Then add `store=False` to `first`: what does `second` have to go on from? (Take it out again before you go on, and rerun the cell.)

# %% [markdown]
# ### Know what is kept
#
# The three calls above did not say `store`, so OpenAI kept all three:

# %%
print(first.store, second.store, third.store, response.store)

# %%
again = client.responses.retrieve(first.id)
print(again.output_text)

# %% [markdown]
# | What | Chat Completions | Responses |
# |---|---|---|
# | Kept when you say nothing | yes for newer accounts, by OpenAI's guide | **yes**, for at least 30 days |
# | To keep nothing, whatever the account | `store=False` | `store=False` |
# | To go on from it | no | `previous_response_id` |
# | Used to train models | no, unless you agree to it | no, unless you agree to it |
# | Logs against abuse | usually up to 30 days | usually up to 30 days |
#
# (November 2026. OpenAI's pages do not quite agree about the first line for Chat Completions, so do not rely on it.) The default is the easiest thing to miss in a move: code that kept nothing may begin to leave its users' texts with OpenAI. Say `store` in every call, one way or
# the other. What is stored can be deleted, and then there is nothing to go on from:

# %%
import openai

for kept in [first, second, third]:
    client.responses.delete(kept.id)
try:
    client.responses.create(
        model=FLAGSHIP, input=TALL, previous_response_id=first.id, store=False
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code)

# %% [markdown]
# ## Task 3: stream
#
# `stream=True` works in both. What comes differs: Chat Completions sends chunks that all look alike, Responses sends **events** that each say what they are. Here is one answer each way, collected whole.

# %%
wind = [{"role": "user", "content": "Name three winds of the Mediterranean."}]
chunks = list(client.chat.completions.create(model=FLAGSHIP, messages=wind, stream=True))
events = list(client.responses.create(model=FLAGSHIP, input=wind, stream=True, store=False))

# %% tags=["furniture"]
# Keep the requests of this task
keep("3 Stream")

# %%
from collections import Counter

print("Chat Completions:", len(chunks), "chunks, all of them", chunks[0].object)
print("Responses:")
for kind, count in Counter(event.type for event in events).items():
    print(f"{count:4}  {kind}")

# %% [markdown]
# Most of the events frame the text: a response begins, an item is added, a part is added, and each is done in turn. For printing, one type is enough. The last event brings the whole response, with its usage, and
# you need not ask for it as in [lesson 06](06_stream_answers.ipynb).

# %%
for event in events:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
    elif event.type in ("response.completed", "response.incomplete"):
        print(f"\n{event.response.status}, {event.response.usage.output_tokens} tokens out")

# %% [markdown]
# If neither `response.completed` nor `response.incomplete` arrives, the stream broke and the text is not whole. (`response.failed` and `error` report trouble on OpenAI's side.)
#
# **Try it:** ask for something else, `"Name three rivers of Europe."` or `"Name three seas of Europe."`, and run the cells of this task again.

# %% [markdown]
# ## Task 4: let the model call a function
#
# A library's opening hours, and the description of the function that knows them. It is written once; the two APIs only wrap it differently.


# %%
def opening_hours(day):
    return {"Saturday": "10:00 to 16:00", "Sunday": "closed"}.get(day, "9:00 to 18:00")


about = {
    "name": "opening_hours",
    "description": "Opening hours of the library on a day of the week, such as Monday.",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"day": {"type": "string"}},
        "required": ["day"],
        "additionalProperties": False,
    },
}

# %%
chat_tools = [{"type": "function", "function": about}]
tools = [{"type": "function", **about}]  # flat: no inner "function"

# %% [markdown]
# The first request brings the call. In Chat Completions it is part of the message; in Responses it is an item of its own.

# %%
import json

library = [{"role": "user", "content": "When is the library open on Saturday?"}]
chat = client.chat.completions.create(model=FLAGSHIP, messages=library, tools=chat_tools)
asked = client.responses.create(model=FLAGSHIP, input=library, tools=tools, store=False)

call = chat.choices[0].message.tool_calls[0]
item = next(item for item in asked.output if item.type == "function_call")
print(call.id, call.function.name, call.function.arguments)
print(item.call_id, item.name, item.arguments)

# %% [markdown]
# The second request brings the result back. A message of role `tool` becomes an item `function_call_output`, and `call_id` ties it to its call. (An item has an `id`, too. It is not the one you need.)

# %%
hours = opening_hours(**json.loads(call.function.arguments))
answer = {"role": "tool", "tool_call_id": call.id, "content": hours}
messages = [*library, chat.choices[0].message, answer]
chat = client.chat.completions.create(model=FLAGSHIP, messages=messages, tools=chat_tools)
print(chat.choices[0].message.content)

# %%
hours = opening_hours(**json.loads(item.arguments))
result = {"type": "function_call_output", "call_id": item.call_id, "output": hours}
items = [*library, *asked.output, result]
reply = client.responses.create(model=FLAGSHIP, input=items, tools=tools, store=False)
print(reply.output_text)

# %% tags=["furniture"]
# Keep the requests of this task
keep("4 Call a function")

# %% [markdown]
# **Try it:** ask about `Sunday` or `Monday` instead of `Saturday`. Or call the function `"opening hours"`, with a space. (Change it back afterwards, and run the cells of this task again.)

# %% [markdown]
# This list of items is the state that you carry yourself: what you sent, what came, what you add. A real program answers every call and loops, as in lesson 08; none of that changes.
#
# One thing you gain: Responses counts a request before you send it, tools included, and writes no answer. Compare the count with the bill:

# %%
counted = client.responses.input_tokens.count(model=FLAGSHIP, input=items, tools=tools)
print("counted", counted.input_tokens, "billed", reply.usage.input_tokens)

# %% [markdown]
# ## Task 5: get an answer as data
#
# A schema promises the shape of the answer ([lesson 09](09_get_answers_as_data.ipynb)). `response_format` becomes `text`, and again the wrapping is flatter: name and schema are beside the type.

# %%
booking = {
    "name": "booking",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
        "required": ["city", "nights"],
        "additionalProperties": False,
    },
}
letter = [{"role": "user", "content": "Two nights in Porto, please, from Friday on."}]

# %%
chat = client.chat.completions.create(
    model=FLAGSHIP,
    messages=letter,
    response_format={"type": "json_schema", "json_schema": booking},
)
data = client.responses.create(
    model=FLAGSHIP,
    input=letter,
    text={"format": {"type": "json_schema", **booking}},
    store=False,
)
print(json.loads(chat.choices[0].message.content))
print(json.loads(data.output_text))

# %% tags=["furniture"]
# Keep the requests of this task
keep("5 Get data")

# %% [markdown]
# With Pydantic, `client.chat.completions.parse(response_format=…)` becomes `client.responses.parse(text_format=…)`, and the object is in `output_parsed`.
#
# **Try it:** ask for one thing more: add `"arrival": {"type": "string"}` to the `properties`, and read the refusal. Then add `"arrival"` to `required` too.

# %% [markdown]
# ## Task 6: let the model think
#
# A reasoning model writes hidden tokens before the visible ones. `reasoning_effort="low"` becomes `reasoning={"effort": "low"}`. The question is one in which a hasty answer goes wrong.

# %%
ROPE = (
    "A rope is 100 m long. I cut off pieces of 7 m until the rest is too short, and every cut "
    "wastes 3 cm. How many metres are left? Answer with the number only."
)
rope = [{"role": "user", "content": ROPE}]
chat = client.chat.completions.create(model=SMALL, messages=rope, reasoning_effort="low")
thought = client.responses.create(
    model=SMALL, input=rope, reasoning={"effort": "low"}, store=False
)
print(chat.choices[0].message.content, "and", thought.output_text)

# %% tags=["furniture"]
# Keep the requests of this task
keep("6 Let the model think")

# %%
print(
    chat.usage.completion_tokens_details.reasoning_tokens, "hidden tokens in Chat Completions"
)
print(thought.usage.output_tokens_details.reasoning_tokens, "hidden tokens in Responses")
print([item.type for item in thought.output])

# %% [markdown]
# In Chat Completions the thinking shows only as a number. In Responses it is an item, and it comes **first**: this is where `output[0]` fails. With `store=False`, such items can go back in a later request only in encrypted form, and the API
# returns them in that form by default. (Older code asks for it with `include=["reasoning.encrypted_content"]`.)

# %% [markdown]
# ### Set the effort
#
# Ask the same at four efforts. Before you move the control: from which effort on is the answer right? And how many times the price of `none` does `high` cost, when the visible answer has only a few tokens?

# %%
from helpers import costs

efforts = {}
for effort in ["none", "low", "medium", "high"]:
    efforts[effort] = client.responses.create(
        model=SMALL, input=rope, reasoning={"effort": effort}, store=False
    )
right = 10_000 % 703 / 100  # 100 m in cm; each piece takes 7 m and a cut of 3 cm

# %% tags=["furniture"]
# What the control shows
import html


def show_effort(effort):
    got = efforts[effort]
    hidden = got.usage.output_tokens_details.reasoning_tokens
    price = costs.usd(costs.cost(SMALL, got.usage))
    text = html.escape(got.output_text)
    answer = f"<p>Answer: <b>{text}</b> (right: {right})</p>"
    return f"{answer}<p>{hidden} hidden tokens, {price}</p>"


# %% tags=["furniture"]
from helpers import widgets

slider = widgets.stops("Effort", list(efforts), "none", help="How long the model may think.")
alt = "A slider with four stops of effort; the answer, its hidden tokens and its price appear below."
widgets.live_text(show_effort, alt, effort=slider)

# %% [markdown]
# The four answers at a glance:

# %% tags=["furniture", "guess"]
# The four answers
rows = []
for name, got in efforts.items():
    hidden = got.usage.output_tokens_details.reasoning_tokens
    visible = got.usage.output_tokens - hidden
    price = costs.usd(costs.cost(SMALL, got.usage))
    rows.append([name, hidden, visible, price, got.output_text])
Table(
    ["Effort", "Hidden tokens", "Visible tokens", "Price", "Answer"],
    rows,
    caption=f"One question at four efforts. The right answer is {right}.",
    note=lesson.note(),
)

# %% [markdown]
# Hidden tokens are billed as output, and soon they are nearly all of the price. Past the point where the answer is right, more effort only costs more. Where that point lies depends on the question, so
# find it on your own questions.
#
# **Try it:** put `"xhigh"` at the end of the four efforts and run the cells from there again: the control gets another position. Then put `"minimal"` there, which only older reasoning models have.
#
# Both the efforts and the default depend on the model:

# %% tags=["furniture"]
rows = []
for model in [FLAGSHIP, SMALL, NEWEST, PRO]:
    entry = models.info(model)
    default = entry["default_effort"] or "not stated"
    rows.append([model, ", ".join(entry["efforts"]), default])
Table(["Model", "Efforts", "Default"], rows, caption=f"Reasoning effort, as of {models.AS_OF}.")

# %% [markdown]
# ### Think and call at once
#
# One difference can force a move. Predict: which of the two requests below works? Both let the small model think a little and offer it the function of task 4.

# %% tags=["guess"]
try:
    client.chat.completions.create(
        model=SMALL, messages=library, tools=chat_tools, reasoning_effort="low"
    )
except openai.BadRequestError as error:
    print(error.body["message"])

# %% tags=["guess"]
both = client.responses.create(
    model=SMALL, input=library, tools=tools, reasoning={"effort": "low"}, store=False
)
print([item.type for item in both.output])

# %% [markdown]
# ## Compare the requests
#
# Here are the requests of the six tasks as they went over the wire. Before you choose one: which task changes most, and which changes least?


# %% tags=["furniture"]
# Two requests side by side
def column(name, request):
    text = html.escape(json.dumps(request, indent=2, ensure_ascii=False))
    look = "white-space: pre-wrap; line-height: 1.3; font-size: 12px"
    return f'<div style="flex: 1; min-width: 0"><b>{name}</b><pre style="{look}">{text}</pre></div>'


def show_task(task):
    old, new = sent[task]
    sides = column("Chat Completions", old) + column("Responses", new)
    return f'<div style="display: flex; gap: 16px">{sides}</div>'


# %% tags=["furniture"]
menu = widgets.choice("Task", list(sent), help="Shows what was sent to each API.")
alt = "A menu of the six tasks; the request to each API appears below, side by side."
widgets.live_text(show_task, alt, task=menu)

# %% [markdown]
# The same without the control: the names that only one side has, and those that both have with other contents.

# %% tags=["furniture", "guess"]
rows = []
for name, (old, new) in sent.items():
    changed = [key for key in old if key in new and old[key] != new[key]]
    gone, came = [key for key in old if key not in new], [key for key in new if key not in old]
    rows.append([name, *(", ".join(keys) or None for keys in (gone, came, changed))])
Table(
    ["Task", "Only in Chat", "Only in Responses", "Other shape"],
    rows,
    caption="What changes between the two requests of each task.",
)

# %% [markdown]
# <details><summary>What the table shows</summary>
#
# `messages` always goes, `input` always comes, and `store` should. Tasks 5 and 6 change the most names. A stream changes the fewest; what changes there is how you read it. Task 2 changes the most in meaning, because the state moves to the server.
#
# </details>

# %% [markdown]
# ## Meet the refusals
#
# What happens when old names come along? The SDK stops the first kind before anything is sent, because its method has no such parameter:

# %%
try:
    client.responses.create(model=FLAGSHIP, input=SKY, store=False, max_completion_tokens=50)
except TypeError as error:
    print(type(error).__name__, error)

# %% [markdown]
# Requests that are made elsewhere, by another library or by hand, reach the API. `extra_body` adds fields that the SDK does not check, so it can play that part. The last three in the list have names that Responses
# knows, with values that it does not take.

# %%
TRIES = [
    {"stop": ["."]},
    {"n": 2},
    {"seed": 7},
    {"reasoning_effort": "low"},
    {"response_format": {"type": "json_object"}},
    {"max_output_tokens": 8},
    {"temperature": 0.2, "reasoning": {"effort": "low"}},
    {"previous_response_id": "resp_unknown"},
]


# %%
def refusal(extra):
    try:
        client.responses.create(model=FLAGSHIP, input=SKY, store=False, extra_body=extra)
    except openai.BadRequestError as error:
        return error.body["message"].partition(" Try again")[0]  # without the advice
    return "accepted"


rows = [[json.dumps(extra), refusal(extra)] for extra in TRIES]
Table(
    ["Added to the request", "What the API says"],
    rows,
    caption="What Responses says to such additions.",
)

# %% [markdown]
# `stop`, `n`, `seed` and the two penalties have no successor. For `stop`, end a stream yourself ([lesson 06](06_stream_answers.ipynb), exercise 2); for `n`, send the request several times. `temperature` and `top_p` remain: here "with this
# model" means "while it reasons". The last line is the error that you meet after 30 days, or after `store=False`. Then send the conversation again from your own records.
#
# **Try it:** add requests of your own to `TRIES`, such as `{"max_tokens": 50}`, `{"messages": []}`, `{"presence_penalty": 0.5}` or `{"temperature": 3}`. The course knows what the API says to these, too.

# %% [markdown]
# ## Know the built-in tools
#
# A function runs on your machine. A **built-in tool** runs at OpenAI: you name it, the model uses it, and its work comes back as items of the same response. Chat Completions takes none of
# them in `tools`. (One special model there searches the web, `gpt-5-search-api`; its predecessors ended in July 2026.) These are the ones that most programs need:
#
# | Tool (November 2026) | What it does | What it costs beside tokens |
# |---|---|---|
# | `web_search` | Searches the web and cites its sources | \$10 for 1,000 calls; what it read is billed as input tokens |
# | `file_search` | Searches files that you put into a vector store | \$2.50 for 1,000 calls, and \$0.10 per GB and day (1 GB is free) |
# | `code_interpreter` | Runs Python in a container at OpenAI | from \$0.03 for each 20 minutes of a container (1 GB) |
# | `image_generation` | Makes and edits pictures | the image model's tokens |
# | `mcp` | Calls tools of another server, over the Model Context Protocol | what that server's owner asks |
#
# The SDK's types also have `computer`, `shell`, `apply_patch`, `tool_search`, `programmatic_tool_calling`, `custom` and `namespace`; some of these ask your own program to do the work. Fees change; look at [OpenAI's prices](https://developers.openai.com/api/docs/pricing) on the day. This is what a request looks like. The lesson does not send it: a recorded search would be old news, and a live one costs its fee.

# %%
search_request = {
    "model": FLAGSHIP,
    "input": "What is new in the latest release of Python?",
    "tools": [{"type": "web_search", "filters": {"allowed_domains": ["python.org"]}}],
    "include": ["web_search_call.action.sources"],
    "max_tool_calls": 2,
    "store": False,
}
print("At most, in fees:", costs.usd(search_request["max_tool_calls"] * 10 / 1000))

# %% [markdown]
# To send it, write `client.responses.create(**search_request)`. The fee comes on top of the tokens, and `usage` does not contain it. `max_tool_calls` limits it. And what comes from the web is text from
# strangers: what lesson 08 says about orders hidden in tool results holds here too.

# %% [markdown]
# ## Look at the price of the pro model before you call it
#
# The pro model spends more thought on each answer. Older texts call it like any other:

# %%
try:
    client.chat.completions.create(model=PRO, messages=rope)
except openai.NotFoundError as error:
    print(error.status_code, error.body["message"])

# %% [markdown]
# The advice in that message leads nowhere; this model is in the Responses and Batch APIs only. What it costs there:

# %%
costs.cost_table([SMALL, FLAGSHIP, PRO], "The pro model beside the two of this lesson.")

# %% [markdown]
# `input_tokens.count` gives the input, and a limit gives the most that the output can be. Together they are a ceiling for the price, before anything is spent:

# %%
LIMIT = 2000
count = client.responses.input_tokens.count(model=PRO, input=rope).input_tokens
most = costs.cost(PRO, {"input_tokens": count, "output_tokens": LIMIT})
print("at most", costs.usd(most))
print("a cent buys", int(0.01 / costs.price(PRO)["output"] * 1e6), "tokens of output")

# %% [markdown]
# The hidden tokens would soon use up that cent: as its efforts above show, you can't tell this model not to think. A lesson here should cost a cent at most, so the call stays unsent. With a key and a reason it is
# `client.responses.create(model=PRO, input=rope, max_output_tokens=LIMIT, store=False)`.

# %% [markdown]
# ## Keep this table
#
# | Chat Completions | Responses | Mind |
# |---|---|---|
# | `client.chat.completions.create` | `client.responses.create` | |
# | `messages` | `input`: text, messages or items | |
# | first message, `developer` or `system` | `instructions` | not carried over by `previous_response_id` |
# | `store` left out | `store=False` | the default here is to keep |
# | send everything again | the same, or `previous_response_id` | billed in full either way |
# | `max_completion_tokens` | `max_output_tokens` | at least 16; includes hidden tokens |
# | `reasoning_effort="low"` | `reasoning={"effort": "low"}` | |
# | `verbosity="low"` | `text={"verbosity": "low"}` | |
# | `response_format` | `text={"format": …}` | without the inner `json_schema` |
# | `tools`: `{"type", "function": {…}}` | `tools`: `{"type", "name", …}` | strict by default where the schema allows it |
# | role `tool`, `tool_call_id` | item `function_call_output`, `call_id` | |
# | `choices[0].message.content` | `output_text` | |
# | `message.tool_calls` | items of type `function_call` | |
# | `finish_reason == "length"` | `status == "incomplete"` | the reason is in `incomplete_details` |
# | `prompt_tokens`, `completion_tokens` | `input_tokens`, `output_tokens` | |
# | chunks, `delta.content` | events, `response.output_text.delta` | usage comes without asking |
# | `stop`, `n`, `seed`, penalties | none | |
#
# (November 2026.) Search your own code for the names in the left column.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: convert a request
#
# Write `convert(request)`: it takes the arguments of a Chat Completions call as a dictionary and returns those for Responses, as a new dictionary.
#
# - A first message of role `developer` or `system` becomes `instructions`. The other messages become `input`, in order.
# - `max_completion_tokens`, `reasoning_effort`, `response_format` and `tools` get their new names and shapes.
# - A move must not begin to keep texts: `store` is `False`, unless the request says otherwise.
# - `stop`, `n` and `seed` raise a `ValueError` that names them. Everything else stays as it is.
#
# Four requests to try it on:

# %%
examples = {
    "rule": {"model": FLAGSHIP, "messages": history[:2], "max_completion_tokens": 200},
    "data": {
        "model": FLAGSHIP,
        "messages": letter,
        "response_format": {"type": "json_schema", "json_schema": booking},
    },
    "tools": {"model": SMALL, "messages": library, "tools": chat_tools, "store": True},
    "thought": {"model": SMALL, "messages": rope, "reasoning_effort": "high"},
}


# %% tags=["exercise-1"]
def convert(request):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Begin with the refused names. Then `new = {"store": False, **request}` is a copy with a default, and `new.pop("messages")` takes a value out of it. `{"type": "function", **tool["function"]}` flattens one tool.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def convert(request):
#     for name in ("stop", "n", "seed"):
#         if name in request:
#             raise ValueError(f"Responses has no {name}.")
#     new = {"store": False, **request}
#     messages = new.pop("messages")
#     if messages[0]["role"] in ("developer", "system"):
#         new["instructions"], messages = messages[0]["content"], messages[1:]
#     new["input"] = messages
#     if "max_completion_tokens" in new:
#         new["max_output_tokens"] = new.pop("max_completion_tokens")
#     if "reasoning_effort" in new:
#         new["reasoning"] = {"effort": new.pop("reasoning_effort")}
#     if "response_format" in new:
#         form = new.pop("response_format")
#         new["text"] = {"format": {"type": form["type"], **form.get("json_schema", {})}}
#     if "tools" in new:
#         new["tools"] = [{"type": "function", **tool["function"]} for tool in new["tools"]]
#     return new
# ```
#
# It converts first questions and plain conversations. Earlier tool calls inside `messages` would have to become items as well.
#
# </details>

# %% [markdown]
# ### Exercise 2: walk the items
#
# Write `walk(output)` for any list of items. It returns two values: all text, joined, and the calls, each as a pair of name and arguments, with the arguments as a dictionary. Whatever else is in the list is passed over, refusals
# included: a part of type `refusal` has no `text`. Here is one to try:

# %%
from openai.types.responses import ResponseOutputMessage

declined = ResponseOutputMessage(
    id="msg_declined",
    type="message",
    role="assistant",
    status="completed",
    content=[{"type": "refusal", "refusal": "I can't help with that."}],
)


# %% tags=["exercise-2"]
def walk(output):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Start with `""` and `[]`. Loop over the items and ask for `item.type`. In a `message`, loop over `item.content` and ask for `part.type == "output_text"`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def walk(output):
#     text, calls = "", []
#     for item in output:
#         if item.type == "message":
#             for part in item.content:
#                 if part.type == "output_text":
#                     text += part.text
#         elif item.type == "function_call":
#             calls.append((item.name, json.loads(item.arguments)))
#     return text, calls
# ```
#
# </details>

# %% [markdown]
# ## From the production desk
#
# - **Decide about `store` on purpose**, and write it into every call. The people responsible for data in your company will ask.
# - **Move one call at a time**, and measure before and after: the same test questions, answers, tokens and price. The model stays the same. What gets lost on the way is usually an instruction, a limit or an effort.
# - **Check `status`** where you checked `finish_reason`, and never take `output[0]` for the answer.
# - **Keep your own record of the conversation**, even when the server has one. Stored responses may go after 30 days, and the next request then gets a 400.
# - **Set the effort in every call** to a model that reasons, and a limit with it. Hidden tokens are on the bill and not on the screen.

# %% [markdown]
# ## Recap
#
# - Responses takes `instructions` and `input`, and answers with a list of items; `output_text` is the text among them.
# - It can hold the conversation for you, keeps what you send unless you say `store=False`, and bills the whole conversation all the same.
# - Thinking together with tools, the built-in tools and the pro model need it; Chat Completions goes on working.
#
# Next you will build four small apps with what you have learnt.

# %%
lesson.receipt()
