"""Lesson 01: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, my_messages, answer, response):
    """Two messages."""
    ex.needs(my_messages, answer)
    roles = [message["role"] for message in my_messages]
    ex.that(
        "developer" in roles,
        "The rule for the answer belongs in a message with the role developer.",
    )
    ex.that(
        roles == ["developer", "user"],
        "The developer's message comes first, then the user's, and there are no others.",
    )
    ex.that(
        my_messages[1]["content"] == "What is the capital of Japan?",
        "Send the question word for word.",
    )
    ex.that(my_messages[0]["content"] == "Answer with one word.", "Send the rule word for word.")
    ex.that(hasattr(answer, "choices"), "Keep the whole response in answer, not only its text.")
    ex.that(answer is not response, "This is the earlier response. Send your own messages, and keep what comes back.")
    ex.that(len(answer.choices[0].message.content.split()) == 1, "The answer should be one word.")


def check_2(ex, read, response, story):
    """A safe way to read an answer."""
    whole, cut = response.choices[0].message.content, story.choices[0].message.content
    parts = "The text and the finish_reason are both parts of response.choices[0]."
    ex.that(lambda: (read(response), read(story)), parts)
    ex.that(
        read(response) is not None,
        "For a finished answer, your function returns None. Both cases need a return.",
    )
    ex.needs(read(response))
    ex.that(
        story.choices[0].finish_reason == "length",
        "Your last story is complete. Put max_completion_tokens=16 back, run that cell, then check again.",
    )
    ex.that(read(response) == whole, "A finished answer comes back unchanged.")
    ex.that(read(story) != cut, "The story was cut off. Its finish_reason is not stop; look at it.")
    ex.that(read(story) == f"{cut} […]", "Add one space and […] after a text that was cut off.")
