# %% [markdown]
# # Survive errors
#
# By the end you will have met the errors that a program on this API has to expect, know which ones pass by waiting and how to wait, and have an assistant that survives them.

# %% [markdown]
# ## What you will learn
#
# - How to read an error: its class, `type`, `code`, `param` and request id.
# - Which errors pass by waiting, which need a person, and which class holds both kinds.
# - What the SDK retries by itself, and how to set it.
# - How backoff, jitter, Retry-After and a deadline work, first by hand and then with a library.
# - Why one retry loop inside another is worse than none.
#
# You need [lesson 01](01_make_your_first_call.ipynb) and, for the last part, [lesson 04](04_build_an_assistant.ipynb). The errors come from the course's own server, which answers them as the API does.
# So they cost nothing, even with a key. Only the few small calls that are answered have a price; the line below says how little they come to.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, SMALL

lesson.start("05")

# %% [markdown]
# ## Ask one question
#
# One small request serves the whole lesson. `ask` sends it with whatever client it is given, so that you can compare clients that behave differently.

# %%
import openai
from openai import OpenAI

client = OpenAI()
REQUEST = {
    "model": SMALL,
    "messages": [{"role": "user", "content": "Count from one to five in words."}],
    "reasoning_effort": "none",
    "max_completion_tokens": 40,
}


# %%
def ask(client):
    response = client.chat.completions.create(**REQUEST)
    return response.choices[0].message.content


print(ask(client))

# %% [markdown]
# ## Break it on purpose
#
# `lesson.faults("401")` makes the next request fail the way it fails with a wrong key. The SDK turns the answer into an exception, and `except` catches it.

# %%
with lesson.faults("401"):
    try:
        ask(client)
    except openai.APIStatusError as error:
        caught = error

print(type(caught).__name__)
print(caught)

# %% [markdown]
# The line above is for people. For programs, the exception has fields:

# %%
for name in ("status_code", "type", "code", "param", "request_id"):
    print(f"{name:12} {getattr(caught, name)}")

# %% [markdown]
# | Field | What it is for |
# |---|---|
# | the class | The kind of trouble. This is what `except` goes by. |
# | `status_code` | The HTTP status behind the class. 4xx: the request or the account is at fault. 5xx: the other side is. |
# | `type` and `code` | The reason in one word each, made for programs. Either may be `None`. |
# | `param` | Which parameter of your request is at fault, if one is. |
# | `message` | The reason in a sentence, made for people. Show it, but do not take decisions from its wording. |
# | `request_id` | Names this very request. OpenAI's support asks for it. |
# | `response.headers` | What else the server said, such as how long to wait. |

# %% [markdown]
# ## Do not catch everything
#
# A chat loop in many tutorials catches `Exception`, prints it and goes on. Here is one, with a bug of its own in the last line. Two turns meet a wrong key; the third is answered.
# Predict: what will a person at the keyboard learn from the three lines?

# %%
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
# Two mistakes are hidden here. The key will be as wrong in the next turn as in this one, yet the loop invites the person to go on. And the third line, `'last'`, is no error of the API at all:
# it is the author's own `KeyError`, printed as if the network were to blame, after an answer that was paid for. So catch the classes that you expect, and decide for each. For that you need to know them.

# %% [markdown]
# ## Visit the museum
#
# `watch` makes a call under a plan of faults. It returns the outcome, which is an answer or an error, and what the server saw meanwhile (`lesson.exchanges()` lists every request that it got).


# %%
def watch(call, *plan, **options):
    with lesson.watch() as seen, lesson.faults(*plan, **options):
        try:
            outcome = call()
        except openai.APIError as error:
            outcome = error
    return outcome, seen


# %% [markdown]
# The first room has the errors that come as an answer, and one connection that breaks before there is any. This client has retries switched off, so each error arrives at once.

# %%
once = client.with_options(max_retries=0)
ROOM = "400 401 403 404 429 429-tokens 429-ramp 429-quota 500 503 drop".split()
museum = {name: watch(lambda: ask(once), name)[0] for name in ROOM}

# %% [markdown]
# The second room has three more broken connections. An answer that takes longer than the client's patience:

# %%
hasty = once.with_options(timeout=0.2)
museum["slow"], [late] = watch(lambda: ask(hasty), "slow", seconds=1)

# %% [markdown]
# An address where nobody listens. The system gives us a free port, we hand it back, and so it is closed:

# %%
import socket

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]

nobody = once.with_options(base_url=f"http://127.0.0.1:{port}/v1")
museum["refused"], _ = watch(lambda: ask(nobody))

# %% [markdown]
# And a streamed answer, which arrives piece by piece ([lesson 06](06_stream_answers.ipynb)), and whose connection drops half way:


# %%
def stream(client, pieces):
    for chunk in client.chat.completions.create(**REQUEST, stream=True):
        pieces.append(chunk.choices[0].delta.content or "")


pieces = []
museum["drop-stream"], _ = watch(lambda: stream(once, pieces), "drop-stream", events=5)
print("arrived before the line went dead:", "".join(pieces))

# %% tags=["furniture"]
from helpers.tables import Table

rows = [
    [
        name,
        type(e).__name__,
        e.type,
        e.code,
        e.param,
        "yes" if hasattr(e, "request_id") else None,
    ]
    for name, e in museum.items()
]
heads = ["Exhibit", "Class", "type", "code", "param", "Request id"]
Table(heads, rows, caption="Every fault, as the SDK raises it.")

# %% [markdown]
# Three things to notice:
#
# - Four exhibits share the class `RateLimitError`, and one of them is about money. More on that below.
# - `type` and `code` are there when the API answered. Where the connection failed there was no answer, so `status_code` and `request_id` do not even exist on the error.
# - A timeout and a broken connection have different classes. Or do they? Look at the families:

# %%
for kind in (
    openai.BadRequestError,
    openai.RateLimitError,
    openai.InternalServerError,
    openai.APITimeoutError,
):
    family = reversed(kind.__mro__[:4])
    print(" > ".join(member.__name__ for member in family))

# %% [markdown]
# `except` takes a class with all its children. `APIConnectionError` therefore catches timeouts too, and `APIError` catches everything in this museum. Handlers are tried from top to bottom, so narrow classes
# come first. Two names from older tutorials mislead here. `APIError` is no name for status 500: that is `InternalServerError`. And `InvalidRequestError` was removed in version 1 of the SDK. Whoever still catches
# it notices only when an error comes, because only then does Python look the name up:

# %%
with lesson.faults("400"):
    try:
        try:
            ask(client)
        except openai.InvalidRequestError:
            print("handled")
    except AttributeError as error:
        print(type(error).__name__, "-", error)

# %% [markdown]
# The handler for one error has become another error. Today's name is `BadRequestError`.

# %% [markdown]
# ## See what the SDK retries by itself
#
# `client` was made without any setting, so it has the SDK's own. The server now answers 429 every time, and you call `create` once. How many requests will the server get?

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, "One call of create(), and 429 every time. How many requests?", ["1", "2", "3", "10"])

# %%
outcome, log = watch(lambda: ask(client), *["429"] * 10, retry_after=0.01)
print([exchange.status for exchange in log], type(outcome).__name__)

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# So a short rate limit is survived by code that knows nothing of it.
#
# </details>
#
# The SDK also numbers its attempts in a header of each request, and the server's log keeps that number:

# %%
outcome, log = watch(lambda: ask(client), "429", "500")
print(outcome)
print([(exchange.retry, exchange.status) for exchange in log])

# %% [markdown]
# How long did it wait between them? The server also notes when each request came in. Compare three cases: no hint in the answer, as just now; a header that asks for 0.4 seconds; and one that asks for five minutes.

# %%
_, short = watch(lambda: ask(client), "429", retry_after=0.4)
gave_up, long = watch(lambda: ask(client), "429", retry_after=300)
cases = {"no hint": log, "retry-after: 0.4": short, "retry-after: 300": long}
print({name: len(seen) for name, seen in cases.items()})

# %% tags=["furniture"]
from helpers import plots

seconds = "time since the first request (seconds)"
figure, plot = plots.axes("When one call knocks at the server", seconds, "", height=2.6)
# Start and length of each span: 75 to 100 % of 0.5 seconds, then of 1 second more.
spans = [(0.375, 0.125), (1.125, 0.375)]
look = {"color": "#dddddd", "edgecolor": "black", "label": "where the rule puts them"}
plot.broken_barh(spans, (-0.3, 0.6), **look)
for row, seen in enumerate(cases.values()):
    times = [exchange.t - seen[0].t for exchange in seen]
    plot.plot(times, [row] * len(times), "o:", color=plots.COLOURS[0], markersize=9)

# %% tags=["furniture", "measured"]
plot.set(yticks=range(3), yticklabels=list(cases), ylim=(2.6, -0.6), xlim=(-0.05, 1.7))
plot.legend(loc="lower right")
plots.show(
    figure,
    "Measured: without a hint the second and third request come at the grey spans or just behind, "
    "about half a second and then about a second later; with a hint of 0.4 seconds the second "
    "comes right after it; with a hint of 300 seconds there is none.",
)

# %% [markdown]
# The rule of the SDK (version 3.54): if the answer names a wait of up to two minutes, it waits exactly that. A longer one it does not begin; you get the error at once. Without a hint it waits 0.5 seconds, then
# 1, 2, 4 and at most 8, each shortened by up to a quarter at random. (The grey spans hold the waits alone. Sending takes a moment too, so a dot may stand a little behind its span.)
#
# Which errors does it retry? Let us count: one retry is allowed, and every exhibit comes twice. A count of 2 means that the SDK thought it worth another try.
# (The answers ask for a wait of a hundredth of a second, so that the count is quick.)

# %%
twice = client.with_options(max_retries=1)
calls = dict.fromkeys(ROOM, lambda: ask(twice))
calls["slow"] = lambda: ask(twice.with_options(timeout=0.2))
calls["drop-stream"] = lambda: stream(twice, [])
sent = {}
for name, call in calls.items():
    _, log = watch(call, name, name, retry_after=0.01, seconds=1, events=5)
    sent[name] = len(log)

# %% [markdown]
# A refused connection never reaches a server, so no server can count it. The client can: it runs a function of ours before every request.

# %%
knocks = []
counting = openai.DefaultHttpx2Client(event_hooks={"request": [knocks.append]})
watch(lambda: ask(nobody.with_options(max_retries=1, http_client=counting)))
sent["refused"] = len(knocks)

# %% [markdown]
# Now the other half of each exhibit: what it means, and its cure.

# %%
CURES = {
    "400": "The request is wrong. param and message say where; correct it. The same request always fails.",
    "401": "The key is missing, wrong or revoked. Check OPENAI_API_KEY.",
    "403": "Your key, project or country may not do this. Ask whoever looks after the account.",
    "404": "The model does not exist, has ended, or is not open to you. Check its name.",
    "429": "Too many requests a minute. Wait as told, then send fewer at a time.",
    "429-tokens": "Too many tokens a minute. Wait as told; shorten prompts or send fewer at a time.",
    "429-ramp": "Your traffic rose too fast. Wait as told, then go up slowly.",
    "429-quota": "No credit, or a spending limit is reached. Waiting does not help; somebody must pay.",
    "500": "A fault on OpenAI's side. Retry with growing waits; report the request id if it stays.",
    "503": "OpenAI is overloaded. Wait as told, and retry.",
}

# %% tags=["furniture"]
CURES |= {
    "drop": "The connection broke before an answer came. Retry.",
    "slow": "No answer within your timeout. Allow more time, stream, or ask for less; then retry.",
    "refused": "Nobody listens there. Check base_url, proxy and firewall; a retry seldom helps.",
    "drop-stream": "The answer broke off. Nothing resumes it: show what came, or ask again from the start.",
}
rows = [[name, sent[name], CURES[name]] for name in museum]
Table(
    ["Exhibit", "Requests", "What it means, and the cure"],
    rows,
    caption="Requests sent when one retry is allowed.",
)

# %% [markdown]
# The SDK retries what passes by itself: timeouts, broken connections, and the statuses 408, 409, 429 and from 500 up. Two rows deserve a second look. `429-quota` is retried although no wait brings money. And
# `drop-stream` is not: a stream that has begun is yours, and [lesson 06](06_stream_answers.ipynb) deals with it.
#
# Here is the whole museum once more, one exhibit at a time. Before you choose: which exhibit names a parameter? Which ones say how long to wait? Which has the least to say?

# %% tags=["furniture"]
FIELDS = ("status_code", "type", "code", "param", "request_id", "message")


def describe(exhibit):
    error = museum[exhibit]
    fields = {field: getattr(error, field, "does not exist") for field in FIELDS}
    if isinstance(error, openai.APIStatusError):
        fields["retry-after"] = error.response.headers.get("retry-after", "not sent")
    fields["cure"] = CURES[exhibit]
    return Table(["Field", "Value"], fields.items(), caption=type(error).__name__)


# %% tags=["furniture"]
from helpers import widgets

menu = widgets.choice("Exhibit", list(museum), help="Shows what is known about one error.")
about = "A menu of all exhibits; all that is known of one appears below."
widgets.live_text(describe, about, exhibit=menu)

# %% [markdown]
# Only the 400 names a parameter; here it is `max_tokens`, which current models refuse ([lesson 02](02_turn_the_knobs.ipynb)). The overloaded server and the traffic that rose too fast send a header that says how long to wait;
# two of the rate limits say it too, but here only in their sentence for people.
# A connection that failed has nothing to say but its class.

# %% [markdown]
# ## Set the SDK to your needs
#
# Two settings decide how long a person waits at worst: how often the SDK tries, and how long each attempt may take. These are the defaults:

# %%
print("further attempts:", client.max_retries)
print("seconds to connect:", client.timeout.connect)
print("seconds to wait for an answer:", client.timeout.read)
print("minutes of silence at worst:", (client.max_retries + 1) * client.timeout.read / 60)

# %% [markdown]
# That may suit a job at night, but no person will sit through it. You can set both for a client, or for a single call through `with_options`:

# %%
quick = OpenAI(max_retries=4, timeout=20)
quickest = quick.with_options(max_retries=0, timeout=5)
for one in (quick, quickest):
    print(one.max_retries, one.timeout)

# %% [markdown]
# `max_retries=0` switches retries off. The timeout counts for each attempt afresh, and within an attempt for each wait for data. It is no limit on the whole; such a limit comes further down, as a deadline.

# %% [markdown]
# ## Tell money from pace
#
# "`RateLimitError`: you are too fast" is only half of the truth. Look at the two kinds side by side:

# %%
for name in ("429", "429-quota"):
    error = museum[name]
    print(f"{type(error).__name__}: type {error.type}, code {error.code}")
    print(f"    {error.message}")

# %% [markdown]
# Pace passes; money does not. So a program has to tell them apart, and the field for that is `type`: it is `insufficient_quota` whenever the account is the reason. The `code` is not reliable, since it
# differs with the reason and has changed over time. The next cell takes the codes that were seen up to November 2026, each in an answer of its own.


# %%
def out_of_money(error):
    return getattr(error, "type", None) == "insufficient_quota"


# %%
CODES = [
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
]
CODES += ["organization_usage_limit_exceeded", "insufficient_quota"]
for code in CODES:
    body = {"message": "…", "type": "insufficient_quota", "param": None, "code": code}
    error, _ = watch(lambda: ask(once), lesson.Fault("status", 429, body))
    print(
        f"{code:34} by code: {error.code == 'insufficient_quota'!s:6} by type: {out_of_money(error)}"
    )

# %% [markdown]
# ## Write the loop yourself
#
# Sometimes the SDK's retries are not enough: you want more patience, a log of the waits, or a limit on the whole. Then you write the loop. First a look at one that many tutorials print: three attempts,
# and a wait that doubles, "1 second, then 2, then 4". After which attempts does it wait?

# %%
max_retries = 3
print([2**attempt for attempt in range(max_retries) if attempt < max_retries - 1])

# %% [markdown]
# There is no 4: after the last attempt there is nothing left to wait for. The request inside that loop has a fault as well. It sends `max_tokens`:

# %%
outcome, log = watch(
    lambda: client.chat.completions.create(
        model=FLAGSHIP, messages=REQUEST["messages"], max_tokens=500
    )
)
print(len(log), "request:", outcome)

# %% [markdown]
# This answer came from no fault of ours: it is what the API says to that request. One request, and no loop in the world would make it succeed. That is why a loop must pick what it retries. That tutorial's loop
# also passes over status 500, waits for money, ignores Retry-After, and lets everybody wait for the same time. Ours begins with the wait.
#
# **Exponential backoff** means that waits double: whoever is refused again comes back more slowly. The **cap** keeps them bearable. **Jitter** leaves a part of each wait to chance;
# with *full jitter* all of it, so that the doubling number is only a ceiling. Why that is better you will see in a moment.

# %%
import random


def backoff(attempt, base=0.5, cap=8.0):
    ceiling = min(cap, base * 2**attempt)
    return random.uniform(0, ceiling)


print("ceilings:", [min(8.0, 0.5 * 2**attempt) for attempt in range(7)])

# %% [markdown]
# Then the loop. It retries three classes, never waits for money, and after the last attempt lets the error out as it is.

# %%
import time

PASSING = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)


def with_retries(call, attempts=4, base=0.5):
    for attempt in range(attempts):
        try:
            return call()
        except PASSING as error:
            if out_of_money(error) or attempt == attempts - 1:
                raise
            time.sleep(backoff(attempt, base))


# %%
outcome, log = watch(lambda: with_retries(lambda: ask(once), base=0.1), "429", "500", "drop")
print(outcome)
print([exchange.status for exchange in log])

# %% [markdown]
# Status 0 stands for the dropped connection. The loop was given `once`, the client whose own retries are off. What if you forget that?
#
# ### Never stack two loops
#
# Our loop makes three attempts, and each goes through an ordinary client. The server answers 429 every time. How many requests will it get?

# %% tags=["furniture"]
predict(
    2,
    "A loop of three attempts around an ordinary client: how many requests?",
    ["3", "5", "6", "9"],
)

# %%
outcome, log = watch(
    lambda: with_retries(lambda: ask(client), attempts=3, base=0.01),
    *["429"] * 20,
    retry_after=0.01,
)
print([exchange.retry for exchange in log])

# %% tags=["furniture"]
compare(2)

# %% [markdown]
# <details><summary>What happened</summary>
#
# The numbers are the SDK's own count, and it starts again three times. Every layer multiplies: one more loop in a framework above would make 27. All this falls on a server that has just said it is
# overloaded, and failed requests count against your rate limit too. So retry in one layer. Either the SDK does it (`max_retries=4`) or your loop does (`max_retries=0`).
#
# </details>

# %% [markdown]
# ## Move base, cap and jitter
#
# Twelve clients are refused at the same moment, and at every attempt again. Each row below is one of them, each dot a request. Before you move anything:
#
# - With no jitter at all, what will the columns of dots look like?
# - Which control decides how long the last attempt can be put off: base, cap, or the number of attempts?

# %%
from helpers.demos import crowd as waits


def timeline(attempts, base, cap, jitter):
    moments = waits.moments(attempts, base, cap, jitter, clients=12)
    figure, plot = plots.axes("Twelve clients that are refused every time", seconds, "client")
    for number, row in enumerate(moments, 1):
        plot.plot(row, [number] * attempts, "o:", color=plots.COLOURS[0], linewidth=0.8)
    plot.set(xlim=(-0.02 * moments.max(), 1.05 * moments.max()), yticks=[1, 4, 8, 12])
    last = waits.ceilings(attempts, base, cap).sum()
    caption = (
        f"The last request comes between {last * (1 - jitter):.1f} and {last:.1f} seconds."
    )
    return figure, caption


# %%
JITTERS = [("none", 0.0), ("a quarter, as the SDK", 0.25), ("half", 0.5), ("full", 1.0)]
controls = {
    "attempts": widgets.number("Attempts", 5, 2, 9, 1, help="Requests of each client in all."),
    "base": widgets.number(
        "Base (seconds)", 0.5, 0.1, 2.0, 0.1, help="Ceiling of the first wait."
    ),
    "cap": widgets.number(
        "Cap (seconds)", 4.0, 0.5, 16.0, 0.5, help="Highest ceiling of a wait."
    ),
    "jitter": widgets.stops(
        "Jitter", JITTERS, 1.0, help="How much of a wait is left to chance."
    ),
}

# %% tags=["furniture"]
widgets.live_figure(
    timeline,
    "Four controls (attempts, base, cap, jitter) over a picture of when twelve clients try.",
    **controls,
)

# %% [markdown]
# Without jitter the dots stand in straight columns: whoever was refused together comes back together. A quarter blurs the columns; only with full jitter are they gone. The cap decides about the end, because from
# there on each further attempt adds the same wait. The same in numbers, for base 0.5 and cap 4:

# %% tags=["furniture"]
rows = [
    [
        name,
        *(f"{ceiling * (1 - share):g} to {ceiling:g}" for ceiling in waits.ceilings(6, 0.5, 4)),
    ]
    for name, share in JITTERS
]
heads = ["Jitter", *(f"Wait {number}" for number in range(1, 6))]
Table(heads, rows, caption="Seconds before each further attempt.")

# %% [markdown]
# ## Send a thousand clients back at once
#
# Jitter looks like a nicety as long as you think of one client. Think of a thousand. A service was down for a moment, and now all of them ask at second 0. The server can answer 20 requests in each tenth of a
# second and refuses the rest with 429. Everybody has eight attempts. How many of the thousand will get an answer if nobody uses jitter?

# %% tags=["furniture"]
predict(
    3,
    "Without jitter, how many of 1,000 clients are answered?",
    ["all", "about half", "160", "20"],
)

# %% tags=["furniture"]
def come_back(jitter):
    return waits.crowd(clients=1000, room=20, attempts=8, base=0.5, cap=8, jitter=jitter)


crowds = {name: come_back(share) for name, share in JITTERS}
rows = [
    [name, seen.answered, seen.gave_up, seen.requests, f"{seen.finished:.1f}"]
    for name, seen in crowds.items()
]
heads = ["Jitter", "Answered", "Gave up", "Requests in all", "Last answer (seconds)"]
Table(heads, rows, caption="A thousand clients come back. A simulation.")

# %% tags=["furniture"]
compare(3)

# %% [markdown]
# First what the server sees. Each column is a tenth of a second:

# %% tags=["guess", "furniture"]
figure, plot = plots.axes("What the server sees", seconds, "requests in 0.1 seconds")
for name, number in {"full": 1, "none": 0}.items():
    seen, label = crowds[name], f"jitter: {name}"
    look = {"facecolor": plots.COLOURS[number], "hatch": plots.HATCHES[number], "step": "post"}
    plot.fill_between(seen.times, seen.arrivals, edgecolor="black", label=label, **look)
plot.axhline(20, color="black", linestyle="--", label="what it can answer")
plot.set(xlim=(-0.2, 13))
plot.legend(loc="upper right")
plots.show(
    figure,
    "Simulated: without jitter nearly a thousand requests come at once, at 0.5, 1.5, 3.5 and 7.5 "
    "seconds, with silence between; with full jitter they spread out and fade.",
)

# %% [markdown]
# Then how many clients have their answer:

# %% tags=["guess", "furniture"]
figure, plot = plots.axes("Who has an answer", seconds, "clients answered")
for number, name in enumerate(("full", "a quarter, as the SDK", "none")):
    seen = crowds[name]
    look = {"color": plots.COLOURS[number], "linestyle": plots.DASHES[number]}
    plot.plot(seen.times, seen.answers.cumsum(), label=f"jitter: {name}", linewidth=2, **look)
plot.legend(loc="center right")
plots.show(
    figure,
    "Simulated: with full jitter all clients are answered within eleven seconds, with a quarter of "
    "jitter within 22; without jitter 160 are after 32 seconds, and the others have given up.",
)

# %% [markdown]
# The server did not get faster; the clients only stopped arriving in step. Without jitter it is idle most of the time and overrun in between. With full jitter some come back almost at once, which costs a few
# requests in the first second, but no place stays empty for long. The same crowd forms when everybody is told to come back in exactly one second. That is why a good policy adds a little chance even to Retry-After.

# %% [markdown]
# ## Let a library do it
#
# You have built the mechanism; for daily use take a library that others keep in order. `tenacity` makes the same loop from parts: what to retry, how to wait, when to stop.

# %%
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

loop = Retrying(
    retry=retry_if_exception(
        lambda error: isinstance(error, PASSING) and not out_of_money(error)
    ),
    wait=wait_random_exponential(multiplier=0.1, max=8),
    stop=stop_after_attempt(4),
    reraise=True,
)
outcome, log = watch(lambda: loop(ask, once), "429", "500", "drop")
print(outcome)

# %% [markdown]
# Two things are still missing: what the server asks for, and a limit on the whole. The helper `helpers/retries.py` of this course adds them; it is short, and yours to copy. Retry-After comes in three
# spellings: milliseconds, seconds, and a date. (The date is compared with a fixed moment here.)

# %%
import datetime

from helpers import retries

noon = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC).timestamp()
for headers in (
    {"retry-after-ms": "350"},
    {"retry-after": "20"},
    {"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"},
):
    print(retries.retry_after(headers, now=noon), "seconds from", headers)

# %% [markdown]
# A `Policy` puts all of it together, and calls a function of yours before each wait, so that you can show progress or keep a log.


# %%
def tell(wait):
    print(f"attempt {wait.attempt} failed with {type(wait.error).__name__}; trying again")


policy = retries.Policy(attempts=5, base=0.1, cap=2, deadline=20, on_wait=tell)
outcome, log = watch(lambda: policy.call(ask, once), "503", "drop", "429", retry_after=0.05)
print(outcome)

# %% [markdown]
# What it never retries, counted:

# %%
for name in ("400", "401", "404", "429-quota"):
    outcome, log = watch(lambda: policy.call(ask, once), name, name)
    print(f"{name:10} {len(log)} request, {type(outcome).__name__}")

# %% [markdown]
# And the **deadline**, a limit on all attempts and waits together. The server asks for 30 seconds, and we have 5. Waiting would be in vain, so the policy gives up at once:

# %%
strict = retries.Policy(attempts=5, deadline=5, on_wait=tell)
outcome, log = watch(lambda: strict.call(ask, once), *["429"] * 5, retry_after=30)
print(len(log), "request,", type(outcome).__name__)

# %% [markdown]
# An attempt that is under way is not cut off by the deadline. Give the client a `timeout` as well, and the longest that anybody waits is about one plus the other. For `AsyncOpenAI`
# there is `await policy.acall(…)`; [lesson 07](07_prepare_for_production.ipynb) uses it for many calls at once.

# %% [markdown]
# ## Know when a retry is safe
#
# A retry sends the request a second time. That is harmless only if doing it twice is as good as doing it once; such a call is called **idempotent**. Asking a question is, except for the price.
# Remember the slow exhibit: the client lost patience and left. What did the server do with that request?

# %%
print(late.status)

# %% [markdown]
# It answered, with status 200. Nobody was there to read it, but live you would have paid for it, and a retry is paid for again. So choose a timeout that good answers do not reach. And never put more into
# the retried function than the call. If it also sends an email or writes to a database, a retry does that twice. When you let the model start actions ([lesson 08](08_let_the_model_call_tools.ipynb)), they stand outside of the loop.

# %% [markdown]
# ## Give the assistant its second version
#
# The assistant of [lesson 04](04_build_an_assistant.ipynb) printed every error as it came, and went on after each. Version 2 uses what you know now. Here is what changed:

# %%
import difflib
from pathlib import Path

old, new = Path("assistant/v1_memory.py"), Path("assistant/v2_retries.py")
before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
print("\n".join(difflib.unified_diff(before, after, old.name, new.name, lineterm="")))

# %% [markdown]
# There is no loop in it. The SDK's own retries with two settings are enough for an assistant: they pick the right errors, keep Retry-After, and wait with jitter. The further requests that they waste on an empty account cost
# seconds, not money. A loop of your own pays when you need a deadline, a log, or much more patience.
#
# The rest is for the person: each class gets a sentence that says what happened and what to do. Where the next message must end the same way, the program says so and stops. It also catches the one error that comes
# before any request: `OpenAI()` itself raises `OpenAIError` when it finds no key.
#
# Now a conversation with typed input. The first question meets a rate limit and a server error; the second an empty account. Then somebody adds credit, and it is asked again. Before the fourth, the key is revoked.

# %%
import subprocess
import sys


def talk(*lines):
    """Run the assistant as a script, type these lines, and show both sides."""
    script = [sys.executable, "-X", "utf8", new]
    typed = "\n".join([*lines, ""])
    run = subprocess.run(script, input=typed, capture_output=True, encoding="utf-8")
    shown = run.stdout + run.stderr
    for line in lines:  # what is typed by a program does not appear on the screen by itself
        shown = shown.replace("You: ", f"You > {line}\n", 1)
    print(shown)


# %%
with lesson.faults("429", "500", None, *["429-quota"] * 4, None, "401", retry_after=0.05):
    talk(
        "Why is the sea salty?",
        "And why are lakes not?",
        "And why are lakes not?",
        "Is there anything else?",
        "Hello?",
    )

# %% [markdown]
# The first answer came as if nothing had happened. The second question was taken out of the memory, so that the third could take its place. After the wrong key the program ended by itself; nobody got to type
# `Hello?`.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: tell what is worth another try
#
# Write `worth_retrying(error)`. It returns `True` when the same request may succeed a little later, and `False` when it may not. Try it on the exhibits, such as `museum["503"]`.


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
# ### Exercise 2: a patient loop
#
# Write `patient(call, attempts)`. It returns what `call()` returns. When `call()` raises an error that is worth retrying, it calls `pause(attempt)`, with 0 after the first attempt, 1 after the second, and so on,
# and tries again, at most `attempts` times in all. Every other error, and the last one, it lets out as it is. `retries.worth_retrying(error)` knows which is which.
#
# To test without waiting, `pause` only notes its number, and `failing(…)` makes a call that raises the given errors one after the other and then answers.

# %%
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


# %% tags=["exercise-2"]
def patient(call, attempts):
    return ...


# %%
def trial(*errors):
    call = failing(*errors)
    pauses.clear()
    try:
        result = patient(call, 4)
    except Exception as error:
        result = error
    return result, call.count, list(pauses)


# %% tags=["check-2", "furniture"]
check(2)

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
# ## The same with the Responses API
#
# Classes, fields and retries belong to the SDK, so they are the same for every endpoint.


# %%
def ask_twin():
    return client.responses.create(
        model=SMALL,
        input="Count from one to five in words.",
        reasoning={"effort": "none"},
        store=False,
    )


twin, log = watch(ask_twin, "429", "503", retry_after=0.05)
print(twin.status, twin.error, twin.output_text)
print([(exchange.request["path"], exchange.status) for exchange in log])

# %% [markdown]
# One thing is new: a response has a `status` and an `error` of its own. A call can come back with HTTP status 200 and yet say `incomplete` there, because the answer was cut off at its limit, or `failed`,
# because something went wrong after it had begun. No exception is raised then, so look at `status` before you use the text.

# %% [markdown]
# ## From the production desk
#
# - Log class, `type`, `code` and `request_id` of every error. A rate that rises shows there first, and the id is what support asks for.
# - Alert a person on `insufficient_quota` and on 401. These two never pass by themselves.
# - Set a timeout that fits who is waiting, and retry in one layer only. In a service, also stop calling for a while when most calls fail (a *circuit breaker*); more requests do not help a server that is down.

# %% [markdown]
# ## Recap
#
# - Catch narrow classes, and decide by class and `type`: some errors pass, some need a correction, some need money.
# - The SDK retries what passes, twice, with backoff, jitter and Retry-After. Set `max_retries` and `timeout`; write a loop of your own only with `max_retries=0`.
# - Waits need a cap, a deadline and full jitter, and what is retried must be safe to do twice.
#
# The assistant survives now, but it still makes people wait for the whole answer. [Lesson 06](06_stream_answers.ipynb) shows each word as it comes.

# %%
lesson.receipt()
