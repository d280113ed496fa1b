# %% Lisbon with another reading, and a station that is closed
def with_result(words, content):
    """Sends a request of the lesson again in which a tool has answered something else.

    The calls keep their ids. A call that is asked for twice would get two.
    """
    bodies = [e.request["json"] for e in lesson.exchanges() if "messages" in e.request["json"]]
    body = next(b for b in bodies if b["messages"][-1]["role"] == "tool" and words in str(b["messages"]))
    *before, last = body["messages"]
    answer = client.chat.completions.create(**{**body, "messages": [*before, {**last, "content": content}]})
    return list(answer) if body.get("stream") else answer.choices[0].message.content


for degrees, sky in ((24, "sun"), (17, "sun"), (17, "clouds")):
    reading = {"temperature": degrees, "unit": "celsius", "sky": sky}
    assert str(degrees) in with_result("umbrella in Lisbon", json.dumps(reading))
assert "closed" in with_result("umbrella in Lisbon", json.dumps({"error": "the station is closed"}))


# %% other cities, also without a station
def execute_all(name, arguments):
    """The lesson's later sections no longer know the weather."""
    return run_tool(name, arguments, STATIONS | FUNCTIONS)


def whole(text, tools=(weather,)):
    """The answer to one question, and how many requests it took."""
    answer, usages = run([{"role": "user", "content": text}], list(tools), execute_all)
    return answer, len(usages)


for city in ("Oslo", "Bergen", "Porto", "Paris", "London"):
    asked = {"role": "user", "content": f"Do I need an umbrella in {city} right now?"}
    request = {"model": SMALL, "messages": [asked], "reasoning_effort": "none"}
    assert city in client.chat.completions.create(**request).choices[0].message.content
    answer, requests = whole(asked["content"])
    assert requests == 2 and ("no weather station" in answer) == (city not in READINGS)
    if city not in ("Paris", "London"):
        for choice in ("none", "required", CHOICES["one by name"]):
            calls = ask([asked], [weather], tool_choice=choice).choices[0].message.tool_calls
            assert bool(calls) == (choice != "none")

# %% a city without a station, by hand
# raises: ToolError
get_current_weather("Porto", None)

# %% another description, and another tool
anywhere = tool("get_current_weather", "The weather right now in any city.", **parameters["properties"])
assert whole(umbrella["content"], [anywhere])[1] == 2
tide = tool("tide", "The tide.", port={"type": "string"})
assert whole(umbrella["content"], [tide])[1] == 1

# %% the strict schema, complete
stricter["function"]["parameters"]["required"] = ["location", "unit"]
assert refusal(stricter) is None
fahrenheit = {"role": "user", "content": "How warm is it in Oslo, in Fahrenheit?"}
for description in (loose, weather):
    assert "30.2" in run([fahrenheit], [description], execute_all)[0]

# %% schemas that the API refuses
spoilt = copy.deepcopy(stricter)
spoilt["function"]["name"] = "get weather"
assert "pattern" in refusal(spoilt)
spoilt = copy.deepcopy(stricter)
spoilt["function"]["parameters"]["properties"]["location"]["type"] = "strng"
assert "strng" in refusal(spoilt)
spoilt = copy.deepcopy(stricter)
spoilt["function"]["parameters"]["additionalProperties"] = True
assert "additionalProperties" in refusal(spoilt)

# %% other comparisons, and one call at a time
messages = [cities, trio, *results(trio, execute_all)]
assert "Bergen" in ask(messages, [weather]).choices[0].message.content
assert len(ask([cities], [weather], parallel_tool_calls=False).choices[0].message.tool_calls) == 1
for places in ("Lisbon and Oslo", "Lisbon, Oslo, Bergen and Porto"):
    items = [{"role": "user", "content": f"Compare the weather in {places} right now."}]
    assert whole(items[0]["content"])[1] == 2
    for _ in range(2):
        twin = respond(items)
        items += twin.output
        for call in (item for item in twin.output if item.type == "function_call"):
            output = run_tool(call.name, call.arguments, STATIONS)
            items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})
    assert "Oslo" in twin.output_text

# %% a question that needs no tool, under each setting
hamlet = {"role": "user", "content": "Who wrote Hamlet?"}
assert whole(hamlet["content"])[1] == 1
for choice in ("none", "required", CHOICES["one by name"]):
    assert bool(ask([hamlet], [weather], tool_choice=choice).choices[0].message.tool_calls) == (choice != "none")

# %% one step is not enough
messages = [{"role": "user", "content": "Do I need an umbrella in Madrid right now?"}]
try:
    run(messages, [weather], execute_all, max_steps=1)
except RuntimeError:
    assert "no weather station" in ask(messages, [weather]).choices[0].message.content
else:
    raise AssertionError("one step was enough")

# %% a tool that is not in the list
# raises: BadRequestError
ask([umbrella], [weather], tool_choice={"type": "function", "function": {"name": "get_forecast"}})

# %% a setting that does not exist
# raises: BadRequestError
ask([umbrella], [weather], tool_choice="always")

# %% other questions to the shop
asked = {
    "What do 100 feet of the 14 mm mooring rope cost?": (3, "103.63"),
    "Which rope is the cheapest, and what do 60 feet of it cost?": (3, "33.83"),
    "Which rope is the cheapest?": (2, "Floating line"),
    "Which products are out of stock?": (2, "Fender 90 cm"),
    "Which product is the most expensive?": (2, "Anchor"),
    "How many orders are not delivered yet?": (2, "Six"),
    "Please delete all orders.": (2, "nothing was deleted"),
    "How fast are 25 knots in km/h?": (2, "46.3"),
    "What is 12 * 12?": (2, "144"),
    "Good morning!": (1, "Good morning!"),
    "Who wrote Hamlet?": (1, "Shakespeare"),
}
for question, (requests, words) in asked.items():
    answer, usages = run([shop, {"role": "user", "content": question}], [calculate, convert, query], execute)
    assert len(usages) == requests and words in answer

# %% a loop with other limits, up to ten steps


def key_of(messages, choice):
    return json.dumps([messages, choice], sort_keys=True)


replies = {}
for exchange in lesson.exchanges():
    body = exchange.request["json"]
    if "Keep checking" in str(body.get("messages")):
        replies[key_of(body["messages"], body.get("tool_choice", "auto"))] = exchange.answer["choices"][0]["message"]


def reply_to(messages, choice):
    """As the lesson was answered, or a new answer where it never asked."""
    known = replies.get(key_of(messages, choice))
    return known or ask(messages, [ferry], tool_choice=choice).choices[0].message.model_dump(exclude_unset=True)


chains = [json.loads(key)[0] for key in replies]
for messages in [chain for chain in chains if len(chain) == 3]:  # after the first call, which has an id of its own
    for _ in range(2, 11):
        assert not reply_to(messages, "none").get("tool_calls")
        reply = reply_to(messages, "auto")
        call = reply["tool_calls"][0]
        content = execute(call["function"]["name"], call["function"]["arguments"])
        messages = [*messages, reply, {"role": "tool", "tool_call_id": call["id"], "content": content}]
assert whole("Is the Island Line boarding?", [ferry])[1] == 2

# %% the other word from the person who is asked
refused = problem("The user did not allow this.")
assert "not allowed" in with_result('"refunded": 1017', refused)
assert "Most customers" in with_result("did not allow", json.dumps({"refunded": 1017}))

# %% reviews that hold no orders
careful_shop = {"role": "developer", "content": careful}
for product in ("anchor light", "60 cm fender", "fog horn"):
    question = {"role": "user", "content": f"What do customers say about the {product}?"}
    refunds.clear()
    for first, offered, execute_with in (
        (shop, [query, refund], execute),
        (shop, [query], only("query")),
        (careful_shop, [query, refund], marked),
    ):
        assert len(run([first, question], offered, execute_with)[1]) == 2
    assert refunds == []

# %% other words to the assistant
folder = tempfile.TemporaryDirectory()


def talk(*typed):
    scripts.rehearse("v4_tools.py", *typed, folder=folder.name)


for words in ("What is 12 * 12?", "12 * 12", "What is 1 / 0?", "hello", "Hello", "Hello!", "What can you do?"):
    talk(words)
talk("Note that the mooring is paid.", "y", "What is in my notes?")
assert Path(folder.name, "notes.txt").read_text(encoding="utf-8") == "The mooring is paid\n"
folder.cleanup()
saved = json.dumps({"saved": True})
with_result("Note that the mooring", refused)
with_result("Note down: mooring rope", refused)
with_result("buy a second fog horn", saved)
with_result("What is in my notes?", json.dumps({"notes": []}))

# %% one question to the Responses API
items = [umbrella]
twin = respond(items)
items += twin.output
for call in (item for item in twin.output if item.type == "function_call"):
    output = run_tool(call.name, call.arguments, STATIONS)
    items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})
assert "umbrella" in respond(items).output_text
