# %% [markdown]
# # Listen
#
# By the end you will turn speech into text and subtitles, know how many of the words are wrong, and ask your assistant a question aloud.

# %% [markdown]
# ## What you will learn
#
# - How to get a transcript, and how to help the model with names and languages.
# - How to measure a transcript: the word error rate, built by hand and then with a library.
# - How to get word timings and subtitles (SRT and VTT), also after the model that makes them has ended.
# - How to translate what was said.
# - How to let the assistant listen and speak.
#
# You need [lesson 01](01_make_your_first_call.ipynb). [Lesson 12](12_speak.ipynb), the way back from text to speech, helps with the last two steps.

# %%
from helpers import lesson
from helpers.models import AUDIO_CHAT, SMALL, SPEECH, TRANSCRIBE, TRANSCRIBE_TIMED

lesson.start("13")

# %% [markdown]
# ## Hear a recording
#
# The course brings three short recordings, spoken by a synthesiser. So nobody's voice is in them, and every word is known, from the **script** that was read. The first is a message on the harbour's radio.

# %%
SCRIPTS = {
    "harbour_radio.mp3": "Good evening from harbour control at Port Ellery. "
    "Captain Siobhan Keir reports that the Maren Ruth is late. "
    "She will reach berth fifteen at nine forty. The north quay is closed until Friday.",
    "german_message.mp3": "Hier ist Jana Brandt. Ich komme am Donnerstag erst um halb vier. "
    "Bitte lassen Sie die Ersatzteile im Bootshaus.",
    "spanish_message.mp3": "Hola, soy Inés. El ferri de las siete está lleno. "
    "He reservado ocho asientos para mañana.",
}

# %%
from helpers import plots
from helpers.recipes import sound

AUDIO = lesson.ROOT / "data" / "lessons" / "13"
RADIO = AUDIO / "harbour_radio.mp3"
sound.play(RADIO, SCRIPTS[RADIO.name])

# %% tags=["furniture"]
clip = sound.read(RADIO.with_suffix(".wav"))
figure = sound.waveform({"": clip}, "The message on the harbour's radio")
plots.show(figure, "A waveform of eleven seconds: four stretches of speech with short pauses.")

# %% [markdown]
# ## Get a transcript
#
# The call takes an open file, not its name, so open it in binary mode (`"rb"`). The answer is an object; the words are in its `text`.

# %%
from openai import OpenAI

client = OpenAI()

with RADIO.open("rb") as file:
    plain = client.audio.transcriptions.create(model=TRANSCRIBE, file=file)
print(plain.text)

# %% [markdown]
# Compare that with the words under the player. In the recorded answer, names are spelled as they sound, and one mistake would send a crew to the wrong place. More on both soon.
#
# **Try it:** open another recording, `(AUDIO / "german_message.mp3")` or `(AUDIO / "spanish_message.mp3")` in place of `RADIO`. Or send something that isn't sound: `file=("notes.txt", b"Berth 15 is free.")`.
#
# This model is paid by the second of sound, not by the token:

# %%
from helpers import costs

print(plain.usage.type, plain.usage.seconds, "seconds")
print(costs.usd(costs.cost(TRANSCRIBE, plain.usage)))
hour = costs.cost(TRANSCRIBE, {"seconds": 3600})
print("an hour:", costs.usd(hour))

# %% [markdown]
# The message lasts a little over eleven seconds; in the recorded answer, a second that has begun counts as a whole one.
#
# What went over the wire is not JSON. A file travels as a **form**, in parts with a name each, as when you upload a picture to a web page:

# %%
for part in lesson.exchanges()[-1].request["multipart"]:
    print(
        part["name"], "=", part.get("value") or f"{part['filename']}, {part['bytes']:,} bytes"
    )

# %% [markdown]
# The name of the file matters: the API reads the format from its ending (mp3, mp4, mpeg, mpga, m4a, ogg, flac, wav, webm). The file may have 25 MB. At the rate of this MP3, how long is that?

# %%
bytes_per_second = RADIO.stat().st_size / clip.seconds
print(round(25_000_000 / bytes_per_second / 60), "minutes")

# %% [markdown]
# If you need the words alone, ask for text. What type will the answer have then?

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    'With response_format="text", how do you reach the words?',
    ["answer.text", "the answer is a str", "answer.choices[0].text"],
)

# %%
with RADIO.open("rb") as file:
    words_alone = client.audio.transcriptions.create(
        model=TRANSCRIBE, file=file, response_format="text"
    )
print(type(words_alone))
print(repr(words_alone))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# So `.text` fails on it, and an end of line that came along stays. JSON is the better habit: it tells the seconds too. (Without them even the receipt at the end of this lesson can't count a call.)
#
# </details>

# %% [markdown]
# ## Help with names
#
# A model has never heard of the *Maren Ruth*. It writes what sounds alike and is common. You often do know which names to expect: from a calendar, a list of customers, a crew list. Pass them as `keywords`.


# %%
def transcribe(file, **options):
    """The transcript of a file; an open file, or a pair of name and bytes."""
    return client.audio.transcriptions.create(model=TRANSCRIBE, file=file, **options)


# %%
NAMES = ["Siobhan Keir", "Maren Ruth", "north quay"]

with RADIO.open("rb") as file:
    helped = transcribe(file, keywords=NAMES)
print(helped.text)

# %% [markdown]
# In the recorded answer the names are right now. The berth is still wrong: it is no name, and *fifty* sounds much like *fifteen*. A list of keywords is a hint, not a rule. Keep it short; a model that expects a word can hear it where nobody said it. What a list can't say, such as what the call is about, goes into `prompt`, in plain sentences.
#
# **Try it:** give one name alone, `keywords=["Maren Ruth"]`. Put `"berth 15"` at the end of `NAMES`. Or say it in a sentence instead: `prompt="A message on a harbour's radio, about berths and quays."`

# %% [markdown]
# ## Hear several languages
#
# The model finds out by itself which language is spoken; its answer has room for the ones it heard, in `languages`. When you know which ones are possible, say so in `languages`, with their two-letter codes. Here all three recordings get the same list:

# %%
POSSIBLE = ["de", "en", "es"]
heard = {}
for name in SCRIPTS:
    with (AUDIO / name).open("rb") as file:
        heard[name] = transcribe(file, languages=POSSIBLE).text
    print(heard[name], "\n")

# %% [markdown]
# Mind the *s* at the end. The older models take one `language`, and much code on the web passes it. `gpt-transcribe` ignores it without a word (seen in a probe of July 2026), so a wrong language is not refused, and a right one does not help.
#
# **Try it:** leave `languages` out, or put `language="de"` in its place, for all three recordings.

# %% [markdown]
# ## Count the mistakes
#
# Is a transcript good? "It looks fine" is no number. The usual one is the **word error rate** (WER): how many words you would have to change, drop or add to turn the transcript into the script, divided by the words of the script. Zero is perfect, and it can pass 100 %, when more is added than was ever said.
#
# First, what is a word? Capitals and punctuation can't be heard, and *five* is as good as *5*. So both texts are made alike before they are compared. This is called **normalising**.

# %%
import re

DIGITS = {"four": "4", "five": "5", "six": "6", "nine": "9", "fifteen": "15", "forty": "40"}


def tidy(text):
    words = re.findall(r"\w+", text.casefold())
    return [DIGITS.get(word, word) for word in words]


print(tidy("She'll reach berth fifteen at nine forty."))
print(tidy("Berth 15, at 9:40!"))

# %% [markdown]
# Now the smallest number of changes. Trying all ways would take for ever. **Dynamic programming** solves a small problem first and builds the larger one on it: in row *i* and column *j* stands the cost for the first *i* words of the script and the first *j* words heard. Each cell needs
# only three neighbours: the one above (a word was missed), the one to the left (a word was added), and the one between (the words are the same, or one was taken for another).


# %%
def grid(script, said):
    rows = [list(range(len(said) + 1))]
    for i, word in enumerate(script, 1):
        row = [i]
        for j, other in enumerate(said, 1):
            swap = rows[-1][j - 1] + (word != other)
            row.append(min(rows[-1][j] + 1, row[-1] + 1, swap))
        rows.append(row)
    return rows


# %% tags=["furniture"]
from helpers.tables import Table

short, other = tidy("the north quay is closed"), tidy("the north key closed")
Table(
    ["said \\ heard", "(nothing)", *other],
    [[word, *row] for word, row in zip(["(nothing)", *short], grid(short, other), strict=True)],
    "The cost of turning what was said (down) into what was heard (across), for every beginning",
)

# %% [markdown]
# Follow the cheapest way from the top left to the bottom right: 0, 0, 0 along the words that agree, 1 for *quay* and *key*, 2 for the lost *is*, and 2 again at *closed*. The last cell is the answer. For the radio message:


# %%
def word_error_rate(script, said):
    script, said = tidy(script), tidy(said)
    return grid(script, said)[-1][-1] / len(script)


script = SCRIPTS[RADIO.name]
print(f"plain: {word_error_rate(script, plain.text):.1%}")
print(f"helped: {word_error_rate(script, helped.text):.1%}")

# %% [markdown]
# You will not write this again: the library `rapidfuzz` does it in compiled code, for lists of words as for letters. It also says where the differences are.

# %%
from rapidfuzz.distance import Levenshtein

a, b = tidy(script), tidy(plain.text)
print(Levenshtein.distance(a, b) == grid(a, b)[-1][-1])
for step in Levenshtein.editops(a, b):
    missed = a[step.src_pos] if step.tag != "insert" else ""
    added = b[step.dest_pos] if step.tag != "delete" else ""
    print(f"{step.tag:8} {missed:10} {added}")

# %% [markdown]
# ## Compare the recordings
#
# Two questions before you choose: in which of the transcripts is a mistake that changes the meaning? And in which does the score count something that is no mistake at all?

# %%
from helpers.demos import word_errors

READABLE = {name: name.removesuffix(".mp3").replace("_", " ") for name in SCRIPTS}
recordings = {
    READABLE[name]: word_errors.Recording(AUDIO / name, SCRIPTS[name], heard[name])
    for name in SCRIPTS
}
word_errors.panel(recordings, tidy)

# %% tags=["furniture"]
rows = []
for name, one in recordings.items():
    found = word_errors.differences(tidy(one.script), tidy(one.said))
    listed = "; ".join(
        f"{meant or '(nothing)'} → {wrong or '(nothing)'}" for meant, wrong in found
    )
    rate = word_error_rate(one.script, one.said)
    rows.append([name, len(tidy(one.script)), f"{rate:.0%}", listed])
Table(["Recording", "Words", "WER", "Script → heard"], rows, "The same, as a table", lesson.note())

# %% [markdown]
# The score weighs all words alike. *Ferri* and *ferry* are two spellings of one word, and *Brand* for *Brandt* you can't hear at all; each counts as much as the berth, where a crew would wait in the wrong place. So read the differences, and count the words that matter on their own (exercise 2).
#
# To measure a model, use recordings of your own, with people, noise and a hundred times more words.

# %% [markdown]
# ## Get word timings
#
# Subtitles need to know when each word is said. Ask for them, and the new model refuses:

# %%
import openai

try:
    with RADIO.open("rb") as file:
        transcribe(file, response_format="verbose_json")
except openai.BadRequestError as error:
    print(error.body["message"])

# %% [markdown]
# The same goes for `srt` and `vtt`. The older `whisper-1` has them all, and an end date. So has the model that speaks in [lesson 12](12_speak.ipynb). The last one here can speak too, and its end has not been announced:

# %% tags=["furniture"]
from helpers import models

Table(
    ["Model", "Ends on", "Answers as"],
    [
        [name, models.shutdown(name), ", ".join(models.info(name).get("formats", ["speech"]))]
        for name in (TRANSCRIBE, TRANSCRIBE_TIMED, SPEECH, AUDIO_CHAT)
    ],
    f"Sound models, as of {models.AS_OF}",
)

# %% [markdown]
# While it lives, this is how you get a time for each word, in seconds:

# %%
with RADIO.open("rb") as file:
    timed = client.audio.transcriptions.create(
        model=TRANSCRIBE_TIMED,
        file=file,
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
print(timed.language, timed.duration)
for word in timed.words[:5]:
    print(f"{word.start:5.2f} to {word.end:5.2f}  {word.word}")

# %% [markdown]
# A **segment** is a stretch of speech, such as a sentence. Subtitles are segments in a text format that players know. SRT is the older one, VTT the one of the web:

# %%
with RADIO.open("rb") as file:
    srt = client.audio.transcriptions.create(
        model=TRANSCRIBE_TIMED, file=file, response_format="srt"
    )
print(srt)

# %%
with RADIO.open("rb") as file:
    vtt = client.audio.transcriptions.create(
        model=TRANSCRIBE_TIMED, file=file, response_format="vtt"
    )
print(vtt)

# %% [markdown]
# Both are a `str` in Python. The formats differ in the first line, in the numbers above the blocks, and in the sign before the milliseconds.
#
# **Try it:** make subtitles of `(AUDIO / "german_message.mp3")` or `(AUDIO / "spanish_message.mp3")`. Or ask for the word timings with `["word"]` alone, and look at `timed.segments`.

# %% [markdown]
# ## Make subtitles without the old model
#
# What works beyond its end: find the pauses yourself, cut there, and transcribe each piece. You know when a piece starts, because you cut it. A pause is a stretch without a loud sample. The sound is looked at in steps of a fiftieth of a second:

# %%
from itertools import pairwise

import numpy as np


def pauses(clip, quiet=500, least=0.3):
    """(start, end) in seconds of the stretches in which no sample is above `quiet`."""
    step = clip.rate // 50
    steps = clip.samples[: len(clip.samples) // step * step].reshape(-1, step)
    loud = np.flatnonzero(np.abs(steps.astype(int)).max(axis=1) > quiet)
    gaps = pairwise(loud.tolist())
    return [((a + 1) / 50, b / 50) for a, b in gaps if b - a - 1 >= least * 50]


print(pauses(clip))

# %% [markdown]
# Cut in the middle of each pause, so that no word loses its beginning:


# %%
def pieces(clip):
    """(start in seconds, sound) of each stretch between two pauses."""
    cuts = [0.0, *((start + end) / 2 for start, end in pauses(clip)), clip.seconds]
    for start, end in pairwise(cuts):
        samples = clip.samples[round(start * clip.rate) : round(end * clip.rate)]
        yield start, sound.Sound(samples, clip.rate)


# %%
segments = []
for number, (start, piece) in enumerate(pieces(clip), 1):
    name = f"piece_{number}.wav"
    text = transcribe((name, sound.wav(piece)), keywords=NAMES).text
    segments.append((start, start + piece.seconds, text))

for start, end, text in segments:
    print(f"{start:5.2f} to {end:5.2f}  {text}")

# %% [markdown]
# A file need not lie on the disk: a pair of name and bytes will do. These are segments as good as the older model's, and exercise 1 turns them into subtitles. Times of single words are not to be had this way. For those, the open Whisper model that you can run on your own machine remains.
#
# The same cut serves for recordings above 25 MB. It has a price: each piece is heard without what came before, so give every piece the same `keywords`.

# %% [markdown]
# ## Translate what was said
#
# There is an endpoint that translates speech into English. It belongs to `whisper-1` and ends with it. The SDK warns of that; here the warning is caught and printed in one word.

# %%
import warnings

GERMAN = AUDIO / "german_message.mp3"

with warnings.catch_warnings(record=True) as caught, GERMAN.open("rb") as file:
    warnings.simplefilter("always")
    translation = client.audio.translations.create(model=TRANSCRIBE_TIMED, file=file)
print({str(one.message) for one in caught if one.category is DeprecationWarning})
print(translation)
print(translation.text)

# %% [markdown]
# Print `.text`, or you get the object around it. (The API sends no `usage` with a translation, seen in July 2026. So the receipt at the end of this lesson can't count it.) The way on has two steps, each of which you know: transcribe, then ask a model. It gives you more: any language, the original beside it, and a say in the style.


# %%
TRANSLATE = "Translate the message into English. Answer with the translation alone."


def translate(text, rules=TRANSLATE):
    return client.chat.completions.create(
        model=SMALL,
        messages=[{"role": "developer", "content": rules}, {"role": "user", "content": text}],
        reasoning_effort="none",
    )


print(heard[GERMAN.name])
print(translate(heard[GERMAN.name]).choices[0].message.content)

# %% [markdown]
# Look at the time. *Halb vier* is half past *three*. The recorded answer of the old endpoint is an hour late (it was written so; people make this mistake too). With two steps you can see which of them went wrong: hearing or translating.
#
# **Try it:** take the Spanish message, `GERMAN = AUDIO / "spanish_message.mp3"`. Change the second step: `TRANSLATE = "Translate the message into French. Answer with the translation alone."`, or
# `TRANSLATE = "Summarise the message in English, in at most ten words."` Or ask the old endpoint for `response_format="srt"`, and print the answer without `.text`.

# %% [markdown]
# ## Go there and back
#
# A test that needs no recordings: let a model speak a text that you know, let another one write it down, and compare. What is said stays on your disk in `notebooks/out`, which git ignores.

# %%
OUT = lesson.out()
SENTENCE = "The ferry to Saint Brigid leaves from pier four at a quarter past six."

spoken = client.audio.speech.create(
    model=SPEECH, voice="alloy", input=SENTENCE, response_format="wav"
)
spoken.write_to_file(OUT / "round_trip.wav")

# %%
sound.play(OUT / "round_trip.wav", SENTENCE)

# %%
with (OUT / "round_trip.wav").open("rb") as file:
    back = transcribe(file).text
print(back)
print(f"{word_error_rate(SENTENCE, back):.1%}")
print(word_errors.differences(tidy(SENTENCE), tidy(back)))

# %% [markdown]
# What is left is a way of writing and not of hearing; `tidy` could learn it. Such a round trip finds words that your speaking model says strangely, before a customer does. It flatters the listener, though: clean speech, no noise, one speaker. (The speaking endpoint ends too, see the table above. The assistant
# below already uses the way on.)
#
# **Try it:** help with the name: `transcribe(file, keywords=["Saint Brigid"])`.

# %% [markdown]
# ## Let the assistant listen and speak
#
# The sixth version: `/listen` and a file asks what is said in it; `/speak` writes the last answer as sound. No microphone is needed; any recorder makes such a file. What changed since the fifth:

# %%

from helpers.recipes import scripts

print(scripts.changes("v5_images.py", "v6_voice.py"))

# %% [markdown]
# Two decisions are in it. The words that were heard are **shown** before they are answered, because nobody can judge an answer to a question that was misheard. And it speaks with a chat model that has a voice, which does not end with the speech endpoint; it has to be told to *read* the text,
# or it would answer it. So the script prints what was really said.

# %%
lines = ["/listen nothing.wav", "/listen ../../data/lessons/13/spoken_question.mp3", "/speak"]
with lesson.watch() as seen:
    shown = scripts.talk("v6_voice.py", *lines, folder=OUT)
print(shown)

# %%
for exchange in seen:
    print(exchange.request["path"])

# %%
_, _, read_aloud = shown.partition(" says: ")
sound.play(OUT / "answer.mp3", read_aloud.partition("\n")[0])

# %% [markdown]
# The list of requests tells the rest: the missing file cost nothing, hearing was the first request, the calculator made two of one answer, and speaking was the last.
#
# **Try it:** in the second line, name another recording: `german_message.mp3`, `spanish_message.mp3` or `harbour_radio.mp3`. In which language does it answer?

# %% [markdown]
# ## On your own
#
# ### Exercise 1: write subtitles
#
# Write `subtitles(segments)`. It takes segments such as those you made above, `(start, end, text)` with times in seconds, and returns them as one text in the SRT format: number (from 1), times, text, and an empty line between two blocks. Look at the output above for the form of the times. Round to milliseconds.


# %% tags=["exercise-1"]
def subtitles(segments):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A small function for one time helps. `round(1000 * seconds)` gives whole milliseconds; `divmod` takes off hours, minutes and seconds. `f"{7:02}"` is `07`, `f"{7:03}"` is `007`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def clock(seconds):
#     rest, ms = divmod(round(1000 * seconds), 1000)
#     rest, second = divmod(rest, 60)
#     hour, minute = divmod(rest, 60)
#     return f"{hour:02}:{minute:02}:{second:02},{ms:03}"
#
#
# def subtitles(segments):
#     blocks = [
#         f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n"
#         for number, (start, end, text) in enumerate(segments, 1)
#     ]
#     return "\n".join(blocks)
# ```
#
# Try it: `print(subtitles(segments))`. Save it beside a video under the same name, ending in `.srt`, and most players show it.
#
# </details>

# %% [markdown]
# ### Exercise 2: count what matters
#
# Write `lost(said, important)`. `said` is a transcript, `important` a list of words and phrases that the script contains. Return the list of those that the transcript has lost, in their order. Compare as above: with `tidy`, so that *berth 15* is as good as *Berth fifteen*. A phrase counts only in one piece and in whole words.


# %% tags=["exercise-2"]
def lost(said, important):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Join the words of `tidy(said)` with spaces, and put a space before and behind. Do the same with each phrase. Now `in` finds whole words only.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def lost(said, important):
#     def joined(text):
#         return f" {' '.join(tidy(text))} "
#
#     return [phrase for phrase in important if joined(phrase) not in joined(said)]
# ```
#
# Try it: `lost(plain.text, ["Siobhan Keir", "berth fifteen", "Friday"])`, and the same with `helped.text`.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# Hearing has an endpoint of its own, beside both APIs: the Responses API takes no sound files, so the transcript comes first either way. What you do with it afterwards has its twin:

# %%
twin = client.responses.create(
    model=SMALL,
    instructions=TRANSLATE,
    input=heard[GERMAN.name],
    reasoning={"effort": "none"},
    store=False,
)
print(twin.output_text)

# %% [markdown]
# A summary of a meeting is the same two steps, with other instructions and a larger model. That is one of the projects of [lesson 18](18_projects_to_show.ipynb), and it needs no Whisper.

# %% [markdown]
# ## From the production desk
#
# - **Ask before you record.** In many places a recording of a conversation needs the consent of everyone in it, and so does sending it to a third party.
# - **Keep the sound, the transcript and the model's name together**, for as long as you may. A transcript without its sound can't be checked.
# - **Send small files.** Speech at 16 kHz in one channel, as MP3 or FLAC, is heard as well as a large WAV, and the upload is what takes the time.
# - **Silence may be written as words.** A recording of an empty room can come back as a polite sentence. Cut off silence before you send; `pauses` finds it.
# - **Who spoke is another model's task.** `gpt-4o-transcribe-diarize` with `response_format="diarized_json"` labels the speakers, until it ends on 2027-02-26.
# - **Long recordings can be streamed.** With `stream=True`, `gpt-transcribe` sends the words as it hears them, in the manner of [lesson 06](06_stream_answers.ipynb).
# - **What is said is input, never an instruction.** A caller can say *ignore your rules* as well as type it.

# %% [markdown]
# ## Recap
#
# - `client.audio.transcriptions.create` with an open file gives `.text`; `keywords` help with names, `languages` with the language. It is paid by the second.
# - The word error rate is changes divided by words of the script. Normalise first, and read the differences: they are not of equal weight.
# - Timings and subtitles come from the old model until it ends, and from cutting at pauses after that. To translate, transcribe and ask.
#
# Next, texts become numbers that can be compared by meaning.

# %%
lesson.receipt()
