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
# - What is lost and what is billed when you break off, and what to keep when the connection breaks off.
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
# A model writes one token after the other. So far you waited until the last one was there. With `stream=True` the call returns at once, and gives you a **stream**: an object to loop over.
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

# %% [markdown]
# ## Measure the wait
#
# Two times describe a streamed answer: the **time to first token**, after which there is something to read, and the total. Before you measure them, make a guess.

# %%
from helpers import widgets

widgets.predict(
    "The same question is asked twice, once with stream=True and once without. Which answer is complete first?",
    ["the streamed one, clearly", "the other one, clearly", "both take about the same time"],
    "both take about the same time",
    "The model writes at the same pace; streaming only shows it to you as it happens.",
)

# %% [markdown]
# First without streaming. Replay usually answers such a call at once; `lesson.recorded_time()` gives back the wait that the recording notes, so that the comparison is fair.

# %%
from time import perf_counter

rainbow = [{"role": "user", "content": "Explain how a rainbow forms, in about 90 words."}]

with lesson.recorded_time():
    start = perf_counter()
    whole = client.chat.completions.create(model=FLAGSHIP, messages=rainbow)
    waited = perf_counter() - start
print(whole.choices[0].message.content)

# %% [markdown]
# Now streamed. The loop notes for each piece how many seconds after the request it came. The first chunk carries only the role and an empty text, so it does not count.

# %%
arrivals = []
start = perf_counter()
for chunk in client.chat.completions.create(model=FLAGSHIP, messages=rainbow, stream=True):
    if piece := chunk.choices[0].delta.content:
        arrivals.append((perf_counter() - start, piece))
print(len(arrivals), "pieces")

# %% tags=["measured"]
from itertools import accumulate

from helpers import plots

seconds = [second for second, _ in arrivals]
length = list(accumulate(len(piece) for _, piece in arrivals))
figure, plot = plots.axes("The same answer, streamed and not", "time since the request (seconds)", "characters shown")
plot.step(seconds, length, where="post", color=plots.COLOURS[0], label=f"streamed: first piece after {seconds[0]:.2f} s")
plot.plot([0, waited, waited], [0, 0, length[-1]], "--", color="black", label=f"not streamed: all after {waited:.2f} s")
plot.set(xlim=0, ylim=0)
plot.legend(loc="upper left")
plots.show(
    figure,
    "A solid line, the streamed answer, starts to rise soon after the request and climbs steadily to the end; "
    "a dashed line, the same answer unstreamed, lies at zero until nearly the same moment and then jumps to its full height.",
)

# %% [markdown]
# The total is about the same. What shrinks is the time in which there is nothing to read: from the whole answer to its first token. The longer the answer, the more that is worth.
#
# The recorded pace is authored, after the medians of public recordings: the figure shows how to measure and does not measure the model. With a key, the same cells do.

# %% [markdown]
# ## Feel the pace
#
# How slow may a model be before a reader has to wait for it? Guess two things before you move the slider: at a quarter of the pace, can you still not keep up with reading? And which of the
# two times bothers you more when everything is slow, the first piece or the rest?

# %%
from helpers import typewriter

typewriter.player(arrivals)

# %% [markdown]
# Adults read about 240 words a minute in silence ([Brysbaert 2019](https://doi.org/10.1016/j.jml.2019.104047)), and the line above the text says how fast the words come. As long as they come
# faster than they are read, only the time to first token is felt. It is the number to watch in a chat. In a program that needs the whole answer before it can go on, streaming gains nothing.

# %% [markdown]
# ## Look at the chunks
#
# `list(stream)` reads a stream to its end and keeps every chunk. `exclude_unset=True` leaves out fields that were not sent.

# %%
from helpers.tables import Table

colours = [{"role": "user", "content": "Name three colours."}]
chunks = list(client.chat.completions.create(model=FLAGSHIP, messages=colours, stream=True))
Table(
    ["Chunk", "delta", "finish_reason"],
    [
        [str(number), chunk.choices[0].delta.model_dump(exclude_unset=True), chunk.choices[0].finish_reason]
        for number, chunk in enumerate(chunks)
    ],
    caption="The chunks of one short answer.",
)

# %% [markdown]
# The first chunk says who speaks, the last one why the answer ended, and those between bring the text. Added up, the deltas are the answer. The end has no content at all,
# only an empty delta, which is why the loop asks `if … delta.content` first.

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
# watches the encrypted connection could tell the length of each token from the length of its packet, and guess at the text. Compare the lengths of the lines with padding and without:

# %%
bare = client.chat.completions.with_streaming_response.create(
    model=FLAGSHIP, messages=colours, stream=True, stream_options={"include_obfuscation": False}
)
with bare as response:
    bare_lines = [line for line in response.iter_lines() if line]
print("with padding:   ", [len(line) for line in lines[1:-2]])
print("without padding:", [len(line) for line in bare_lines[1:-2]])

# %% [markdown]
# Leave the padding on, unless you trust the whole way to OpenAI and have to count bytes.

# %% [markdown]
# ## Ask for usage
#
# A stream says nothing about tokens unless you ask: `stream_options={"include_usage": True}`. Predict: the next cell is the loop of the first section, and only this option is new.
# What will happen?

# %%
options = {"include_usage": True}
stream = client.chat.completions.create(model=FLAGSHIP, messages=colours, stream=True, stream_options=options)
try:
    for chunk in stream:
        if chunk.choices[0].delta.content:
            print(chunk.choices[0].delta.content, end="", flush=True)
except IndexError as error:
    print(f"\nIndexError: {error}")

# %% [markdown]
# The whole answer arrived, and then the loop failed. `usage` comes in one more chunk behind the answer, and that chunk has an **empty list** of choices, so `choices[0]` does not exist.
# Every loop that you find written as `chunk.choices[0]…` breaks on the day somebody switches usage on. Ask for `chunk.choices` first:

# %%
stream = client.chat.completions.create(model=FLAGSHIP, messages=colours, stream=True, stream_options=options)
with_usage = list(stream)
for chunk in with_usage:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")
    if chunk.usage:
        print("\ntokens:", chunk.usage.prompt_tokens, "in,", chunk.usage.completion_tokens, "out")

# %% [markdown]
# From here on the loops in this lesson look like this one, or leave usage off.

# %% [markdown]
# ## Break off
#
# A reader who has seen enough presses Stop. In your program that means two things: leave the loop, and **close** the stream. Leaving the loop alone keeps the connection open, and the model
# goes on writing for nobody. `with` closes it however the block ends.

# %%
read = ""
with client.chat.completions.create(model=FLAGSHIP, messages=rainbow, stream=True) as stream:
    for chunk in stream:
        read += chunk.choices[0].delta.content or ""
        if len(read.split()) > 20:
            break
print(read)

# %% [markdown]
# Lost are the rest of the text, the `finish_reason` and, asked for or not, the `usage`: it would have come last. So what does this cost? The prompt counts in full, and of the answer everything that the model wrote
# until it noticed that you had gone. How soon that is, OpenAI does not say (November 2026). So you can state bounds: at least what you received, and at most the whole answer. Count the first with the
# tokenizer; for the second, the unstreamed answer to the same question stands in.

# %%
from helpers import costs, tokens

received = {"prompt_tokens": tokens.chat_tokens(rainbow), "completion_tokens": tokens.count(read)}
complete = whole.usage.model_dump()
Table(
    ["Bound", "Tokens in", "Tokens out", "Price"],
    [
        [name, usage["prompt_tokens"], usage["completion_tokens"], costs.usd(costs.cost(FLAGSHIP, usage))]
        for name, usage in [("at least: what was received", received), ("at most: the whole answer", complete)]
    ],
    caption="What an answer costs that was broken off.",
)

# %% [markdown]
# When you do not know how long the whole answer would have been, `max_completion_tokens` is the upper bound.

# %% [markdown]
# ## Keep what a broken stream brought
#
# Connections break, also in the middle of an answer. [Lesson 05](05_survive_errors.ipynb) showed that the SDK repeats a request that fails. Predict: will it repeat this one? The course's server hangs up after twelve events.

# %%
import openai

planets = [{"role": "user", "content": "List the planets in order, one a line, with nothing else."}]
before = len(lesson.exchanges())
partial, finish = "", None
with lesson.faults("drop-stream", events=12):
    try:
        for chunk in client.chat.completions.create(model=FLAGSHIP, messages=planets, stream=True):
            partial += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason
    except openai.APIConnectionError as error:
        print(f"{type(error).__name__}: {error}")

# %%
print(partial)
print("finish_reason:", finish)
print("requests sent:", len(lesson.exchanges()) - before)

# %% [markdown]
# One request: once the first piece has come, the SDK does not try again, because a second answer would begin with other words. What to do with half an answer is for you to decide. What came is in your variable,
# as you collected it *outside* of the `try`. And there is no `finish_reason`. That is the sign to trust, because a stream can also end early without any error, for instance when a proxy between you and the API closes it neatly.
# **An answer is whole when its finish reason has come.**
#
# | Who gets the answer | What to do with half of it |
# |---|---|
# | A person who is reading | Keep it, mark it as cut off, offer to go on |
# | A program, a file, a database | Throw it away and ask again for a whole one |
# | Another request, as part of the conversation | Keep exactly what the person saw, with the mark |
#
# Here is the second line as a function. It accepts only whole answers:


# %%
def ask_until_whole(messages, tries=3):
    for _ in range(tries):
        text, finish = "", None
        try:
            for chunk in client.chat.completions.create(model=FLAGSHIP, messages=messages, stream=True):
                text += chunk.choices[0].delta.content or ""
                finish = chunk.choices[0].finish_reason
        except openai.APIConnectionError:
            continue
        if finish:
            return text
    raise RuntimeError(f"No whole answer in {tries} tries.")


# %%
with lesson.faults("drop-stream", events=12):
    print(ask_until_whole(planets))

# %% [markdown]
# Every try is billed, the broken ones too. In a real program, wait between the tries as in lesson 05.

# %% [markdown]
# ## Look ahead: tools come in pieces too
#
# In [lesson 08](08_let_the_model_call_tools.ipynb) the model will ask your program to call a function. In a stream, such a call arrives like text does: name and id once, then the arguments in pieces of JSON.

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
stream = client.chat.completions.create(model=FLAGSHIP, messages=lisbon, tools=[weather], stream=True)
pieces = [call for chunk in stream for call in chunk.choices[0].delta.tool_calls or []]
Table(
    ["index", "id", "name", "arguments"],
    [[str(call.index), call.id, call.function.name, repr(call.function.arguments)] for call in pieces],
    caption="One tool call as it comes in a stream.",
)

# %%
import json

json.loads("".join(call.function.arguments for call in pieces))

# %% [markdown]
# No piece is valid JSON by itself; read it when the last one has come. `index` says to which call a piece belongs when the model makes several at once.

# %% [markdown]
# ## Stream several answers at once
#
# A web server answers many people in one process, and must not stand still while it waits for a chunk. That is what **async** code is for. `AsyncOpenAI` has the same methods; you `await` the call and loop with `async for`.
# `asyncio.gather` lets three answers arrive side by side.

# %%
import asyncio

from openai import AsyncOpenAI


async def famous_for(city):
    messages = [{"role": "user", "content": f"What is {city} famous for? One short sentence."}]
    text = ""
    stream = await async_client.chat.completions.create(model=FLAGSHIP, messages=messages, stream=True)
    async for chunk in stream:
        text += chunk.choices[0].delta.content or ""
    return text


# %%
async with AsyncOpenAI() as async_client:
    answers = await asyncio.gather(*(famous_for(city) for city in ["Lisbon", "Oslo", "Kyoto"]))
print(*answers, sep="\n")

# %% [markdown]
# A notebook lets you `await` in a cell. In a script, put these lines into a function `async def main()` and start it with `asyncio.run(main())`.

# %% [markdown]
# ## Let the SDK put the pieces together
#
# You have now built by hand what the SDK's helper `stream()` does: it adds up the deltas. Instead of chunks it gives **events**, each with a `type`, and at the end the same
# object that an unstreamed call returns. It needs no `stream=True`.

# %%
tip = [{"role": "user", "content": "Give me one tip for naming variables, in one sentence."}]
with client.chat.completions.stream(model=FLAGSHIP, messages=tip, stream_options=options) as stream:
    for event in stream:
        if event.type == "content.delta":
            print(event.delta, end="", flush=True)
    final = stream.get_final_completion()

# %%
print(final.choices[0].finish_reason)
print(final.usage.total_tokens, "tokens")

# %% [markdown]
# The event of the text is `content.delta`; there are others for tool calls and refusals, and `chunk` brings each chunk as it came. When a stream breaks,
# `stream.current_completion_snapshot` holds what has been put together so far:

# %%
with lesson.faults("drop-stream", events=12):
    with client.chat.completions.stream(model=FLAGSHIP, messages=planets) as stream:
        try:
            stream.until_done()
        except openai.APIConnectionError:
            print(stream.current_completion_snapshot.choices[0].message.content)
