# %% [markdown]
# # Get ready
#
# By the end you will know that this machine can run every lesson, and you will have a safe place for your API key, if you have one.

# %% [markdown]
# ## What you will learn
#
# - How to check a machine for the course in one call.
# - What replay and live mean, and why you can start without an account.
# - What an API key is, where to get one, and where to keep it: on macOS, Linux, Windows and Colab.
# - Why a key must never stand in your code.
#
# You need basic Python, and this notebook open in JupyterLab, VS Code or Colab. Run a cell with Shift and Enter. The next cell sets the lesson up.

# %%
from helpers import lesson

lesson.start("00")

# %% [markdown]
# A lesson that you have run and saved differs from the one you downloaded. To keep what you change when the course is updated, work in a copy: *Duplicate* a lesson in the file
# browser and move the copy into a folder `mine` beside `notebooks`; it runs there too. The [README](../README.md#updating) shows how to update.
#
# ## Check your machine
#
# One call looks at Python, the packages, the place where this notebook is open, the network and the shape of your key, if there is one.
# It never shows a key or a path, so you can paste the report into a question.

# %% tags=["nbval-ignore-output", "measured"]
lesson.preflight()

# %% [markdown]
# Every line should say *fine* or *not needed*. Where it says *to fix*, the last column says what to do. The OpenAI package itself needs Python 3.10 or newer; this course asks for 3.11.

# %% [markdown]
# ## Make a first call without a key
#
# Guess before you run the next cell: there is no key, and perhaps no network. Will the call fail?

# %%
from openai import OpenAI

from helpers.models import SMALL

client = OpenAI()
hello = client.chat.completions.create(
    model=SMALL,
    reasoning_effort="none",
    messages=[
        {
            "role": "user",
            "content": "Greet somebody who is about to learn the OpenAI API, in one short sentence.",
        }
    ],
)
print(hello.choices[0].message.content)

# %% [markdown]
# It worked, because `lesson.start` did two things: it started a small server inside this notebook, and it told the `openai` package to send its requests there. Look where the client points:

# %%
print(client.base_url.host)

# %% [markdown]
# `127.0.0.1` is the address by which every computer calls itself. Without a key, that server is in **replay**: it answers from a folder of recorded exchanges.
# With a key it is **live**: it passes your request on to OpenAI and the answer back to you. Your code is the same in both.
#
# | What | Replay | Live |
# |---|---|---|
# | Needs | nothing | an account with credit, a key, a network |
# | Answers | recorded ones, the same every time | new ones, which may differ each time |
# | Costs | nothing | what the first line of a lesson says; a cap of $0.50 a kernel stops anything dearer |
# | A request of your own | works if it was recorded; otherwise a message says what is nearest | works |
#
# Who wrote the recorded answers? The first line of each lesson says it. *Authored* means that they were written for this course in the voice of a model, with counted tokens and list prices;
# *captured* means that the API sent them. The [README](../README.md#where-the-answers-come-from) says more.

# %% [markdown]
# ## Get a key, if you want one
#
# An **API key** is a long text that tells OpenAI whose account pays. Whoever has it can spend your money, so treat it like a password. To get one:
#
# 1. Make an account at [platform.openai.com](https://platform.openai.com).
# 2. Add credit under [Billing](https://platform.openai.com/settings/organization/billing/overview). The API is paid in advance, and apart from ChatGPT: a ChatGPT subscription brings no API credit.
# 3. Under [API keys](https://platform.openai.com/settings/organization/api-keys), choose *Create new secret key* and name it after what it is for.
# 4. Copy it at once. It is shown only this one time.
#
# A key of a project begins with `sk-proj-`. Menus move; these addresses were right in November 2026.

# %% [markdown]
# ## Keep it out of your code
#
# Programs search public code for keys without pause. A key that was pushed by mistake can run up a bill of hundreds of dollars in a night, and deleting it in the next commit does not
# help: the history keeps it. So the key lives outside the code, in an **environment variable**, a named text that the system hands to each program it starts.
# `OpenAI()` looks for the name `OPENAI_API_KEY`.
#
# | Where you work | What to do | Good to know |
# |---|---|---|
# | This course, on your own machine | Run the next cell with `KEEP = True`: it asks for the key and writes it into the file `.env` | git ignores `.env`, so it is not published. JupyterLab does not list files whose names begin with a dot |
# | macOS (zsh) | Add `export OPENAI_API_KEY="…"` to `~/.zshrc`, then open a new terminal | On Linux with bash the file is `~/.bashrc` |
# | Windows | In PowerShell: `setx OPENAI_API_KEY "…"`, then open a new terminal | Terminals that are already open do not see it |
# | Colab | Open the key symbol at the left, add a secret `OPENAI_API_KEY`, allow this notebook to read it | It stays in your Google account, not in the notebook |
# | Somebody else's machine | Run the next cell with `KEEP = False` | It is gone when the kernel stops |
#
# Change the first `False` to `True` in the next cell to type a key now, and the second one to keep it in `.env`. Nothing of it appears on the screen, in the notebook or in a log.

# %%
from helpers.setup import keys

I_WANT_TO_TYPE_A_KEY = False
KEEP = False

if I_WANT_TO_TYPE_A_KEY:
    keys.ask(save_to=lesson.ROOT / ".env" if KEEP else None)

# %% [markdown]
# For a project of your own, make a folder with an environment for its packages, and install the SDK into it. This course did the same for you with `start.py`.
#
# ```bash
# mkdir my-project
# cd my-project
# python3 -m venv .venv
# source .venv/bin/activate        # Windows: .venv\Scripts\activate
# pip install "openai>=3,<4"
# ```
#
# The range matters. Version 3 is current (November 2026), and a new first number means that old code may stop working. The next cell says which one is installed here.

# %%
import openai

print("openai", openai.__version__.split(".")[0])

# %% [markdown]
# ## See what is wrong with a key
#
# Most first calls fail because of how a key was copied. The keys in this menu are made up. Before you choose one, ask yourself: which of these would still look right at a glance?
# And which mistake could a program mend by itself?

# %%
made_up = "-".join(["sk", "proj", "a1B2c3D4" * 5])
SPECIMENS = {
    "Looks right": made_up,
    "Quotation marks around it": f'"{made_up}"',
    "A space at the end": made_up + " ",
    "Cut off": made_up[:16],
    "Another service's key": "AIza" + "a1B2c3D4" * 4,
    "The placeholder was left": "sk-proj-your-key-here",
    "Empty": "",
}

# %% tags=["furniture"]
from helpers import widgets


def judge(specimen):
    key = SPECIMENS[specimen]
    verdict = keys.problem(key) or "Nothing wrong with its shape."
    return f"<p>{keys.describe(key)}</p><p><b>{verdict}</b></p>"


about = "A menu of made-up keys; what is wrong with the shape of each appears below it."
widgets.live_text(judge, about, specimen=widgets.choice("Key", list(SPECIMENS)))

# %% [markdown]
# All of them at once:

# %% tags=["furniture"]
from helpers.tables import Table

Table(
    ["Specimen", "Described safely", "Verdict"],
    [
        [name, keys.describe(key), keys.problem(key) or "Nothing wrong with its shape."]
        for name, key in SPECIMENS.items()
    ],
    caption="What the shape of a key tells. Whether a key is valid, only the API knows.",
)

# %% [markdown]
# A space at the end is the one that no eye finds. `lesson.start` runs the same check and says the same sentence, so a bad key leaves you in replay with a reason, not with an error.

# %% [markdown]
# ## Know the two errors of a beginning
#
# **No key at all.** Then already `OpenAI()` refuses, before anything is sent. The next cell takes the variable away for a moment to show it.

# %%
import os
from unittest.mock import patch

with patch.dict(os.environ):
    del os.environ["OPENAI_API_KEY"]
    try:
        OpenAI()
    except openai.OpenAIError as error:
        print(type(error).__name__, "-", str(error).split(".")[0])

# %% [markdown]
# **A key that is not valid.** It has the right shape, but OpenAI does not know it: it was mistyped, or deleted. The request is sent, and the answer has the status 401.
# `lesson.faults` lets the local server give that answer. Look at what it does with the key.

# %%
with lesson.faults("401"):
    try:
        client.chat.completions.create(
            model=SMALL, messages=[{"role": "user", "content": "Hello"}]
        )
    except openai.AuthenticationError as error:
        print(error.status_code, error.code)
        print(error.message)

# %% [markdown]
# The message shows only the ends of the key, enough to recognise which one it was. [Lesson 05](05_survive_errors.ipynb) shows every other error.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: load a key with care
#
# Write `load_key(environment)`. It gets a dictionary such as `os.environ` and returns the value of `OPENAI_API_KEY` without spaces around it. When the name is missing or empty,
# it raises a `ValueError` whose message names the variable.


# %% tags=["exercise-1"]
def load_key(environment):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `environment.get("OPENAI_API_KEY", "")` gives an empty text where the name is missing. Strip it first, then look whether anything is left.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def load_key(environment):
#     key = environment.get("OPENAI_API_KEY", "").strip()
#     if not key:
#         raise ValueError("Set the environment variable OPENAI_API_KEY to your key.")
#     return key
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: show a key without giving it away
#
# A log should say *which* key was used. Write `mask(key)`: it returns the first three and the last four characters with `…` between them, and for keys shorter than 20 characters only `…`.


# %% tags=["exercise-2"]
def mask(key):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `key[:3]` is the beginning and `key[-4:]` the end. Handle short keys first.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def mask(key):
#     if len(key) < 20:
#         return "…"
#     return f"{key[:3]}…{key[-4:]}"
# ```
#
# </details>

# %% [markdown]
# ## From the production desk
#
# - One key for each project. When one leaks, you delete that one, and the others go on.
# - Set a monthly limit for each project under [Limits](https://platform.openai.com/settings/organization/limits). It is the one protection that also works while you sleep.
# - A key has leaked? Delete it on the page where you made it first, and only then look for the cause.

# %% [markdown]
# ## Recap
#
# - `lesson.preflight()` says whether a machine is ready.
# - Replay needs nothing and costs nothing; a key in `.env` makes the same cells live.
# - A key lives in the environment. It never stands in code, in a notebook or in a message.
#
# Next you will make a first call and look at everything that comes back.

# %%
lesson.receipt()
