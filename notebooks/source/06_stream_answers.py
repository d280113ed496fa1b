# %% [markdown]
# # Stream answers
#
# By the end your answers appear word by word while the model writes them, can be stopped half way, and survive a connection that breaks.

# %% [markdown]
# ## What you will learn
#
# - How to print an answer while it is being written, and what that changes about the waiting.
# - What comes over the wire: chunks, deltas, padding and the last line.
# - How to get `usage` in a stream, and why the chunk that brings it breaks the usual loop.
# - What is lost and what is billed when you break off, and what to keep when the connection breaks.
# - How to stream in async code, and what the SDK's `stream()` helper does for you.
#
# You need [lesson 01](01_make_your_first_call.ipynb) and, for the errors, [lesson 05](05_survive_errors.ipynb).

# %%
from helpers import lesson
from helpers.models import FLAGSHIP

lesson.start("06")

# %% [markdown]
# ## Print an answer as it is written
#
# A model writes one token after another. So far you waited until the last one was there. With `stream=True` the call returns as soon as the answer begins, and gives you a **stream**: an object to loop over.
# Each turn of the loop waits for the next **chunk**, a small piece of the response. Its text is in `delta.content`; *delta* means what is new since the last chunk.
#
# Two details of `print` matter here: `end=""` keeps the pieces on one line, and `flush=True` shows each one now instead of collecting them.

# %%
from openai import OpenAI

client = OpenAI()
stream = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "user", "content": "Write a short poem about coding."}],
    stream=True,
)
for chunk in stream:
    if chunk.choices[0].delta.content:
        print(chunk.choices[0].delta.content, end="", flush=True)

# %% [markdown]
# Run the cell again and watch it: the poem grows. Replay sends each piece at the time that its recording notes.
#
# **Try it:** ask for a poem about the sea, about cats or about rain. Then take `stream=True` out and run it again. The error comes from what the loop gets now: the fields of one whole response instead of chunks.
#
# This lesson streams a lot, so give that call a short name. Whatever else you pass goes on to the API.


# %%
def streamed(messages, **options):
    return client.chat.completions.create(
        model=FLAGSHIP, messages=messages, stream=True, **options
    )


# %% [markdown]
# ## Measure the wait
#
# Two times describe a streamed answer: the **time to first token**, after which there is something to read, and the total. Before you measure them, make a guess.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "The same question is asked twice, once with stream=True and once without. Which answer is complete first?",
    ["the streamed one, clearly", "the other one, clearly", "both take about the same time"],
)

# %% [markdown]
# First without streaming. Replay usually answers such a call at once; `lesson.recorded_time()` makes it wait as long as the recording says, so that the comparison is fair.

# %%
from time import perf_counter

rainbow = [{"role": "user", "content": "Explain how a rainbow forms, in about 60 words."}]

with lesson.recorded_time():
    start = perf_counter()
    whole = client.chat.completions.create(model=FLAGSHIP, messages=rainbow)
    waited = perf_counter() - start
print(whole.choices[0].message.content)

# %% [markdown]
# Now streamed. For each piece, the loop records how many seconds after the request it arrived. The first chunk carries only the role and an empty text, so it does not count.

# %%
arrivals = []
start = perf_counter()
for chunk in streamed(rainbow):
    if piece := chunk.choices[0].delta.content:
        arrivals.append((perf_counter() - start, piece))
print(len(arrivals), "pieces")

# %%
from itertools import accumulate

from helpers import plots

seconds = [second for second, _ in arrivals]
shown = list(accumulate(len(piece) for _, piece in arrivals))  # characters so far

# %% tags=["furniture", "measured"]
name = f"streamed: first piece after {seconds[0]:.2f} s, last after {seconds[-1]:.2f} s"
other = f"whole: after {waited:.2f} s"
figure, plot = plots.axes(
    "One answer, streamed and whole", "time (seconds)", "characters shown"
)
plot.step(seconds, shown, where="post", color=plots.COLOURS[0], label=name)
plot.plot([0, waited, waited], [0, 0, shown[-1]], "--", color=plots.INK, label=other)
plot.legend(loc="upper left")
plots.show(
    figure,
    "A solid line, the streamed answer, begins to rise soon after the request and climbs to the "
    "end; a dashed line, the whole answer, stays at zero and then jumps to its full height.",
    note=lesson.note(),
)

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# The totals differ no more than those of any two calls. What shrinks is the time with nothing to read: you wait for the first token instead of the whole answer. The longer the answer, the more that is worth. (A model that
# reasons first keeps you waiting all the same: its hidden tokens come before the first visible one.)
#
# </details>
#
# **Try it:** ask for about 20 words, or about 120. (Change `rainbow` and run from there to the figure.) Which of the two times follows the length, and which one hardly changes?

# %% [markdown]
# ## Feel the pace
#
# How slow may a model be before its reader has to wait for words? Guess two things before you move the slider. At a quarter of the pace, do the words still come faster than you read? And which wait do you
# notice more when everything is slow: the one before the first piece, or those between the pieces?

# %% tags=["nbval-ignore-output", "measured"]
from helpers.demos import typewriter

typewriter.player(arrivals)

# %% [markdown]
# Adults read about 240 words a minute in silence ([Brysbaert 2019](https://doi.org/10.1016/j.jml.2019.104047)), and the line above the text says how fast the words come: in the recording, faster than that even at a quarter of its pace. As long as they come
# faster than they are read, only the time to first token is felt. It is the number to watch in a chat. In a program that needs the whole answer before it can go on, streaming gains nothing.

# %% [markdown]
# ## Look at the chunks
#
# `list(stream)` reads a stream to its end and keeps every chunk. `model_dump` turns an object of the SDK into a dictionary; with `exclude_unset=True` it leaves out fields that were not sent.

# %%
from helpers.tables import Table

colours = [{"role": "user", "content": "Name three colours."}]
chunks = list(streamed(colours))
rows = []
for number, chunk in enumerate(chunks):
    choice = chunk.choices[0]
    rows.append(
        [str(number), choice.delta.model_dump(exclude_unset=True), choice.finish_reason]
    )
Table(["Chunk", "delta", "finish_reason"], rows, caption="The chunks of one short answer.")

# %% [markdown]
# The first chunk says who speaks, the last one why the answer ended, and those between bring the text. Added up, the deltas are the answer. The last chunk has no content at all,
# only an empty delta, which is why the loop asks `if … delta.content` first. (When a model declines to answer, `refusal` can hold its words instead of `content`; you will see one in [lesson 09](09_get_answers_as_data.ipynb).)
#
# **Try it:** name five colours. Then cut the answer off, with `list(streamed(colours, max_completion_tokens=6))`, and look at the last chunk. Put both back before you go on.

# %%
answer = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
print(answer)

# %% [markdown]
# Below the SDK, a stream is one HTTP response that stays open: lines of text that begin with `data: `, with a blank line after each. The format is called *server-sent events*.
# `with_streaming_response` hands you the lines themselves. Here are the first two, and the last.

# %%
with client.chat.completions.with_streaming_response.create(
    model=FLAGSHIP, messages=colours, stream=True
) as response:
    lines = [line for line in response.iter_lines() if line]
print(lines[0], lines[1], "…", lines[-1], sep="\n\n")

# %% [markdown]
# `data: [DONE]` closes a stream of Chat Completions; the SDK ends the loop there and does not show it to you. The field `obfuscation` is random padding. Without it, somebody who
# watches the encrypted connection could tell the length of each token from the length of its packet, and guess at the text. Compare the lengths of the lines that carry text (all but the first one and the last two), with padding and without:

# %%
no_padding = {"include_obfuscation": False}
with client.chat.completions.with_streaming_response.create(
    model=FLAGSHIP, messages=colours, stream=True, stream_options=no_padding
) as response:
    bare_lines = [line for line in response.iter_lines() if line]
print("with padding:   ", [len(line) for line in lines[1:-2]])
print("without padding:", [len(line) for line in bare_lines[1:-2]])

# %% [markdown]
# Leave the padding on, unless you trust the whole way to OpenAI and have to count bytes.

# %% [markdown]
# ## Ask for usage
#
# A stream says nothing about tokens unless you ask: `stream_options={"include_usage": True}`. The next cell is the loop of the first section with this option added, and it ends in an error.
# Predict where: before the first word, in the middle, or after the last word?

# %% tags=["guess"]
usage_on = {"include_usage": True}
try:
    for chunk in streamed(colours, stream_options=usage_on):
        if chunk.choices[0].delta.content:
            print(chunk.choices[0].delta.content, end="", flush=True)
except IndexError as error:
    print(f"\nIndexError: {error}")

# %% [markdown]
# The whole answer arrived, and then the loop failed. `usage` comes in one more chunk after the answer, and that chunk has an **empty list** of choices, so `choices[0]` does not exist.
# Every loop that goes straight to `chunk.choices[0]` breaks on the day somebody switches usage on. Check `chunk.choices` first:

# %%
with_usage = list(streamed(colours, stream_options=usage_on))
for chunk in with_usage:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")
    if chunk.usage:
        print(f"\n{chunk.usage.prompt_tokens} tokens in, {chunk.usage.completion_tokens} out")

# %% [markdown]
# (The answer counts a little more than the pieces of text in the table above: a model also writes a few tokens that are never shown. How many differs between models and APIs.)
#
# **Try it:** add `max_completion_tokens=6` to `streamed(…)`: does usage still come? Then pass `stream_options=usage_on` to a call that isn't streamed: `client.chat.completions.create(model=FLAGSHIP, messages=colours, stream_options=usage_on)`.
#
# From here on the loops in this lesson look like this one, or leave usage off.

# %% [markdown]
# ## Break off
#
# A reader who has seen enough presses Stop. In your program that means two things: leave the loop, and **close** the stream. After `break` alone the connection may stay open, and the
# model may go on writing for nobody. `with` closes the stream however the block ends.

# %%
read = ""
with streamed(rainbow) as stream:
    for chunk in stream:
        read += chunk.choices[0].delta.content or ""
        if len(read.split()) > 20:
            break
print(read)

# %% [markdown]
# You lose the rest of the text, the `finish_reason` and, even if you asked for it, the `usage`, which would have come last. So what does this cost? You pay for the whole prompt, and for everything that the model wrote
# before it noticed that you had gone. OpenAI doesn't say how soon that is (November 2026). But you can give bounds: at least what you received, and at most the whole answer. Count the first with the
# tokenizer; for the second, use the unstreamed answer to the same question from above.

# %%
from helpers import costs, tokens

received = {
    "prompt_tokens": tokens.chat_tokens(rainbow),
    "completion_tokens": tokens.count(read),
}
bounds = {"at least: what came": received, "at most: all of it": whole.usage.model_dump()}

# %% tags=["furniture"]
rows = []
for name, use in bounds.items():
    price = costs.usd(costs.cost(FLAGSHIP, use))
    rows.append([name, use["prompt_tokens"], use["completion_tokens"], price])
Table(["Bound", "Tokens in", "Tokens out", "Price"], rows, caption="A broken-off answer.")

# %% [markdown]
# When you do not know how long the whole answer would have been, `max_completion_tokens` is the upper bound.
#
# **Try it:** leave after 5 words instead of 20, or at the first full stop: `if "." in read:`. What happens to the two bounds?

# %% [markdown]
# ## Keep what a broken stream brought
#
# Connections break, sometimes in the middle of an answer. [Lesson 05](05_survive_errors.ipynb) showed that the SDK repeats a request that fails. Predict: will it repeat this one? The course's server hangs up after twelve events.

# %% tags=["guess"]
import openai

planets = [{"role": "user", "content": "List the planets in order, one a line."}]
partial, finish = "", None
with lesson.watch() as seen, lesson.faults("drop-stream", events=12):
    try:
        for chunk in streamed(planets):
            partial += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason
    except openai.APIConnectionError as error:
        print(f"{type(error).__name__}: {error}")

# %% tags=["guess"]
print(partial)
print("finish_reason:", finish)
print("requests sent:", len(seen))

# %% [markdown]
# One request: once an answer has begun, the SDK does not try again, because a second answer might begin with other words. What to do with half an answer is up to you. What came is in your
# variable, since you collected it piece by piece. (An error that the API itself reports in mid-stream raises `openai.APIError`, of which `APIConnectionError` is a special case.) And the `finish_reason` is still `None`. That is the sign to trust, because a stream can also end early without any error, for instance when a proxy between you and the API closes it neatly.
# **A text is whole when its finish reason has come and says `stop`.** (`length` marks the other kind of half an answer, which you met in lesson 01.)
#
# | Who gets the answer | What to do with half of it |
# |---|---|
# | A person who is reading | Keep it, mark it as cut off, offer to go on |
# | A program, a file, a database | Throw it away and ask again for a whole one |
# | Another request, as part of the conversation | Keep exactly what the person saw, with the mark |
#
# Here is the second row as a function. It accepts only whole answers. An error before the answer begins is raised as it is, because the SDK has made its own tries by then. When an answer breaks off, the function waits for a random, growing time and asks again:

# %%
import random
import time


# %%
def ask_until_whole(messages, tries=3):
    for number in range(tries):
        time.sleep(random.uniform(0, 2**number - 1))  # no wait before the first try
        text, finish, stream = "", None, streamed(messages)
        try:
            for chunk in stream:
                text += chunk.choices[0].delta.content or ""
                finish = chunk.choices[0].finish_reason
        except openai.APIError:
            pass  # the finish reason tells whether the text is whole
        if finish == "stop":
            return text
    raise RuntimeError(f"No whole answer in {tries} tries.")


# %%
with lesson.faults("drop-stream", events=12):
    print(ask_until_whole(planets))

# %% [markdown]
# Every try is billed, the broken ones too.
#
# **Try it:** break the stream in `ask_until_whole` three times: `lesson.faults("drop-stream", "drop-stream", "drop-stream", events=12)`. Then let the server hang up after 3 events, or after 100, in the first cell of this section.

# %% [markdown]
# ## Look ahead: tools come in pieces too
#
# In [lesson 08](08_let_the_model_call_tools.ipynb) the model will ask your program to call a function. In a stream, such a call arrives in pieces, like text: name and id once, then the arguments as fragments of JSON.

# %%
weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The current weather in a city.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}

# %%
lisbon = [{"role": "user", "content": "What is the weather like in Lisbon?"}]
pieces = []
for chunk in streamed(lisbon, tools=[weather]):
    pieces += chunk.choices[0].delta.tool_calls or []
rows = [[str(p.index), p.id, p.function.name, repr(p.function.arguments)] for p in pieces]
Table(["index", "id", "name", "arguments"], rows, caption="A tool call as a stream brings it.")

# %%
import json

json.loads("".join(call.function.arguments for call in pieces))

# %% [markdown]
# A single piece isn't valid JSON; join them, and parse the text when the last one has come. `index` says which call a piece belongs to when the model makes several at once.
#
# **Try it:** ask for Lisbon and Oslo in one question (`What is the weather like in Lisbon and Oslo?`) and look at the first column. Why does joining all the pieces fail now? Then say `Good morning!`: which pieces come when no tool is needed?

# %% [markdown]
# ## Stream several answers at once
#
# A web server answers many people in one process, and must not block while it waits for a chunk. That is what **async** code is for. `AsyncOpenAI` has the same methods; you `await` the call and loop with `async for`.
# `asyncio.gather` lets three answers arrive side by side.

# %%
import asyncio

from openai import AsyncOpenAI


async def famous_for(async_client, city):
    words = f"What is {city} famous for? One short sentence."
    messages = [{"role": "user", "content": words}]
    text = ""
    stream = await async_client.chat.completions.create(
        model=FLAGSHIP, messages=messages, stream=True
    )
    async for chunk in stream:
        text += chunk.choices[0].delta.content or ""
    return text


# %%
cities = ["Lisbon", "Oslo", "Kyoto"]
async with AsyncOpenAI() as async_client:
    calls = [famous_for(async_client, city) for city in cities]
    answers = await asyncio.gather(*calls)
print(*answers, sep="\n")

# %% [markdown]
# To break off, write `async with stream:` around the loop. A notebook lets you `await` in a cell. In a script, put these lines into a function `async def main()` and start it with `asyncio.run(main())`.
#
# **Try it:** put other cities into the list, like Rome, Cairo and Tokyo, or ask about five at once. Do five take longer than three?

# %% [markdown]
# ## Let the SDK put the pieces together
#
# You have now built by hand what the SDK's helper `stream()` does: it adds up the deltas. Instead of chunks it gives **events**, each with a `type`, and at the end the same
# object that an unstreamed call returns. It needs no `stream=True`.

# %%
tip = [{"role": "user", "content": "Give me one tip for naming variables, in one sentence."}]
helper = client.chat.completions.stream(model=FLAGSHIP, messages=tip, stream_options=usage_on)
with helper as stream:
    for event in stream:
        if event.type == "content.delta":
            print(event.delta, end="", flush=True)
    final = stream.get_final_completion()

# %%
print(final.choices[0].finish_reason)
print(final.usage.total_tokens, "tokens")

# %% [markdown]
# Text comes in `content.delta` events. There are other types for tool calls and refusals, and `chunk` brings each chunk as it came. When a stream breaks,
# `stream.current_completion_snapshot` holds what has been put together so far:

# %%
with lesson.faults("drop-stream", events=12):
    with client.chat.completions.stream(model=FLAGSHIP, messages=planets) as stream:
        try:
            stream.until_done()
        except openai.APIConnectionError:
            print(stream.current_completion_snapshot.choices[0].message.content)

# %% [markdown]
# ## Let the assistant stream
#
# The third version of the assistant streams. Here is what changed since the second one: lines that begin with `-` were removed, lines that begin with `+` were added.

# %%
from helpers.recipes import scripts

print(scripts.changes("v2_retries.py", "v3_streaming.py"))

# %% [markdown]
# Three decisions are in it:
#
# - **What was on the screen stays in the memory.** When an answer breaks off, by the network or by Ctrl+C, `ask` returns what came, and the assistant keeps it with the mark ` […]`. You can refer to
#   it or type *go on*, and the model sees where it stopped. The question is taken back only when nothing was shown.
# - **Ctrl+C stops the answer, not the program.** At the prompt it still leaves.
# - **Usage is kept**, and answers that came without it are counted separately instead of being treated as free.
#
# `scripts.talk` starts it as a process of its own, types the lines and then `quit`.

# %%
question = "What is the difference between a list and a tuple in Python?"
print(scripts.talk("v3_streaming.py", question, "Which of them can be a key in a dictionary?"))

# %% [markdown]
# And now over a connection that breaks: the first answer is cut off after fifteen events, and you ask for the rest. Look at what the model gets to see in the second request.

# %%
with lesson.faults("drop-stream", events=15):
    print(scripts.talk("v3_streaming.py", question, "go on"))

# %%
for message in lesson.last_request()["messages"]:
    print(f"{message['role']:10} {message['content']}")

# %% [markdown]
# Ctrl+C needs a terminal and your fingers. With a key, start `python assistant/v3_streaming.py` in the folder `notebooks`. Without one, `python start.py serve --lesson 06` in the course's folder answers from
# this lesson's recordings. In a second terminal set `OPENAI_BASE_URL` to the address that it prints and `OPENAI_API_KEY` to any word, start the script, ask the question above word for word (or say `Hello!`), and press Ctrl+C
# while the answer runs.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: collect a stream
#
# Write `collect(stream)`. It reads any stream of chunks, once, and returns three values: the text, the finish reason and the usage. A finish reason or usage that didn't come is `None`. The check plays it the chunks of this lesson:
# with usage, without, and cut off half way.


# %% tags=["exercise-1"]
def collect(stream):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Set three variables before the loop: `""`, `None` and `None`. In the loop, look at `chunk.choices` before you use it, and at `chunk.usage`. A piece of text may be `None`; `piece or ""` makes it empty.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def collect(stream):
#     text, finish, usage = "", None, None
#     for chunk in stream:
#         if chunk.choices:
#             text += chunk.choices[0].delta.content or ""
#             finish = chunk.choices[0].finish_reason or finish
#         usage = chunk.usage or usage
#     return text, finish, usage
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: stop at a mark
#
# The parameter `stop` ends an answer at a certain text, and the newer models refuse it ([lesson 02](02_turn_the_knobs.ipynb)). A stream lets you do the same yourself. Write `until(stream, mark)`: it returns the text
# before the first `mark`, reads no further than needed, and closes the stream. Without the mark it returns everything. `Tape`, in the next cell, makes a stream of pieces that you choose: `until(Tape("Mars, ", "Jup", "iter"), "Jupiter")` should return `"Mars, "`.


# %% tags=["furniture"]
# A stream to practise with
from contextlib import AbstractContextManager
from types import SimpleNamespace


class Tape(AbstractContextManager):
    """Plays pieces like a stream. It counts what was taken, and knows whether it was closed."""

    def __init__(self, *pieces):
        self.pieces, self.taken, self.closed = pieces, 0, False

    def __iter__(self):
        for piece in self.pieces:
            self.taken += 1
            choice = SimpleNamespace(delta=SimpleNamespace(content=piece))
            yield SimpleNamespace(choices=[choice])

    def close(self):
        self.closed = True

    def __exit__(self, *error):
        self.close()


# %% tags=["exercise-2"]
def until(stream, mark):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Add each piece to a variable, then ask `if mark in text`. `text.partition(mark)[0]` is the text before the mark. With `with stream:` around the loop, a `return` inside it closes the stream as well.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def until(stream, mark):
#     text = ""
#     with stream:
#         for chunk in stream:
#             if chunk.choices:
#                 text += chunk.choices[0].delta.content or ""
#             if mark in text:
#                 break
#     return text.partition(mark)[0]
# ```
#
# Try it on a real one: `until(streamed(planets), "Mars")`.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# Here every event has a type of its own, so you never have to guess what a chunk holds. The text is in `response.output_text.delta`; the last event brings the whole response, usage included, without being asked.

# %%
events = list(
    client.responses.create(
        model=FLAGSHIP, input="Name three colours.", stream=True, store=False
    )
)
rows = [
    [
        str(event.sequence_number),
        event.type,
        repr(event.delta) if "delta" in event.type else None,
    ]
    for event in events
]
Table(["Number", "Type", "delta"], rows, caption="The events of one short response.")

# %%
last = events[-1]
print(last.type, "·", last.response.status)
print(last.response.output_text)
print(last.response.usage.input_tokens, "tokens in,", last.response.usage.output_tokens, "out")

# %% [markdown]
# | What | Chat Completions | Responses |
# |---|---|---|
# | Text | `chunk.choices[0].delta.content` | `event.delta` of `response.output_text.delta` |
# | Usage | only with `include_usage`, in a chunk of its own | always, in the last event |
# | End | a finish reason, then `[DONE]` | `response.completed`, else `response.incomplete`, `response.failed` or `error`; no `[DONE]` |
# | Order | as it comes | `sequence_number`, without gaps |
# | Helper | `chat.completions.stream()` | `responses.stream()`, then `get_final_response()` |
#
# The rule of this lesson holds here too: a response is whole when `response.completed` has come.

# %% [markdown]
# ## From the production desk
#
# - **Log two times for each stream**: to the first token and to the end. The first is what people feel; when it grows, look at the length of your prompts and at the model's reasoning before you blame the network.
# - **Set a timeout that suits streams.** The SDK's timeout runs between two pieces and not over the whole answer, so half a minute of silence usually means that nothing more will come: `client.with_options(timeout=30)`. Allow more for a model that reasons before its first word.
# - **Do not act on half an answer.** Show it, but store it, parse it or run it only when its finish reason has come and is the one that you expect.

# %% [markdown]
# ## Recap
#
# - `stream=True` gives chunks; the deltas in them add up to the answer, and the first one comes long before the last.
# - Usage comes in a chunk without choices, if you ask for it; broken-off streams have neither usage nor finish reason, and are billed for what was written.
# - Decide beforehand what happens to half an answer: keep and mark it for people, ask again for programs.
#
# Next you will prepare your calls for a day with many users.

# %%
lesson.receipt()
