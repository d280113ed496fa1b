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
