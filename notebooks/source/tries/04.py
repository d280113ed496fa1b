# %% the last two lines swapped
conversation = [RULES]
say(conversation, "What is my name?")
say(conversation, "My name is Noor.")

# %% a pirate, in both orders
for texts in (("My name is Noor.", "What is my name?"), ("What is my name?", "My name is Noor.")):
    conversation = [{"role": "developer", "content": "You are a pirate."}]
    for text in texts:
        say(conversation, text)

# %% a message fails twice, and a question fails once
for failing in (["From now on, call me Captain."] * 2, ["How many letters does my name have?"]):
    conversation = [RULES]
    say(conversation, "My name is Noor.")
    for text in failing:
        fail(text)
    say(conversation, "How many letters does my name have?")

# %% the question after the lost message, asked once more
letters = {"role": "user", "content": "How many letters does my name have?"}
lost = [RULES]
for role, text in (
    ("user", "My name is Noor."),
    ("assistant", "Nice to meet you, Noor! How can I help you today?"),
    ("user", "From now on, call me Captain."),
    ("user", "How many letters does my name have?"),
    ("assistant", "Aye aye, Captain! The name Noor has four letters."),
):
    lost.append({"role": role, "content": text})
assert "Captain" in ask([*lost, letters])

# %% the message that failed, when it does not fail
conversation = [RULES]
for text in ("My name is Noor.", "From now on, call me Captain.", "How many letters does my name have?"):
    say(conversation, text)

# %% other lines for the program, and no quit word
print(talk("v1_memory.py", "My name is Noor.", "What is my name?"))

# %% every message that the chat box offers
for path in PATHS:
    conversation = [RULES]
    for text in path:
        say(conversation, text)
