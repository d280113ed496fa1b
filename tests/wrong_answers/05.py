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
    return isinstance(error, PASSING)


# %% exercise 1: forgets the server's own errors
# hint: passes by waiting
def worth_retrying(error):
    return isinstance(error, (openai.RateLimitError, openai.APIConnectionError)) and not out_of_money(error)


# %% exercise 2: pauses after the last attempt too
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


# %% exercise 2: swallows the last error
# hint: must come out
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except PASSING:
            if attempt < attempts - 1:
                pause(attempt)


# %% exercise 2: one attempt too many
# hint: four times at most
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except PASSING as error:
            if out_of_money(error):
                raise
            pause(attempt)
    return call()


# %% exercise 2: catches everything
# hint: bug
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except Exception as error:
            if out_of_money(error) or attempt == attempts - 1:
                raise
            pause(attempt)


# %% exercise 2: waits for money
# hint: No wait brings money
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            return call()
        except PASSING:
            if attempt == attempts - 1:
                raise
            pause(attempt)


# %% exercise 2: never tries again
# hint: third attempt
def patient(call, attempts):
    return call()


# %% exercise 1: says nothing where it should say yes
# hint: in every case
def worth_retrying(error):
    if out_of_money(error) or isinstance(error, openai.BadRequestError):
        return False


# %% exercise 2: keeps the answer to itself
# hint: Return what call() returns
def patient(call, attempts):
    for attempt in range(attempts):
        try:
            call()
            break
        except PASSING:
            pause(attempt)


# %% exercise 2: counts from one
# hint: counted from 0
def patient(call, attempts):
    for attempt in range(1, attempts + 1):
        try:
            return call()
        except PASSING as error:
            if out_of_money(error) or attempt == attempts:
                raise
            pause(attempt)
