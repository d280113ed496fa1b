# %% the instructions and questions that the page suggests
def question(content, instruction=None, role="developer"):
    rules = [{"role": role, "content": instruction}] if instruction else []
    sent = [*rules, {"role": "user", "content": content}]
    return client.chat.completions.create(model="gpt-5.2", messages=sent)


for country in ("Italy", "Spain", "Japan", "Germany"):
    question(f"What is the capital of {country}?")
question("Quelle est la capitale de la France ?")
question("What is the capital of France?", "You are a helpful assistant.")

# %% the capital of Italy, with one word
question("What is the capital of Italy?", "Answer with one word and nothing else.")

# %% other voices
question("What is the capital of France?", "You are a pirate.")
question("What is the capital of France?", "Answer like a pirate.")
question("What is the capital of France?", "Explain to a six-year-old.")
question("What is the capital of France?", "Answer in French.")

# %% the older name of the role
question("What is the capital of France?", "Answer with one word and nothing else.", role="system")

# %% a model that does not exist
# raises: NotFoundError
client.chat.completions.create(model="gpt-5.22", messages=[{"role": "user", "content": "Hi"}])

# %% a longer limit, and none
tale = [{"role": "user", "content": "Tell me a short story about a lighthouse."}]
for limit in (60, 100):
    client.chat.completions.create(model="gpt-5.2", messages=tale, max_completion_tokens=limit)
assert client.chat.completions.create(model="gpt-5.2", messages=tale).choices[0].finish_reason == "stop"

# %% the old name of the limit
# raises: BadRequestError
client.chat.completions.create(model="gpt-5.2", messages=tale, max_tokens=16)

# %% every message that the chat box offers, in the page's voice and in a pirate's
import functools

FRIENDLY, PIRATE = rules, "You are a pirate. Answer briefly."


@functools.cache  # what two conversations begin with is asked once
def talk(rules, *path):
    if not path:
        return [{"role": "developer", "content": rules}]
    said = [*talk(rules, *path[:-1]), {"role": "user", "content": path[-1]}]
    return [*said, {"role": "assistant", "content": reply(said)}]


for voice in (FRIENDLY, PIRATE):
    for path in PATHS:
        talk(voice, *path)

# %% words that come to mind
for words in (
    "What's the capital of France?",
    "what is the capital of france",
    "What is the capital of France",
    "Quelle est la capitale de la France?",
    "Hello!",
    "Hi!",
):
    question(words)
for country in ("Portugal", "Poland", "India", "China", "the United States", "Brazil", "Canada"):
    question(f"What is the capital of {country}?")
question("What is the capital of Italy?", "You are a pirate.")
question("What is the capital of France?", "You are a helpful assistant.", role="system")
for instruction in ("Answer like a pirate!", "You are a poet.", "Answer in one word.", "Explain it to a six-year-old."):
    question("What is the capital of France?", instruction)

# %% other limits
for limit in (8, 20, 30, 32, 50, 200):
    client.chat.completions.create(model="gpt-5.2", messages=tale, max_completion_tokens=limit)

# %% without the list there is no memory
assert "don't know" in reply([{"role": "user", "content": "What is my name?"}])

# %% other names, in the loop of the page and in the box, after a greeting or without one
NAMES = ("Noor", "Ana", "Sam", "Tom")
for voice in (FRIENDLY, PIRATE):
    for name in NAMES:
        for first in (f"Hi! My name is {name}.", f"My name is {name}.", f"My name is {name}"):
            for greeting in ((), ("Hello!",)):
                talk(voice, *greeting, first, "What is my name?", "How many letters does it have?")
for name in NAMES:
    talk(FRIENDLY, f"Hi! My name is {name}.", "What's my name?")
    talk(FRIENDLY, f"Hi! My name is {name}.", "What is my name?", "Thanks!")

# %% greetings in the chat box
for words in ("Hello", "Hi", "Hi!", "How are you?", "Who are you?"):
    talk(FRIENDLY, words)
for words in ("Hello", "Hi!"):
    talk(PIRATE, words)
