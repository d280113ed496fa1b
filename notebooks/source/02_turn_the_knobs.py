# %% [markdown]
# # Turn the knobs
#
# By the end you will know what each parameter of a request does to an answer, because you will have moved every one of them, and which model takes which.

# %% [markdown]
# ## What you will learn
#
# - How a model chooses its next word, and how temperature and top_p change the choice: first as arithmetic, then under a slider.
# - What the penalties, `logit_bias`, the token limit, `stop`, `n` and `seed` do.
# - How to read a refusal, and why a parameter that one model takes is an error on another.
# - What the five roles of a conversation are for.
# - What the same answer costs on different models.
#
# You need [lesson 01](01_make_your_first_call.ipynb). Under every slider stands a table or a figure with the same content, for reading without a running kernel.

# %%
from helpers import lesson
from helpers.models import FLAGSHIP, SMALL

lesson.start("02")

# %% [markdown]
# ## See what a model chooses from
#
# A model does not write a sentence. It writes one token, a word or a piece of one, and then the next. Before each it gives *every* token that it knows a probability.
# You can look at them: `logprobs=True` returns the probability of each token written, and `top_logprobs=5` the five likeliest at its place.

# %%
from openai import OpenAI

client = OpenAI()
colour = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "user", "content": "Name a colour. Answer with one word."}],
    logprobs=True,
    top_logprobs=5,
)
print(colour.choices[0].message.content)

# %% [markdown]
# The API sends natural logarithms of the probabilities. `exp` undoes the logarithm.

# %% tags=["furniture"]
import math

from helpers.tables import Table

first = colour.choices[0].logprobs.content[0]
Table(
    ["Token", "logprob", "Probability"],
    [[t.token, f"{t.logprob:.2f}", f"{math.exp(t.logprob):.1%}"] for t in first.top_logprobs],
    caption="What the first token was chosen from.",
    note=lesson.note(),
)

# %% [markdown]
# Then one token is drawn, as if with a loaded die. That is why the same question can have different answers. The first half of this lesson is about four ways to load the die differently.

# %% [markdown]
# ## Do the arithmetic once
#
# Inside the model each token has a score, called a **logit**. The *softmax* turns scores into probabilities: take `exp` of each, divide by the sum. **Temperature**, a number from 0 to 2, divides the scores first. That is all it does.
# Predict: three words have the scores 2, 1 and 0. Does halving the temperature help the first word or the last?

# %%
import numpy as np

logits = np.array([2.0, 1.0, 0.0])


def softmax(logits, temperature=1.0):
    weights = np.exp(logits / temperature)
    return weights / weights.sum()


for temperature in (0.5, 1, 2):
    print(temperature, softmax(logits, temperature).round(3))

# %% [markdown]
# A low temperature makes the likely likelier; a high one evens the odds. At 0 the formula divides by zero. There, its limit is meant: everything on the best token. The course's module `sampling` does the same and knows that case:

# %%
from helpers.demos.lab import sampling

print(np.allclose(sampling.softmax(logits, 0.5), softmax(logits, 0.5)))
print(sampling.softmax(logits, 0))

# %% [markdown]
# ## Move the temperature
#
# For every slider position at once you need a model that answers at once. The **lab model** runs in this kernel. It has read one short story, knows nothing else, and predicts a word from the three before it. Its sentences often
# make no sense; what the parameters do to its probabilities is the arithmetic that the API documents. Two questions before you move anything:
#
# 1. At temperature 0, how many *different* texts will three draws give?
# 2. Where does temperature change more: after "The weather today is" or after "The capital of France is"?

# %% tags=["furniture"]
from helpers.demos import panel, spread

panel.lab(only=["prompt", "temperature"])

# %% [markdown]
# What to see: at 0 all three texts are the same. Towards 2 the hundreds of words that do not fit take over, and a text that has taken one wrong word goes on from there. The same as a table:

# %% tags=["furniture"]
panel.lab_table("temperature", [0, 0.5, 1, 1.5, 2])

# %% [markdown]
# The second question, drawn for three beginnings:

# %%
from helpers import plots
from helpers.demos.lab import model as lab_model

model = lab_model.load()
temperatures = np.linspace(0, 2, 21)


def best(prompt):
    return [
        100 * max(c.after for c in model.next_tokens(prompt, temperature=t))
        for t in temperatures
    ]


# %% tags=["furniture"]
prompts = ["The capital of France is", "The weather today is", "Once upon a time there was a"]
figure, plot = plots.axes("How sure the lab model is", "temperature", "likeliest next word (%)")
plots.lines(plot, temperatures, {prompt: best(prompt) for prompt in prompts})
plot.get_legend().set_loc((0.3, 0.5))
plots.show(
    figure,
    "Three falling lines over temperature: the capital stays near 100 % until about 1 and then drops, the weather falls from 100 % at once, and the fairy tale is already below 20 % at 0.5.",
)

# %% [markdown]
# Where the model is sure, temperature has little to work with. Where many words fit, it decides.

# %% [markdown]
# ## Count the spread on the flagship
#
# Now the real request, at five temperatures, for a creative question and for a factual one. `n=5` asks for five answers at once: you pay for the prompt once and for every answer. The token limit is
# a fence: at a high temperature a text may not find its end. The function `user` only saves typing: it puts a question into a list of messages.

# %%
QUESTIONS = {
    "creative": "Finish this sentence in at most six words: Learning to program is like",
    "factual": "What is the capital of Australia? Answer in one short sentence.",
}
STOPS = [0, 0.5, 1, 1.5, 2]


def user(text):
    return [{"role": "user", "content": text}]


# %%
def five_answers(question, temperature):
    response = client.chat.completions.create(
        model=FLAGSHIP,
        messages=user(question),
        temperature=temperature,
        n=5,
        max_completion_tokens=40,
    )
    return [choice.message.content for choice in response.choices]


# %%
answers = {
    kind: {t: five_answers(question, t) for t in STOPS} for kind, question in QUESTIONS.items()
}

# %% [markdown]
# Guess, for each of the two: at which temperature do all five answers differ? And will the *fact* change, or only its wording?

# %%
spread.recorded(answers["creative"])

# %%
spread.recorded(answers["factual"])

# %% tags=["furniture"]
rows = []
for t in STOPS:
    creative, factual = answers["creative"][t], answers["factual"][t]
    different = [spread.spread(five)[0] for five in (creative, factual)]
    rows.append([str(t), different[0], creative[-1], different[1], factual[-1]])
heads = [
    "temperature",
    "different",
    "creative, the last one",
    "different",
    "factual, the last one",
]
Table(heads, rows, "How many of five answers differ.", lesson.note())

# %% tags=["furniture"]
figure, plot = plots.axes(
    "The spread of five answers", "temperature", "words that two answers share (%)"
)
shared = {
    kind: [100 * spread.spread(five)[1] for five in found.values()]
    for kind, found in answers.items()
}
plots.lines(plot, STOPS, shared)
plot.set_ylim(0, 105)
plots.show(
    figure,
    "Two falling lines: answers to the factual question share more of their words than answers to the creative one, at every temperature.",
)

# %% [markdown]
# Count for yourself: in how many of these answers does the fact move, and in how many only its wording? Only a run with a key says how the model of today behaves. Much of what is written about temperature is out of date or was never true (November 2026):
#
# | Often said | What holds |
# |---|---|
# | 0 makes answers deterministic. | Nearly, and without a promise. Where two tokens are almost equally likely, rounding decides, and it varies with how the servers share out the work. The recorded five at 0 show what that looks like. |
# | 0.7 is the default. | The default is 1. |
# | A low temperature makes facts right. | It gives the likeliest answer more often, right or wrong. |
# | Every model takes it. | A model that reasons before it answers refuses it. You will see the refusal below. |
#
# As a rule of thumb: a low value for answers that should come out the same each time, such as extraction and classification; about 1 for writing and ideas; rarely more.

# %% [markdown]
# ## Cut the tail with top_p
#
# Temperature reshapes all probabilities. **top_p** cuts: it keeps the likeliest tokens that *together* hold at least that share, drops the rest, and scales what is left back to 1.

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "At temperature 1.5 the five likeliest words for the weather hold 22, 17, 17, 11 and 11 %. How many of them does top_p=0.6 keep?",
    ["three", "four", "five"],
)

# %% [markdown]
# Now move `top_p`, at that temperature. Which value removes the nonsense and keeps all five kinds of weather? Does it still work at temperature 2?

# %% tags=["furniture"]
panel.lab(only=["top_p", "temperature"], temperature=1.5)

# %% tags=["furniture"]
panel.lab_table("top_p", [0.3, 0.6, 0.75, 0.9, 1], temperature=1.5)

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# What to see (the table is for temperature 1.5): a word is in or out; the edge is sharp. About 0.75 keeps exactly the five. At temperature 2 the five hold only half of the probability, and the same cut lets nonsense in: the two knobs act on each other. A small top_p and a low temperature have much the same effect, so OpenAI's reference recommends to change one of the two and to leave the other at 1.
#
# </details>

# %% [markdown]
# ## Discourage repetition
#
# Two penalties look at the tokens *written so far*. `frequency_penalty` is subtracted from a token's score once for every time it was written; `presence_penalty` once if it was written at all. Both go from −2 to 2, and 0 does nothing.
# By hand, for three words with the same score, of which the first was written three times and the second once:

# %%
counts = np.array([3, 1, 0])
print("frequency_penalty 0.5:", softmax(-0.5 * counts).round(3))
print("presence_penalty 0.5: ", softmax(-0.5 * (counts > 0)).round(3))

# %% [markdown]
# Frequency punishes the word that was said most; presence treats all used words alike. In the panel, the lab model has already written "the sea is blue, the sea is deep". Which two words of its list will fall when a penalty rises?
# What does a *negative* value do to them?

# %% tags=["furniture"]
panel.lab("The sea is big, …", only=["prompt", "frequency_penalty", "presence_penalty"], n=2)

# %% tags=["furniture"]
panel.lab_table("frequency_penalty", [-1, 0, 1, 2], "The sea is big, …")

# %% [markdown]
# What to see: "blue" and "deep", which were used, fall; a negative value invites them back. Penalties are there for another trouble, a text that goes round in a circle, as the lab model does at temperature 0 with an old song. Which of the two frees it at a smaller value?


# %%
def sing(**penalty):
    return model.complete("The old song goes:", temperature=0, max_tokens=16, **penalty)[0].text


Table(
    ["value", "as frequency_penalty", "as presence_penalty"],
    [[str(v), sing(frequency_penalty=v), sing(presence_penalty=v)] for v in (0, 0.5, 1)],
    caption="The song of the lab model at temperature 0.",
)

# %% [markdown]
# `frequency_penalty` grows with every repetition and wins at 0.5; `presence_penalty` needs more. The two belong to older models; further down you will see what a current one says to them.

# %% [markdown]
# ## Push single tokens
#
# `logit_bias` adds a number to the score of chosen tokens, from −100, a ban, to 100, a must. Tokens are named by their ids in the model's tokenizer ([lesson 03](03_count_tokens_and_cost.ipynb)). Adding 1 multiplies a token's odds by about 2.7.
# How much does it take to make "grey" almost certain? And is the same enough for "robot"?

# %% tags=["furniture"]
panel.lab(only=["word", "bias"])


# %% tags=["furniture"]
def after(word, bias):
    [token] = model.encode(word)
    found = model.next_tokens("The weather today is", logit_bias={token: bias}, top=None)
    return next(f"{c.after:.2%}" for c in found if c.token.strip() == word)


Table(
    ["bias", "grey, when the bias is on grey", "robot, when it is on robot"],
    [
        [str(bias), after("grey", bias), after("robot", bias)]
        for bias in (-100, -2, 0, 2, 5, 100)
    ],
    caption="Probability of being the next word of the lab model.",
)

# %% [markdown]
# What to see: the same push that makes a likely word certain leaves an unlikely one unlikely; only the ends of the scale are a ban and a must. And it hits a token, not an idea: " grey", "Grey" and " gray" are three. Most uses of `logit_bias`, such as allowing only certain labels, are better served by structured outputs today ([lesson 09](09_get_answers_as_data.ipynb)).

# %% [markdown]
# ## End an answer
#
# Three things can end a text: the model ends it, it meets a text that you gave as `stop`, or it runs into the token limit. Before you move the sliders: does a smaller limit make the model write a *shorter* text? And which of the three ends can you tell apart?

# %% tags=["furniture"]
panel.lab("In the morning the", only=["max_tokens", "stop"], n=2)

# %%
rows = []
for end in ({"max_tokens": 60}, {"max_tokens": 6}, {"max_tokens": 60, "stop": ","}):
    choice = model.complete("In the morning the", seed=7, **end)[0]
    rows.append([str(end), choice.text.strip(), len(choice.tokens), choice.finish_reason])
Table(
    ["parameters", "text", "tokens", "finish_reason"], rows, caption="Three ends of one text."
)

# %% [markdown]
# What to see: the limit does not shorten, it cuts. For a short answer, ask for one; use the limit as a fence. (Without a limit, only the model's own maximum stops a text that finds no end.) `finish_reason` is `length` only at the fence; a natural end and a stop text both say `stop`, and the stop text itself is not returned.

# %% [markdown]
# ## Repeat on purpose
#
# `n` asks for several answers at once. `seed` fixes the dice: equal seeds and equal parameters give equal draws. Does a larger `n` change the texts that were there before?

# %% tags=["furniture"]
panel.lab(only=["n", "seed"], max_tokens=12)

# %%
for seed in (1, 1, 2):
    texts = [
        choice.text
        for choice in model.complete("The weather today is", seed=seed, n=3, max_tokens=4)
    ]
    print(seed, texts)

# %% [markdown]
# What to see: a larger `n` adds texts and changes none. The API promises less than the lab model keeps: its `seed` is a best effort. An answer can carry a `system_fingerprint`, which changes when the servers do. Two requests with one seed, and the fingerprint:

# %%
for _ in range(2):
    numbers = client.chat.completions.create(
        model=FLAGSHIP,
        messages=user("Pick a number from 1 to 100. Answer with the number only."),
        n=3,
        seed=7,
        max_completion_tokens=16,
    )
    print([choice.message.content for choice in numbers.choices], numbers.system_fingerprint)

# %% [markdown]
# The recorded answers are equal because they were written so; live, expect it often and count on it never. This model sends no fingerprint, so you could not even tell a change of the servers from a change of luck. To test a program, keep recorded answers, as this course does.

# %% [markdown]
# ## Read a refusal
#
# Not every model takes every parameter. What it does not take, it refuses with status 400, before it writes a word, and the refusal costs nothing. `attempt` sends one question and shows either the answer or the error.

# %%
import openai


def attempt(**request):
    sky = user("Why is the sky blue? One sentence.")
    try:
        choice = client.chat.completions.create(messages=sky, **request).choices[0]
        print(f"{choice.message.content} ({choice.finish_reason})")
    except openai.APIStatusError as error:
        print(error)
        print(f"   class {type(error).__name__}, param {error.param}, code {error.code}")


# %% [markdown]
# The limit first. Most code written before 2025 calls it `max_tokens`:

# %%
attempt(model=FLAGSHIP, max_tokens=60)

# %% [markdown]
# `code` says what kind of trouble it is, `param` which parameter, and the message even names the cure. The new name came with a new meaning, which you meet in the next section.

# %%
attempt(model=FLAGSHIP, max_completion_tokens=60)

# %% [markdown]
# Now a temperature, on the small model:

# %%
attempt(model=SMALL, max_completion_tokens=60, temperature=0.7)

# %% [markdown]
# The message says what is refused and not why. This model **reasons** by default: it thinks in hidden tokens before it answers, and while a model reasons, OpenAI fixes its sampling. So there are two cures: leave `temperature` out, or switch the reasoning off.

# %%
attempt(model=SMALL, max_completion_tokens=60, temperature=0.7, reasoning_effort="none")

# %% [markdown]
# The flagship took a temperature above without this, because its default effort is `none`. Some refusals have no cure at all:

# %%
for extra in ({"stop": ["."]}, {"logit_bias": {"1": 5}}, {"presence_penalty": 0.5}):
    attempt(model=SMALL, **extra)

# %% [markdown]
# Instead of `stop`, cut the text in Python (`text.split(".")[0]`) or break off a stream ([lesson 06](06_stream_answers.ipynb)). Instead of the penalties, say in the developer's message what not to repeat.

# %% [markdown]
# ## Leave room to think
#
# `max_completion_tokens` limits *all* tokens that the model writes, and reasoning is written too, though you never see it. It is billed as output.

# %% tags=["furniture"]
predict(
    2,
    "The small model reasons by default. You ask how many days lie between two dates, with a limit of 40 tokens. What comes back?",
    ["a short answer", "half an answer", "an empty answer", "an error"],
)

# %%
def days(**request):
    question = "How many days are there between 3 March and 21 June? Answer in one sentence."
    return client.chat.completions.create(model=SMALL, messages=user(question), **request)


requests = [
    {"max_completion_tokens": 40},
    {"max_completion_tokens": 1000},
    {"max_completion_tokens": 40, "reasoning_effort": "none"},
]
replies = [days(**request) for request in requests]

# %% tags=["furniture"]
compare(2)

# %% tags=["guess", "furniture"]
rows = []
for request, reply in zip(requests, replies, strict=True):
    choice, used = reply.choices[0], reply.usage
    hidden = used.completion_tokens_details.reasoning_tokens
    told = [choice.finish_reason, repr(choice.message.content)]
    rows.append([str(request), hidden, used.completion_tokens, *told])
heads = ["request", "hidden tokens", "tokens out", "finish_reason", "content"]
Table(heads, rows, "The same question, three limits.", lesson.note())

# %% [markdown]
# <details><summary>What happened</summary>
#
# The first line is a success by its status, 200, and you pay for it. Only `finish_reason` says `length`. (Now and then the API answers with a 400 instead, which says that the limit was reached.) So on a model that reasons, either give a limit of some thousand tokens, or set the effort to `none`; and look at `finish_reason` before you use the text.
# How much a model reasons differs from call to call.
#
# </details>

# %% [markdown]
# ## Look up who takes what
#
# The table comes from the data of this course, with its date. Where it and the live API differ, the API is right.

# %%
from helpers import models
from helpers.models import CLASSIC, NEWEST

print(f"{CLASSIC} is here for comparison; it ends on {models.shutdown(CLASSIC)}.")
models.parameter_table(FLAGSHIP, SMALL, NEWEST, CLASSIC)

# %% [markdown]
# Read it by columns. A model without reasoning takes every knob but the effort; one that can be told not to reason takes temperature, top_p and logprobs then; one that always reasons takes hardly any. About the penalties the reports differ: they are refused while a model
# reasons, and at least one model of the family was seen to take them at effort none (August 2026). The course counts on a refusal.

# %% [markdown]
# ## Say who is speaking
#
# Every message has a role. There are five:
#
# | Role | Who speaks | What for |
# |---|---|---|
# | `developer` | you, who built the program | Rules for the whole conversation. They outrank the user's wishes. |
# | `system` | the same | The older name of `developer`. Both are accepted; use one of them. |
# | `user` | the person at the keyboard | Questions and requests. |
# | `assistant` | the model | Its earlier answers, which you send back so that it can refer to them. |
# | `tool` | a function of your program | The result of a call that the model asked for. |
#
# Chat Completions is **stateless**: the model remembers nothing between requests. What looks like memory is the whole conversation, sent again each time. Ask a question that refers to "it", once with its history and once without:

# %%
one_line = "You are a Python assistant. Answer with one line of code."
developer = {"role": "developer", "content": one_line}
history = [
    {"role": "user", "content": "How do I read the file notes.txt?"},
    {"role": "assistant", "content": 'text = open("notes.txt", encoding="utf-8").read()'},
]
follow_up = {"role": "user", "content": "And how do I append a line to it?"}


# %%
def ask_small(messages):
    response = client.chat.completions.create(
        model=SMALL, messages=messages, reasoning_effort="none"
    )
    return response.choices[0].message.content


print("with history:   ", ask_small([developer, *history, follow_up]))
print("without history:", ask_small([developer, follow_up]))

# %% [markdown]
# You may write the assistant's messages yourself, as here; the model cannot tell. The Responses API can keep a conversation for you instead (`previous_response_id`, [lesson 16](16_move_to_the_responses_api.ipynb)); the model itself is
# stateless there, too. The fifth role, in a conversation where the model has asked for the time and your program has looked it up:

# %%
call = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_time", "arguments": '{"city": "Tokyo"}'},
}
ask_small(
    [
        *user("What time is it in Tokyo?"),
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "09:30"},
    ]
)

# %% [markdown]
# [Lesson 08](08_let_the_model_call_tools.ipynb) has the whole loop.

# %% [markdown]
# ## Weigh price against answer
#
# The largest knob is the model. The same question to two of them, with the price of each answer, and what a pro model would take for the flagship's tokens:

# %%
from helpers import costs
from helpers.models import FORMER_SMALL, PRO

question = user("What is the difference between a list and a tuple in Python? Two sentences.")
large = client.chat.completions.create(model=FLAGSHIP, messages=question)
small = client.chat.completions.create(model=SMALL, messages=question, reasoning_effort="none")

# %% tags=["furniture"]
rows = []
for name, reply in [(FLAGSHIP, large), (SMALL, small), (PRO, large)]:
    price = costs.cost(name, reply.usage)
    text = "(not asked)" if name == PRO else reply.choices[0].message.content
    rows.append([name, costs.usd(price), costs.usd(1000 * price), text])
Table(
    ["Model", "this answer", "1,000 of them", "Answer"],
    rows,
    note=f"Prices: {costs.prices_date(FLAGSHIP, SMALL, PRO)}.",
)

# %% [markdown]
# Both answers serve. Start with the small model, and change to a larger one when you have seen it fail on *your* questions. Here are the list prices of these models, of the newest one, and of the small one that many tutorials still name:

# %%
print(f"{NEWEST}: {models.info(NEWEST)['price_note']}")
costs.cost_table([NEWEST, FLAGSHIP, PRO, FORMER_SMALL, SMALL])

# %% [markdown]
# "Flagship" is a title with a date. The model that this course calls so was new in December 2025 and is still offered; newer families followed, the last on 17 November 2026. A model with a date in the last column answers until that day
# and then with a 404, so keep model names in one place of your program; what the small one of old did, `SMALL` does for less. The pro model was not asked above, and not only because of its price:

# %%
attempt(model=PRO)

# %% [markdown]
# It exists, but not at this address: pro models are on the Responses API only, and the call is `client.responses.create(model=PRO, input="…")`. Since they always reason, one answer may well cost more than all the rest of this lesson.

# %% [markdown]
# ## Correct a complete example
#
# Here is a request as many tutorials print it, with all the parameters at once. Several of its lines have aged, and one is refused. Predict which.

# %%
rule = "You are an experienced Python developer. Be brief and practical."
ask = {"role": "user", "content": "How should I handle exceptions in Python?"}
printed = {
    "model": FLAGSHIP,
    "messages": [{"role": "system", "content": rule}, ask],
    "temperature": 0.3,
    "max_tokens": 500,
    "top_p": 1,
    "frequency_penalty": 0,
    "presence_penalty": 0,
}

# %%
try:
    client.chat.completions.create(**printed)
except openai.BadRequestError as error:
    print(error)

# %% [markdown]
# | As printed | Corrected | Why |
# |---|---|---|
# | `"role": "system"` | `"role": "developer"` | Both work; this is the name of today. |
# | `temperature=0.3` | kept | The flagship takes it, as long as it does not reason. |
# | `max_tokens=500` | `max_completion_tokens=500` | The old name is refused, the new one counts hidden tokens too. |
# | `top_p=1` | left out | 1 is the default. Change temperature or top_p, not both. |
# | `frequency_penalty=0`, `presence_penalty=0` | left out | 0 is accepted and does nothing; count on a refusal of any other value. |
# | print the text | look at `finish_reason` first | An answer that was cut off looks almost like a whole one. |

# %%
response = client.chat.completions.create(
    model=FLAGSHIP,
    messages=[{"role": "developer", "content": rule}, ask],
    temperature=0.3,
    max_completion_tokens=500,
)
if response.choices[0].finish_reason == "length":
    print("(cut off at the limit)")
print(response.choices[0].message.content)

# %% [markdown]
# ## Play with the whole panel
#
# All controls at once. Three things to try:
#
# 1. Get the same text three times, without temperature 0.
# 2. Make the song leave its circle, without the penalties.
# 3. Make the capital of France anything but Paris.

# %% tags=["furniture"]
panel.lab(temperature=0.6, top_p=0.9)

# %% [markdown]
# One way to each:

# %%
[paris] = model.encode("Paris")
ways = {
    "The weather today is": {"top_p": 0},
    "The old song goes: haul away, haul away,": {"temperature": 2},
    "The capital of France is": {"logit_bias": {paris: -100}},
}
rows = []
for prompt, way in ways.items():
    choices = model.complete(prompt, seed=7, n=3, max_tokens=6, **way)
    rows.append([prompt, str(way), *(choice.text.strip() for choice in choices)])
Table(["prompt", "parameters", "first", "second", "third"], rows, caption="Three texts each.")

# %% [markdown]
# And the request behind the recorded answers, with a button. It names the most that it can cost before you press it. In replay it answers from the recordings and costs nothing.

# %%
creative = user(QUESTIONS["creative"])
panel.live(
    client, FLAGSHIP, creative, vary={"temperature": STOPS}, n=5, max_completion_tokens=40
)

# %% [markdown]
# ## On your own
#
# ### Exercise 1: top_p by hand
#
# Write `keep_top_p(probabilities, top_p)`. It keeps the likeliest entries that together hold at least `top_p`, sets the others to 0, and divides by the sum, so that the result adds up to 1 again. Every entry stays at its place.


# %% tags=["exercise-1"]
def keep_top_p(probabilities, top_p):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through the places from the likeliest to the least likely: `sorted(range(len(probabilities)), key=lambda place: -probabilities[place])`. Stop *before* you add an entry when those you have already hold `top_p`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def keep_top_p(probabilities, top_p):
#     kept, held = [0.0] * len(probabilities), 0.0
#     for place in sorted(range(len(probabilities)), key=lambda place: -probabilities[place]):
#         if held >= top_p:
#             break
#         kept[place] = probabilities[place]
#         held += probabilities[place]
#     return [value / held for value in kept]
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: choose the settings
#
# Three tasks for the flagship. Give each a dictionary of parameters, without model and messages:
#
# - `extract`: copy the invoice number out of an email. The same email should give the same answer, as far as a model can.
# - `names`: five different ideas for the name of a bakery, from one request.
# - `verdict`: answer yes or no. No answer may cost more than 20 output tokens, whatever the model does.

# %% tags=["exercise-2"]
settings = {
    "extract": ...,
    "names": ...,
    "verdict": ...,
}

# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# One or two parameters are enough for each. The words *same*, *five* and *tokens* in the tasks each point to one.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# settings = {
#     "extract": {"temperature": 0},  # the likeliest token each time
#     "names": {"n": 5, "temperature": 1},  # five draws from the model's own probabilities
#     "verdict": {"temperature": 0, "max_completion_tokens": 20},  # ask for one word, and fence it in
# }
# ```
#
# </details>

# %% [markdown]
# ### Exercise 3: cure a refused request
#
# `broken` is refused for three reasons, one after the other. Build `cured` from it: keep the temperature and the limit of 60 tokens, switch off what stands in their way, and leave out what no setting can save.
# Send it as `reply`, and do in Python what `stop` was meant to do: `first_line` is the answer up to the first line break.

# %% tags=["exercise-3"]
broken = {
    "model": SMALL,
    "messages": user("Write a slogan for a bakery. On a new line, say why it works."),
    "temperature": 0.7,
    "max_tokens": 60,
    "stop": ["\n"],
}
cured = ...
reply = ...
first_line = ...

# %% tags=["check-3", "furniture"]
check(3)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Send it, read `param` in the error, mend that one, send it again. A dictionary without some keys: `{key: value for key, value in broken.items() if key not in ("max_tokens", "stop")}`. Add the new ones with `| {"…": …}`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# cured = {
#     "model": SMALL,
#     "messages": broken["messages"],
#     "temperature": 0.7,
#     "max_completion_tokens": 60,
#     "reasoning_effort": "none",
# }
# reply = client.chat.completions.create(**cured)
# first_line = reply.choices[0].message.content.split("\n")[0]
# ```
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# The corrected example once more. The names differ: the limit is `max_output_tokens` (16 at least, and it counts reasoning too), the effort stands in `reasoning`, the developer's message becomes `instructions`.

# %%
twin = client.responses.create(
    model=SMALL,
    instructions=rule,
    input=ask["content"],
    temperature=0.3,
    max_output_tokens=500,
    reasoning={"effort": "none"},
    store=False,
)
print(twin.output_text)
print(twin.status, twin.incomplete_details)

# %% [markdown]
# A text that was cut off has the status `incomplete` and the reason in `incomplete_details`. And some knobs do not exist here at all. Ask the SDK which parameters of this lesson `responses.create` knows:

# %%
import inspect

taken = inspect.signature(client.responses.create).parameters
knobs = "temperature top_p frequency_penalty presence_penalty logit_bias stop n seed top_logprobs".split()
print({knob: knob in taken for knob in knobs})

# %% [markdown]
# ## From the production desk
#
# - Set few knobs: a model, a limit, an effort, and a temperature where sameness or variety matters. Every further one is a refusal waiting for the day you change the model.
# - Keep model name and parameters together in one place, and send one request after every change of model. A 400 names the next thing to mend and costs nothing.
# - Look at `finish_reason` before you use a text. Under a limit, an empty one can be a paid success.

# %% [markdown]
# ## Recap
#
# - A model draws each token from probabilities: temperature reshapes them, top_p cuts them, penalties and `logit_bias` push single tokens.
# - The limit cuts and counts hidden tokens too; `n` buys more answers for one prompt; `seed` is a best effort.
# - What one model takes, another refuses. A 400 names the parameter; the table says who takes what.
#
# Next you will count tokens, and know what a request costs before you send it.

# %%
lesson.receipt()
