# %% [markdown]
# # Prepare for production
#
# By the end you will have the parts that a service needs when many people use it every day: safe keys, a cache, limits, a log of what it costs, a second model, and batches at half the price.

# %% [markdown]
# ## What you will learn
#
# - How to find a leaked key before others do, and how to change keys without stopping.
# - How much a cache saves, how long to wait for an answer, and what threads and async code gain.
# - How to stay under a rate limit instead of running into it.
# - How to know who spends what, to give each user a quota, and to go on when a model fails.
# - How to check what people type, and how to run large jobs overnight for half the price.
#
# You need [lesson 05](05_survive_errors.ipynb): everything here builds on calls that survive errors. The example is a small shop that sells bicycles and gets a lot of mail.
# All of it runs on one machine, and each part is only a few lines, so that you can take the parts that you need.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, MODERATION, SMALL

lesson.start("07")

# %%
import openai
from openai import OpenAI

client = OpenAI()

# %% [markdown]
# ## Find leaked keys
#
# A key is money: anyone who has it can spend yours. Keys rarely leak through a break-in. They leak through a line of code, the output of a notebook, or a log file. Here is a project with all of these. Its key is
# made up, and put together from pieces so that no scanner takes this lesson for a leak.

# %%
import tempfile
from pathlib import Path

project = Path(tempfile.mkdtemp())
planted = "-".join(["sk", "proj", "Planted0nPurposeInThisLesson"])
FILES = {
    ".env": f"OPENAI_API_KEY={planted}\n",
    "app.py": f'from openai import OpenAI\nclient = OpenAI(api_key="{planted}")\n',
    "errors.log": f"09:14 started\n09:15 refused: Authorization: Bearer {planted}\n",
    "report.ipynb": f'{{"outputs": [\n"The key is {planted}"]}}\n',
}
for name, text in FILES.items():
    (project / name).write_text(text, encoding="utf-8", newline="\n")

# %% [markdown]
# OpenAI's keys begin with `sk-`, so one pattern finds them. The scanner prints where a key is and never the key itself; otherwise its own output would be the next leak.

# %%
import re

KEY = re.compile(r"\bsk-[A-Za-z0-9_-]{20,}")

for path in sorted(project.iterdir()):
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if KEY.search(line):
            print(f"{path.name}, line {number}")

# %% [markdown]
# Three of the four have to be fixed. `.env` is where a key belongs, as long as git does not commit it, which is what `.gitignore` is for.
# `helpers.recipes.leaks` is the same scanner with more kinds of keys; it knows about `.gitignore`, and skips examples like `sk-xxxx…`.

# %%
from helpers.recipes import leaks

CLEAN = "from openai import OpenAI\nclient = OpenAI()\n"
(project / "app.py").write_text(CLEAN, encoding="utf-8", newline="\n")
(project / "errors.log").unlink()
(project / ".gitignore").write_text(".env\n", encoding="utf-8", newline="\n")

for leak in leaks.scan(project):
    print(leak)

# %% [markdown]
# One is left, in the output of a notebook, where people forget to look. Your own notebooks are in this folder. Are they clean?

# %%
import shutil

shutil.rmtree(project)
print(len(leaks.scan(".")), "keys in the folder of these notebooks")

# %% [markdown]
# `python -m helpers.recipes.leaks .` does this from a terminal, for example before each commit. For real projects there are well-maintained tools that also read the history of a repository, such as
# [gitleaks](https://github.com/gitleaks/gitleaks), and GitHub can refuse a push that contains a key. A key that was published once is compromised, even if the next commit removes it: **revoke it at once**, and then tidy up.

# %% [markdown]
# ## Change keys without stopping
#
# Keys should change from time to time, and on the day somebody leaves. Project keys can also be made with a date on which they end (November 2026). The order matters: make the new key, bring it to every
# running program, check that calls succeed and that the old key is no longer used, and only then revoke the old one.
#
# A client made with `OpenAI()` reads the key once, so a new key needs a restart. Pass a **function** instead of a key, and the client asks for it before every request. The function may read an environment variable, as here, or
# a secrets manager.

# %%
import os


def current_key():
    print("reading the key")
    return os.environ["OPENAI_API_KEY"]


rotating = OpenAI(api_key=current_key)
for number in range(1, 4):
    rotating.models.retrieve(SMALL)
    print("answered request", number)

# %% [markdown]
# Three more habits cost nothing. Give each application a project and a key of its own, so that one leak stops one application. Let production use the key of a *service account*, which belongs to no person. And never
# put a key into a web page or an app that people install: anyone can read it out of there. Let the page or the app call your server, and your server call the API. [Lesson 00](00_get_ready.ipynb) has the places where a key is safe.

# %% [markdown]
# ## Answer common questions from a cache
#
# A **cache** keeps answers and gives them again to the same request. For a shop's common questions that saves both money and waiting. These are the shop's:

# %%
RULES = (
    "You answer customers of a bicycle shop in one or two sentences. Delivery takes two to "
    "four days. Returns are free for 30 days. Frames have five years of warranty. You can pay "
    "by card or invoice. We ship to all of Europe. We repair bicycles within a week."
)
QUESTIONS = [
    "How long does delivery take?",
    "How do I send something back?",
    "Can I pay by invoice?",
    "Is there a warranty?",
    "Do you ship to Norway?",
    "Do you repair bicycles?",
]


# %%
def faq(question):
    return {
        "model": SMALL,
        "messages": [
            {"role": "developer", "content": RULES},
            {"role": "user", "content": question},
        ],
        "reasoning_effort": "none",
        "max_completion_tokens": 100,
    }


# %% [markdown]
# Each answer is filed under a name, also called its key (no relation to API keys). The name has to hold *everything* that can change the answer: model, messages, parameters. So take the whole request, written as text
# in a fixed order. Each answer also gets a time at which it **expires**, because delivery times and prices change.

# %%
import json


class Cache:
    def __init__(self, expiry, clock):
        self.expiry, self.clock, self.kept = expiry, clock, {}

    def ask(self, request):
        key = json.dumps(request, sort_keys=True)
        until, answer = self.kept.get(key, (0, None))
        if self.clock() < until:
            return answer, True
        answer = client.chat.completions.create(**request)
        if answer.choices[0].finish_reason == "stop":  # half an answer is not worth keeping
            self.kept[key] = self.clock() + self.expiry, answer
        return answer, False


# %% [markdown]
# Now a day of eight hours with 120 visitors, some questions being more popular than others. The clock is a simulated one, so that the day passes in a moment. Guess first: with answers kept for two hours, how many of the
# 120 questions reach the API?

# %%
import random

chance = random.Random(7)
popularity = [1 / rank for rank in range(1, len(QUESTIONS) + 1)]
minutes = sorted(chance.randrange(480) for _ in range(120))
visits = [(minute, chance.choices(QUESTIONS, popularity)[0]) for minute in minutes]

# %%
from helpers import costs

day = {"minute": 0}
cache = Cache(expiry=120, clock=lambda: day["minute"])
served = []
for minute, question in visits:
    day["minute"] = minute
    answer, hit = cache.ask(faq(question))
    served.append((question, hit, costs.cost(SMALL, answer.usage)))

# %% tags=["guess"]
saved = sum(price for _, hit, price in served if hit)
print("asked the API:", sum(not hit for _, hit, _ in served), "of", len(served))
print("spent:", costs.usd(sum(price for *_, price in served) - saved))
print("saved:", costs.usd(saved))

# %% [markdown]
# **Try it:** ask something new twice in a row, `cache.ask(faq("Do you ship to Spain?"))[1]`. The second value says whether the cache had the answer. Then ask `"how long does delivery take"`, without capitals
# and question mark: does the cache know it?
#
# How long should an answer be kept? The function below goes through the same day with another expiry. It needs no calls, since the price of each answer is known by now.
# Before you move the slider: does twice the time save twice as much? And what is the case against keeping answers forever?

# %%
price = {question: price for question, _, price in served}


def spending(expiry):
    """Thousandths of a USD, spent up to each visit."""
    until, spent, curve = {}, 0.0, []
    for minute, question in visits:
        if minute >= until.get(question, 0):
            until[question] = minute + expiry
            spent += price[question] * 1000
        curve.append(spent)
    return curve


# %% tags=["furniture"]
from helpers import plots, widgets

EXPIRIES = [0, 5, 15, 60, 120, 240, 480]


def draw(expiry):
    title, unit = f"Answers kept for {expiry} minutes", "spent (thousandths of a USD)"
    figure, plot = plots.axes(title, "minute of the day", unit)
    plots.lines(plot, minutes, {"no cache": spending(0), "with cache": spending(expiry)})
    return figure


stops = widgets.stops("Kept for (minutes)", EXPIRIES, 60, help="When an answer expires.")
about = "A slider sets how long answers are kept; two lines show what a day costs, with and without."
widgets.live_figure(draw, about, expiry=stops)

# %% tags=["furniture", "guess"]
from helpers.tables import Table

end_of_day = {expiry: spending(expiry)[-1] for expiry in EXPIRIES}
rows = [
    [str(expiry), f"{1 - spent / end_of_day[0]:.0%}"] for expiry, spent in end_of_day.items()
]
Table(["Kept for (minutes)", "Saved"], rows, caption="The same day under seven settings.")

# %% [markdown]
# The first minutes gain the most; after that each doubling gains less, and the answers grow old. Three rules for real use. Cache only what is the same for everybody: an answer about *my* order must never reach you, so put the user
# into the key, or don't cache such answers. Change the key when your instructions change; here that happens by itself, because they are part of the request. And keep the entries outside your process, in a store that drops what has
# expired (Redis and others do), so that all your servers share them.
#
# This cache is yours. OpenAI's own *prompt caching* is something else: it makes long identical beginnings of prompts cheaper, and needs no code ([lesson 03](03_count_tokens_and_cost.ipynb)).

# %% [markdown]
# ## Decide how long to wait
#
# The SDK gives up after 5 seconds without a connection, but waits ten minutes for an answer, and then tries again, twice. Nobody waits that long. Say you set the timeout to 20 seconds and leave the retries as they are:

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "timeout=20 and max_retries=2: how long may one call keep a person waiting?",
    ["up to 20 seconds", "up to 40 seconds", "a little more than 60 seconds"],
)

# %%
def worst(timeout, retries):
    waits = sum(min(8, 0.5 * 2**attempt) for attempt in range(retries))
    return (retries + 1) * timeout + waits

# %% tags=["furniture"]
compare(1)

# %% tags=["guess"]
SETTINGS = {
    "the SDK's default": (client.timeout.read, client.max_retries),
    "somebody waits at a screen": (20, 1),
    "a job in the background": (120, 4),
    "a long answer by a reasoning model": (600, 1),
}
rows = [[name, f"{t:g}", str(n), f"{worst(t, n):,.1f}"] for name, (t, n) in SETTINGS.items()]
heads = ["For", "timeout (s)", "max_retries", "At worst (s)"]
note = "Longer where the server itself asks for a wait."
Table(heads, rows, caption="How long one call can take.", note=note)

# %% [markdown]
# Set both for the client, or for single calls with `with_options`. Here the server is made to be slow, and the client has little patience:

# %%
impatient = client.with_options(timeout=0.3, max_retries=0)
with lesson.faults("slow", seconds=1):
    try:
        impatient.chat.completions.create(**faq("Is anybody there?"))
    except openai.APITimeoutError as error:
        print(type(error).__name__, "-", error)

# %% [markdown]
# **Try it:** wait up to 2 seconds instead of 0.3, and there is no error. Or keep 0.3 and allow one retry: here only the first request is slow.
#
# Two things surprise people here. The request may be answered, and billed, although you no longer listen: a timeout saves a person's time and not your money. And the SDK's timeout starts again with every piece that arrives. For a limit on the
# whole call, put `async with asyncio.timeout(30):` around an async call. Streaming shortens the wait that people feel ([lesson 06](06_stream_answers.ipynb)).

# %% [markdown]
# ## Send many calls at once
#
# Fifty messages came in overnight, and each has to be sorted. To get fifty different ones, combine ten sentences with five products:

# %%
SENTENCES = [
    "My new {} has not arrived. Where is it?",
    "The {} came with a scratch. I want my money back.",
    "How do I clean the {}?",
    "The {} broke after two days.",
    "You charged me twice for the {}.",
    "Does the {} fit a child's bicycle?",
    "I love my new {}, thank you!",
    "Please cancel my order of the {}.",
    "The parcel with the {} went to my old address.",
    "The invoice for the {} has the wrong name.",
]
THINGS = ["helmet", "lock", "lamp", "saddle", "pump"]
messages = [sentence.format(thing) for sentence in SENTENCES for thing in THINGS]


# %%
SORT = "Sort the customer's message. Answer with one word: delivery, return, defect, payment, advice or praise."


def triage(text):
    return {
        "model": SMALL,
        "messages": [
            {"role": "developer", "content": SORT},
            {"role": "user", "content": text},
        ],
        "reasoning_effort": "none",
        "max_completion_tokens": 10,
    }


# %%
def classify(text):
    return client.chat.completions.create(**triage(text)).choices[0].message.content


# %% [markdown]
# **Try it:** `classify("The tyre is flat.")`, and then `classify("Good morning!")`, for which none of the six words is right. What does the model do? Now end `SORT` with `advice, praise or other.`, run its cell and ask again. Put it back
# before you go on, because the fifty answers below belong to the six words.
#
# Nearly all the time of a call is waiting. First the plain loop. Replay would answer at once; `recorded_time(0.05)` gives each answer a twentieth of its recorded time, so that there is something to wait for. `lesson.exchanges()` is the log of the course's server, kept here for the figure below.

# %%
from collections import Counter

with lesson.recorded_time(0.05):
    one_by_one = [classify(text) for text in messages]
loop_log = lesson.exchanges()[-len(messages) :]
print(dict(Counter(one_by_one)))

# %% [markdown]
# Now **threads**: ten workers share the list, and while one waits the others go on. `pool.map` returns the results in the order of the messages. One client serves them all; it is thread-safe.

# %%
from concurrent.futures import ThreadPoolExecutor

with lesson.recorded_time(0.05), ThreadPoolExecutor(max_workers=10) as pool:
    in_threads = list(pool.map(classify, messages))
thread_log = lesson.exchanges()[-len(messages) :]
print(in_threads == one_by_one)

# %% [markdown]
# And **async** code: one thread that turns to another call whenever it would have to wait. Without a brake all fifty would start at the same moment. A **semaphore** is that brake: it lets ten in and makes the others wait.

# %%
import asyncio

from openai import AsyncOpenAI


async def classify_async(async_client, semaphore, text):
    async with semaphore:
        response = await async_client.chat.completions.create(**triage(text))
    return response.choices[0].message.content


semaphore = asyncio.Semaphore(10)
async with AsyncOpenAI() as async_client:
    with lesson.recorded_time(0.05):
        calls = [classify_async(async_client, semaphore, text) for text in messages]
        with_async = await asyncio.gather(*calls)
async_log = lesson.exchanges()[-len(messages) :]
print(with_async == one_by_one)

# %% [markdown]
# Ten at a time: ten times as fast? The server's log knows when each call began and how long it took.

# %% tags=["furniture", "measured"]
from helpers.demos import timeline

runs = {"one by one": loop_log, "10 threads": thread_log, "async, 10 at a time": async_log}
plots.show(
    timeline.staircase(runs),
    "The fifty calls of the plain loop form a long, flat staircase; those in threads and with "
    "async form two short, steep ones. The legend has seconds and factors.",
)

# %% [markdown]
# The factors were measured on one machine. The seconds say nothing about the model: each wait is a twentieth of the time that a recording notes, and those times were written for the course.
#
# The factors fall short of ten because the machine's own work takes time too. Neither way is faster in principle. Use threads when the rest of your program is ordinary code, and async when it is async already, as in most web servers, or when
# hundreds of calls wait at the same time. How many at once do you need? Calls per second times seconds per call: for 20 per second that take 0.7 seconds each, that is 14.
#
# One failed call must not cost you the other 49: `gather(*calls, return_exceptions=True)` returns errors as results, and in threads a `try` inside `classify` does the same.

# %% [markdown]
# ## Stay under the rate limit
#
# The next brake is not yours. OpenAI limits requests and tokens per minute, and some of them per day, by model, organization and project. The headers of every answer tell you where you stand. `with_raw_response` gives you the headers; `parse()` then
# gives the usual object.

# %%
raw = client.chat.completions.with_raw_response.create(**triage("What does the lamp cost?"))
print(raw.parse().choices[0].message.content)
for name in sorted(raw.headers):
    if name.startswith("x-ratelimit"):
        print(f"{name:32} {raw.headers[name]}")

# %% [markdown]
# `limit` is what you may use, `remaining` what is left of it, and `reset` how long until you are back at the full limit. In this answer one request is missing and comes back in 120 ms; that makes 500 in a minute. These numbers come with the recording and are not yours. An older tutorial may tell you that a new account has 10,000 tokens a
# minute; limits differ by model and grow with what you pay, so read these headers, or the page [Limits](https://platform.openai.com/settings/organization/limits) of your account, which is also where you ask for more.
#
# Times are written as a person would write them: `120ms`, `8.64s`, `1m26.4s`. A few lines turn them into seconds:


# %%
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def seconds(text):
    parts = re.findall(r"([\d.]+)(ms|[smh])", text)
    return sum(float(number) * UNITS[unit] for number, unit in parts)


for text in ["120ms", "8.64s", "1m26.4s", "6m0s"]:
    print(f"{text:8} {seconds(text):7.2f} s")

# %% [markdown]
# Many servers, the course's own among them, keep such a limit with a **token bucket** (nothing to do with tokens of text). The bucket is full at first. Each request takes one out, and they come back one by one. A request that finds it empty gets a 429.


# %%
def server(client_rate, server_rate, burst=10, calls=40):
    left, before, seen = burst, 0.0, []
    for number in range(calls):
        now = number / client_rate
        left = min(burst, left + (now - before) * server_rate)
        before, passed = now, left >= 1
        left -= passed  # True counts as 1
        seen.append((now, passed))
    return seen


# %% [markdown]
# Forty requests, a bucket that holds ten. Before you move the sliders: if the server allows 8 a second and you send 12, how many are refused, and when does it begin? From which pace on is any refused?


# %% tags=["furniture"]
def draw(client_rate, server_rate):
    return timeline.timeline("40 requests", {"sent": server(client_rate, server_rate)})


about = (
    "Two sliders set requests a second, sent and allowed; marks show which ones are refused."
)
widgets.live_figure(
    draw,
    about,
    client_rate=widgets.number("You send (per second)", 12, 4, 40, 1),
    server_rate=widgets.number("Limit (per second)", 8, 4, 40, 1),
)

# %% tags=["furniture", "guess"]
RATES = (6, 8, 10, 12, 20, 40)
refused = {rate: sum(not passed for _, passed in server(rate, 8)) for rate in RATES}
rows = [[str(rate), str(count)] for rate, count in refused.items()]
Table(["Sent per second", "Refused of 40"], rows, caption="For a limit of 8 a second.")

# %% [markdown]
# At first everything goes well, because the bucket is full. That is why the trouble never shows in a test with five calls. At or below the limit nothing is refused, ever; a little above it, as at 10 a second, forty requests are over before the bucket is empty. So the cure is to send at a steady pace, and the smallest limiter is a
# plan of who may go when:

# %%
import threading
import time


class Pace:
    def __init__(self, per_second):
        self.gap, self.next, self.lock = 1 / per_second, 0.0, threading.Lock()

    def wait(self):
        with self.lock:
            start = max(time.monotonic(), self.next)
            self.next = start + self.gap
        time.sleep(max(0, start - time.monotonic()))


# %% [markdown]
# Six turns at 50 a second take five gaps of 20 milliseconds:

# %%
pace = Pace(per_second=50)
start = time.monotonic()
for _ in range(6):
    pace.wait()
print("took at least 0.09 seconds:", time.monotonic() - start >= 0.09)

# %% [markdown]
# Call `wait` before each request, from as many threads as you like. What it lacks is a look at the headers: it would not notice that a colleague uses the same limit, or that yours was lowered. `helpers.recipes.limiter` does the same and reads them, for requests and for
# tokens. It hooks into the HTTP client below the SDK, so that the SDK's own retries wait for their turn as well.

# %%
from openai import DefaultHttpx2Client

from helpers.recipes.limiter import Limiter

limiter = Limiter(per_second=38, burst=4)
paced = OpenAI(http_client=DefaultHttpx2Client(event_hooks=limiter.hooks()))

# %% [markdown]
# For the test, the server's bucket holds 12 requests and refills at 40 per second, and thirty messages are sent, eight at a time. First comes the client without a limiter; it may retry fifty times, so that everything is answered in the end. Then comes the
# client with one, at 38 per second, which gets no retries at all.


# %%
def send(some_client):
    def sort(text):
        some_client.chat.completions.create(**triage(text))

    limit = lesson.rate_limit(12, per=0.3)
    with lesson.watch() as seen, limit, ThreadPoolExecutor(8) as pool:
        list(pool.map(sort, messages[:30]))
    return timeline.arrivals(seen)


# %%
rushed = send(client.with_options(max_retries=50))
steady = send(paced.with_options(max_retries=0))
print("with the limiter:", len(steady), "requests,", sum(not ok for _, ok in steady), "refused")

# %% tags=["furniture", "measured"]
plots.show(
    timeline.timeline("Thirty calls", {"without limiter": rushed, "with limiter": steady}),
    "Measured: without the limiter the first calls pass at once, and then most attempts are "
    "refused; with it the calls follow each other at an even pace and none is refused.",
)

# %% [markdown]
# The limiter finishes a fraction of a second later, because it does not empty the bucket at the start. In a job that takes minutes this no longer matters: the server sets the pace either way, and what differs is the number of wasted requests.
# On OpenAI's side those count against your limit too. (With a key the answers take longer, so eight calls at a time may never reach the limit.)
#
# - Burst and calls under way should together stay within what the server lets pass at once, here 4 + 8 = 12. Then no delay on the way can make too many arrive together.
# - The limiter estimates tokens before the answer: a quarter of the characters of your request, plus `max_completion_tokens`. So set that parameter to what you need.
# - For `AsyncOpenAI` there is `DefaultAsyncHttpx2Client(event_hooks=limiter.async_hooks())`. Limits apply per model, so use one limiter for each.
# - A limiter makes a 429 rare. Keep the retries of [lesson 05](05_survive_errors.ipynb) for the one that comes.

# %% [markdown]
# ## Know who spends what
#
# The bill says how much; it does not say why. Write one line for each call: what it was for, for whom, and what it used. The content of messages stays out of the log, because it is your customers' business.

# %%
import csv

folder = tempfile.TemporaryDirectory()
LOG = Path(folder.name, "usage.csv")
FIELDS = ["time", "feature", "user", "model", "input", "output", "usd", "request_id"]
with LOG.open("w", encoding="utf-8", newline="") as file:
    csv.writer(file, lineterminator="\n").writerow(FIELDS)


# %%
def log_call(feature, user, response):
    model, usage = response.model, response.usage
    counts = [usage.prompt_tokens, usage.completion_tokens, costs.cost(model, usage)]
    row = [response.created, feature, user, model, *counts, response._request_id]
    with LOG.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)


# %% [markdown]
# The shop has three features. `ask` makes the call and logs it in one place, so that no call goes unlogged. `safety_identifier` tells OpenAI which of your users a request is for, under a name that means
# nothing outside, such as a number or a hash: if one of them abuses your service, it helps to stop that one and not you. (It takes the place of the older `user`.)


# %%
SUMMARY = "Summarise these messages of customers in one sentence for the head of the shop:\n"


def summary(texts):
    messages = [{"role": "user", "content": SUMMARY + "\n".join(texts)}]
    return {"model": FLAGSHIP, "messages": messages, "max_completion_tokens": 120}


FEATURES = {"triage": triage, "faq": faq, "summary": summary}


def ask(feature, user, content):
    request = FEATURES[feature](content)
    response = client.chat.completions.create(**request, safety_identifier=user)
    log_call(feature, user, response)
    return response.choices[0].message.content


# %%
for number, text in enumerate(messages[::10]):
    ask("triage", f"u{number % 3 + 1}", text)
for number, question in enumerate(QUESTIONS):
    ask("faq", f"u{number % 2 + 1}", question)
print(ask("summary", "u3", messages[:50:5]))
print(ask("summary", "u1", messages[2:50:5]))

# %% [markdown]
# A CSV file can be read by every spreadsheet. In Python, each line becomes a dictionary of texts. The answers were recorded, and so the times and ids below are those of the recording.

# %%
with LOG.open(encoding="utf-8", newline="") as file:
    log = list(csv.DictReader(file))
print(LOG.read_text(encoding="utf-8").splitlines()[0])
print(*log[-1].values(), sep=",")


# %% tags=["furniture"]
def report(by):
    calls = Counter(row[by] for row in log)
    spent = Counter()
    for row in log:
        spent[row[by]] += float(row["usd"])
    rows = [
        [name, calls[name], costs.usd(usd), f"{usd / spent.total():.0%}"]
        for name, usd in sorted(spent.items())
    ]
    return Table([by, "Calls", "Spent", "Share"], rows, caption=f"Cost by {by}.")


report("feature")

# %%
report("user")

# %% tags=["furniture"]
spent = Counter()
for row in log:
    spent[row["feature"], row["user"]] += float(row["usd"]) * 1e6
users = sorted({row["user"] for row in log})
bars = {feature: [spent[feature, user] for user in users] for feature in FEATURES}

figure, plot = plots.axes("Who spends what", "user", "spent (millionths of a USD)")
plots.bars(plot, users, bars)
plots.show(
    figure, "Two of the three users have a tall bar for summaries; all other bars are tiny."
)

# %% [markdown]
# Two of the thirteen calls make up nearly all of the cost, because `summary` uses the larger model. That is the line to look at first: would a cheaper model do? *Use the cheapest model that works* is a question for each feature, and a handful of
# test cases answers it ([lesson 02](02_turn_the_knobs.ipynb) compares answers and prices). Without the log you might have saved in the wrong place.
#
# **Try it:** put `"model": SMALL, "reasoning_effort": "none"` in place of `"model": FLAGSHIP` in `summary`, and run from `import csv` to here again. What do the two sentences cost now, and would you be content with them?

# %% [markdown]
# ## Give each user a quota
#
# One user with a script can spend your month's budget in a night. The log knows what everybody has spent, so check it before each call. What is refused here never reaches the API.

# %%
QUOTA = 0.0002  # USD for each user and day


def spent_by(user):
    with LOG.open(encoding="utf-8", newline="") as file:
        return sum(float(row["usd"]) for row in csv.DictReader(file) if row["user"] == user)


def ask_within_quota(feature, user, content):
    if spent_by(user) >= QUOTA:
        return "You have used up your share for today. Please come back tomorrow."
    return ask(feature, user, content)


# %%
with lesson.watch() as seen:
    for user in users:
        so_far = costs.usd(spent_by(user))
        print(user, so_far, "·", ask_within_quota("faq", user, "Do you sell tandems?"))
print("requests sent:", len(seen))

# %% [markdown]
# One day of one log needs no date; exercise 2 adds it. With many servers, keep the sums in a shared database and add to them there. And note that two calls at the same moment can both pass the check. For a soft limit that does no harm; for a hard one, add an
# estimate *before* the call and correct it afterwards.
#
# **Try it:** set `QUOTA` to 0.01, then to 0. How many requests are sent?

# %% [markdown]
# ## Have a second model ready
#
# Models are overloaded at times, and are switched off at the end of their lives. A **fallback** then asks another one, but only for problems that another model may not have: a wrong request stays wrong, and an empty account stays empty.

# %%
FALLBACK_ON = (
    openai.InternalServerError,
    openai.APIConnectionError,
    openai.RateLimitError,
    openai.NotFoundError,  # the model has been switched off
)
hurried = client.with_options(timeout=20, max_retries=1)


# %%
def ask_first_of(models, **request):
    for model in models:
        try:
            return hurried.chat.completions.create(model=model, **request)
        except FALLBACK_ON as error:
            if error.type == "insufficient_quota":
                raise
            print(f"{model}: {type(error).__name__}")
    return None


# %%
question = [{"role": "user", "content": "Name one thing to check before a bicycle ride."}]
options = {"reasoning_effort": "none", "max_completion_tokens": 60}
with lesson.faults("503", "503", retry_after=0.01):
    response = ask_first_of([FLAGSHIP, SMALL], messages=question, **options)
print(response.model, "·", response.choices[0].message.content)

# %% [markdown]
# Four things make it work. The timeout and the retries are short, since the second model has to answer while somebody still waits. Every parameter has to suit both models; `reasoning_effort="none"` does here. The log should keep `response.model`, so that you see how often
# the second one answers. And when all fail, `None` comes back: have a sentence ready for people, such as "We have received your message and will answer by mail".
#
# **Try it:** write `"503"` four times, so that both models fail and the last line meets `None`. Then take the faults out, `with lesson.faults():`, and misspell the first model: `["gpt-5.22", SMALL]`. Spell it right again and pass
# `temperature=3`: why does the second model get no chance?

# %% [markdown]
# ## Check what comes in
#
# People type everything into a text box. The **moderation** endpoint says whether a text is violent, hateful, harassing, sexual, illicit or about self-harm. It scores thirteen categories and is free. Predict: which of these four will it flag?

# %%
INBOX = [
    "Where is my parcel?",
    "This saddle is killing me. Do you have a softer one?",
    "If my money is not back tomorrow, I will come to your shop and hurt somebody.",
    "You people are idiots and should be ashamed.",
]
checked = client.moderations.create(model=MODERATION, input=INBOX)

# %% tags=["furniture", "guess"]
rows = []
for text, result in zip(INBOX, checked.results, strict=True):
    scores = result.category_scores.model_dump(by_alias=True)
    highest = max(scores, key=scores.get)
    rows.append([text, "yes" if result.flagged else "no", f"{highest} {scores[highest]:.2f}"])
Table(["Text", "Flagged", "Highest score"], rows, "Four messages, moderated.", lesson.note())

# %% [markdown]
# **Try it:** put a fifth message at the end of `INBOX`: `"I would kill for a bike like that."`, or `"Watch out, I know where you live."` Run both cells again.
#
# A list of forbidden words would catch *killing me*; a model that reads the whole sentence can tell the difference. Whether an insult should be blocked is for you to decide: use `flagged`, or a threshold of your own on the scores. A flagged text need not be thrown away. The threat should
# go to a person and not to a model.

# %%
with lesson.watch() as seen:
    for text, result in zip(INBOX, checked.results, strict=True):
        print("to a person" if result.flagged else classify(text), "·", text)
print("requests sent:", len(seen))

# %% [markdown]
# ## Let a batch run overnight
#
# Work that nobody waits for is cheaper with the **Batch API**: you upload a file of requests, OpenAI works through it within 24 hours, often much sooner, and you pay half. Batches also have rate limits of their own, so they don't use up those of your live traffic.
# The file is JSONL, one JSON object a line, and each line has a `custom_id` by which you will know its answer.


# %%
def line(number, body):
    name = f"message-{number:02}"
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


lines = [line(number, triage(text)) for number, text in enumerate(messages[:20], 1)]
old = triage("The lamp is too bright.")
old["max_tokens"] = old.pop("max_completion_tokens")  # as an old script would have written it
lines.append(line(21, old))

# %%
jsonl = "".join(json.dumps(each) + "\n" for each in lines)
print(jsonl.splitlines()[0])

# %% [markdown]
# One line of these 21 will fail: it uses `max_tokens`, which current models refuse. First the price, then the upload. A batch is not in the receipt at the end of this lesson, because no call brings its usage.

# %%
from helpers import tokens

guess = {
    "prompt_tokens": sum(tokens.chat_tokens(each["body"]["messages"], SMALL) for each in lines),
    "completion_tokens": 5 * len(lines),  # a word, and a few tokens that are not shown
}
print("about", costs.usd(costs.cost(SMALL, guess, batch=True)))

# %%
upload = client.files.create(file=("triage.jsonl", jsonl.encode("utf-8")), purpose="batch")
batch = client.batches.create(
    input_file_id=upload.id, endpoint="/v1/chat/completions", completion_window="24h"
)
print(batch.status)

# %% [markdown]
# Now you could switch off the computer. All that you need later is `batch.id`. The next cell checks every ten seconds until the batch is done; in replay it does not have to wait. With a key this may take minutes. Interrupt it if you like, and run it again later.

# %%
import ipywidgets as w

bar = w.IntProgress(value=0, max=len(lines), description="Batch")
widgets.show(bar, "A progress bar that fills while the batch runs.")

OVER = ("completed", "failed", "expired", "cancelled")
while batch.status not in OVER:
    lesson.pause(10)
    batch = client.batches.retrieve(batch.id)
    done = batch.request_counts
    bar.value = done.completed + done.failed
    print(f"{batch.status:12} {done.completed:2} done, {done.failed} failed, of {len(lines)}")

# %% [markdown]
# There are two files with results: one for the answers and one for errors. A file that would be empty doesn't exist, and its id is `None`. Lines come in any order, so join them by `custom_id` and never by position. In each line, `response["body"]` is what a plain call would have returned; if a request was never sent, because the 24 hours were over,
# `response` is `None` and `error` says why.

# %%
results = {}
for file_id in filter(None, [batch.output_file_id, batch.error_file_id]):
    for text in client.files.content(file_id).text.splitlines():
        result = json.loads(text)
        results[result["custom_id"]] = result
print("results:", len(results), "of", len(lines), "· the first to come:", next(iter(results)))


# %%
def body_of(result):
    """What the call would have returned; of a line that was never sent, the line itself."""
    return (result["response"] or {}).get("body") or result


def outcome(result):
    body = body_of(result)
    if body.get("error"):
        return body["error"]["message"]
    return body["choices"][0]["message"]["content"]


# %% tags=["furniture"]
joined = []
for each in lines:
    name, text = each["custom_id"], each["body"]["messages"][-1]["content"]
    joined.append([name, text, outcome(results[name])])
heads = ["custom_id", "Message", "Result"]
Table(heads, joined[::4], caption="Every fourth line, joined with its result.")

# %% [markdown]
# **Try it:** send only the first ten messages, `messages[:10]`, and run from there to here.
#
# The bad line cost nothing and did no harm to the other twenty. Fix it and send it again; for one line a plain call will do.

# %%
old["max_completion_tokens"] = old.pop("max_tokens")
print(client.chat.completions.create(**old).choices[0].message.content)

# %% tags=["furniture"]
bodies = [body_of(result) for result in results.values()]
usages = [body["usage"] for body in bodies if "usage" in body]
plain = sum(costs.cost(SMALL, usage) for usage in usages)
half = sum(costs.cost(SMALL, usage, batch=True) for usage in usages)
row = [len(usages), costs.usd(plain), costs.usd(half), f"{half / plain:.0%}"]
heads = ["Answers", "As plain calls", "As a batch", "Share"]
Table(heads, [row], caption="What the batch cost.")

# %% [markdown]
# A batch takes up to 50,000 requests and 200 MB, for one endpoint and one model. Whatever isn't done after 24 hours is dropped; whatever is done is kept and billed. Files of batches are deleted after 30 days. These hold your customers' words, so delete them as soon as you have the results:

# %%
for file_id in filter(None, [upload.id, batch.output_file_id, batch.error_file_id]):
    print(client.files.delete(file_id).deleted)

# %% [markdown]
# ## Set alerts and limits in the dashboard
#
# Your code cannot stop a leaked key or a loop in another program. Limits at OpenAI can. These are the places, as of November 2026:
#
# | What | Where | What it does |
# |---|---|---|
# | Spend alert | [Limits](https://platform.openai.com/settings/organization/limits) of the organization, or of a project | Sends mail when a month's spending reaches an amount that you choose. Nothing stops. |
# | Hard spend limit | the same pages | From that amount on, requests get a 429 until the month ends or you raise it. It reacts with some delay, so the bill can be a little higher. |
# | Usage limit | set by OpenAI | What your account may spend in a month at most. It grows with what you have paid. |
# | Rate limits | Limits of a project | Can be set lower than your account's, so that an experiment cannot starve the shop. |
# | Usage | [Usage](https://platform.openai.com/usage) | What was spent, by day, model, project and key. Compare it with your own log once a month. |
#
# Begin with a project for each application, an alert at half of what you expect in a month, and a hard limit at three times that. In your code a reached limit is a `RateLimitError` with the code `organization_spend_limit_exceeded` or `project_spend_limit_exceeded`, and the
# `type` `insufficient_quota`. No retry helps until the month ends or the limit is raised ([lesson 05](05_survive_errors.ipynb)). The limits are explained in OpenAI's guide on [spend limits](https://developers.openai.com/api/docs/guides/spend-limits).
#
# And your customers' data? As of November 2026: what you send to the API is not used for training unless you agree to it. OpenAI keeps abuse-monitoring logs for up to 30 days, and longer where the law asks for it or where it needs them to protect its services or other people from harm.
# Beyond those, the Responses API keeps responses unless you pass `store=False`. For Chat Completions OpenAI contradicts itself: the guide to migration says that new accounts store them by default, the reference says that they do not. Pass `store=False` there too. Files stay until they are deleted or expire. A contract on data processing is open to business customers (the API, ChatGPT Business, once called Team, and Enterprise); keeping nothing at all, *zero data retention*, needs OpenAI's approval. Read [the current rules](https://developers.openai.com/api/docs/guides/your-data) before sensitive data is sent.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: a cache key that forgives
#
# People type the same question in different ways. Write `forgiving_key(request)`: it returns a text that is the same for requests which differ only in upper and lower case of the *user's* messages, in spaces around them, or in a question mark or full stop at
# their end. Everything else in the request still counts. The request itself must not be changed, because it is what you send.


# %% tags=["exercise-1"]
def forgiving_key(request):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Make a new list of messages. For those of the user, `text.strip().rstrip("?.").strip().lower()` is the forgiving form. Then `json.dumps({**request, "messages": new}, sort_keys=True)`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def forgiving_key(request):
#     new = []
#     for message in request["messages"]:
#         if message["role"] == "user":
#             text = message["content"].strip().rstrip("?.").strip().lower()
#             message = {**message, "content": text}
#         new.append(message)
#     return json.dumps({**request, "messages": new}, sort_keys=True)
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: a quota for each day
#
# Write `may_spend(rows, user, day, limit, price)`. `rows` are lines of a usage log as `csv.DictReader` gives them, all values being texts; here the field `day` holds a date. Return `True` when this user's spending on that day, with the `price` of the next call,
# stays within the `limit` (reaching it exactly is allowed), and `False` otherwise. Amounts are in USD.

# %%
ROWS = [
    {"day": "2026-11-21", "user": "u1", "usd": "0.50"},
    {"day": "2026-11-22", "user": "u1", "usd": "0.25"},
    {"day": "2026-11-22", "user": "u2", "usd": "0.75"},
    {"day": "2026-11-22", "user": "u1", "usd": "0.125"},
]


# %% tags=["exercise-2"]
def may_spend(rows, user, day, limit, price):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `sum(float(row["usd"]) for row in rows if …)` adds up numbers; without `float` they are texts. The condition has two parts, joined by `and`. Compare with `<=`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def may_spend(rows, user, day, limit, price):
#     mine = (float(row["usd"]) for row in rows if row["user"] == user and row["day"] == day)
#     return sum(mine) + price <= limit
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# Nothing in this lesson depends on Chat Completions. The headers are the same, and `safety_identifier`, timeouts, the limiter and the Batch API work the same way; a line of a batch then has the `url` `/v1/responses`. What changes is the body of the request and the names in `usage`, which
# a log has to know.

# %%
raw = client.responses.with_raw_response.create(
    model=SMALL,
    instructions=SORT,
    input="The pump came without its hose.",
    reasoning={"effort": "none"},
    max_output_tokens=16,
    safety_identifier="u1",
    store=False,
)
twin = raw.parse()
print(twin.output_text, "·", twin.usage.input_tokens, "in,", twin.usage.output_tokens, "out")
print("requests left:", raw.headers.get("x-ratelimit-remaining-requests"))


# %%
def used(usage):
    """(tokens in, tokens out), whichever API they come from."""
    if hasattr(usage, "prompt_tokens"):
        return usage.prompt_tokens, usage.completion_tokens
    return usage.input_tokens, usage.output_tokens


print(used(twin.usage), used(response.usage))

# %% [markdown]
# ## From the production desk
#
# A list to go through before the first user comes. The lesson in brackets has the details.
#
# | Matter | Before you go live |
# |---|---|
# | Keys | Not in code, pages, notebooks or logs; a scan before each commit. From the environment or a secrets manager ([00](00_get_ready.ipynb)). One project and key for each application. A plan for changing them, tried once. |
# | Speed | Streaming for what people read ([06](06_stream_answers.ipynb)). A cache for what many ask. Timeouts that suit the place. Calls side by side, with a bound. Batches for the night. |
# | Errors | Retries with backoff, in one place only ([05](05_survive_errors.ipynb)). A limiter below your rate limit. A second model, and a sentence for when nothing answers. |
# | Cost | Every call logged with feature and user. Alerts and a hard limit. A quota for each user. The cheapest model that passes your tests ([02](02_turn_the_knobs.ipynb), [03](03_count_tokens_and_cost.ipynb)). |
# | People | Moderation of what comes in. No content in logs. Files deleted when they are done with. `safety_identifier` on every call. |
# | Watching | Share of errors, seconds per answer, cost per day and hit rate of the cache, with an alarm on each. |
#
# Can you build a business on this? Many do. Larger customers can have higher limits, contracts and support from OpenAI; what no contract replaces is the list above.

# %% [markdown]
# ## Recap
#
# - Save calls (cache), shorten waits (timeouts, concurrency), and send at a pace that the server accepts (limiter).
# - Know what each call is for and what it cost; limit users in your code, and the whole in the dashboard.
# - What nobody waits for goes into a batch, at half the price, and comes back joined by `custom_id`.
#
# Next the model will call functions of yours.

# %%
folder.cleanup()
lesson.receipt()
