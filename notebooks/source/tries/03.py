# %% the small model, and another question
for model, extra in (("gpt-5.2", {}), ("gpt-6-luna", {"reasoning_effort": "none"})):
    for question in ("Why is the sea salty?", "Why are rivers not salty?"):
        sent = [messages[0], {"role": "user", "content": question}]
        client.chat.completions.create(model=model, messages=sent, **extra)
