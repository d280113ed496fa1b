# %% exercise 1: never looks whether there are choices
# hint: chunk.choices first
def collect(stream):
    text, finish, usage = "", None, None
    for chunk in stream:
        text += chunk.choices[0].delta.content or ""
        finish = chunk.choices[0].finish_reason or finish
        usage = chunk.usage or usage
    return text, finish, usage


# %% exercise 1: only the text
# hint: three values
def collect(stream):
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


# %% exercise 1: adds None to text
# hint: TypeError
def collect(stream):
    text, finish, usage = "", None, None
    for chunk in stream:
        if chunk.choices:
            text += chunk.choices[0].delta.content
            finish = chunk.choices[0].finish_reason
        usage = chunk.usage
    return text, finish, usage


# %% exercise 1: loops twice over a stream that plays once
# hint: finish reason is in the last chunk
def collect(stream):
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    finish = usage = None
    for chunk in stream:
        finish = chunk.choices[0].finish_reason if chunk.choices else finish
        usage = chunk.usage
    return text, finish, usage


# %% exercise 1: takes every end for a good one
# hint: start with None
def collect(stream):
    text, usage = "", None
    for chunk in stream:
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
        usage = chunk.usage
    return text, "stop", usage


# %% exercise 1: forgets the usage
# hint: Keep chunk.usage
def collect(stream):
    text, finish = "", None
    for chunk in stream:
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason
    return text, finish, None


# %% exercise 2: looks at the new piece alone
# hint: two pieces
def until(stream, mark):
    text = ""
    with stream:
        for chunk in stream:
            piece = chunk.choices[0].delta.content or ""
            if mark in piece:
                return text + piece.partition(mark)[0]
            text += piece
    return text


# %% exercise 2: leaves the stream open
# hint: Close the stream
def until(stream, mark):
    text = ""
    for chunk in stream:
        text += chunk.choices[0].delta.content or ""
        if mark in text:
            break
    return text.partition(mark)[0]


# %% exercise 2: reads to the end first
# hint: Stop reading
def until(stream, mark):
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    stream.close()
    return text.partition(mark)[0]


# %% exercise 2: returns the mark too
# hint: without the mark
def until(stream, mark):
    text = ""
    with stream:
        for chunk in stream:
            text += chunk.choices[0].delta.content or ""
            if mark in text:
                break
    return text


# %% exercise 2: adds None to text
# hint: TypeError
def until(stream, mark):
    text = ""
    with stream:
        for chunk in stream:
            text += chunk.choices[0].delta.content
            if mark in text:
                break
    return text.partition(mark)[0]
