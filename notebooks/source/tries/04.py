# %% the name first, and other rules
conversation = [RULES]
say(conversation, "What is my name?")
say(conversation, "My name is Noor.")
say(conversation, "What is my name?")

say(conversation, "How many letters does my name have?")
conversation = [RULES]
for text in ("My name is Noor.", "What is my name?", "How many letters does my name have?"):
    say(conversation, text)

# %% a pirate
conversation = [{"role": "developer", "content": "You are a pirate."}]
say(conversation, "My name is Noor.")
say(conversation, "What is my name?")

# %% every message that the chat box offers
for path in PATHS:
    conversation = [RULES]
    for text in path:
        say(conversation, text)

# %% the message that failed, when it does not fail
conversation = [RULES]
say(conversation, "My name is Noor.")
say(conversation, "From now on, call me Captain.")
say(conversation, "How many letters does my name have?")
