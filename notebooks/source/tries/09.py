# %% JSON in words, asked for more firmly, and of other messages
def in_words(text, ending):
    return ask(conversation(text, f"{RULES} {ending}")).choices[0].message.content


assert in_words(TEXTS[0], "Answer in JSON only.").startswith("```")
assert json.loads(in_words(TEXTS[0], "Answer in JSON only, without a fence."))["berth"] == "C12"
for number in (1, 5):
    in_words(TEXTS[number], "Answer in JSON.")

# %% JSON mode: named keys, and other messages
named_keys = f"{RULES} Answer in JSON with the keys goods, berth and day."
for text in TEXTS[:2]:
    answer = ask(conversation(text, named_keys), response_format=JSON_MODE).choices[0].message.content
    assert list(json.loads(answer)) == ["goods", "berth", "day"]
    ask(conversation(text, named_keys))
for number in (2, 3, 5):
    loose = ask(conversation(TEXTS[number], f"{RULES} Answer in JSON."), response_format=JSON_MODE)
    assert json.loads(loose.choices[0].message.content)

# %% a type that does not exist
# raises: BadRequestError
ask(conversation(TEXTS[0], f"{RULES} Answer in JSON."), response_format={"type": "json"})


# %% messages of one's own, and one more field
def read(text, shape=Order):
    return parse(conversation(text), shape).choices[0].message.parsed


for text in ("Good morning!", "Hello!", "What is the weather like tomorrow?"):
    nothing = read(text)
    assert nothing.items == [] and nothing.berth is None
assert read("10 pizzas to C12").items[0].product == "other"
assert read("2 anchor lights to B07 by monday, 80 euros at most").deliver_on == date(2026, 11, 23)
assert read("Do you sell fog horns?").intent == Intent.QUESTION
assert read("30 m of floating line, please").items[0].quantity == 30


class Named(Order):
    boat: str | None


assert [read(text, Named).boat for text in TEXTS[:2]] == ["Albatros", None]


# %% a field that must be filled
class Insist(Order):
    berth: str


assert truths[13].berth is None and read(TEXTS[13], Insist).berth


# %% a class that the API refuses
# raises: BadRequestError
class Open(Order):
    extras: dict[str, str]


parse(conversation(TEXTS[0]), Open)

# %% other limits
for limit in (5, 10, 15, 30, 40, 50, 60):
    try:
        parse(conversation(TEXTS[0]), max_completion_tokens=limit)
    except openai.LengthFinishReasonError as error:
        assert error.completion.usage.completion_tokens == limit
    else:
        raise AssertionError(f"{limit} tokens were enough")
for limit in (80, 100, 200, 500):
    assert parse(conversation(TEXTS[0]), max_completion_tokens=limit).choices[0].message.parsed == order

# %% other messages that break rules
corrected = read_checked("2 fog horns to berth 7, yesterday please")
assert corrected.berth is None and corrected.deliver_on is None
assert "berth" in lesson.last_request()["messages"][-1]["content"]
corrected = read_checked("0 cleats 200 mm, but 4 deck brushes. C11")
assert [item.quantity for item in corrected.items] == [4]


# %% one description in other words
class GuidedOrder(Order):
    items: list[GuidedItem] = Field(description="Leave out goods that the message takes back, unless it cancels them.")
    berth: str | None = Field(description="One letter and two digits, such as C07.")
    deliver_on: date | None = Field(description="The British write 3/12 for 3 December.")
    budget: Money | None = Field(
        description="The most that the customer will pay now. Not a price paid before. 'Quid' is GBP."
    )


reworded = [completion.choices[0].message.parsed for completion in read_all(TEXTS, GuidedOrder)]
assert facts(reworded[12]) == facts(truths[12])
assert wholly_right(truths, reworded) == wholly_right(truths, guided_orders) + 1

# %% another message to the Responses API
twin = client.responses.parse(
    model=SMALL,
    instructions=RULES,
    input="2 anchor lights to B07 by monday, 80 euros at most",
    text_format=Order,
    reasoning={"effort": "none"},
    store=False,
)
assert twin.output_parsed.berth == "B07"
