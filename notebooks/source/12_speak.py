# %% [markdown]
# # Speak
#
# By the end you will have a program that reads any text aloud, however long it is, first with today's speech models and then with a model that doesn't end with them on 6 January 2027.

# %% [markdown]
# ## What you will learn
#
# - How to turn text into sound, and save it while it arrives.
# - What voices, speed, instructions and formats change, and what they cost.
# - How to read a text that is longer than one request may be: cut it at sentences, and join the sound without clicks.
# - What ends in January, and how a chat model takes over: the same text and voice, another call.
#
# You need [lesson 01](01_make_your_first_call.ipynb). Headphones help, but every recording has its words beside it.

# %% tags=["furniture"]
from helpers import costs, lesson, models, plots, widgets
from helpers.models import AUDIO_CHAT, FORMER_SPEECH, SPEECH
from helpers.recipes import sound
from helpers.tables import Table

lesson.start("12")

# %% [markdown]
# **What you hear without a key.** The recorded answers of this lesson were spoken by *espeak-ng*, an open synthesiser that sounds like a robot. Its voices stand in for the named ones. The recordings show real files, formats, lengths and waveforms.
# They don't show how OpenAI's voices sound. With a key in `.env` you hear the real ones.

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
text = WELCOME
speech = client.audio.speech.create(model=SPEECH, voice="coral", input=text)
print(type(speech.content).__name__, len(speech.content))

# %% [markdown]
# The answer isn't JSON. It is the sound itself, as bytes, in MP3 format unless you ask for another. `write_to_file` saves it:

# %%
OUT = lesson.out()
speech.write_to_file(OUT / "welcome.mp3")
sound.play(OUT / "welcome.mp3", text)

# %% [markdown]
# In your own notebook, `IPython.display.Audio("welcome.mp3")` makes such a player. The one here adds the words, for people who can't hear it and for pages that can't play it.
#
# **Try it:** choose the voice `"onyx"`, or say something else with `"coral"`: `text = "Good morning!"`. Then try a voice that doesn't exist, `"robin"`, and read the whole message.
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
# Despite the name, nothing was streamed: `create` had loaded everything into memory before this line ran.

# %% [markdown]
# ## Stream to a file
#
# To save sound *while* it arrives, ask for the answer through `with_streaming_response`. A few seconds of speech don't need it; half an hour does, and so does a player that should start at once.
#
# If the connection breaks in the middle, half a file stays behind. So this function writes to a file with another name and renames it once it is complete. An older recording is then replaced in one step, or not at all.


# %%
def speak_to_file(path, **request):
    part = path.with_name(path.name + ".part")
    with client.audio.speech.with_streaming_response.create(**request) as answer:
        answer.stream_to_file(part)
    part.replace(path)


# %%
speak_to_file(OUT / "welcome.mp3", model=SPEECH, voice="coral", input=text)
print((OUT / "welcome.mp3").read_bytes() == speech.content)

# %% [markdown]
# The bytes are the same, fetched another way. (Live you may see `False`: a speech model says the same text a little differently each time.) On the answer of `with_streaming_response`, `stream_to_file` does what its name says, without a warning.

# %% [markdown]
# ## Tell it how to speak
#
# This model takes `instructions`, which say in plain words how to speak. They are not read aloud.

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
# Tone, pace, accent, mood: try what works, and listen. The older models, `tts-1` and `tts-1-hd`, don't take instructions. (OpenAI offers `tts-1-hd` for higher quality at twice the price, \$30 for a million characters.)
#
# **Try it:** `instructions="Speak as fast as you can."` How many seconds does the player show now?

# %% [markdown]
# ## Choose a format
#
# There are six formats. You choose one with `response_format`, and the extension of your file should match it.
#
# - **PCM** is the bare samples: 24,000 numbers a second, 2 bytes each. A **sample** says how far the air is pushed at one moment.
# - **WAV** is the same with a short header that says how to read it.
# - **FLAC** is compressed without loss.
# - **MP3, AAC and Opus** are smaller still, because they leave out what ears hardly notice.

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
# Live sizes differ. The MP3 in this table has 128 kilobits a second, as OpenAI's had in August 2026; the bit rates of AAC and Opus were chosen for these recordings.
#
# **Try it:** add a format to `USES` that this endpoint doesn't have: `"ogg": "open software"`. What does the API say?

# %% [markdown]
# ## See the sound
#
# PCM has no header, so you have to know its rate and width. Then one line reads it:

# %%
import numpy as np

samples = np.frombuffer(bodies["pcm"], dtype="<i2")
print(len(samples), "samples,", round(len(samples) / 24_000, 2), "seconds")
print(samples.min(), samples.max())

# %% [markdown]
# `<i2` means: whole numbers of 2 bytes, the low byte first. For WAV, Python has the module `wave`. `helpers.recipes.sound` reads both and draws them as a **waveform**: the samples over time.

# %% tags=["furniture"]
ferry = sound.read(bodies["wav"])
figure = sound.waveform({"alloy": ferry}, FERRY)
plots.show(
    figure, "The waveform of one sentence: bursts for its words, thin lines between them."
)

# %% [markdown]
# ## Choose a voice and a speed
#
# There are 13 voices (SDK 3.57, November 2026). Older guides list six: *alloy, echo, fable, onyx, nova* and *shimmer*. The older models take nine, according to OpenAI's [guide to speech](https://developers.openai.com/api/docs/guides/text-to-speech):

# %%
NINE = ["alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"]
VOICES = [*NINE, "ballad", "verse", "marin", "cedar"]
print(len(VOICES), "voices, of which", len(NINE), "for", FORMER_SPEECH)

# %% [markdown]
# `speed` goes from 0.25 to 4; 1 is normal. (Whether the newer model keeps to it is disputed: OpenAI's reference excluded it for a few weeks in 2025, and some users say that it is ignored. Listen before you rely on it.) Here are three of the synthesiser's voices at three speeds:

# %%
TRIED = [(voice, speed) for voice in ("alloy", "onyx", "shimmer") for speed in (0.75, 1.0, 1.5)]


def say(voice, speed):
    return client.audio.speech.create(
        model=SPEECH, voice=voice, input=FERRY, speed=speed, response_format="wav"
    )


heard = {(voice, speed): sound.read(say(voice, speed).content) for voice, speed in TRIED}

# %% [markdown]
# Before you move anything: what will speed 1.5 do to the waveform, and does a faster voice cost less? The two models are billed differently: the older one by the *characters* you send, the newer one by the *sound* you get.


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
# Notice the same bursts, stretched or squeezed. At speed 1.5 the sound is a little less than two thirds as long, and the newer model costs less in proportion. The older one costs the same at any speed.
#
# **Try it:** in a new cell, go to the end of the scale, `sound.read(say("alloy", 4).content).seconds`, and beyond it, `say("alloy", 5)`. Then give the older model a voice that it does not have:
# `client.audio.speech.create(model=FORMER_SPEECH, voice="cedar", input=FERRY)`.
#
# Here are all nine side by side:

# %% tags=["furniture"]
rows = [
    [voice, speed, f"{spoken.seconds:.2f}", 2 * len(spoken.samples), *prices(spoken)]
    for (voice, speed), spoken in heard.items()
]
columns = ["Voice", "Speed", "Seconds", "Bytes of PCM", SPEECH, FORMER_SPEECH]
Table(columns, rows, caption=f"“{FERRY}”", note=f"Prices: {costs.prices_date(SPEECH)}.")

# %% [markdown]
# A speech answer is bare sound, with no room for `usage`, so the newer model's prices here are estimated from the seconds. For the exact number, ask for events: with `stream_format="sse"`, the last event, `speech.audio.done`, carries `usage`. (The older models don't have it.) What would a book of 300,000 characters cost?

# %%
BOOK = "x" * 300_000
for model in (SPEECH, FORMER_SPEECH):
    print(f"{model}: {costs.usd(costs.speech_cost(model, BOOK))}")

# %% [markdown]
# ## Read a long text
#
# One request takes at most 4,096 characters, and with the newer model also at most 2,000 tokens. A chapter is longer. To keep this lesson short, here is a small story and a small limit; the steps are the same.

# %%
STORY = (
    "Every morning the ferry goes out. Nobody is in a hurry! "
    "Is it the sea, or the coffee? The captain says: the coffee."
)
LIMIT = 60
print([STORY[start : start + LIMIT] for start in range(0, len(STORY), LIMIT)])

# %% [markdown]
# Don't do that: a voice that stops inside a word sounds broken, and even between two words the melody is wrong, because a voice falls at the end of its text. **Cut where a speaker would breathe: after a sentence.** That is your first exercise.

# %% [markdown]
# ### Exercise 1: cut a text at sentences
#
# Write `split(text, limit)`. It returns a list of pieces, each at most `limit` characters long, each ending with a whole sentence, and as few pieces as that allows. `"".join(…)` of them must give back the text, every space included.
# A sentence ends with `.`, `!` or `?`, followed by white space or the end of the text; so the dot in *3.50* doesn't end one. You may assume that no sentence is longer than the limit.

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
# `sound.split` does the same, and if a sentence is longer than the limit, it cuts after a word. Abbreviations fool both: they may cut after *Dr.*, which gives an odd pause but loses nothing.
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
# Give every piece the same voice, speed and instructions, or the voice changes in mid-story.

# %% [markdown]
# ## Join without clicks
#
# PCM is only samples, so `a + b` joins two answers. WAV can't be joined like that:

# %%
import io
import wave

twice = bodies["wav"] + bodies["wav"]
with wave.open(io.BytesIO(bodies["wav"])) as once, wave.open(io.BytesIO(twice)) as both:
    print(once.getnframes(), both.getnframes())

# %% [markdown]
# It is no longer than before: the header of the first says how much to read, so the second is never played. Read the samples out, join those, and write one new header.
#
# There is a second trap. Where the sound jumps from one sample to the next, you hear a **click**. Here a sentence is cut inside a word, at its lowest point, and goes on at its highest:

# %%
low, high = int(ferry.samples.argmin()), int(ferry.samples.argmax())
halves = [sound.Sound(ferry.samples[: low + 1]), sound.Sound(ferry.samples[high:])]
raw = sound.Sound(np.concatenate([half.samples for half in halves]))
smooth = sound.join(halves, pause=0)
seam = halves[0].seconds

# %%
for name, clip in {"whole": ferry, "joined": raw, "faded and joined": smooth}.items():
    print(f"{name}: largest jump {np.abs(np.diff(clip.samples.astype(int))).max():,}")

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
# `sound.join` fades each piece in from silence and out again, over 5 milliseconds at each end. That is too short to hear and long enough to remove the click. (A jump of the old size is left: it is inside the words themselves.) Speech mostly begins and ends quietly by itself, but don't count on it. Between sentences a quarter of a second of silence sounds natural:

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
# Write `join_pcm(pieces, pause)`. `pieces` is a list of `bytes`, PCM as the API gives it: 24,000 samples a second, 2 bytes each. The result is `bytes` too: the pieces in their order, with `pause` seconds of silence between neighbours.
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
# Everything so far went to one endpoint, `/v1/audio/speech`. Its models have an end date:

# %% tags=["furniture"]
rows = []
for model in (SPEECH, FORMER_SPEECH, AUDIO_CHAT):
    facts = models.info(model)
    rows.append([model, ", ".join(facts["endpoints"]), facts["shutdown"] or "none announced"])
Table(["Model", "Endpoint", "Ends on"], rows, note=f"As of {models.AS_OF}.")

# %% [markdown]
# After that day the endpoint has no model left. With a key, `client.models.retrieve(SPEECH).shutdown_date` tells you what OpenAI says today. OpenAI names `gpt-realtime-2.1-mini` as the replacement: a model of the *Realtime API*, which is made for live talk and works over a connection that stays open. (For conversations by voice, OpenAI's newer offer is GPT-Live,
# `client.live`, as of November 2026.) Both need a different kind of program.
#
# If you want what you have now, text in and a file out, there is a shorter way: a chat model that speaks.

# %% [markdown]
# ## Let a chat model speak
#
# You know this call. Two parameters are new: `modalities` asks for text and sound, and `audio` names the voice and the format.

# %%
NOTICE = "The north quay is closed until Friday. Which berth are you in?"


def chat_speech(messages, form="mp3"):
    return client.chat.completions.create(
        model=AUDIO_CHAT,
        modalities=["text", "audio"],
        audio={"voice": "coral", "format": form},
        messages=messages,
    )


# %%
answer = chat_speech([{"role": "user", "content": NOTICE}])
message = answer.choices[0].message
print("content:", message.content)
print("transcript:", message.audio.transcript)

# %% [markdown]
# `content` is empty; the words are in `audio.transcript`. And look at the words: a speech model *reads* your text, a chat model *answers* it.
#
# **Try it:** say something else to it, in place of `NOTICE`: `"Good morning!"`, or `"What is the capital of France?"`
#
# To have the text read, say so in the developer message:

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
# A chat model can ignore an instruction. Since every answer comes with its transcript, a program can check. This function compares the words, ignoring case and punctuation:


# %%
import re


def words(text):
    return re.findall(r"\w+", text.lower())


def read_aloud(text, form="mp3", tries=3):
    messages = [{"role": "developer", "content": READER}, {"role": "user", "content": text}]
    for _ in range(tries):
        said = chat_speech(messages, form).choices[0].message.audio
        if words(said.transcript) == words(text):
            return base64.b64decode(said.data)
    raise RuntimeError(f"Not read word for word in {tries} tries.")


# %%
content = read_aloud(NOTICE)
print(f"Read word for word: {len(content):,} bytes of MP3.")

# %% [markdown]
# **Try it:** read a question aloud, `read_aloud("Which gate is it?")`. Then send the same question without the reader: `chat_speech([{"role": "user", "content": "Which gate is it?"}])`.

# %% [markdown]
# The transcript is the model's own word for what it said. When it matters, transcribe the sound with another model; [lesson 13](13_listen.ipynb) shows how.
#
# With `pcm16` as the format, long texts work as before: cut at sentences, read each piece, join.

# %%
parts = [
    sound.pcm(read_aloud(piece.strip(), form="pcm16")) for piece in sound.split(NOTICE, limit=40)
]
sound.play(sound.join(parts), NOTICE)

# %% [markdown]
# This is what changes:
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
# The chat model costs more. (The audio tokens of the recorded answer are an estimate; live ones are counted.) That is a reason to keep every file and make none twice.
#
# The Responses API doesn't help here: `responses.create` of SDK 3.57 has no parameter for sound (November 2026).

# %% [markdown]
# ## From the production desk
#
# - **Say that it is a machine.** By OpenAI's guide to speech, its usage policies require that you tell listeners clearly that the voice is AI-generated and not human.
# - **Keep what you made.** Name each file by a hash of text, voice, model, speed and instructions, and look for it before you call. Most announcements never change.
# - **Hide the provider behind one function**, like `speak(text, voice) -> bytes`. Before 6 January 2027 you replace its body, and nothing else.
# - **Prepare the text.** Numbers, dates, abbreviations and web addresses are read as the model sees fit. Write them as they should be spoken: *nine forty* instead of *09:40*.
# - **Don't speak secrets.** Sound files get forwarded, and nobody can search them for a key or a name.
# - **Give the words too**, always, for everyone who can't or doesn't want to listen.

# %% [markdown]
# ## Recap
#
# - `audio.speech.create` gives bytes: `write_to_file` saves them, `with_streaming_response` saves them as they arrive. Voice, speed, instructions and format are parameters.
# - Long texts: cut at sentences, ask for PCM or WAV, fade each piece, join the samples.
# - The speech models end on 6 January 2027. A chat model with `modalities=["text", "audio"]` can take over; tell it to read, and check its transcript.
#
# Next you will go the other way, and turn speech into text.

# %%
lesson.receipt()
