# %% [markdown]
# # Listen
#
# By the end you can turn speech into text and subtitles, measure how many of the words are wrong, and ask your assistant a question aloud.

# %% [markdown]
# ## What you will learn
#
# - How to get a transcript, and how to help the model with names and languages.
# - How to measure a transcript: the word error rate, built by hand and then with a library.
# - How to get word timings and subtitles (SRT and VTT), also after the model that makes them is gone.
# - How to translate what was said.
# - How to let the assistant listen and speak.
#
# You need [lesson 01](01_make_your_first_call.ipynb). [Lesson 12](12_speak.ipynb), which turns text into speech, helps with the last two steps.

# %%
from helpers import lesson
from helpers.models import AUDIO_CHAT, SMALL, SPEECH, TRANSCRIBE, TRANSCRIBE_TIMED

lesson.start("13")

# %% [markdown]
# ## Hear a recording
#
# The course comes with three short recordings, spoken by a synthesiser. They contain nobody's voice, and every word is known from the **script** that was read. The first is a message on the harbour's radio.

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
# `file` takes a `Path`, and the SDK reads the file. It doesn't take the name as a string; older code passes an open file, `open(name, "rb")`. The answer is an object; the words are in its `text`.

# %%
from openai import OpenAI

client = OpenAI()

plain = client.audio.transcriptions.create(model=TRANSCRIBE, file=RADIO)
print(plain.text)

# %% [markdown]
# Compare that with the words under the player. In the recorded answer, names are spelled as they sound, and one mistake would send a crew to the wrong place. Both come up again below.
#
# **Try it:** send another recording, `AUDIO / "german_message.mp3"` or `AUDIO / "spanish_message.mp3"` in place of `RADIO`. Or send something that isn't sound: `file=("notes.txt", b"Berth 15 is free.")`.
#
# This model is billed by the second of sound, not by the token:

# %%
from helpers import costs

print(plain.usage.type, plain.usage.seconds, "seconds")
print(costs.usd(costs.cost(TRANSCRIBE, plain.usage)))
hour = costs.cost(TRANSCRIBE, {"seconds": 3600})
print("an hour:", costs.usd(hour))

# %% [markdown]
# The message lasts a little over eleven seconds; in the recorded answer, it is rounded up to whole seconds.
#
# What went over the wire is not JSON. A file travels as a **form** of named parts, as when you upload a picture to a web page:

# %%
for part in lesson.exchanges()[-1].request["multipart"]:
    print(
        part["name"], "=", part.get("value") or f"{part['filename']}, {part['bytes']:,} bytes"
    )

# %% [markdown]
# The name of the file matters: the API reads the format from its extension (mp3, mp4, mpeg, mpga, m4a, ogg, flac, wav, webm). The file may have at most 25 MB. At the rate of this MP3, how many minutes is that?

# %%
bytes_per_second = RADIO.stat().st_size / clip.seconds
print(round(25_000_000 / bytes_per_second / 60), "minutes")

# %% [markdown]
# If you need only the words, ask for text. What type will the answer have?

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    'With response_format="text", how do you reach the words?',
    ["answer.text", "the answer is a str", "answer.choices[0].text"],
)

# %%
words_alone = client.audio.transcriptions.create(
    model=TRANSCRIBE, file=RADIO, response_format="text"
)
print(type(words_alone))
print(repr(words_alone))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# A `str` has no `.text`, and if the API ends it with a line break, that stays in it. JSON is the better habit: it also reports the seconds. (Without them, not even the receipt at the end of this lesson can price a call.)
#
# </details>

# %% [markdown]
# ## Help with names
#
# A model has never heard of the *Maren Ruth*. It writes something common that sounds alike. You often do know which names to expect: from a calendar, a list of customers, a crew list. Pass them as `keywords`.


# %%
def transcribe(file, **options):
    """The transcript of a file: its path, or a pair of name and bytes."""
    return client.audio.transcriptions.create(model=TRANSCRIBE, file=file, **options)


# %%
NAMES = ["Siobhan Keir", "Maren Ruth", "north quay"]

helped = transcribe(RADIO, keywords=NAMES)
print(helped.text)

# %% [markdown]
# In the recorded answer the names are now right. The berth is still wrong: it isn't a name, and *fifty* sounds much like *fifteen*. A list of keywords is a hint, not a rule. Keep it short; a model that expects a word can hear it where nobody said it. What a list can't say, like the subject of the call, goes into `prompt`, in plain sentences.
#
# **Try it:** give one name alone, `keywords=["Maren Ruth"]`. Put `"berth 15"` at the end of `NAMES`. Or say it in a sentence instead: `prompt="A message on a harbour's radio, about berths and quays."`

# %% [markdown]
# ## Hear several languages
#
# The model finds out by itself which language is spoken. When you know which ones are possible, list their two-letter codes in the parameter `languages`. (The answer has a field of the same name for the languages heard.) Here all three recordings get the same list:

# %%
POSSIBLE = ["de", "en", "es"]
heard = {}
for name in SCRIPTS:
    heard[name] = transcribe(AUDIO / name, languages=POSSIBLE).text
    print(heard[name], "\n")

# %% [markdown]
# Mind the *s* at the end of `languages`. The older models take one `language`, and much code on the web passes it. `gpt-transcribe` silently ignores it (seen in a probe of July 2026), so a wrong language isn't refused, and a right one doesn't help.
#
# **Try it:** leave `languages` out, or put `language="de"` in its place, for all three recordings.

# %% [markdown]
# ## Count the mistakes
#
# Is a transcript good? "It looks fine" isn't a number. The usual one is the **word error rate** (WER): how many words you would have to change, drop or add to turn the script into the transcript, divided by the number of words in the script. Zero is perfect. It can exceed 100 %, when the transcript has many words that nobody said.
#
# First, what is a word? Capitals and punctuation can't be heard, and *five* is as good as *5*. So both texts get the same form before they are compared. This is called **normalising**.

# %%
import re

DIGITS = {"four": "4", "five": "5", "six": "6", "nine": "9", "fifteen": "15", "forty": "40"}


def tidy(text):
    words = re.findall(r"\w+", text.casefold())
    return [DIGITS.get(word, word) for word in words]


print(tidy("She'll reach berth fifteen at nine forty."))
print(tidy("Berth 15, at 9:40!"))

# %% [markdown]
# Now find the smallest number of changes. Trying all ways would take forever. **Dynamic programming** solves small problems first and builds the larger ones on them: row *i*, column *j* of a grid holds the cost for the first *i* words of the script and the first *j* words heard. Each cell needs
# only three neighbours: the one above (a word was missed), the one to the left (a word was added), and the one diagonally between them (the words are the same, or one was taken for another).


# %%
def grid(script, said):
    rows = [list(range(len(said) + 1))]
    for i, word in enumerate(script, 1):
        row = [i]
        for j, other in enumerate(said, 1):
            missed = rows[-1][j] + 1
            added = row[-1] + 1
            swapped = rows[-1][j - 1] + (word != other)
            row.append(min(missed, added, swapped))
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
# You won't have to write this again: the library `rapidfuzz` does it in compiled code, for lists of words as well as for letters. It also says where the differences are.

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
# Two questions before you choose: which transcript has a mistake that changes the meaning? And in which does the score count something that isn't a mistake at all?

# %%
from helpers.demos import word_errors

READABLE = {name: name.removesuffix(".mp3").replace("_", " ") for name in SCRIPTS}
recordings = {
    READABLE[name]: word_errors.Recording(AUDIO / name, SCRIPTS[name], heard[name])
    for name in SCRIPTS
}
word_errors.panel(recordings, tidy)

# %% tags=["furniture"]
# The recordings in a table
rows = []
for name, recording in recordings.items():
    script_words = tidy(recording.script)
    differences = word_errors.differences(script_words, tidy(recording.said))
    listed = "; ".join(
        f"{meant or '(nothing)'} → {wrong or '(nothing)'}" for meant, wrong in differences
    )
    rate = word_error_rate(recording.script, recording.said)
    rows.append([name, len(script_words), f"{rate:.0%}", listed])
Table(["Recording", "Words", "WER", "Script → heard"], rows, "The same, as a table", lesson.note())

# %% [markdown]
# The score weighs all words equally. *Ferri* and *ferry* are two spellings of one word, and nobody can hear *Brand* from *Brandt*; each counts as much as the berth, which would leave a crew waiting in the wrong place. So read the differences, and count the words that matter on their own (exercise 2).
#
# To measure a model, use recordings of your own, with people, noise and a hundred times as many words.

# %% [markdown]
# ## Get word timings
#
# Subtitles need times. Ask the new model for them, and it refuses:

# %%
import openai

try:
    transcribe(RADIO, response_format="verbose_json")
except openai.BadRequestError as error:
    print(error.body["message"])

# %% [markdown]
# The same goes for `srt` and `vtt`. The older `whisper-1` has them all, but it has an end date. So does the model that speaks in [lesson 12](12_speak.ipynb). A newer one, `gpt-audio-1.5`, can speak too, and no end has been announced for it:

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
# Until `whisper-1` ends, this is how you get the time of each word, in seconds:

# %%
timed = client.audio.transcriptions.create(
    model=TRANSCRIBE_TIMED,
    file=RADIO,
    response_format="verbose_json",
    timestamp_granularities=["word", "segment"],
)
print(timed.language, timed.duration)
for word in timed.words[:5]:
    print(f"{word.start:5.2f} to {word.end:5.2f}  {word.word}")

# %% [markdown]
# A **segment** is a stretch of speech, such as a sentence. Subtitles are segments in a text format that players know. SRT is the older one, VTT the one of the web:

# %%
srt = client.audio.transcriptions.create(
    model=TRANSCRIBE_TIMED, file=RADIO, response_format="srt"
)
print(srt)

# %%
vtt = client.audio.transcriptions.create(
    model=TRANSCRIBE_TIMED, file=RADIO, response_format="vtt"
)
print(vtt)

# %% [markdown]
# Both are a `str` in Python. The formats differ in the first line, in the numbers above the blocks, and in the sign before the milliseconds.
#
# **Try it:** make subtitles of `AUDIO / "german_message.mp3"` or `AUDIO / "spanish_message.mp3"`. Or ask for the word timings with `["word"]` alone, and look at `timed.segments`.

# %% [markdown]
# ## Make subtitles without the old model
#
# This works without it: find the pauses yourself, cut there, and transcribe each piece. You know when a piece starts, because you cut it. A pause is a stretch of sound without a loud sample. The function looks for the loudest sample in each fiftieth of a second, and each gap between two loud steps that is long enough is a pause:

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
# A file doesn't have to be on disk: a pair of name and bytes will do. These are segments like the older model's, and exercise 1 turns them into subtitles. You don't get times of single words this way. For those, there is still the open Whisper model, which you can run on your own machine.
#
# The same cuts work for recordings above 25 MB. There is a drawback: each piece is heard without what came before, so give every piece the same `keywords`.

# %% [markdown]
# ## Translate what was said
#
# There is an endpoint that translates speech into English. It belongs to `whisper-1` and ends with it. The SDK warns you; here its warning, a single word, is caught and printed.

# %%
import warnings

GERMAN = AUDIO / "german_message.mp3"

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    translation = client.audio.translations.create(model=TRANSCRIBE_TIMED, file=GERMAN)
print({str(item.message) for item in caught if item.category is DeprecationWarning})
print(translation)
print(translation.text)

# %% [markdown]
# Print `.text`, or you get the object around it. (The API sent no `usage` with a translation in July 2026, so the receipt at the end of this lesson can't count it.) What replaces it has two steps that you know: transcribe, then ask a chat model. That gives you more: any language, the original beside it, and a say in the style.


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
# Look at the time. *Halb vier* is half past *three*. The recorded answer of the old endpoint is an hour late (it was written that way; people make this mistake too). With two steps you can see which one went wrong, hearing or translating.
#
# **Try it:** take the Spanish message, `GERMAN = AUDIO / "spanish_message.mp3"`. Change the second step: `TRANSLATE = "Translate the message into French. Answer with the translation alone."`, or
# `TRANSLATE = "Summarise the message in English, in at most ten words."` Or ask the old endpoint for `response_format="srt"`, and print the answer without `.text`.

# %% [markdown]
# ## Go there and back
#
# A test that needs no recordings: let one model speak a text that you know, let another write it down, and compare. The sound stays on your disk in `notebooks/out`, which git ignores.

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
back = transcribe(OUT / "round_trip.wav").text
print(back)
print(f"{word_error_rate(SENTENCE, back):.1%}")
print(word_errors.differences(tidy(SENTENCE), tidy(back)))

# %% [markdown]
# The one difference is in the spelling, not in the hearing; `tidy` could learn it. Such a round trip finds words that your speech model says strangely, before a customer does. It flatters the transcriber, though: the speech is clean, with no noise and one speaker. (The speech endpoint ends too, as the table above says. The assistant
# below already uses its successor.)
#
# **Try it:** help with the name: `transcribe(OUT / "round_trip.wav", keywords=["Saint Brigid"])`.

# %% [markdown]
# ## Let the assistant listen and speak
#
# In the sixth version, `/listen` with the path of a sound file takes what is said in it as your message, and `/speak` saves the last answer as sound. You need no microphone here; any recorder makes such a file. This changed since the fifth version:

# %%

from helpers.recipes import scripts

print(scripts.changes("v5_images.py", "v6_voice.py"))

# %% [markdown]
# Notice two decisions. The words heard are **shown** before they are answered, because nobody can judge an answer to a question that was misheard. And the voice is a chat model, which doesn't end with the speech endpoint. It has to be told to *read* the text,
# or it might answer it, so the script prints what was really said.

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
# The list of requests shows the rest: the missing file cost nothing, hearing was the first request, the answer took two because of the calculator, and speaking was the last.
#
# **Try it:** in the second line, name another recording: `german_message.mp3`, `spanish_message.mp3` or `harbour_radio.mp3`. In which language does it answer?

# %% [markdown]
# ## On your own
#
# ### Exercise 1: write subtitles
#
# Write `subtitles(segments)`. It takes segments like those you made above, `(start, end, text)` with times in seconds, and returns one text in the SRT format: for each segment its number (from 1), its times and its text, with an empty line between two blocks. Look at the output of `srt` above for the form of the times. Round to milliseconds.


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
# Write `lost(said, important)`. `said` is a transcript, `important` a list of words and phrases that the script contains. Return a list of those missing from the transcript, in their order. Compare with `tidy`, as above, so that *berth 15* is as good as *Berth fifteen*. A phrase is there only if all its whole words are, next to each other and in order.


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
# Transcription has its own endpoint, beside both APIs. The Responses API takes no sound files, so the transcript comes first either way. The second step looks like this:

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
# A summary of a meeting takes the same two steps, with other instructions and a larger model. It is one of the projects of [lesson 18](18_projects_to_show.ipynb).

# %% [markdown]
# ## From the production desk
#
# - **Ask before you record.** In many places a recording of a conversation needs the consent of everyone in it, and so does sending it to a third party.
# - **Keep the sound, the transcript and the model's name together**, for as long as you may. A transcript without its sound can't be checked.
# - **Send small files.** For speech, 16 kHz in one channel is enough, and as MP3 or FLAC it uploads faster than a large WAV.
# - **Silence may be written as words.** A recording of an empty room can come back as a polite sentence. Cut off silence before you send; `pauses` finds it.
# - **Who spoke is another model's task.** `gpt-4o-transcribe-diarize` with `response_format="diarized_json"` labels the speakers, until it ends on 2027-02-26.
# - **Long recordings can be streamed.** With `stream=True`, `gpt-transcribe` sends the text bit by bit while it works, as in [lesson 06](06_stream_answers.ipynb).
# - **What is said is input, never an instruction.** A caller can say *ignore your rules* just as a user can type it.

# %% [markdown]
# ## Recap
#
# - `client.audio.transcriptions.create` with a file gives `.text`; `keywords` help with names, `languages` with the language. You pay by the second.
# - The word error rate is the number of changes divided by the words in the script. Normalise first, and read the differences: they don't all matter equally.
# - Timings and subtitles come from the old model until it ends, and from cutting at pauses after that. To translate, transcribe and ask.
#
# Next, texts become numbers that can be compared by meaning.

# %%
lesson.receipt()
