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


# %% exercise 2: writes into the conversation
# hint: was changed
def pinned(messages, turns, facts):
    messages[0]["content"] += "\n" + facts
    return last_turns(messages, turns)


# %% exercise 2: the facts replace the rules
# hint: old content
def pinned(messages, turns, facts):
    return [{"role": "developer", "content": facts}, *last_turns(messages, turns)[1:]]


# %% exercise 2: no line break
# hint: one line break
def pinned(messages, turns, facts):
    first, *rest = last_turns(messages, turns)
    return [{"role": "developer", "content": f"{first['content']} {facts}"}, *rest]


# %% exercise 2: twice as many messages as turns
# hint: three messages
def pinned(messages, turns, facts):
    first = {"role": "developer", "content": f"{messages[0]['content']}\n{facts}"}
    return [first, *messages[-2 * turns :]]


# %% exercise 2: the facts come in a message of their own
# hint: one line break
def pinned(messages, turns, facts):
    first, *rest = last_turns(messages, turns)
    return [first, {"role": "developer", "content": facts}, *rest]
