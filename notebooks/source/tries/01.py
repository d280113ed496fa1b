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
