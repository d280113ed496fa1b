# %% another voice, and other words
client.audio.speech.create(model=SPEECH, voice="onyx", input=WELCOME)
for words_spoken in ("Hello!", "Good morning!", FERRY):
    client.audio.speech.create(model=SPEECH, voice="coral", input=words_spoken)

# %% a voice that does not exist
# raises: BadRequestError
client.audio.speech.create(model=SPEECH, voice="robin", input=WELCOME)

# %% nothing to say
# raises: BadRequestError
client.audio.speech.create(model=SPEECH, voice="coral", input="")

# %% one of the four voices that the older models lack
# raises: BadRequestError
client.audio.speech.create(model=FORMER_SPEECH, voice="cedar", input=FERRY)

# %% another manner
speak_to_file(
    OUT / "secret.mp3", model=SPEECH, voice="coral", input=WELCOME, instructions="Speak as fast as you can."
)

# %% a format that there is not
# raises: BadRequestError
client.audio.speech.create(model=SPEECH, voice="alloy", input=FERRY, response_format="ogg")

# %% the ends of the scale
assert sound.read(say("alloy", 4).content).seconds < heard["alloy", 1.5].seconds

# %% beyond the scale
# raises: BadRequestError
say("alloy", 5)

# %% other messages to the chat model
for text_sent, transcript in (
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Good morning!", "Good morning! How can I help?"),
    ("Which gate is it?", "I don't know. Where are you going?"),
):
    answer = chat_speech([{"role": "user", "content": text_sent}])
    assert answer.choices[0].message.audio.transcript == transcript
read_aloud("Which gate is it?")
