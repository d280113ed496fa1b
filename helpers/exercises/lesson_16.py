"""Lesson 16: the checks of its exercises, and the answers of its predictions."""

import json
from copy import deepcopy

from ..models import SMALL


def check_1(ex, convert, examples, letter, history, TALL):
    """Convert a request."""
    ex.needs(convert(deepcopy(examples["rule"])))
    developer, question = examples["rule"]["messages"]  # RULE itself may have changed since, in a "Try it"
    booking = examples["data"]["response_format"]["json_schema"]
    tools = [{"type": "function", **tool["function"]} for tool in examples["tools"]["tools"]]
    given = deepcopy(examples)
    new = {name: convert(request) for name, request in given.items()}
    hint = "Leave the request as it was: change a copy, such as dict(request)."
    ex.that(given == examples, hint)
    rule, typed, called, deep = (new[name] for name in ("rule", "data", "tools", "thought"))
    hint = "The content of a first developer message becomes instructions, as text."
    ex.that(rule.get("instructions") == developer["content"], hint)
    system = {"model": SMALL, "messages": [{"role": "system", "content": "Be kind."}, *letter]}
    hint = "A first message of role system is an instruction, too."
    ex.that(convert(system).get("instructions") == "Be kind.", hint)
    ex.that(all("messages" not in one for one in new.values()), "messages has no place here.")
    hint = "input holds the other messages, in order, and no longer the developer's."
    ex.that(rule.get("input") in ([question], question["content"]), hint)
    talk = [*history[:3], {"role": "user", "content": TALL}]
    ex.that(convert({"model": SMALL, "messages": talk})["input"] == talk[1:], hint)
    hint = "Without a first developer or system message there are no instructions."
    ex.that(typed.get("instructions") is None and typed.get("input"), hint)
    hint = "max_completion_tokens is called max_output_tokens, and the old name goes."
    ex.that(rule.get("max_output_tokens") == 200, hint)
    ex.that("max_completion_tokens" not in rule, hint)
    hint = "reasoning_effort becomes a dictionary: reasoning={'effort': …}."
    ex.that(deep.get("reasoning") == {"effort": "high"} and "reasoning_effort" not in deep, hint)
    hint = "text.format has type, name, strict and schema side by side, without json_schema."
    ex.that(typed.get("text") == {"format": {"type": "json_schema", **booking}}, hint)
    plain = {"model": SMALL, "messages": letter, "response_format": {"type": "json_object"}}
    hint = "A response_format without a schema keeps its type: text={'format': {'type': …}}."
    ex.that(lambda: convert(plain)["text"] == {"format": {"type": "json_object"}}, hint)
    hint = "A tool is flat here: what was inside function stands beside type."
    ex.that(called.get("tools") == tools, hint)
    hint = "Say store=False, because Responses keeps by default."
    ex.that(all(one.get("store") is False for one in (rule, typed, deep)), hint)
    ex.that(called.get("store") is True, "A request that sets store keeps its own value.")
    hint = "Other arguments pass through as they are, such as model and temperature."
    ex.that(convert({**system, "temperature": 0.5}).get("temperature") == 0.5, hint)
    ex.that(all(one.get("model") for one in new.values()), hint)
    for name in ("stop", "n", "seed"):
        try:
            convert({**system, name: 2})
        except ValueError as error:
            ex.that(name in str(error), "The message of the ValueError names the parameter.")
        else:
            ex.that(False, f"Raise a ValueError for {name}: Responses would refuse it.")


def check_2(ex, walk, response, item, thought, both, asked, declined):
    """Walk the items."""
    ex.needs(walk(response.output))
    made = json.loads(item.arguments)
    ex.that(len(walk(response.output)) == 2, "Return two values: the text, and the calls.")
    hint = "The text is in item.content, part by part, as part.text."
    ex.that(lambda: walk(response.output)[0] == response.output_text, hint)
    hint = "Where there is no call, the calls are an empty list."
    ex.that(lambda: list(walk(response.output)[1]) == [], hint)
    hint = "Look at item.type: a reasoning item comes first and has no text for you."
    ex.that(lambda: walk(thought.output)[0] == thought.output_text, hint)
    hint = "A call is an item of type function_call; without a message the text is empty."
    ex.that(lambda: len(walk(both.output)[1]) == 1 and walk(both.output)[0] == "", hint)
    hint = "A pair of name and arguments; json.loads makes a dictionary of the arguments."
    ex.that(lambda: tuple(walk(asked.output)[1][0]) == (item.name, made), hint)
    hint = "Part by part: join the texts of all messages, and pass over refusals."
    twice = [*response.output, declined, *thought.output]
    text = response.output_text + thought.output_text
    ex.that(lambda: walk(twice)[0] == text, hint)
    hint = "Collect every call, not only the first or the last."
    ex.that(lambda: len(walk([*both.output, *asked.output])[1]) == 2, hint)


def guess_1(third, second, YES, NO):
    shorter = third.usage.input_tokens < second.usage.input_tokens
    return NO if shorter else YES, "The server carries over messages and answers, not instructions."
