# %% other poems
def poem(words, **options):
    sent = [{"role": "user", "content": words}]
    return "".join(chunk.choices[0].delta.content or "" for chunk in streamed(sent, **options))


for about in ("the sea", "cats", "rain", "Python"):
    assert "\n" in poem(f"Write a short poem about {about}.")
poem("Write a haiku about coding.")

# %% the first loop without stream=True
# raises: AttributeError
for about in ("the sea", "cats", "rain", "coding"):
    sent = [{"role": "user", "content": f"Write a short poem about {about}."}]
    unstreamed = client.chat.completions.create(model=FLAGSHIP, messages=sent)
    assert unstreamed.choices[0].message.content
for chunk in unstreamed:
    print(chunk.choices[0].delta.content)

# %% other lengths, streamed and whole
for length in ("about 20 words", "about 30 words", "about 120 words", "one sentence"):
    question = [{"role": "user", "content": f"Explain how a rainbow forms, in {length}."}]
    whole = client.chat.completions.create(model=FLAGSHIP, messages=question)
    assert whole.choices[0].message.content == poem(question[0]["content"])

# %% other lists, and answers that are cut off
for things in ("two colours", "five colours", "5 colours", "ten colours", "three colors", "three animals"):
    assert len(list(streamed([{"role": "user", "content": f"Name {things}."}]))) > 3
five = [{"role": "user", "content": "Name five colours."}]
for limit in range(1, 9):
    for sent in (colours, five):
        assert list(streamed(sent, max_completion_tokens=limit))[-1].choices[0].finish_reason == "length"

# %% usage of an answer that is cut off, and of another list
for limit in (1, 2, 3, 5, 6, 7):
    *_, last = streamed(colours, stream_options=usage_on, max_completion_tokens=limit)
    assert last.usage.completion_tokens == limit
*_, last = streamed(five, stream_options=usage_on)
assert last.usage and not last.choices

# %% usage for a call that is not streamed
# raises: BadRequestError
client.chat.completions.create(model=FLAGSHIP, messages=colours, stream_options=usage_on)

# %% the whole answer after the fifth word, and after the first full stop
for enough in (lambda read: len(read.split()) > 5, lambda read: "." in read):
    read = ""
    with streamed(rainbow) as stream:
        for chunk in stream:
            read += chunk.choices[0].delta.content or ""
            if enough(read):
                break
    assert len(read) < len(whole.choices[0].message.content)

# %% a connection that breaks three times
# raises: RuntimeError
with lesson.faults("drop-stream", "drop-stream", "drop-stream", events=12):
    ask_until_whole(planets)

# %% a connection that breaks early, or too late to matter
with lesson.faults("drop-stream", events=3):
    try:
        print(list(streamed(planets)))
    except openai.APIConnectionError:
        print("broken")
    else:
        raise AssertionError("the stream did not break")
with lesson.faults("drop-stream", events=100):
    *_, last = streamed(planets)
assert last.choices[0].finish_reason == "stop"

# %% other lists that may break
for words in ("List the days of the week, one a line.", "List the months in order, one a line."):
    assert "\n" in ask_until_whole([{"role": "user", "content": words}])


# %% other cities, two in one question, and none
def called(words):
    pieces = []
    for chunk in streamed([{"role": "user", "content": words}], tools=[weather]):
        pieces += chunk.choices[0].delta.tool_calls or []
    return {piece.index for piece in pieces}


for city in ("Oslo", "Porto", "Paris", "London"):
    assert called(f"What is the weather like in {city}?") == {0}
assert called("What is the weather like in Lisbon and Oslo?") == {0, 1}
assert called("Good morning!") == set()

# %% other cities at once
others = ["Paris", "Rome", "London", "Berlin", "Madrid", "Barcelona", "Porto", "Vienna", "Amsterdam"]
others += ["Istanbul", "Cairo", "Tokyo", "New York", "Sydney"]
async with AsyncOpenAI() as async_client:
    answers = await asyncio.gather(*(famous_for(async_client, city) for city in others))
assert all(city in answer for city, answer in zip(others, answers, strict=True))

# %% a tip for another thing
tip = [{"role": "user", "content": "Give me one tip for naming functions, in one sentence."}]
with client.chat.completions.stream(model=FLAGSHIP, messages=tip, stream_options=usage_on) as stream:
    assert stream.get_final_completion().usage

# %% other words to the assistant, and a break elsewhere
question = "What is the difference between a list and a tuple in Python?"
for words in ("Hello!", "Hello", "hello", "What can you do?", "What is a dictionary in Python?", "What is a set in Python?"):
    assert "This was not answered" not in scripts.rehearse("v3_streaming.py", words)
for events in (3, 5, 10, 20, 100):
    with lesson.faults("drop-stream", events=events):
        print(scripts.rehearse("v3_streaming.py", question, "go on"))

# %% other words to the Responses API
for words in ("Name five colours.", "Name three animals."):
    *_, last = client.responses.create(model=FLAGSHIP, input=words, stream=True, store=False)
    assert last.response.status == "completed"
