# %% one example of two, and the rules in another order
rules = labels + format_rule + delimiters
for shown in (examples[:2], examples[2:]):
    score(rules, shown, tagged)
score((format_rule + " " + labels).strip())
score(format_rule + labels)
score(labels + delimiters, (), tagged)

# %% other limits and efforts for the days
for request in (
    {"max_completion_tokens": 100},
    {"max_completion_tokens": 200},
    {"max_completion_tokens": 1000, "reasoning_effort": "low"},
    {"max_completion_tokens": 40, "reasoning_effort": "low"},
    {"max_completion_tokens": 100, "reasoning_effort": "low"},
    {"max_completion_tokens": 200, "reasoning_effort": "low"},
    {"max_completion_tokens": 500},
    {"reasoning_effort": "low"},
    {"reasoning_effort": "high"},
    {},
):
    days(**request)

# %% what the API refuses without asking a model
for request in (
    {"model": "gpt-5.2", "temperature": 3},
    {"model": "gpt-6-luna", "stop": ["."]},
    {"model": "gpt-5.2", "n": 0},
    {"model": "gpt-3.5-turbo"},
    {"model": "gpt-5.2-pro"},
    {"model": "gpt-6-luna", "top_p": 0.5},
    {"model": "gpt-6-luna", "presence_penalty": 0.5},
    {"model": "gpt-6-luna", "logit_bias": {"1": 5}},
):
    try:
        client.chat.completions.create(messages=messages, **request)
    except openai.APIStatusError as error:
        assert error.status_code in (400, 404), error
    else:
        raise AssertionError(f"{request} was answered")

# %% what it takes
for request in (
    {"model": "gpt-5.2"},
    {"model": "gpt-5.2", "temperature": 0},
    {"model": "gpt-5.2", "temperature": 1.5, "max_completion_tokens": 60},
    {"model": "gpt-5.2", "top_p": 0.5},
    {"model": "gpt-5.2", "temperature": 0.5},
    {"model": "gpt-5.2", "temperature": 0.7},
    {"model": "gpt-5.2", "temperature": 1},
    {"model": "gpt-5.2", "max_completion_tokens": 5},
    {"model": "gpt-5.2", "max_completion_tokens": 20},
    {"model": "gpt-5.2", "reasoning_effort": "low"},
    {"model": "gpt-5.2", "reasoning_effort": "high"},
    {"model": "gpt-6-luna", "temperature": 1},
    {"model": "gpt-6-luna", "temperature": 0, "reasoning_effort": "none"},
    {"model": "gpt-6-luna"},
    {"model": "gpt-6-luna", "max_completion_tokens": 400},
    {"model": "gpt-6-luna", "reasoning_effort": "none"},
):
    attempt(**request)
