# %% five faults and six
# raises: RateLimitError
with lesson.faults(*["429"] * 4, retry_after=0.01):
    print(ask(client))
with lesson.faults(*["429"] * 5, retry_after=0.01):
    ask(client)

# %% a model that does not exist
# raises: NotFoundError
once.chat.completions.create(model="gpt-6-lunar", messages=[{"role": "user", "content": "Hello"}])

# %% a fault that is never retried
# raises: NotFoundError
with lesson.faults("404"):
    ask(client)

# %% without the wrong parameter
hello = [{"role": "user", "content": "Hello"}]
once.chat.completions.create(model="gpt-5.2", messages=hello)

# %% no messages
# raises: BadRequestError
once.chat.completions.create(model="gpt-6-luna", messages=[])

# %% a role that does not exist
# raises: BadRequestError
once.chat.completions.create(model="gpt-6-luna", messages=[{"role": "robot", "content": "Hello"}])

# %% a wrong key
# raises: AuthenticationError
ask(OpenAI(api_key="sk-wrong"))
