# %% other texts, and fewer numbers
for words_sent in ("cat", ["cat", "dog"], "My boat is blue", "Hello!", "Hello, world!"):
    client.embeddings.create(model=EMBEDDING, input=words_sent)
FOX = "The quick brown fox jumps over the lazy dog"
short = client.embeddings.create(model=EMBEDDING, input=FOX, dimensions=256)
assert len(short.data[0].embedding) == 256
client.embeddings.create(model=EMBEDDING_LARGE, input=FOX)

# %% more numbers than there are
# raises: BadRequestError
client.embeddings.create(model=EMBEDDING, input=FOX, dimensions=2000)

# %% other sentences
THIRD = ["Python is a large snake", "Ich programmiere gern in Python", "I love programming in Java", "It is raining"]
for model in (EMBEDDING, EMBEDDING_LARGE):
    embed(THIRD, model)
embed(
    [
        "I don't love programming in Python",
        "I love Python",
        "I hate Python",
        "I love cooking",
        "I am a programmer",
        "The weather is bad today",
    ]
)

# %% an empty list
# raises: BadRequestError
embed([])

# %% a text that is too long
# raises: BadRequestError
embed("word " * 9000)

# %% other searches
for query in (
    "make it cheaper",
    "talk to a database",
    "robots",
    "my bill is too high",
    "the answer stops in the middle",
    "how do I hide my password",
    "what is a token",
    "make a picture",
    "read a letter that I photographed",
    "translate a film",
    "write unit tests",
    "it makes things up",
    "two questions at the same time",
    "a talking computer",
    "Python",
    "hello",
    "Fehler im Programm",
    "¿cuánto cuesta?",
):
    search(query)

# %% other names for the groups
for manner in ("one or two words in French", "one word", "one or two words in German"):
    changed = prompt.replace("one or two words", manner)
    client.chat.completions.create(
        model=SMALL, messages=[{"role": "user", "content": changed}], reasoning_effort="none"
    )

# %% other orders
for other_order in (
    "What happened to 43281?",
    "What happened to 48321?",
    "Which order is waiting for payment?",
    "Who got the fenders?",
    "48213",
):
    vector_of(other_order)
