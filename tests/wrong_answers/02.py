# %% exercise 1: the old name of the limit
# hint: rejects max_tokens
settings = {
    "extract": {"temperature": 0},
    "names": {"n": 5},
    "verdict": {"max_tokens": 20},
}

# %% exercise 1: five times the same name
# hint: should differ
settings = {
    "extract": {"temperature": 0},
    "names": {"n": 5, "temperature": 0},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 1: both knobs
# hint: not both
settings = {
    "extract": {"temperature": 0, "top_p": 0.1},
    "names": {"n": 5, "temperature": 1},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 1: a penalty for variety
# hint: rejects presence_penalty
settings = {
    "extract": {"temperature": 0},
    "names": {"n": 5, "presence_penalty": 1.5},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 1: reasoning and a temperature
# hint: rejects temperature
settings = {
    "extract": {"temperature": 0, "reasoning_effort": "high"},
    "names": {"n": 5},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 1: five requests in mind
# hint: five answers in one request
settings = {
    "extract": {"temperature": 0},
    "names": {"temperature": 1},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 1: two tasks forgotten
# hint: names and verdict: give a dictionary
settings = {"extract": {"temperature": 0}}

# %% exercise 1: a number in quotation marks
# hint: extract: temperature is a number
settings = {
    "extract": {"temperature": "0"},
    "names": {"n": 5},
    "verdict": {"max_completion_tokens": 5},
}

# %% exercise 2: sent as it is
# hint: the name that the error message gives
# raises: BadRequestError
fixed = broken
reply = client.chat.completions.create(**fixed)

# %% exercise 2: the limit is fixed last
# hint: the name that the error message gives
# Whatever is fixed first, its error must be recorded: the exercise is done by reading errors.
without_stop = {key: value for key, value in broken.items() if key != "stop"}
for fixed in (broken | {"reasoning_effort": "none"}, without_stop, without_stop | {"reasoning_effort": "none"}):
    try:
        client.chat.completions.create(**fixed)
    except openai.BadRequestError as error:
        print(error)

# %% exercise 2: only the limit is fixed
# hint: leave it out
# raises: BadRequestError
fixed = {key: value for key, value in broken.items() if key != "max_tokens"} | {"max_completion_tokens": 60}
reply = client.chat.completions.create(**fixed)

# %% exercise 2: the reasoning stays on
# hint: while the model reasons
# raises: BadRequestError
fixed = {
    "model": "gpt-6-luna",
    "messages": broken["messages"],
    "temperature": 0.7,
    "max_completion_tokens": 60,
}
reply = client.chat.completions.create(**fixed)

# %% exercise 2: stop stays in
# hint: leave it out
# raises: BadRequestError
fixed = {
    "model": "gpt-6-luna",
    "messages": broken["messages"],
    "temperature": 0.7,
    "max_completion_tokens": 60,
    "stop": ["\n"],
    "reasoning_effort": "none",
}
reply = client.chat.completions.create(**fixed)

# %% exercise 2: the temperature is given up
# hint: keep the temperature
fixed = {"model": "gpt-6-luna", "messages": broken["messages"], "max_completion_tokens": 60}
reply = client.chat.completions.create(**fixed)
first_line = reply.choices[0].message.content.split("\n")[0]

# %% exercise 2: the whole answer instead of its first line
# hint: first line break
fixed = {
    "model": "gpt-6-luna",
    "messages": broken["messages"],
    "temperature": 0.7,
    "max_completion_tokens": 60,
    "reasoning_effort": "none",
}
reply = client.chat.completions.create(**fixed)
first_line = reply.choices[0].message.content

# %% exercise 2: the first letter
# hint: whole first line
first_line = reply.choices[0].message.content[0]
