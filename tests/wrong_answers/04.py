# %% exercise 1: makes a new list
# hint: makes a new list
def undo(conversation):
    text = conversation[-2]["content"]
    conversation = conversation[:-2]
    return text


# %% exercise 1: removes the answer alone
# hint: two messages
def undo(conversation):
    return conversation.pop()["content"]


# %% exercise 1: returns the answer
# hint: not the answer
def undo(conversation):
    if len(conversation) < 3:
        return ""
    answer = conversation.pop()
    conversation.pop()
    return answer["content"]


# %% exercise 1: forgets to return
# hint: Return the text
def undo(conversation):
    if len(conversation) > 1:
        del conversation[-2:]


# %% exercise 1: no turn is left
# hint: IndexError
def undo(conversation):
    conversation.pop()
    return conversation.pop()["content"]


# %% exercise 1: takes the developer's message too
# hint: must stay
def undo(conversation):
    text = conversation[-2]["content"] if len(conversation) > 2 else ""
    del conversation[-2:]
    return text


# %% exercise 2: twice as many messages as turns
# hint: three messages
def last_turns(messages, turns):
    return messages[:1] + messages[1:][-2 * turns :]


# %% exercise 2: without the developer's message
# hint: developer's message comes first
def last_turns(messages, turns):
    return messages[1 - 2 * turns :]


# %% exercise 2: the developer's message twice
# hint: only once
def last_turns(messages, turns):
    return messages[:1] + messages[1 - 2 * turns :]


# %% exercise 2: cuts the list itself
# hint: was changed
def last_turns(messages, turns):
    del messages[1 : len(messages) + 1 - 2 * turns]
    return messages


# %% exercise 2: always three turns
# hint: two turns
def last_turns(messages, turns):
    return messages[:1] + messages[-5:]
