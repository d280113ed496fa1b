# %% exercise 1: every rate limit
# hint: its type
def worth_retrying(error):
    return isinstance(error, (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError))


# %% exercise 1: goes by the status alone
# hint: go by its class
def worth_retrying(error):
    return error.status_code in (429, 500, 503) and error.type != "insufficient_quota"


# %% exercise 1: retries everything but money
# hint: fails every time
def worth_retrying(error):
    return error.type != "insufficient_quota"


# %% exercise 1: knows money by its code
# hint: its type
def worth_retrying(error):
    if error.code == "insufficient_quota":
        return False
    return isinstance(error, (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError))


# %% exercise 1: forgets the server's own errors
# hint: goes away if you wait
def worth_retrying(error):
    return isinstance(error, (openai.RateLimitError, openai.APIConnectionError)) and not out_of_money(error)


# %% exercise 3: pauses after the last attempt too
# hint: nothing to wait for
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except openai.APIError as error:
            if out_of_money(error):
                raise
            pause(attempt)
            last = error
    raise last


# %% exercise 3: swallows the last error
# hint: must come out
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except TRANSIENT:
            if attempt < attempts - 1:
                pause(attempt)


# %% exercise 3: one attempt too many
# hint: four times at most
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except TRANSIENT as error:
            if out_of_money(error):
                raise
            pause(attempt)
    return call()


# %% exercise 3: catches everything
# hint: bug
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except Exception as error:
            if out_of_money(error) or attempt == attempts - 1:
                raise
            pause(attempt)


# %% exercise 3: waits for money
# hint: Waiting doesn't add credit
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except TRANSIENT:
            if attempt == attempts - 1:
                raise
            pause(attempt)


# %% exercise 3: never tries again
# hint: third attempt
def patient(call, attempts):
    return call()


# %% exercise 1: says nothing where it should say yes
# hint: in every case
def worth_retrying(error):
    if out_of_money(error) or isinstance(error, openai.BadRequestError):
        return False


# %% exercise 3: keeps the answer to itself
# hint: Return what call() returns
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            call()
            break
        except TRANSIENT:
            pause(attempt)


# %% exercise 3: counts from one
# hint: counted from 0
def patient(call, attempts):
    for attempt in range(1, attempts + 1):
        try:
            return call()
        except TRANSIENT as error:
            if out_of_money(error) or attempt == attempts:
                raise
            pause(attempt)


# %% exercise 2: a minute for each attempt
# hint: all attempts together
chat = {"max_retries": 2, "timeout": 60}
night = {"max_retries": 5, "timeout": 600}

# %% exercise 2: no second try in the chat
# hint: one failure
chat = {"max_retries": 0, "timeout": 60}
night = {"max_retries": 5, "timeout": 600}

# %% exercise 2: counts the first attempt twice
# hint: after the first
chat = {"max_retries": 2, "timeout": 20}
night = {"max_retries": 3, "timeout": 600}

# %% exercise 2: little patience at night
# hint: ten minutes
chat = {"max_retries": 2, "timeout": 20}
night = {"max_retries": 5, "timeout": 60}
