# %% five faults and six
# raises: RateLimitError
with lesson.faults(*["429"] * 4, retry_after=0.01):
    print(ask(client))
with lesson.faults(*["429"] * 5, retry_after=0.01):
    ask(client)

# %% a model that does not exist
# raises: NotFoundError
once.chat.completions.create(model="gpt-6-lunar", messages=[{"role": "user", "content": "Hello"}])

# %% no messages
# raises: BadRequestError
once.chat.completions.create(model="gpt-6-luna", messages=[])

# %% a role that does not exist
# raises: BadRequestError
once.chat.completions.create(model="gpt-6-luna", messages=[{"role": "robot", "content": "Hello"}])

# %% a wrong key
# raises: AuthenticationError
ask(OpenAI(api_key="sk-wrong"))
