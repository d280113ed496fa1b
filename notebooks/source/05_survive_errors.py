# %% [markdown]
# # Survive errors
#
# Meet the errors that every program using this API has to expect, learn which ones go away if you wait, and make the assistant explain the rest in plain words.

# %% [markdown]
# **You will learn** how to read an error, what the SDK handles by itself, which errors a person must fix, and how to tell a rate limit from an empty account.
#
# **You need** [lesson 01](01_make_your_first_call.ipynb), and for the last part [lesson 04](04_build_an_assistant.ipynb). The errors come from the course's own server, which answers as the API does, so they cost nothing, even with a key.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, SMALL

lesson.start("05")

# %% [markdown]
# ## Two settings are enough
#
# The SDK already retries most errors that can go away. For most programs you only set two things: how many times it may try again, and how long one attempt may take.

# %%
import openai
from openai import OpenAI

client = OpenAI(max_retries=4, timeout=20)


def ask(client):
    response = client.chat.completions.create(
        model=SMALL,
        messages=[{"role": "user", "content": "Count from one to five in words."}],
        reasoning_effort="none",
        max_completion_tokens=40,
    )
    return response.choices[0].message.content


print(ask(client))

# %% [markdown]
# `lesson.faults` makes the next requests fail. Here the connection breaks first, then the server says that you are sending too fast, and then it has an internal error. `lesson.watch` collects what the server saw.

# %%
plan = ["drop", "429", "500"]
with lesson.faults(*plan, retry_after=0.05), lesson.watch() as seen:
    print(ask(client))

print([exchange.status for exchange in seen])

# %% [markdown]
# That was one call and four requests, and your code noticed nothing. (Status 0: the connection broke.) The rest of this lesson is about what the SDK *can't* fix.
#
# **Try it:** put five faults into the plan, one more than `max_retries` allows. Or put in `"404"` alone, which is never retried, or `"503"`, which is. (After an error, run the last line in a new cell to see the requests.) `"slow"` only delays the answer by two seconds, which this timeout allows.

# %% [markdown]
# ## Read an error
#
# A wrong key fails every time, so the SDK doesn't try again. It raises an exception, and `except` catches it. (An uncaught exception ends the cell with a traceback; the course hides the hundred or so lines that come from inside the SDK.)

# %%
with lesson.faults("401"):
    try:
        ask(client)
    except openai.APIStatusError as error:
        caught = error  # Python forgets `error` after this block

print(type(caught).__name__)
print(caught)
for name in ("status_code", "type", "code", "param", "request_id"):
    print(f"{name:12} {getattr(caught, name)}")

# %% [markdown]
# | Field | What it is for |
# |---|---|
# | the class | The kind of trouble. `except` looks at this. |
# | `status_code` | The HTTP status. 4xx: the request or the account is at fault. 5xx: the other side is. |
# | `type` and `code` | The reason in one word each, for programs to read. Either may be `None`. |
# | `param` | Which parameter of your request is at fault, if one is. |
# | `message` | The reason in a sentence, for people to read. Show it, but don't let your program depend on its wording. |
# | `request_id` | The name of this one request. OpenAI's support asks for it. |

# %% [markdown]
# ## Don't catch everything
#
# In many tutorials, the chat loop catches `Exception`, prints it and goes on. Here is such a loop. Two turns fail because of a wrong key, and the third is answered. What will the user see in each of the three turns?

# %% tags=["guess"]
history = {}


def careless_turn():
    try:
        print("Assistant:", ask(client), history["last"])
    except Exception as error:
        print("Error:", error)


with lesson.faults("401", "401"):
    for _ in range(3):
        careless_turn()

# %% [markdown]
# <details><summary>What is hidden here?</summary>
#
# Two mistakes. Outside this demo, a wrong key would still be wrong in the next turn, yet the loop goes on as if nothing had happened. And the third line, `'last'`, isn't an error of the API at all: it is the author's own `KeyError`, printed as if the network were to
# blame, after an answer that was paid for.
#
# </details>
#
# Catch the classes you expect, and decide what to do about each.

# %% [markdown]
# ## Meet the errors that matter
#
# This client has its retries switched off, so each error arrives at once. `catch` makes a call while the faults in `plan` happen. It returns the error, or the answer if there is none.

# %%
once = OpenAI(max_retries=0, timeout=20)


def catch(call, *plan, **options):
    with lesson.faults(*plan, **options):
        try:
            return call()
        except openai.APIError as error:
            return error


# %% [markdown]
# The first error needs no plan. It is a mistake of our own, and the API rejects the request:

# %%
def wrong_request():
    hello = [{"role": "user", "content": "Hello"}]
    return once.chat.completions.create(model=FLAGSHIP, messages=hello, max_tokens=50)


print(catch(wrong_request))

# %% [markdown]
# **Try it:** take `max_tokens` out, and you get an answer (the whole response is printed). Then misspell the model, send `messages=[]`, use the role `"robot"`, or make `once` with `api_key="sk-wrong"`. Afterwards, undo your changes and run both cells again: the rest of the lesson uses them.
#
# Now five kinds of error side by side. (`lambda:` turns the call into a function, so that `catch` can make the call itself, once the faults are set up.)

# %%
hasty = once.with_options(timeout=0.2)

errors = {
    "a wrong parameter": catch(wrong_request),
    "too fast": catch(lambda: ask(once), "429"),
    "out of money": catch(lambda: ask(once), "429-quota"),
    "server trouble": catch(lambda: ask(once), "500"),
    "no answer in time": catch(lambda: ask(hasty), "slow", seconds=1),
}
for name, error in errors.items():
    print(f"{name:18} {type(error).__name__:19} {getattr(error, 'type', None)}")

# %% [markdown]
# | Class | What it means | What to do |
# |---|---|---|
# | `BadRequestError` (400) | The request is wrong; `param` and `message` say where. | Correct it. The same request always fails. |
# | `AuthenticationError` (401) | The key is missing, wrong or revoked. | Check `OPENAI_API_KEY`. |
# | `PermissionDeniedError` (403) | Your key, project or country may not do this. | Ask the person who manages the account. |
# | `NotFoundError` (404) | The model doesn't exist, has ended, or isn't available to you. | Check its name. |
# | `RateLimitError` (429) | Too fast, **or out of money**. | See the next section. |
# | `InternalServerError` (500 and up) | OpenAI has trouble or is overloaded. | Let the SDK retry; report the request id if it persists. |
# | `APITimeoutError`, `APIConnectionError` | No answer in time, or no connection. | Let the SDK retry; check the network. |
#
# Older tutorials use two other names. `InvalidRequestError` was removed in version 1 of the SDK, and `APIError` is not status 500: it is the parent of all of them. `APIConnectionError` is the parent of
# `APITimeoutError`, so put the narrower class first.

# %% [markdown]
# ## Tell a rate limit from an empty account
#
# Many tutorials say that `RateLimitError` means you should slow down. Compare two of these errors:

# %%
for name in ("too fast", "out of money"):
    error = errors[name]
    print(f"{type(error).__name__}: type {error.type}, code {error.code}")
    print(f"    {error.message}")

# %% [markdown]
# A rate limit resets by itself: most are per minute, some per day. An empty balance doesn't, and a spending limit that you set yourself holds until the month ends or you raise it. So your program has to tell them apart. `code` names the exact cause, one of several.
# When the account is the reason, `type` has been `insufficient_quota` in every answer seen so far (November 2026).


# %%
def out_of_money(error):
    return getattr(error, "type", None) == "insufficient_quota"


print({name: out_of_money(error) for name, error in errors.items()})

# %% [markdown]
# ## See how many times the SDK tries
#
# A client without settings uses the SDK's defaults. The server now answers 429 every time, and you call `create` once.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, "You call create() once, and every answer is 429. How many requests?", ["1", "2", "3", "10"])

# %%
plain = OpenAI()
with lesson.watch() as log:
    error = catch(lambda: ask(plain), *["429"] * 10, retry_after=0.01)
print(type(error).__name__)

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# ### Choose how patient to be
#
# These are the SDK's defaults:

# %%
print("max_retries:", plain.max_retries)
print("timeout:    ", plain.timeout.read, "seconds")

# %% [markdown]
# The controls below start with these defaults. Nothing really waits, so try anything. Guess first, then move them:
#
# - An overloaded server (503) fails three times in a row. How many retries do you need, and how long does that take?
# - The server never answers (set *times in a row* to 6). How long does your program hang with the defaults?
# - Which of the problems can no setting fix?

# %% tags=["furniture"]
from helpers.demos import patience

patience.live()

# %% tags=["furniture", "guess"]
patience.table()

# %% [markdown]
# <details><summary>What to notice</summary>
#
# When the server fails quickly, retries take only seconds. When it doesn't answer at all, each request takes the whole timeout: half an hour in all with the defaults. So set a `timeout` that fits how long someone is willing to wait.
# A wrong key isn't retried. An empty account is, but that never helps.
#
# </details>
#
# Each request gets the whole timeout, and the clock starts again whenever data arrives, so an answer that trickles in can take longer. You can set both for a client, as above, or for a single call: `client.with_options(timeout=5, max_retries=0)`.
#
# If you also write a loop around the call, its attempts and the SDK's multiply, and they all hit a server that has just said it is overloaded. Retry in one place only.

# %% [markdown]
# ## Make the assistant explain its errors
#
# The assistant of [lesson 04](04_build_an_assistant.ipynb) printed every error as it was. Version 2 has the two settings, and a sentence for each kind of error that says what happened and what to do. This is the new part:

# %% tags=["furniture"]
import ast
from pathlib import Path

from IPython.display import Markdown

source = Path("assistant/v2_retries.py").read_text(encoding="utf-8")
explain = next(node for node in ast.parse(source).body if getattr(node, "name", "") == "explain")
Markdown(f"```python\n{ast.get_source_segment(source, explain)}\n```")

# %% [markdown]
# Now talk to it. The first question runs into a rate limit and a server error, the second into an empty account. Then somebody adds credit, and the question is asked again. Before the fourth question, the key is revoked. (`None` in the plan
# lets a request through. Version 2 allows three retries, so an empty account uses up four entries of the plan.)

# %%
from helpers.recipes.scripts import talk

questions = [
    "Why is the sea salty?",
    "And why are lakes not?",
    "And why are lakes not?",
    "Is there anything else?",
    "Hello?",
]
plan = ["429", "500", None, *["429-quota"] * 4, None, "401"]
with lesson.faults(*plan, retry_after=0.05):
    print(talk("v2_retries.py", *questions))

# %% [markdown]
# The first answer came as if nothing had happened. The second question was taken out of the memory when it failed, so asking it again works. After the wrong key the program ended by itself, and `Hello?` was never typed.

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** Write `worth_retrying(error)`. It returns `True` when the same request may succeed a little later, and `False` when it can't. Try it on `errors["server trouble"]`.


# %% tags=["exercise-1"]
def worth_retrying(error):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `isinstance(error, …)` takes a class, or several in parentheses. Deal with money first.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def worth_retrying(error):
#     if out_of_money(error):
#         return False
#     return isinstance(error, (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError))
# ```
#
# </details>

# %% [markdown]
# **Exercise 2.** Choose `max_retries` and `timeout` for two programs. In a chat, nobody should wait longer than a minute in the worst case, counting all attempts, but a single failure shouldn't end it. A job at night gets ten minutes for each attempt, and should try at
# least five times before it gives up. (Leave the short pauses between attempts out of the sum.)

# %% tags=["exercise-2"]
chat = {"max_retries": ..., "timeout": ...}
night = {"max_retries": ..., "timeout": ...}

# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `max_retries` counts the attempts after the first one. The longest wait is `(max_retries + 1) * timeout`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# chat = {"max_retries": 2, "timeout": 20}
# night = {"max_retries": 5, "timeout": 600}
# ```
#
# </details>

# %% [markdown]
# ## Deeper

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Visit the museum
#
# Here is every fault that `lesson.faults` can produce, and one more: `refused`, an address where nothing listens. Which exhibit names a parameter? Which ones send a `retry-after` header? Which ones tell you least?

# %% tags=["furniture"]
import socket

FAULTS = "400 401 403 404 429 429-tokens 429-ramp 429-quota 500 503 drop".split()
museum = {name: catch(lambda: ask(once), name) for name in FAULTS}
museum["slow"] = errors["no answer in time"]

# Ask the system for a free port and release it, so that nothing listens there.
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
nobody = once.with_options(base_url=f"http://127.0.0.1:{port}/v1")
museum["refused"] = catch(lambda: ask(nobody))


def stream():
    for _chunk in once.chat.completions.create(
        model=SMALL,
        messages=[{"role": "user", "content": "Count from one to five in words."}],
        reasoning_effort="none",
        max_completion_tokens=40,
        stream=True,
    ):
        pass


museum["drop-stream"] = catch(stream, "drop-stream", events=5)

CURES = {
    "400": "The request is wrong. param and message say where; correct it.",
    "401": "The key is missing, wrong or revoked. Check OPENAI_API_KEY.",
    "403": "Your key, project or country may not do this. Ask the person who manages the account.",
    "404": "The model doesn't exist, has ended, or isn't available to you. Check its name.",
    "429": "Too many requests per minute. Wait as long as it says, then send fewer at a time.",
    "429-tokens": "Too many tokens per minute. Wait as long as it says; send shorter prompts, or fewer.",
    "429-ramp": "Your traffic rose too fast. Wait as long as it says, then go up slowly.",
    "429-quota": "No credit, or a spending limit is reached. Waiting doesn't fill an empty balance.",
    "500": "A fault on OpenAI's side. Retry with growing waits; report the request id if it persists.",
    "503": "OpenAI is overloaded. Wait as long as it says, and retry.",
    "drop": "The connection broke before an answer came. Retry.",
    "slow": "No answer within your timeout. Allow more time, stream, or ask for less; then retry.",
    "refused": "Nothing is listening at that address. Check base_url, proxy and firewall.",
    "drop-stream": "The answer broke off. Nothing resumes it: show what came, or ask again.",
}

# %% tags=["furniture"]
from helpers import widgets
from helpers.tables import Table

FIELDS = ("status_code", "type", "code", "param", "request_id", "message")


def describe(exhibit):
    error = museum[exhibit]
    fields = {field: getattr(error, field, "does not exist") for field in FIELDS}
    if isinstance(error, openai.APIStatusError):
        fields["retry-after"] = error.response.headers.get("retry-after", "not sent")
    fields["what to do"] = CURES[exhibit]
    return Table(["Field", "Value"], fields.items(), caption=type(error).__name__)


menu = widgets.choice("Exhibit", list(museum), "500", help="Shows what is known about one error.")
about = "A menu of all exhibits; all that is known of one appears below."
widgets.live_text(describe, about, exhibit=menu)

# %% tags=["furniture", "guess"]
rows = [
    [name, type(error).__name__, ", ".join(filter(None, (error.type, error.code))), CURES[name]]
    for name, error in museum.items()
]
heads = ["Exhibit", "Class", "type, code", "What it means, and what to do"]
Table(heads, rows, caption="Every fault, as the SDK raises it.")

# %% [markdown]
# <details><summary>What to notice</summary>
#
# Only `400` names a parameter. `429-ramp` and `503` send `retry-after` here; `429` and `429-tokens` give the wait in their message. Where the connection failed there was no answer, so `status_code` and `request_id` don't even exist on
# the error.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Count which errors the SDK retries
#
# One retry is allowed, and every fault comes twice. A count of 2 means that the SDK tried again. For which faults do you expect that?

# %% tags=["guess"]
twice = once.with_options(max_retries=1)
counts = {}
for name in FAULTS:
    with lesson.watch() as sent:
        catch(lambda: ask(twice), name, name, retry_after=0.01)
    counts[name] = len(sent)
print(counts)

# %% [markdown]
# <details><summary>The rule</summary>
#
# The SDK retries timeouts, broken connections, and the statuses 408, 409, 429 and from 500 up. It retries `429-quota` too, although waiting can't help. It doesn't retry a stream that has begun; that is up to you ([lesson 06](06_stream_answers.ipynb)).
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Measure how long it waits
#
# Three cases: errors that don't say how long to wait (no hint), one whose `retry-after` header asks for 0.4 seconds, and one that asks for five minutes.

# %%
cases = {
    "no hint": (["429", "500"], None),
    "retry-after: 0.4": (["429"], 0.4),
    "retry-after: 300": (["429"], 300),
}
times = {}
for name, (plan, wait) in cases.items():
    with lesson.watch() as sent:
        catch(lambda: ask(plain), *plan, retry_after=wait)
    times[name] = [exchange.t - sent[0].t for exchange in sent]

# %% tags=["furniture", "measured"]
from helpers import plots

seconds = "time since the first request (seconds)"
figure, plot = plots.axes("When one call's requests reach the server", seconds, "", height=2.6)
# Start and length of each span: 75 to 100% of 0.5 seconds, then of 1 second more.
spans = [(0.375, 0.125), (1.125, 0.375)]
look = {"facecolor": (plots.INK, 0.25), "edgecolor": plots.INK}
plot.broken_barh(spans, (-0.3, 0.6), label="wait by the rule", **look)
for row, moments in enumerate(times.values()):
    plot.plot(moments, [row] * len(moments), "o:", color=plots.COLOURS[0], markersize=9)
plot.set(yticks=range(3), yticklabels=list(cases), ylim=(2.6, -0.6), xlim=(-0.05, 1.7))
plot.legend(loc="lower right")
plots.show(
    figure,
    "Measured: without a hint the second and third request come about half a second and then about "
    "a second later; with a hint of 0.4 seconds the second comes 0.4 seconds later; with a hint of "
    "300 seconds there is no second one.",
)

# %% [markdown]
# The SDK's rule: if the server asks for a wait of up to two minutes, the SDK waits exactly that long. If the server asks for more, the SDK doesn't wait at all, and you get the error at once. Without a hint it waits 0.5 seconds, then 1, 2, 4 and at most 8, each shortened by up to a quarter at random.
# (The grey boxes show the waits alone. Sending also takes a moment, so a dot can be a little to the right of its box.)

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Write the loop yourself
#
# Sometimes you want more: a log of the waits, more patience, a limit on the total time. Then you write the loop yourself, around a client with `max_retries=0`. Many tutorials show a loop of three attempts with a wait that doubles, "1 second, then 2, then 4". Which of
# these waits really happen?

# %% tags=["guess"]
attempts = 3
print([2**attempt for attempt in range(attempts) if attempt < attempts - 1])

# %% [markdown]
# <details><summary>Why?</summary>
#
# After the last attempt there is nothing left to wait for, so the four seconds never come.
#
# </details>
#
# Loops like that often have other faults: they don't retry status 500, they do retry when the account is empty, and they make every client wait equally long. Here is a better one.
#
# **Exponential backoff** means that waits double. The **cap** is the longest wait. **Jitter** makes part of each wait random. With *full jitter* the whole wait is random, anything between zero and the doubled value.

# %%
import random
import time

TRANSIENT = (
    openai.APIConnectionError,
    openai.RateLimitError,
    openai.InternalServerError,
)


# %%
def backoff(attempt, base=0.5, cap=8.0):
    return random.uniform(0, min(cap, base * 2**attempt))


def with_retries(call, attempts=4, base=0.5):
    for attempt in range(attempts):
        try:
            return call()
        except TRANSIENT as error:
            if out_of_money(error) or attempt == attempts - 1:
                raise
            time.sleep(backoff(attempt, base))


# %%
print(catch(lambda: with_retries(lambda: ask(once), base=0.1), "429", "500", "drop"))

# %% [markdown]
# The loop was given `once`, the client whose own retries are off. What if you forget that?

# %% tags=["furniture"]
predict(
    2,
    "A loop of three attempts around an ordinary client, and 429 every time: how many requests?",
    ["3", "5", "6", "9"],
)

# %%
def stubborn():
    return with_retries(lambda: ask(plain), attempts=3, base=0.01)


with lesson.watch() as stacked:
    catch(stubborn, *["429"] * 20, retry_after=0.01)

# %% tags=["furniture"]
compare(2)

# %% [markdown]
# #### A patient loop
#
# **Exercise 3.** Write `patient(call, attempts)`. It returns what `call()` returns. When `call()` raises an error that is worth retrying, it calls `pause(attempt)` and tries again, up to `attempts`
# attempts in all. (`attempt` is 0 after the first attempt, 1 after the second, and so on.) Any other error, and the error of the last attempt, comes out unchanged. `retries.worth_retrying(error)` is your exercise 1 with the rarer statuses 408 and 409 added. Here `pause` only records its number, so nothing waits.

# %% tags=["furniture"]
from helpers import retries

pauses = []
pause = pauses.append


def failing(*errors):
    left = list(errors)

    def call():
        call.count += 1
        if left:
            raise left.pop(0)
        return "answer"

    call.count = 0
    return call


def trial(*errors):
    call = failing(*errors)
    pauses.clear()
    try:
        result = patient(call, 4)
    except Exception as error:
        result = error
    return result, call.count, list(pauses)


# %% tags=["exercise-3"]
def patient(call, attempts):
    return ...


# %% tags=["check-3", "furniture"]
check(3)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Loop over `range(attempts)`. Inside, `try: return call()`, and in `except` decide between a bare `raise`, which lets the error out, and `pause(attempt)`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def patient(call, attempts):
#     for attempt in range(attempts):
#         try:
#             return call()
#         except openai.APIError as error:
#             if not retries.worth_retrying(error) or attempt == attempts - 1:
#                 raise
#             pause(attempt)
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### See what base, cap and jitter do
#
# Twelve clients are refused at the same moment, and again at every later attempt. Each row is one of them, each dot a request. With no jitter at all, what will the columns of dots look like? Which controls decide how late the last attempt can be?

# %% tags=["furniture"]
from helpers.demos import crowd as waits

JITTERS = [("none", 0.0), ("a quarter (SDK)", 0.25), ("half", 0.5), ("full", 1.0)]


def timeline(attempts, base, cap, jitter):
    moments = waits.attempt_times(attempts, base, cap, jitter, clients=12)
    figure, plot = plots.axes("Twelve clients that are refused every time", seconds, "client")
    for number, row in enumerate(moments, 1):
        plot.plot(row, [number] * attempts, "o:", color=plots.COLOURS[0], linewidth=0.8)
    plot.set(xlim=(-0.02 * moments.max(), 1.05 * moments.max()), yticks=[1, 4, 8, 12])
    last = waits.ceilings(attempts, base, cap).sum()
    first = f"{last * (1 - jitter):.1f} and " if jitter else ""
    between = "between " if jitter else "after "
    return figure, f"The last request comes {between}{first}{last:.1f} seconds."


widgets.live_figure(
    timeline,
    "Four controls (attempts, base, cap, jitter) over a picture of when twelve clients try.",
    attempts=widgets.number("Attempts", 5, 2, 9, 1, help="Requests of each client in all."),
    base=widgets.number("Base (seconds)", 0.5, 0.1, 2.0, 0.1, help="Ceiling of the first wait."),
    cap=widgets.number("Cap (seconds)", 4.0, 0.5, 16.0, 0.5, help="Highest ceiling of a wait."),
    jitter=widgets.stops("Jitter", JITTERS, 1.0, help="How much of a wait is left to chance."),
)

# %% tags=["furniture", "guess"]
ceilings = waits.ceilings(6, 0.5, 4)
rows = [
    [name, *((f"{ceiling * (1 - share):g} to " if share else "") + f"{ceiling:g}" for ceiling in ceilings)]
    for name, share in JITTERS
]
heads = ["Jitter", *(f"Wait {number}" for number in range(1, 6))]
Table(heads, rows, caption="Seconds before each further attempt, for base 0.5 and cap 4.")

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Send a thousand clients back at once
#
# For one client, jitter makes little difference. Now think of a thousand. A service was down for a moment, and at second 0 they all ask at once. The server can answer 20 requests in each tenth of a second and refuses the rest with 429. Each client has eight
# attempts.

# %% tags=["furniture"]
predict(
    3,
    "Without jitter, how many of 1,000 clients are answered?",
    ["all", "about half", "160", "20"],
)

# %% tags=["furniture"]
crowds = {
    name: waits.crowd(clients=1000, room=20, attempts=8, base=0.5, cap=8, jitter=share)
    for name, share in JITTERS
}
rows = [
    [name, seen.answered, seen.gave_up, seen.requests, f"{seen.finished:.1f}"]
    for name, seen in crowds.items()
]
heads = ["Jitter", "Answered", "Gave up", "Requests in all", "Last answer (seconds)"]
Table(heads, rows, caption="A thousand clients come back. A simulation.")

# %% tags=["furniture"]
compare(3)

# %% tags=["furniture", "guess"]
figure, plot = plots.axes("What the server sees", seconds, "requests in 0.1 seconds")
for name, number in {"full": 1, "none": 0}.items():
    seen, label = crowds[name], f"jitter: {name}"
    look = {"facecolor": plots.COLOURS[number], "hatch": plots.HATCHES[number], "linewidth": 0}
    look |= {"edgecolor": "black", "step": "post", "label": label}
    plot.fill_between(seen.times, seen.arrivals, **look)
plot.axhline(20, color=plots.INK, linestyle="--", label="what it can answer")
plot.set(xlim=(-0.2, 13))
plot.legend(loc="upper right")
plots.show(
    figure,
    "Simulated: without jitter nearly a thousand requests come at once, at 0.5, 1.5, 3.5 and 7.5 "
    "seconds, with silence between, and three more times after the edge of the picture; with full "
    "jitter they spread out and fade.",
)

# %% [markdown]
# #### What jitter does
#
# The server doesn't get faster; the clients only stop arriving in step. The same crowd forms when everybody is told to come back in exactly one second, so a good policy adds a little randomness even to Retry-After.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Let a library do it
#
# You have built one yourself. For daily use, take a library that others maintain. `tenacity` builds the same loop from parts: what to retry, how to wait, when to stop.

# %%
import tenacity


def transient(error):
    return isinstance(error, TRANSIENT) and not out_of_money(error)


loop = tenacity.Retrying(
    retry=tenacity.retry_if_exception(transient),
    wait=tenacity.wait_random_exponential(multiplier=0.1, max=8),
    stop=tenacity.stop_after_attempt(4),
    reraise=True,
)
print(catch(lambda: loop(ask, once), "429", "500", "drop"))

# %% [markdown]
# This loop still lacks two things: waiting as long as the server asks, and a limit on the total time. `helpers/retries.py` adds them; it is short, and yours to copy. Retry-After comes in three spellings: milliseconds, seconds, and a date. (The date is compared with a
# fixed moment here.)

# %%
import datetime

noon = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC).timestamp()
for headers in (
    {"retry-after-ms": "350"},
    {"retry-after": "20"},
    {"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"},
):
    print(retries.retry_after(headers, now=noon), "seconds from", headers)


# %%
def report(wait):
    print(f"attempt {wait.attempt}: {type(wait.error).__name__}; trying again")


policy = retries.Policy(attempts=5, base=0.1, cap=2, deadline=20, on_wait=report)
print(catch(lambda: policy.call(ask, once), "503", "drop", "429", retry_after=0.05))

# %% [markdown]
# The **deadline** limits all attempts and waits together. The server asks for 30 seconds, and we have 5, so the policy gives up at once:

# %%
strict = retries.Policy(attempts=5, deadline=5, on_wait=report)
with lesson.watch() as sent:
    print(type(catch(lambda: strict.call(ask, once), "429", retry_after=30)).__name__)
print(len(sent), "request")

# %% [markdown]
# The deadline doesn't cut off an attempt that is under way. Give the client a `timeout` as well. For `AsyncOpenAI` there is `await policy.acall(…)`; [lesson 07](07_prepare_for_production.ipynb) uses it for many calls at once.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Know when a retry is safe
#
# A retry sends the request a second time. That is harmless only if doing it twice has the same effect as doing it once; such a call is called **idempotent**. Asking a question is idempotent, except for the price. Think of the slow answer above, where the client gave up
# waiting. What did the server do with that request?

# %% tags=["guess"]
with lesson.watch() as late:
    catch(lambda: ask(hasty), "slow", seconds=0.3)
time.sleep(0.3)
print(late[0].status)

# %% [markdown]
# <details><summary>What that means</summary>
#
# The server answered, although nobody was there to read it. With a key you may well pay for that answer, and the retry costs the same again.
#
# </details>
#
# So choose a timeout that is longer than any good answer takes. And put nothing but the call into the retried function: if it also sends an email, a retry sends a second one.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### The same with the Responses API
#
# Classes, fields and retries belong to the SDK, so they are the same for every endpoint.

# %%
with lesson.faults("429", "503", retry_after=0.05):
    twin = client.responses.create(
        model=SMALL,
        input="Count from one to five in words.",
        reasoning={"effort": "none"},
        store=False,
    )
print(twin.status, twin.error, twin.output_text)

# %% [markdown]
# One thing is new: a response has a `status` and an `error` of its own. A call can come back with HTTP status 200 and yet say `incomplete` there, because the answer was cut off at its limit, or `failed`, because something went wrong after it had begun. No exception is
# raised then, so look at `status` before you use the text.

# %% [markdown]
# ## In production
#
# - Log the class, `type`, `code` and `request_id` of every error. Problems show up there first, and support will ask for the id.
# - Alert a person on `insufficient_quota` and on 401. Someone has to act.
# - Set a timeout that fits who is waiting, and retry in one place only.

# %% [markdown]
# ## What you have now
#
# Two settings of the SDK get you through the failures that go away by themselves. The rest needs a decision: a 400 needs a correction, a 401 a key, and a 429 may need money. The assistant, `assistant/v2_retries.py`, now says so in plain words.
#
# **Next:** the assistant still makes people wait for the whole answer. [Lesson 06](06_stream_answers.ipynb) shows each word as it comes.

# %% tags=["furniture"]
lesson.receipt()
