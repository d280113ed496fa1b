# %% exercise 1: forgets that prices are for a million tokens
# hint: divide by 1,000,000
def highest_price(messages, limit, model):
    listed = costs.price(model)
    return tokens.chat_tokens(messages, model) * listed["input"] + limit * listed["output"]


# %% exercise 1: counts only the texts
# hint: what wraps the messages
def highest_price(messages, limit, model):
    listed = costs.price(model)
    prompt = sum(tokens.count(message["content"]) for message in messages)
    return (prompt * listed["input"] + limit * listed["output"]) / 1_000_000


# %% exercise 1: takes the answer at the price of input
# hint: price for output
def highest_price(messages, limit, model):
    listed = costs.price(model)
    return (tokens.chat_tokens(messages, model) + limit) * listed["input"] / 1_000_000


# %% exercise 1: always the flagship
# hint: of this model
def highest_price(messages, limit, model):
    listed = costs.price(FLAGSHIP)
    return (tokens.chat_tokens(messages) * listed["input"] + limit * listed["output"]) / 1_000_000


# %% exercise 2: the time comes first
# hint: differ too early
def build(question, now):
    return [
        {"role": "developer", "content": f"It is {now}.\n\n{RULES}"},
        {"role": "user", "content": question},
    ]


# %% exercise 2: no time at all
# hint: see the time
def build(question, now):
    return [{"role": "developer", "content": RULES}, {"role": "user", "content": question}]


# %% exercise 2: only a part of the rules
# hint: whole of RULES
def build(question, now):
    return [
        {"role": "developer", "content": RULES[:500]},
        {"role": "user", "content": f"It is {now}. {question}"},
    ]


# %% exercise 2: one long text
# hint: list of messages
def build(question, now):
    return f"{RULES}\n{now}\n{question}"


# %% exercise 2: the question comes before the time
# hint: role user
def build(question, now):
    return [
        {"role": "developer", "content": RULES},
        {"role": "user", "content": question},
        {"role": "developer", "content": f"It is {now}."},
    ]
