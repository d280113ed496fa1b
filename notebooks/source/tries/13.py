# %% other recordings
def of(name, **options):
    return transcribe(AUDIO / name, **options)


def timed_of(name, make=client.audio.transcriptions, **options):
    return make.create(model=TRANSCRIBE_TIMED, file=AUDIO / name, **options)


for name in ("german_message.mp3", "spanish_message.mp3"):
    of(name, response_format="text")

# %% something that isn't sound
# raises: BadRequestError
transcribe(("notes.txt", b"Berth 15 is free."))

# %% other names; what is in NAMES goes to the pieces too
for berth in ("berth 15", "berth fifteen"):
    assert berth in of(RADIO.name, keywords=[*NAMES, berth]).text
    for number, (_, piece) in enumerate(pieces(clip), 1):
        transcribe((f"piece_{number}.wav", sound.wav(piece)), keywords=[*NAMES, berth])
for names in (["Maren Ruth"], ["Siobhan Keir"], ["north quay"], ["Siobhan Keir", "Maren Ruth"]):
    of(RADIO.name, keywords=names)
of(RADIO.name, prompt="A message on a harbour's radio, about berths and quays.")

# %% the parameter of the older models, and one language (none at all: see the assistant below)
for name, code in zip(SCRIPTS, ("en", "de", "es"), strict=True):
    of(name, languages=[code])
    for language in {"de", code}:
        of(name, language=language)

# %% the new model has no subtitles
# raises: BadRequestError
of(RADIO.name, response_format="srt")

# %% subtitles and timings of each recording
for name in SCRIPTS:
    for wanted in (["word"], ["segment"]):
        timed_of(name, response_format="verbose_json", timestamp_granularities=wanted)
    timed_of(name)
    if name != RADIO.name:
        for form in ("srt", "vtt", "text"):
            timed_of(name, response_format=form)
        timed_of(name, response_format="verbose_json", timestamp_granularities=["word", "segment"])

# %% other translations
for name in ("german_message.mp3", "spanish_message.mp3"):
    for form in ("srt", "text", "verbose_json"):
        timed_of(name, client.audio.translations, response_format=form)
timed_of("spanish_message.mp3", client.audio.translations)

INTO = [
    TRANSLATE,
    "Translate the message into French. Answer with the translation alone.",
    "Summarise the message in English, in at most ten words.",
]
for name in ("german_message.mp3", "spanish_message.mp3"):
    for rules in INTO:
        if (name, rules) != (GERMAN.name, TRANSLATE):
            translate(heard[name], rules)
            client.responses.create(
                model=SMALL, instructions=rules, input=heard[name], reasoning={"effort": "none"}, store=False
            )

# %% the name of the saint
assert "Saint Brigid" in transcribe(OUT / "round_trip.wav", keywords=["Saint Brigid"]).text

# %% other recordings for the assistant
for name in SCRIPTS:
    said = scripts.rehearse("v6_voice.py", f"/listen ../../data/lessons/13/{name}", "/speak", folder=OUT)
    assert "answer.mp3 says:" in said, said
for line in ("How many kilometres are ten nautical miles?", "How many kilometers are ten nautical miles?", "Hello!"):
    said = scripts.rehearse("v6_voice.py", line, folder=OUT)
    assert "recorded" not in said, said
