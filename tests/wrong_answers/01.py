# %% exercise 1: only the question
# hint: role developer
my_messages = [{"role": "user", "content": "What is the capital of Japan?"}]
answer = response

# %% exercise 1: the rule comes last
# hint: comes first
my_messages = [
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "developer", "content": "Answer with one word."},
]
answer = response

# %% exercise 1: keeps only the text
# hint: whole response
my_messages = [
    {"role": "developer", "content": "Answer with one word."},
    {"role": "user", "content": "What is the capital of Japan?"},
]
answer = client.chat.completions.create(model="gpt-5.2", messages=my_messages).choices[0].message.content

# %% exercise 1: another answer kept
# hint: your own messages
my_messages = [
    {"role": "developer", "content": "Answer with one word."},
    {"role": "user", "content": "What is the capital of Japan?"},
]
answer = response


# %% exercise 2: always the plain text
# hint: cut off
def read(response):
    return response.choices[0].message.content


# %% exercise 2: forgets the other case
# hint: Both cases need a return
def read(response):
    choice = response.choices[0]
    if choice.finish_reason == "length":
        return f"{choice.message.content} […]"


# %% exercise 2: marks every answer
# hint: comes back unchanged
def read(response):
    return f"{response.choices[0].message.content} […]"


# %% exercise 2: the wrong mark
# hint: one space
def read(response):
    choice = response.choices[0]
    return choice.message.content + ("..." if choice.finish_reason == "length" else "")


# %% exercise 2: looks in the wrong place
# hint: parts of response.choices[0]
def read(response):
    text = response.choices[0].message.content
    return text if response.finish_reason == "stop" else f"{text} […]"
