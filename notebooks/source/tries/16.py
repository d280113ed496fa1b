# %% other rules and other questions, in both APIs
def in_both(words, rule=RULE):
    said = [{"role": "developer", "content": rule}, {"role": "user", "content": words}]
    client.chat.completions.create(model=FLAGSHIP, messages=said)
    client.responses.create(model=FLAGSHIP, instructions=rule, input=words, store=False)
    client.responses.create(model=FLAGSHIP, input=said, store=False)


for rule in ("Answer like a pirate.", "Answer in German."):
    in_both(SKY, rule)
for words in ("Why is the sea salty?", "Why is grass green?"):
    in_both(words)
    client.responses.create(model=FLAGSHIP, input=words, store=False)

# %% other limits
for limit in (30, 50, 100, 200):
    client.responses.create(model=FLAGSHIP, input="Tell me about tides.", max_output_tokens=limit, store=False)
whole = client.responses.create(model=FLAGSHIP, input="Tell me about tides.", store=False)
assert whole.status == "completed"

# %% a limit below the least
# raises: BadRequestError
client.responses.create(model=FLAGSHIP, input="Tell me about tides.", max_output_tokens=10, store=False)


# %% other conversations, and other rules for this one
def conversation(who, tall, rule=RULE):
    said = [{"role": "developer", "content": rule}, {"role": "user", "content": who}]
    text = client.chat.completions.create(model=FLAGSHIP, messages=said).choices[0].message.content
    said += [{"role": "assistant", "content": text}, {"role": "user", "content": tall}]
    client.chat.completions.create(model=FLAGSHIP, messages=said)

    begun = client.responses.create(model=FLAGSHIP, instructions=rule, input=who)
    goes_on = {"model": FLAGSHIP, "input": tall, "previous_response_id": begun.id}
    kept = [begun, client.responses.create(instructions=rule, **goes_on), client.responses.create(**goes_on)]
    client.responses.retrieve(begun.id)
    for response in kept:
        client.responses.delete(response.id)
    try:
        client.responses.create(**goes_on, store=False)
    except openai.BadRequestError as error:
        assert error.code == "previous_response_not_found"


OTHERS = [
    ("Who wrote Moby-Dick?", "When was it published?"),
    ("Who painted the Mona Lisa?", "Where does it hang?"),
]
for pair in OTHERS:
    conversation(*pair)
for rule in ("Answer like a pirate.", "Answer in German."):
    conversation(WHO, TALL, rule)

# %% nothing to go on from
for who, tall in [(WHO, TALL), *OTHERS]:
    begun = client.responses.create(model=FLAGSHIP, instructions=RULE, input=who, store=False)
    try:
        client.responses.create(model=FLAGSHIP, instructions=RULE, input=tall, previous_response_id=begun.id)
    except openai.BadRequestError as error:
        assert error.code == "previous_response_not_found"
    else:
        raise AssertionError("What was not kept was found")

# %% other streams
for words in ("Name three rivers of Europe.", "Name three seas of Europe."):
    sent_now = [{"role": "user", "content": words}]
    list(client.chat.completions.create(model=FLAGSHIP, messages=sent_now, stream=True))
    list(client.responses.create(model=FLAGSHIP, input=sent_now, stream=True, store=False))


# %% other days
def library_on(day):
    asking = [{"role": "user", "content": f"When is the library open on {day}?"}]
    chat = client.chat.completions.create(model=FLAGSHIP, messages=asking, tools=chat_tools)
    asked = client.responses.create(model=FLAGSHIP, input=asking, tools=tools, store=False)
    call = chat.choices[0].message.tool_calls[0]
    item = next(item for item in asked.output if item.type == "function_call")
    hours = opening_hours(**json.loads(call.function.arguments))
    answer = {"role": "tool", "tool_call_id": call.id, "content": hours}
    said = [*asking, chat.choices[0].message, answer]
    client.chat.completions.create(model=FLAGSHIP, messages=said, tools=chat_tools)
    said = [*asking, *asked.output, {"type": "function_call_output", "call_id": item.call_id, "output": hours}]
    client.responses.create(model=FLAGSHIP, input=said, tools=tools, store=False)
    client.responses.input_tokens.count(model=FLAGSHIP, input=said, tools=tools)
    client.responses.create(model=SMALL, input=asking, tools=tools, reasoning={"effort": "low"}, store=False)
    try:
        client.chat.completions.create(model=SMALL, messages=asking, tools=chat_tools, reasoning_effort="low")
    except openai.BadRequestError:
        return
    raise AssertionError("Tools and thinking went together")


for day in ("Sunday", "Monday", "Wednesday"):
    library_on(day)

# %% a name with a space, in both APIs
spaced = {**chat_tools[0]["function"], "name": "opening hours"}
for call, request in (
    (client.chat.completions.create, {"messages": library, "tools": [{"type": "function", "function": spaced}]}),
    (client.responses.create, {"input": library, "tools": [{"type": "function", **spaced}], "store": False}),
):
    try:
        call(model=FLAGSHIP, **request)
    except openai.BadRequestError as error:
        assert "pattern" in str(error)
    else:
        raise AssertionError("A name with a space was taken")

# %% tools without thinking, and with more of it
client.chat.completions.create(model=SMALL, messages=library, tools=chat_tools, reasoning_effort="none")
for effort in ("none", "high"):
    client.responses.create(model=SMALL, input=library, tools=tools, reasoning={"effort": effort}, store=False)


# %% a field more, and another letter
def data_of(form, words=letter):
    client.chat.completions.create(
        model=FLAGSHIP, messages=words, response_format={"type": "json_schema", "json_schema": form}
    )
    return client.responses.create(
        model=FLAGSHIP, input=words, text={"format": {"type": "json_schema", **form}}, store=False
    )


def with_arrival(*required):
    fields = {**booking["schema"]["properties"], "arrival": {"type": "string"}}
    return {**booking, "schema": {**booking["schema"], "properties": fields, "required": list(required)}}


assert json.loads(data_of(with_arrival("city", "nights", "arrival")).output_text)["arrival"] == "Friday"
for words in ("Three nights in Lisbon, please.", "A week in Rome for two, please."):
    data_of(booking, [{"role": "user", "content": words}])

# %% a field that is not required
# raises: BadRequestError
data_of(with_arrival("city", "nights"))

# %% other efforts
for effort in ("none", "medium", "high", "xhigh"):
    client.chat.completions.create(model=SMALL, messages=rope, reasoning_effort=effort)
client.responses.create(model=SMALL, input=rope, reasoning={"effort": "xhigh"}, store=False)

# %% an effort that this model does not have
# raises: BadRequestError
client.responses.create(model=SMALL, input=rope, reasoning={"effort": "minimal"}, store=False)

# %% other old names
for extra in (
    {"max_tokens": 50},
    {"max_completion_tokens": 50},
    {"messages": []},
    {"presence_penalty": 0.5},
    {"frequency_penalty": 0.5},
    {"logit_bias": {"1": 5}},
    {"temperature": 3},
    {"top_p": 2},
):
    assert refusal(extra) != "accepted", extra
