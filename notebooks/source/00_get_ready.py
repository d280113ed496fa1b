# %% [markdown]
# # Get ready
#
# Check that this machine can run the course, see where the answers come from, and put your API key, if you have one, in a safe place.

# %% [markdown]
# **You will learn** how the course answers without a key, how to connect a free model of your own, what an API key is and where to keep it, and the two errors that stop most beginners.
#
# **You need** basic Python, and this notebook open in JupyterLab, VS Code or Colab. Run a cell with Shift and Enter.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP

lesson.start("00")

# %% [markdown]
# ## Check your machine
#
# One call looks at Python, the packages, this folder, your key if there is one, and whether a model runs on this machine. The report shows no key and no path, so you can paste it into a question.

# %% tags=["nbval-ignore-output", "measured"]
lesson.preflight()

# %% [markdown]
# Every line should say *fine* or *not needed*. If one says *to fix*, the last column tells you how.

# %% [markdown]
# ## Make a first call without a key
#
# Take a guess before you run the next cell: there is no key, and perhaps no network. Will the call fail?

# %% tags=["guess"]
from openai import OpenAI

client = OpenAI()

greeting = "Say hello to someone learning the OpenAI API."
hello = client.chat.completions.create(
    model=FLAGSHIP, messages=[{"role": "user", "content": greeting}]
)
print(hello.choices[0].message.content)

# %% [markdown]
# <details><summary>Why did that work?</summary>
#
# `lesson.start` did two things: it started a small server inside this notebook, and it told the `openai` package to send its requests there. `127.0.0.1` is the address by which every
# computer calls itself:
#
# </details>

# %% tags=["guess"]
print(client.base_url.host)

# %% [markdown]
# ## Know who answers
#
# Your code is the same in all three cases below. What changes is who answers, and the course always says who it was.
#
# | Case | Replay | A stand-in | Live |
# |---|---|---|---|
# | You need | nothing | a free model on this machine, or another provider's key | an OpenAI account with credit |
# | Who answers | recordings that come with the course | the model you connected | OpenAI |
# | Your own words | recorded suggestions, and the errors the API would send | anything | anything |
# | Cost | nothing | nothing on your own machine | about USD 0.25 to run every lesson once, with a cap of USD 3 per notebook |
#
# Now try it with words of your own. Change the text between the quotation marks and run the cell.

# %%
my_words = "Say hello to someone learning the OpenAI API."

answer = client.chat.completions.create(
    model=FLAGSHIP, messages=[{"role": "user", "content": my_words}]
)
print(answer.choices[0].message.content)

# %% [markdown]
# - **In replay** a box tells you that nobody is there to answer this, which requests near yours are recorded, and what would help.
# - **With a stand-in** you get an answer, and a line below it says which model gave it.
# - **Live** you get the real thing.
#
# Who wrote the recordings? The first line of each lesson says it. *Authored* means that they were written for this course, with counted tokens and list prices; *captured* means that the API sent them.
#
# **Try it:** "Say hello in French." "Say hello like a pirate." "Hello!" Then misspell the model's name. That one needs no model: the API refuses it, so the course does too.

# %% [markdown]
# ## Connect a free model
#
# A small model on your own machine makes every page of this course answer your own words. [Ollama](https://ollama.com/download) runs one. After you have installed it, two lines in a terminal are enough:
#
# ```bash
# ollama pull gemma4:e2b        # the model, about 2 GB
# ollama pull all-minilm        # for the search in lesson 14, 46 MB
# ```
#
# Then restart this notebook's kernel. The course finds the model by itself: nothing to set. On Colab, run this in a cell of its own, once per session:
#
# ```
# !curl -fsSL https://ollama.com/install.sh | sh
# get_ipython().system_raw("ollama serve &")
# !sleep 5 && ollama pull gemma4:e2b
# ```
#
# The names and sizes are Ollama's own, from November 2026. A small model makes more mistakes than the one in the lesson, which is worth seeing too. `python3 start.py model` tells you what yours can do, lesson by lesson.
#
# Or use another provider that speaks the same language, some with a free tier. Write its address, a model and its key into `.env`; this one is Google's:
#
# ```bash
# COURSE_STANDIN_URL=https://generativelanguage.googleapis.com/v1beta/openai/
# COURSE_STANDIN_MODEL=the name of a model there
# COURSE_STANDIN_KEY=your key for it
# ```
#
# Free tiers may use what you send for training, so send nothing private. If you set no address, nothing leaves your machine.

# %% [markdown]
# ## Get a key, if you want one
#
# An **API key** is a long text that tells OpenAI whose account pays. Anyone who has it can spend your money, so treat it like a password.
#
# 1. Make an account at [platform.openai.com](https://platform.openai.com).
# 2. Add credit under [Billing](https://platform.openai.com/settings/organization/billing/overview). You pay in advance, and a ChatGPT subscription brings no API credit. Running every lesson once costs about USD 0.25.
# 3. Under [API keys](https://platform.openai.com/settings/organization/api-keys), choose *Create new secret key* and name it after what it is for. It begins with `sk-proj-`.
# 4. Copy it at once. You will never see it again.
#
# ## Keep it out of your code
#
# Bots scan public code for leaked keys around the clock. Deleting the key in your next commit does not help, because the history keeps it. So a key lives in an **environment variable**,
# a named text that the system hands to every program it starts. `OpenAI()` looks for `OPENAI_API_KEY`.
#
# | Where you work | What to do |
# |---|---|
# | This course, any system | Run the cell below: it asks for the key and writes it into the file `.env`, which git ignores |
# | macOS (zsh), Linux (bash) | Add `export OPENAI_API_KEY="…"` to `~/.zshrc` or `~/.bashrc`, then open a new terminal |
# | Windows | In PowerShell: `setx OPENAI_API_KEY "…"`, then open a new terminal |
# | Colab | Click the key symbol on the left, add a secret `OPENAI_API_KEY`, and allow this notebook to read it |
# | Someone else's machine | Run the cell below with `save_to=None`: the key is gone when the kernel stops |
#
# Change `False` to `True` to type a key now. It appears neither on the screen nor in the notebook nor in a log.

# %%
from helpers.setup import keys

I_HAVE_A_KEY = False

if I_HAVE_A_KEY:
    keys.ask(save_to=lesson.ROOT / ".env")

# %% [markdown]
# ## Two errors you will meet
#
# **No key at all.** `OpenAI()` itself raises an error; nothing is sent. `lesson.start` put a placeholder where a key would be, so that this does not happen to you here. The next cell takes it away for a moment.

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
# **A key that OpenAI doesn't know.** It has the right shape, but it was mistyped or deleted. The request goes out and comes back with status 401. Here the course's server plays OpenAI and
# answers with a sample; with a key of your own, the message shows its first and last characters, enough to tell which key it was.

# %%
with lesson.faults("401"):
    try:
        client.models.list()
    except openai.AuthenticationError as error:
        print(error.status_code, error.code)
        print(error.message)

# %% [markdown]
# **Try it:** make a client with `OpenAI(api_key="sk-wrong")` and call `models.list()` with it. [Lesson 05](05_survive_errors.ipynb) shows every other error.

# %% [markdown]
# ## See what is wrong with a key
#
# A key gets damaged when it is copied. The keys in this menu are made up, and the field takes one that you invent. Which of them would have fooled you?

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
widgets.live_text(judge, about, specimen=menu, own=widgets.line("or your own", "a made-up key"))

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
# You can't see the space at the end. `lesson.start` runs the same check and says the same sentence, so a damaged key leaves you in replay with a reason.

# %% [markdown]
# ## Choose a way through
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
# **Exercise 1.** Write `load_key(environment)`. It gets a dictionary such as `os.environ` and returns the value of `OPENAI_API_KEY` without the spaces around it. When the name is missing or
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
# `environment.get("OPENAI_API_KEY", "")` gives an empty text where the name is missing. Strip it first, then see whether anything is left.
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
# for a key of fewer than 20 characters.


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
# ### Set a limit that stops
#
# OpenAI has two kinds of limit, and only one of them stops anything. An **alert** sends you an email; calls go on. A **hard limit** refuses calls until the month ends or you raise it.
# Both exist for the whole organization, under [Limits](https://platform.openai.com/settings/organization/limits), and for each project, in the settings of that project. Give each project its own
# key and its own hard limit: when one key leaks, you delete that one, and the others keep working.
#
# The course keeps a limit of its own: `COURSE_CAP`, USD 3 per notebook unless you change it. Before a call goes out, its highest possible price has to fit.

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
# Version 3 is current (November 2026), and it needs Python 3.10 or newer; this course asks for 3.11. On an older Python, pip says nothing and installs an older version of the SDK, in which
# some of what you read here doesn't exist. So check what you got:

# %%
print("openai", openai.__version__.split(".")[0])

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ### Read older tutorials with care
#
# The course follows an article, "OpenAI API Tutorial: From Zero to Your First App", which calls itself the 2026 edition, was dated October 2025, and describes models that came out after that.
# Much of it has changed since, as in every tutorial of that age. Four things you may still find:
#
# | You may read | Today (November 2026) |
# |---|---|
# | Python 3.7 is enough | The SDK needs 3.10. On an older Python, pip installs an SDK of that time. |
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
# The key lives in the environment: never in code, in a notebook or in a message.
#
# **Next:** [make your first call](01_make_your_first_call.ipynb) and look at everything that comes back.
#
# Your progress through the exercises is kept on this machine:

# %% tags=["furniture", "guess"]
lesson.progress()

# %% tags=["furniture"]
lesson.receipt()
