# %% other models by name
for name in (FLAGSHIP, SMALL):
    assert rotating.models.retrieve(name).id == name

# %% a model that does not exist
# raises: NotFoundError
rotating.models.retrieve("gpt-5.22")

# %% something new, twice, and an old question in other letters
assert [cache.ask(faq("Do you ship to Spain?"))[1] for _ in range(2)] == [False, True]
for words in (
    "how long does delivery take",
    "How long does delivery take",
    "how long does delivery take?",
    "HOW LONG DOES DELIVERY TAKE?",
    "Do you ship to Iceland?",
    "Do you ship to Brazil?",
    "Do you sell tandems?",
    "Can I pay by card?",
    "Can I return a bicycle?",
    "What are your opening hours?",
    "Hello!",
    "Good morning!",
):
    assert cache.ask(faq(words))[1] is False

# %% more patience, and one retry
for limits in ({"timeout": 2, "max_retries": 0}, {"timeout": 0.3, "max_retries": 1}):
    with lesson.faults("slow", seconds=1):
        client.with_options(**limits).chat.completions.create(**faq("Is anybody there?"))

# %% other messages to sort
for words, label in {
    "The tyre is flat.": "defect",
    "The brakes don't work.": "defect",
    "My bell is missing.": "delivery",
    "Where is my bike?": "delivery",
    "Can I pay by card?": "payment",
    "I want to send it back.": "return",
    "The helmet is the wrong size.": "return",
    "Thank you!": "praise",
    "You are the best shop!": "praise",
    "Which pump do I need?": "advice",
}.items():
    assert classify(words) == label
six_words = SORT
for ending in ("advice or praise.", "advice, praise or other.", "advice, praise, or other."):
    SORT = six_words.replace("advice or praise.", ending)
    for words in ("Good morning!", "Hello!"):
        assert classify(words) == ("other" if "other" in ending else "praise")
    assert classify("The tyre is flat.") == "defect"
SORT = six_words

# %% the limits in the headers of another answer
for request in (triage("How much is the helmet?"), faq("Do you repair bicycles?")):
    raw = client.chat.completions.with_raw_response.create(**request)
    assert raw.headers["x-ratelimit-remaining-requests"]

# %% summaries by the small model, and another user
folder = tempfile.TemporaryDirectory()
LOG = Path(folder.name, "usage.csv")


def new_log():
    with LOG.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(FIELDS)


def small_summary(texts):
    return {**summary(texts), "model": SMALL, "reasoning_effort": "none"}


new_log()
FEATURES["summary"] = small_summary
assert ask("summary", "u3", messages[:50:5]) and ask("summary", "u1", messages[2:50:5])
for user in ("u1", "u2", "u3", "u4"):
    ask("faq", user, "Can I pay by invoice?")

# %% a quota that everybody keeps to, and one that nobody does
for limit, requests in ((0.01, 3), (0, 0)):
    QUOTA = limit
    new_log()
    with lesson.watch() as seen:
        for user in users:
            ask_within_quota("faq", user, "Do you sell tandems?")
    assert len(seen) == requests
folder.cleanup()

# %% both models fail, and neither does
with lesson.faults("503", "503", "503", "503", retry_after=0.01):
    assert ask_first_of([FLAGSHIP, SMALL], messages=question, **options) is None
for faults in ((), ("503",)):
    with lesson.faults(*faults, retry_after=0.01):
        assert ask_first_of([FLAGSHIP, SMALL], messages=question, **options).model.startswith(FLAGSHIP)
assert ask_first_of(["gpt-5.22", SMALL], messages=question, **options).model == SMALL
other = [{"role": "user", "content": "Name one thing to pack for a long bicycle ride."}]
for models in ([FLAGSHIP], [SMALL]):
    assert ask_first_of(models, messages=other, **options).choices[0].finish_reason == "stop"

# %% a wrong request
# raises: BadRequestError
ask_first_of([FLAGSHIP, SMALL], messages=question, temperature=3, **options)

# %% a fifth message, and one alone
bike, lock = "I would kill for a bike like that.", "I am so angry that I could smash this lock."
threat = "Watch out, I know where you live."
for words, flagged in ((bike, False), (lock, False), (threat, True)):
    for sent in ([*INBOX, words], words):
        assert client.moderations.create(model=MODERATION, input=sent).results[-1].flagged == flagged
    if not flagged:
        classify(words)
client.moderations.create(model=MODERATION, input=[*INBOX, bike, threat])

# %% a smaller batch
old = triage("The lamp is too bright.")
old["max_tokens"] = old.pop("max_completion_tokens")
lines = [line(number, triage(text)) for number, text in enumerate(messages[:10], 1)] + [line(21, old)]
jsonl = "".join(json.dumps(each) + "\n" for each in lines)
upload = client.files.create(file=("triage.jsonl", jsonl.encode("utf-8")), purpose="batch")
batch = client.batches.create(
    input_file_id=upload.id, endpoint="/v1/chat/completions", completion_window="24h"
)
while batch.status not in OVER:
    lesson.pause(10)
    batch = client.batches.retrieve(batch.id)
results = {}
for file_id in filter(None, [batch.output_file_id, batch.error_file_id]):
    for text in client.files.content(file_id).text.splitlines():
        result = json.loads(text)
        results[result["custom_id"]] = outcome(result)
assert len(results) == 11 and "max_tokens" in results["message-21"]
for file_id in (upload.id, batch.output_file_id, batch.error_file_id):
    assert client.files.delete(file_id).deleted

# %% other messages for the Responses API
for words in ("I love my new bell.", "Where is my parcel?"):
    reply = client.responses.create(
        model=SMALL,
        instructions=SORT,
        input=words,
        reasoning={"effort": "none"},
        max_output_tokens=16,
        safety_identifier="u1",
        store=False,
    )
    assert reply.output_text in ("praise", "delivery")
