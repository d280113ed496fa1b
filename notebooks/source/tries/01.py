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

# %% every message that the chat box offers
def talk(rules, path):
    said = [{"role": "developer", "content": rules}]
    for text in path:
        said.append({"role": "user", "content": text})
        said.append({"role": "assistant", "content": reply(said)})


for path in PATHS:
    talk("You are a friendly assistant. Answer briefly.", path)

# %% another personality
talk("You are a pirate. Answer briefly.", ["Hello!"])
talk("You are a pirate. Answer briefly.", ["Hi! My name is Noor.", "What is my name?"])
talk("You are a friendly assistant. Answer briefly.", ["Hello!"])

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

# %% other names, in the loop of the page
for name in ("Ana", "Sam", "Tom"):
    talk(rules, [f"Hi! My name is {name}.", "What is my name?"])
    talk(rules, [f"My name is {name}.", "What is my name?"])
for name in ("Noor", "Ana", "Sam", "Tom"):
    said = [{"role": "developer", "content": rules}, {"role": "user", "content": f"Hi! My name is {name}."}]
    said.append({"role": "assistant", "content": f"Nice to meet you, {name}! What can I do for you?"})
    reply([*said, {"role": "user", "content": "What's my name?"}])
    said += [{"role": "user", "content": "What is my name?"}, {"role": "assistant", "content": f"Your name is {name}."}]
    reply([*said, {"role": "user", "content": "Thanks!"}])

# %% greetings in the chat box
for words in ("Hello", "Hi", "Hi!", "How are you?", "Who are you?"):
    talk(rules, [words])
for words in ("Hello", "Hi!", "Tell me a joke about Python."):
    talk("You are a pirate. Answer briefly.", [words])
