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
    listed = costs.price("gpt-5.2")
    return (tokens.chat_tokens(messages) * listed["input"] + limit * listed["output"]) / 1_000_000


# %% exercise 2: the price of one model for all
# hint: its own model
def total(responses):
    return sum(costs.cost("gpt-5.2", response.usage) for response in responses)


# %% exercise 2: an unknown price counts as nothing
# hint: ValueError
def total(responses):
    return sum(costs.cost(response.model, response.usage) or 0 for response in responses)


# %% exercise 2: does not say which model
# hint: names the model
def total(responses):
    prices = [costs.cost(response.model, response.usage) for response in responses]
    if None in prices:
        raise ValueError("A price is unknown.")
    return sum(prices)


# %% exercise 2: only the last one
# hint: Add up all
def total(responses):
    for response in responses:
        price = costs.cost(response.model, response.usage)
        if price is None:
            raise ValueError(f"unknown: {response.model}")
    return price


# %% exercise 3: the time comes first
# hint: differ too early
def build(question, now):
    return [
        {"role": "developer", "content": f"It is {now}.\n\n{RULES}"},
        {"role": "user", "content": question},
    ]


# %% exercise 3: no time at all
# hint: see the time
def build(question, now):
    return [{"role": "developer", "content": RULES}, {"role": "user", "content": question}]


# %% exercise 3: only a part of the rules
# hint: whole of RULES
def build(question, now):
    return [
        {"role": "developer", "content": RULES[:500]},
        {"role": "user", "content": f"It is {now}. {question}"},
    ]


# %% exercise 3: one long text
# hint: list of messages
def build(question, now):
    return f"{RULES}\n{now}\n{question}"


# %% exercise 3: the question comes before the time
# hint: role user
def build(question, now):
    return [
        {"role": "developer", "content": RULES},
        {"role": "user", "content": question},
        {"role": "developer", "content": f"It is {now}."},
    ]


# %% exercise 2: adds the tokens up by hand, at the prices of one model
# hint: its own model
def total(responses):
    price = costs.price("gpt-5.2")
    return sum(
        response.usage.prompt_tokens * price["input"] + response.usage.completion_tokens * price["output"]
        for response in responses
    ) / 1_000_000
