# %% [markdown]
# # Get ready
#
# Check that this machine can run the course, see where the answers come from, and put your API key, if you have one, in a safe place.

# %% [markdown]
# **You will learn** how the course answers without a key, how to connect a free model of your own, what an API key is and where to keep it, and two errors you are likely to meet.
#
# **You need** basic Python, and this notebook open in JupyterLab, VS Code or Colab. Press Shift+Enter to run a cell, and click **+** at the top of the page to add one (in Colab, *+ Code*). Three dots mean that a cell's code is folded: run it like any other.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP

lesson.start("00")

# %% [markdown]
# ## Check your machine
#
# One call checks Python, the packages, this folder, your key if you have one, and whether a model is running on this machine. The report contains no key and no paths, so you can safely paste it when you ask for help.

# %% tags=["nbval-ignore-output", "measured"]
lesson.preflight()

# %% [markdown]
# Every line should say *fine* or *not needed*. If one says *to fix*, the last column tells you how.

# %% [markdown]
# ## Make a first call without a key
#
# Without a key, and even without a network, lessons answer from recordings. But the `openai` package normally sends every request to OpenAI. Guess before you run the next two cells: how will the request reach the recordings?

# %% tags=["guess"]
from openai import OpenAI

client = OpenAI()

greeting = "Say hello to someone learning the OpenAI API."
hello = client.chat.completions.create(
    model=FLAGSHIP, messages=[{"role": "user", "content": greeting}]
)
print(hello.choices[0].message.content)

# %% [markdown]
# <details><summary>How it got there</summary>
#
# Through a small server inside this notebook. `lesson.start` started it and told the `openai` package to send its requests there. The next cell prints the server's address: `127.0.0.1` always means
# the computer that you are on.
#
# </details>

# %% tags=["guess"]
print(client.base_url.host)

# %% [markdown]
# ## Know who answers
#
# Your code is the same in all three cases below. What changes is who answers, and the course always tells you who it was.
#
# | Case | Replay | A stand-in | Live |
# |---|---|---|---|
# | You need | nothing | a free model on this machine, or another provider's key | an OpenAI account with credit |
# | Who answers | recordings that come with the course | the model you connected | OpenAI |
# | What you can ask | the recorded questions; a request that the API would reject gets the same error | anything | anything |
# | Cost | nothing | nothing on your own machine | less than USD 0.25 to run every lesson once, with a cap of USD 3 per notebook |
#
# Now try it with words of your own. Change the text between the quotation marks and run the cell.

# %% tags=["guess"]
my_words = "Say hello to someone learning the OpenAI API."

answer = client.chat.completions.create(
    model=FLAGSHIP, messages=[{"role": "user", "content": my_words}]
)
print(answer.choices[0].message.content)

# %% [markdown]
# - **In replay**, if your words are not among the recorded ones, a box says so, shows the nearest recorded requests, and tells you how to get an answer.
# - **With a stand-in** you get an answer, and a line below it says which model gave it.
# - **Live** you get the real thing.
#
# Where do the recorded answers come from? Each lesson's set-up cell, the one with `lesson.start`, prints it. *Authored* means they were written for this course, with real token counts and list prices; *captured* means they came from the API.
#
# **Try it:** set `my_words` to "Say hello in French.", "Say hello like a pirate." or "Hello!". Then misspell the model's name: the API rejects a name it doesn't know, so the course does too.

# %% [markdown]
# ## Connect a free model
#
# With a small model on your own machine, the text lessons can answer your own words. [Ollama](https://ollama.com/download) runs such models. Install it, then type two lines in a terminal:
#
# ```bash
# ollama pull gemma4:e2b        # the model, about 2 GB
# ollama pull all-minilm        # for the search in lesson 14, 46 MB
# ```
#
# Then run the cell with `my_words` again: the course finds the model by itself, and there is nothing to set. On Colab, run this in a cell of its own, once per session:
#
# ```
# !apt-get -qq install -y zstd
# !curl -fsSL https://ollama.com/install.sh | sh
# get_ipython().system_raw("ollama serve &")
# !sleep 5 && ollama pull gemma4:e2b
# ```
#
# The names and sizes are Ollama's own, from November 2026. A small model makes more mistakes than the one in the lesson, which is worth seeing too. In a terminal, `python3 start.py model` (on Windows, `py start.py model`) tells you what yours can do, lesson by lesson.
#
# Or use another provider with an OpenAI-compatible API; some have a free tier. Put its address, a model name and your key into a text file named `.env` beside `start.py` (JupyterLab's file browser
# hides names that begin with a dot, so use a text editor). For Google:
#
# ```text
# COURSE_STANDIN_URL=https://generativelanguage.googleapis.com/v1beta/openai/
# COURSE_STANDIN_MODEL=the name of a model there
# COURSE_STANDIN_KEY=your key for it
# ```
#
# Free tiers may use what you send for training, so send nothing private. With no such address and no key, nothing leaves your machine. After you change `.env`, run the set-up cell again.

# %% [markdown]
# ## Get a key, if you want one
#
# An **API key** is a long string that tells OpenAI whose account pays. Anyone who has it can spend your money, so treat it like a password.
#
# 1. Make an account at [platform.openai.com](https://platform.openai.com).
# 2. Add credit under [Billing](https://platform.openai.com/settings/organization/billing/overview). You pay in advance, and a ChatGPT subscription includes no API credit. Without credit, every call fails with error 429 ([lesson 05](05_survive_errors.ipynb)).
# 3. Under [API keys](https://platform.openai.com/settings/organization/api-keys), choose *Create new secret key* and give it a name that says what it is for. The key begins with `sk-proj-`.
# 4. Copy it right away. OpenAI won't show it again.
#
# ## Keep it out of your code
#
# Bots scan public code for leaked keys around the clock. Deleting the key in your next commit does not help, because the history keeps it. So keep it in an **environment variable**,
# a named value that the system passes to every program it starts. `OpenAI()` looks for one named `OPENAI_API_KEY`.
#
# | Where you work | What to do |
# |---|---|
# | This course, any system | Run the cell below: it asks for the key and writes it into the file `.env`, which git ignores |
# | macOS (zsh), Linux (bash) | Add `export OPENAI_API_KEY="…"` to `~/.zshrc` or `~/.bashrc`, then start the course from a new terminal |
# | Windows | In PowerShell: `setx OPENAI_API_KEY "…"`, then start the course from a new terminal |
# | Colab | Click the key symbol on the left, add a secret `OPENAI_API_KEY`, allow this notebook to read it, and run the set-up cell again (in a notebook of your own, read it with `google.colab.userdata`) |
# | Someone else's machine | Run the cell below with `save_to=None`: the key is gone when the kernel stops |
#
# To enter a key now, change `False` to `True` and run the cell. The key is never shown on the screen or written to the notebook or a log.

# %%
from helpers.setup import keys

I_HAVE_A_KEY = False

if I_HAVE_A_KEY:
    keys.ask(save_to=lesson.ROOT / ".env")

# %% [markdown]
# ## Two errors you will meet
#
# **No key at all.** `OpenAI()` itself raises an error; nothing is sent. In this course `lesson.start` sets a placeholder key so that this doesn't happen. The next cell removes it for a moment.

# %%
import os
from unittest.mock import patch

import openai

with patch.dict(os.environ):
    del os.environ["OPENAI_API_KEY"]
    try:
        OpenAI()
    except openai.OpenAIError as error:
        print(type(error).__name__, "-", str(error).split(".")[0])

# %% [markdown]
# **A key that OpenAI doesn't know.** It has the right shape, but it was mistyped or deleted. The request goes out and comes back with status 401. Here the course's server
# answers with a sample of that error. With a real key, the message shows its first and last characters, so you can tell which key it was.

# %%
with lesson.faults("401"):
    try:
        client.models.list()
    except openai.AuthenticationError as error:
        print(error.status_code, error.code)
        print(error.message)

# %% [markdown]
# **Try it:** make a client with `OpenAI(api_key="sk-wrong")` and call `models.list()` with it. [Lesson 05](05_survive_errors.ipynb) shows the other errors.

# %% [markdown]
# ## Spot a damaged key
#
# Keys often get damaged when they are copied. The keys in this menu are made up. Choose one, or invent one and type it into the field. Which of them would have fooled you?

# %% tags=["furniture"]
from helpers import widgets

made_up = "-".join(["sk", "proj", "a1B2c3D4" * 5])
SPECIMENS = {
    "Looks right": made_up,
    "Quotation marks around it": f'"{made_up}"',
    "A space at the end": made_up + " ",
    "Cut off": made_up[:16],
    "Google's key": "AIza" + "a1B2c3D4" * 4,
    "Anthropic's key": "sk-ant-api03-" + "a1B2c3D4" * 4,
    "The placeholder was left": "sk-proj-your-key-here",
    "Empty": "",
}


def judge(specimen, own):
    key = own or SPECIMENS[specimen]
    verdict = keys.problem(key) or "Nothing wrong with its shape."
    return f"<p>{keys.describe(key)}</p><p><b>{verdict}</b></p>"


about = "A menu of made-up keys and a field for another; what is wrong with the shape of each appears below."
menu = widgets.choice("Key", list(SPECIMENS))
own = widgets.line("or your own", "a made-up key")
widgets.empty_when_chosen(menu, own)
widgets.live_text(judge, about, specimen=menu, own=own)

# %% tags=["furniture", "guess"]
from helpers.tables import Table

Table(
    ["Specimen", "Described safely", "Verdict"],
    [
        [name, keys.describe(key), keys.problem(key) or "Nothing wrong with its shape."]
        for name, key in SPECIMENS.items()
    ],
    caption="All of them at once. Only the API knows whether a key is valid.",
)

# %% [markdown]
# You can't see a space at the end. `lesson.start` runs the same check: with a damaged key you stay in replay, and it tells you why.

# %% [markdown]
# ## Choose your path
#
# - **A first app in an hour:** this lesson, [01](01_make_your_first_call.ipynb), and the core of [04](04_build_an_assistant.ipynb).
# - **A builder's day:** the cores of 02, 03, 05, 06, 08, 09 and 15, then a project from 17, 18 or 19.
# - **Everything**, in order.
#
# To keep your changes when the course is updated, work in a copy: *Duplicate* a lesson in the file browser and move the copy into a folder `mine` beside `notebooks`. The [README](../README.md#updating) shows how to update.
#
# Each lesson has a **core** of at most half an hour. The sections under *Deeper* are folded, and nothing later depends on them.

# %% [markdown]
# ## Your turn
#
# **Exercise 1.** Write `load_key(environment)`. It takes a dictionary like `os.environ` and returns the value of `OPENAI_API_KEY` without the spaces around it. When the name is missing or
# empty, it raises a `ValueError` whose message names the variable.


# %% tags=["exercise-1"]
def load_key(environment):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `environment.get("OPENAI_API_KEY", "")` returns an empty string when the name is missing. Strip it first, then check whether anything is left. If not, `raise ValueError("…")` with your message.
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
# **Exercise 2.** A log should say *which* key was used without giving it away. Write `mask(key)`: it returns the first three and the last four characters with `…` between them, and only `…`
# for a key of fewer than 20 characters. (`…` is one character: copy it from here.)


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
# ## Deeper

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Set a limit that stops the spending
#
# OpenAI has two kinds of limit, and only one of them stops anything. An **alert** sends you an email; calls go on. A **hard limit** refuses calls until the month ends or you raise it.
# Both exist for the whole organization, under [Limits](https://platform.openai.com/settings/organization/limits), and for each project, in the settings of that project. Give each project its own
# key and its own hard limit: when one key leaks, you delete that one, and the others keep working.
#
# The course keeps a limit of its own: `COURSE_CAP`, USD 3 per notebook unless you change it. Before each call the course works out the most it could cost, and refuses the call if that would exceed the cap.

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Install the SDK in a project of your own
#
# `start.py` made a folder `.venv` with everything the course needs. For your own project you do it yourself:
#
# ```bash
# mkdir my-project
# cd my-project
# python3 -m venv .venv
# source .venv/bin/activate        # Windows: .venv\Scripts\activate
# pip install "openai>=3,<4"
# ```
#
# Version 3 is current (November 2026), and it needs Python 3.10 or newer; this course asks for 3.11. On an older Python, this command fails. Without `>=3,<4`, pip says nothing and installs an older version of the SDK, in which
# some of what you read here doesn't exist. So check what you got:

# %%
print("openai", openai.__version__.split(".")[0])

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Read older tutorials with care
#
# The course follows an article, "OpenAI API Tutorial: From Zero to Your First App", which calls itself the 2026 edition, is dated October 2025, and describes models that came out later.
# Much of what it says has changed, as with any tutorial that old. Four things you may still read:
#
# | You may read | Today (November 2026) |
# |---|---|
# | Python 3.7 is enough | The SDK needs 3.10 or newer. |
# | Click your profile, then *View API keys* | That menu is gone. Keys are under [API keys](https://platform.openai.com/settings/organization/api-keys), and belong to a project. |
# | pip installs version 1.x | Version 2 came in September 2025, version 3 in August 2026. |
# | `import os` at the top of every example | Not needed: the client reads the environment by itself. |

# %% [markdown]
# ## In production
#
# - One key per project, and a hard limit for each.
# - If a key has leaked, delete it first, on the page where you made it. Look for the cause afterwards.

# %% [markdown]
# ## What you have now
#
# `lesson.preflight()` says whether a machine is ready. Replay needs nothing, a free model answers your own words, and a key in `.env` makes the same cells live.
# Keep the key in the environment, never in code, a notebook or a message.
#
# **Next:** [make your first call](01_make_your_first_call.ipynb) and look at everything that comes back.
#
# Your progress through the exercises is kept on this machine:

# %% tags=["furniture", "guess"]
lesson.progress()

# %% tags=["furniture"]
lesson.receipt()
