# %% [markdown]
# # Speak
#
# By the end you will have a program that reads any text aloud, however long it is, and that goes on working when today's speech models end on 6 January 2027.

# %% [markdown]
# ## What you will learn
#
# - How to turn text into sound, and save it while it arrives.
# - What voices, speed, instructions and formats change, and what they cost.
# - How to read a text that is longer than one request may be: cut it at sentences, and join the sound without clicks.
# - What ends in January, and how a chat model takes over: same text, same voice, another call.
#
# You need [lesson 01](01_make_your_first_call.ipynb). Headphones help, but every recording has its words beside it.

# %% tags=["furniture"]
from helpers import costs, lesson, models, plots, widgets
from helpers.models import AUDIO_CHAT, FORMER_SPEECH, SPEECH
from helpers.recipes import sound
from helpers.tables import Table

lesson.start("12")

# %% [markdown]
# **What you hear without a key.** The recorded answers of this lesson were spoken by *espeak-ng*, an open synthesiser that sounds like a robot. Its voices stand in for the named ones. They show real files, formats, lengths and waveforms.
# They do not show how OpenAI's voices sound. With a key in `.env` you hear the real ones.

# %% [markdown]
# ## Turn a text into sound
#
# **Text-to-speech** needs three things: a model, a voice, and the text, which is called `input`.

# %%
from openai import OpenAI

client = OpenAI()
WELCOME = (
    "Welcome to the harbour. Mind the step, hold the rail, and keep an eye on the gulls: "
    "they like your lunch more than you do."
)
speech = client.audio.speech.create(model=SPEECH, voice="coral", input=WELCOME)
print(type(speech.content).__name__, len(speech.content))

# %% [markdown]
# The answer is no JSON. It is the sound itself, as bytes, in the format MP3 unless you ask for another. `write_to_file` saves it:

# %%
OUT = lesson.out()
speech.write_to_file(OUT / "welcome.mp3")
sound.play(OUT / "welcome.mp3", WELCOME)

# %% [markdown]
# In your own notebook, `IPython.display.Audio("welcome.mp3")` makes such a player. The one here adds the words, for people who can't hear it and for pages that can't play it.
#
# **Try it:** choose the voice `"onyx"`, or say something else with `"coral"`: `input="Good morning!"` Then try a voice that doesn't exist, `"robin"`, and read the whole message.
#
# Older code calls `stream_to_file` here. It still works, with a warning:

# %%
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always", DeprecationWarning)
    speech.stream_to_file(OUT / "welcome.mp3")
print(caught[0].category.__name__)
print(caught[0].message)

# %% [markdown]
# The name promises streaming, but `create` had already loaded everything into memory before this line ran.

# %% [markdown]
# ## Stream to a file
#
# To save sound *while* it arrives, ask for the answer through `with_streaming_response`. A few seconds of speech don't need it; half an hour does, and so does a player that should start at once.
#
# If the connection breaks in the middle, half a file stays behind. So this function writes into a file with another name, and renames it when it is whole. An older recording is replaced in one step, or not at all.


# %%
def speak_to_file(path, **request):
    part = path.with_name(path.name + ".part")
    with client.audio.speech.with_streaming_response.create(**request) as answer:
        answer.stream_to_file(part)
    part.replace(path)


# %%
speak_to_file(OUT / "welcome.mp3", model=SPEECH, voice="coral", input=WELCOME)
print((OUT / "welcome.mp3").read_bytes() == speech.content)

# %% [markdown]
# The same bytes, by another way. (Live you may see `False`: a speech model says the same text a little differently each time.) On the answer of `with_streaming_response`, `stream_to_file` does what its name says, and does not warn.

# %% [markdown]
# ## Tell it how to speak
#
# This model takes `instructions`: in plain words, how to say it. They are not read aloud.

# %%
speak_to_file(
    OUT / "secret.mp3",
    model=SPEECH,
    voice="coral",
    input=WELCOME,
    instructions="Whisper slowly, as if this were a great secret.",
)
sound.play(OUT / "secret.mp3", WELCOME)

# %% [markdown]
# Tone, pace, accent, mood: try what works, and listen. The older models don't know instructions: `tts-1`, and `tts-1-hd`, which OpenAI offers for higher quality at twice the price (\$30 for a million characters).
#
# **Try it:** `instructions="Speak as fast as you can."` How many seconds does it take now?

# %% [markdown]
# ## Choose a format
#
# There are six formats. You choose one with `response_format`, and the ending of your file should agree with it.
#
# - **PCM** is the bare samples: 24,000 numbers for each second, 2 bytes for each number. A **sample** says how far the air is pushed at one moment.
# - **WAV** is the same with a short head that says how to read it.
# - **FLAC** is smaller, and loses nothing.
# - **MP3, AAC and Opus** leave out what ears hardly notice.

# %%
TIMES = {1: "about the same", 3: "about 3 times", 30: "about 30 times"}

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, "How much larger is a short sentence as WAV than as MP3?", list(TIMES.values()))

# %%
FERRY = "The ferry leaves at nine."
USES = {
    "mp3": "files and downloads; plays everywhere",
    "opus": "calls and streams over the internet",
    "aac": "phones and video",
    "flac": "archives",
    "wav": "editing; a player that must start at once",
    "pcm": "programs that work with samples",
}

# %%
bodies = {}
for form in USES:
    answer = client.audio.speech.create(
        model=SPEECH, voice="alloy", input=FERRY, response_format=form
    )
    bodies[form] = answer.content
rows = [[form, len(content), USES[form]] for form, content in bodies.items()]
Table(["Format", "Bytes", "Good for"], rows, caption=f"“{FERRY}” in six formats.")

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# Live sizes differ. MP3 has 128 kilobits for each second here, as OpenAI's had in August 2026; for AAC and Opus the recordings make a choice of their own.
#
# **Try it:** add a format to `USES` that you have seen elsewhere: `"ogg": "open software"`. What does the API say about it?

# %% [markdown]
# ## See the sound
#
# PCM has no head, so you have to know what it is. Then it is one line to read it:

# %%
import numpy as np

samples = np.frombuffer(bodies["pcm"], dtype="<i2")
print(len(samples), "samples,", round(len(samples) / 24_000, 2), "seconds")
print(samples.min(), samples.max())

# %% [markdown]
# `<i2` means: whole numbers of 2 bytes, the low byte first. For WAV, Python has the module `wave`. `helpers.recipes.sound` reads both, and draws them. Such a picture is called a **waveform**.

# %% tags=["furniture"]
ferry = sound.read(bodies["wav"])
figure = sound.waveform({"alloy": ferry}, FERRY)
plots.show(
    figure, "The waveform of one sentence: bursts for its words, thin lines between them."
)

# %% [markdown]
# ## Choose a voice and a speed
#
# There are 13 voices (SDK 3.57, November 2026). Older guides list six: *alloy, echo, fable, onyx, nova* and *shimmer*. The older models take nine, by OpenAI's [guide to speech](https://developers.openai.com/api/docs/guides/text-to-speech):

# %%
NINE = ["alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"]
VOICES = [*NINE, "ballad", "verse", "marin", "cedar"]
print(len(VOICES), "voices, of which", len(NINE), "for", FORMER_SPEECH)

# %% [markdown]
# `speed` goes from 0.25 to 4; 1 is normal. (Whether the newer model keeps to it is disputed: OpenAI's reference excluded it for a few weeks in 2025, and some users say that it is ignored. Listen before you rely on it.) Here are three voices at three speeds, of the synthesiser:

# %%
TRIED = [(voice, speed) for voice in ("alloy", "onyx", "shimmer") for speed in (0.75, 1.0, 1.5)]


def say(voice, speed):
    return client.audio.speech.create(
        model=SPEECH, voice=voice, input=FERRY, speed=speed, response_format="wav"
    )


heard = {(voice, speed): sound.read(say(voice, speed).content) for voice, speed in TRIED}

# %% [markdown]
# Before you move anything: what will speed 1.5 do to the waveform, and does a faster voice cost less? There are two ways of paying. The older model is paid by the *character* you send, the newer one by the *sound* you get.


# %%
def prices(spoken):
    newer = costs.speech_cost(SPEECH, FERRY, spoken.seconds)
    older = costs.speech_cost(FORMER_SPEECH, FERRY)
    return costs.usd(newer), costs.usd(older)


# %% tags=["furniture"]
LONGEST = max(spoken.seconds for spoken in heard.values())


def draw(voice, speed):
    spoken = heard[voice, speed]
    newer, older = prices(spoken)
    title = f"{voice}, speed {speed}: {spoken.seconds:.2f} seconds"
    figure = sound.waveform({voice: spoken}, title, end=LONGEST)
    text = f"<p>{SPEECH}: about {newer}. {FORMER_SPEECH}: {older}.</p>"
    return figure, text + sound.player(spoken, FERRY)


widgets.live_figure(
    draw,
    "Choose a voice and a speed; the waveform, its length, the price and a player follow.",
    voice=widgets.choice("Voice", ["alloy", "onyx", "shimmer"]),
    speed=widgets.stops("Speed", [0.75, 1.0, 1.5], 1.0),
)

# %% [markdown]
# Notice the same bursts, stretched or squeezed. At speed 1.5 the picture is about two thirds as wide, and so is the price of the newer model. The older one costs the same at any speed.
#
# **Try it:** in a new cell, go to the end of the scale, `sound.read(say("alloy", 4).content).seconds`, and beyond it, `say("alloy", 5)`. Then give the older model a voice that it does not have:
# `client.audio.speech.create(model=FORMER_SPEECH, voice="cedar", input=FERRY)`.
#
# All nine side by side:

# %% tags=["furniture"]
rows = [
    [voice, speed, f"{spoken.seconds:.2f}", 2 * len(spoken.samples), *prices(spoken)]
    for (voice, speed), spoken in heard.items()
]
columns = ["Voice", "Speed", "Seconds", "Bytes of PCM", SPEECH, FORMER_SPEECH]
Table(columns, rows, caption=f"“{FERRY}”", note=f"Prices: {costs.prices_date(SPEECH)}.")

# %% [markdown]
# This answer is bare sound, with no room for `usage`, so for the newer model the price here is an estimate from the seconds. The exact number comes if you ask for events: with `stream_format="sse"` the last one, `speech.audio.done`, carries `usage`. (The older models don't have it.) A book of 300,000 characters:

# %%
BOOK = "x" * 300_000
for model in (SPEECH, FORMER_SPEECH):
    print(f"{model}: {costs.usd(costs.speech_cost(model, BOOK))}")

# %% [markdown]
# ## Read a long text
#
# One request takes at most 4,096 characters, and the newer model at most 2,000 tokens as well. A chapter is longer. To keep this lesson short, here is a small story and a small limit; the steps are the same.

# %%
STORY = (
    "Every morning the ferry goes out. Nobody is in a hurry! "
    "Is it the sea, or the coffee? The captain says: the coffee."
)
LIMIT = 60
print([STORY[start : start + LIMIT] for start in range(0, len(STORY), LIMIT)])

# %% [markdown]
# Don't do that: a voice that stops inside a word sounds broken, and even between two words the melody is wrong, since a voice falls at the end of what it gets. **Cut where a speaker would breathe: after a sentence.** That is your first exercise.

# %% [markdown]
# ### Exercise 1: cut a text at sentences
#
# Write `split(text, limit)`. It gives a list of pieces, each at most `limit` characters long, each ending with a whole sentence, and as few pieces as that allows. Joined with `"".join(…)`, they give the text again, every space included.
# A sentence ends with `.`, `!` or `?` and white space after it; so the point in *3.50* is no end. You may rely on no sentence being longer than the limit.

# %% tags=["exercise-1"]
import re


def split(text, limit):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# First the sentences, each with the white space after it: `re.findall(r".+?(?:[.!?]\s+|$)", text, re.DOTALL)`. Then fill pieces: start with an empty one, and begin a new one whenever the next sentence would not fit.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# import re
#
#
# def split(text, limit):
#     pieces = [""]
#     for sentence in re.findall(r".+?(?:[.!?]\s+|$)", text, re.DOTALL):
#         if len(pieces[-1]) + len(sentence) > limit:
#             pieces.append("")
#         pieces[-1] += sentence
#     return [piece for piece in pieces if piece]
# ```
#
# </details>

# %% [markdown]
# `sound.split` does the same, and cuts a sentence that is too long after a word. Abbreviations fool both: after *Dr.* they may cut, which gives an odd pause and loses nothing.
#
# Each piece is one request. Take PCM, or WAV, when you want to join the answers:

# %%
pieces = sound.split(STORY, LIMIT)
spoken = []
for piece in pieces:
    answer = client.audio.speech.create(
        model=SPEECH, voice="sage", input=piece.strip(), response_format="pcm"
    )
    spoken.append(sound.pcm(answer.content))
print([f"{part.seconds:.2f} s" for part in spoken])

# %% [markdown]
# Give every piece the same voice, speed and instructions, or the speaker changes in mid-story.

# %% [markdown]
# ## Join without clicks
#
# PCM is only samples, so `a + b` joins two answers. WAV can't be joined like that. Look:

# %%
import io
import wave

twice = bodies["wav"] + bodies["wav"]
with wave.open(io.BytesIO(bodies["wav"])) as one, wave.open(io.BytesIO(twice)) as two:
    print(one.getnframes(), two.getnframes())

# %% [markdown]
# No longer than before: the head of the first says how much to read, and the second is never played. So read the samples out, join those, and write one new head.
#
# There is a second trap. Where the sound jumps from one sample to the next, you hear a **click**. Here a sentence is cut inside a word, at its lowest point, and goes on at its highest:

# %%
low, high = int(ferry.samples.argmin()), int(ferry.samples.argmax())
halves = [sound.Sound(ferry.samples[: low + 1]), sound.Sound(ferry.samples[high:])]
raw = sound.Sound(np.concatenate([half.samples for half in halves]))
smooth = sound.join(halves, pause=0)
seam = halves[0].seconds

# %%
for name, one in {"whole": ferry, "joined": raw, "faded and joined": smooth}.items():
    print(f"{name}: largest jump {np.abs(np.diff(one.samples.astype(int))).max():,}")

# %% tags=["furniture"]
figure = sound.waveform(
    {"joined": raw, "faded and joined": smooth},
    "3 milliseconds on each side of the seam",
    start=seam - 0.003,
    end=seam + 0.003,
)
plots.show(
    figure,
    "Two waveforms around a seam: joined as they are, the line leaps from a low to a high; faded, both sides come to rest at zero first.",
)

# %% [markdown]
# `sound.join` lets each piece rise from silence and fall back into it, in 5 milliseconds at each end. That is too short to hear and long enough to take the click away. Speech mostly begins and ends quietly by itself, but you should not bet on it. Between sentences a quarter of a second of silence sounds natural:

# %%
story = sound.join(spoken, pause=0.25)
(OUT / "story.wav").write_bytes(sound.wav(story))
sound.play(story, STORY)

# %% tags=["furniture"]
names = [f"piece {number}" for number in range(1, len(spoken) + 1)]
figure = sound.waveform({**dict(zip(names, spoken, strict=True)), "story": story}, "One story")
plots.show(
    figure, "Waveforms of the pieces, and of the story in which they follow one another."
)

# %% [markdown]
# ### Exercise 2: put silence between pieces of PCM
#
# Write `join_pcm(pieces, pause)`. `pieces` is a list of `bytes`, PCM as the API gives it: 24,000 samples a second, 2 bytes each. The result is `bytes` too: the pieces in their order, and between two of them `pause` seconds of silence.
# Silence is samples of zero. There is none before the first piece and none after the last.


# %% tags=["exercise-2"]
def join_pcm(pieces, pause):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `bytes(n)` makes `n` bytes of zero. And `separator.join(list)` works for bytes as it does for text: it puts the separator between, not around.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def join_pcm(pieces, pause):
#     samples = round(pause * 24_000)
#     return bytes(2 * samples).join(pieces)
# ```
#
# </details>

# %% [markdown]
# ## Know what ends in January
#
# Everything so far went to one endpoint, `/v1/audio/speech`. Its models have an end:

# %% tags=["furniture"]
rows = []
for model in (SPEECH, FORMER_SPEECH, AUDIO_CHAT):
    facts = models.info(model)
    rows.append([model, ", ".join(facts["endpoints"]), facts["shutdown"] or "none announced"])
Table(["Model", "Endpoint", "Ends on"], rows, note=f"As of {models.AS_OF}.")

# %% [markdown]
# After that day the endpoint has no model left. With a key, `client.models.retrieve(SPEECH).shutdown_date` tells you what OpenAI says today. OpenAI names `gpt-realtime-2.1-mini` as the replacement: a model of the *Realtime API*, which is made for live talk and works over a connection that stays open. (For conversations by voice, OpenAI's newer offer is GPT-Live,
# `client.live`, as of November 2026.) Both are another kind of program.
#
# If you want what you have now, text in and a file out, there is a shorter way: a chat model that speaks.

# %% [markdown]
# ## Let a chat model speak
#
# You know this call. What is new is `modalities`, which asks for text and sound, and `audio`, which names voice and format.

# %%
NOTICE = "The north quay is closed until Friday. Which berth are you in?"


def chat_speech(messages):
    return client.chat.completions.create(
        model=AUDIO_CHAT,
        modalities=["text", "audio"],
        audio={"voice": "coral", "format": "mp3"},
        messages=messages,
    )


# %%
answer = chat_speech([{"role": "user", "content": NOTICE}])
message = answer.choices[0].message
print("content:", message.content)
print("transcript:", message.audio.transcript)

# %% [markdown]
# `content` is empty; the words are in `audio.transcript`. And look at the words! A speech model *reads* your text. A chat model *answers* it.
#
# **Try it:** say something else to it, in place of `NOTICE`: `"Good morning!"`, or `"What is the capital of France?"`
#
# So tell it what to do, in the developer message:

# %%
READER = (
    "You are a reader. Read the user's text aloud exactly as it is, word for word. "
    "Never answer it, add nothing, leave nothing out."
)
answer = chat_speech(
    [{"role": "developer", "content": READER}, {"role": "user", "content": NOTICE}]
)
message = answer.choices[0].message
print(message.audio.transcript)

# %% [markdown]
# The sound is in `audio.data`, as Base64: bytes written as letters and digits, so that they fit into JSON.

# %%
import base64

(OUT / "notice.mp3").write_bytes(base64.b64decode(message.audio.data))
sound.play(OUT / "notice.mp3", message.audio.transcript)

# %% [markdown]
# A chat model can ignore an instruction. Since every answer comes with its transcript, a program can look. This one compares the words and ignores case and punctuation:


# %%
def words(text):
    return re.findall(r"\w+", text.lower())


def read_aloud(text, tries=3):
    messages = [{"role": "developer", "content": READER}, {"role": "user", "content": text}]
    for _ in range(tries):
        said = chat_speech(messages).choices[0].message.audio
        if words(said.transcript) == words(text):
            return base64.b64decode(said.data)
    raise RuntimeError(f"Not read word for word in {tries} tries.")


# %%
content = read_aloud(NOTICE)
print(f"Read word for word: {len(content):,} bytes of MP3.")

# %% [markdown]
# **Try it:** read a question aloud, `read_aloud("Which gate is it?")`. Then send the same question without the reader: `chat_speech([{"role": "user", "content": "Which gate is it?"}])`.

# %% [markdown]
# The transcript is the model's own word for what it said. Where much depends on it, transcribe the sound with another model; [lesson 13](13_listen.ipynb) shows how.
#
# With `pcm16` as the format, the rest of this lesson goes on as before: cut at sentences, read each piece, join. What changes:
#
# | What | `/v1/audio/speech` | Chat Completions with audio |
# |---|---|---|
# | Text | `input`, at most 4,096 characters | a message |
# | Voice, format | `voice`, `response_format` | `audio={"voice": …, "format": …}` |
# | Bare samples | `pcm` | `pcm16` |
# | How to speak | `instructions`, `speed` | the developer message |
# | Answer | the sound | JSON, the sound in it as Base64, with a transcript |
# | `usage` | only with `stream_format="sse"` | counts text and audio tokens |
# | Reads word for word | its only task | when told to; check the transcript |
# | Ends | 6 January 2027 | no end announced (November 2026) |
#
# What does the same notice cost both ways?

# %%
usage = answer.usage
print("audio tokens:", usage.completion_tokens_details.audio_tokens)
print("chat model:  ", costs.usd(costs.cost(AUDIO_CHAT, usage)))
print("speech model:", costs.usd(costs.speech_cost(SPEECH, NOTICE)))

# %% [markdown]
# The chat model is dearer. (The audio tokens of the recorded answer are an estimate; live ones are counted.) That is a reason to keep every file you have made, and to make none twice.
#
# The Responses API does not help here: `responses.create` of SDK 3.57 has no parameter for sound (November 2026).

# %% [markdown]
# ## From the production desk
#
# - **Say that it is a machine.** OpenAI's guide to speech says that its usage policies require this: you tell the people who listen, clearly, that the voice is AI-generated and not a human one.
# - **Keep what you made.** Name each file by a hash of text, voice, model, speed and instructions, and look for it before you call. Most announcements never change.
# - **Hide the provider behind one function**, such as `speak(text, voice) -> bytes`. Before 6 January 2027 you exchange its body, and nothing else.
# - **Prepare the text.** Numbers, dates, abbreviations and web addresses are read as the model sees fit. Write them as they are to be spoken: *nine forty* instead of *09:40*.
# - **Don't speak secrets.** Sound files get forwarded, and nobody can search them for a key or a name.
# - **Give the words too**, always, for everyone who can't or doesn't want to listen.

# %% [markdown]
# ## Recap
#
# - `audio.speech.create` gives bytes: `write_to_file` saves them, `with_streaming_response` saves them as they arrive. Voice, speed, instructions and format are parameters.
# - Long texts: cut at sentences, ask for PCM or WAV, fade each piece, join the samples.
# - The speech models end on 6 January 2027. A chat model with `modalities=["text", "audio"]` goes on; tell it to read, and check its transcript.
#
# Next you will go the other way, and turn speech into text.

# %%
lesson.receipt()
