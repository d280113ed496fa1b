# %% other languages and voices
def say(words, model="gpt-5.2"):
    message = {"role": "user", "content": words}
    return client.chat.completions.create(model=model, messages=[message])


for voice in ("in French", "like a pirate", "in German"):
    say(f"Say hello {voice} to someone learning the OpenAI API.")
for voice in ("in French", "like a pirate", "in German", "in Spanish", "in Italian"):
    say(f"Say hello {voice}.")
for words in ("Hello!", "Hello", "Hi!", "Say hello.", "Say hello to me.", "What can you do?", "Tell me a joke."):
    say(words)

# %% a model that does not exist
# raises: NotFoundError
say("Say hello to someone learning the OpenAI API.", model="gpt-5.22")

# %% the call of the failed one, alone
assert "gpt-5.2" in [one.id for one in client.models.list()]

# %% a key that cannot be one
# raises: AuthenticationError
OpenAI(api_key="sk-wrong").models.list()
