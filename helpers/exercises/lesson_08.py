"""Lesson 08: the checks of its exercises, and the answers of its predictions."""

import json


def check_1(ex, tide_tool):
    """Describe a tool strictly."""
    ex.needs(tide_tool)
    hint = "On Chat Completions, a tool has the keys type and function, and type is function."
    ex.that(tide_tool.get("type") == "function" and set(tide_tool) == {"type", "function"}, hint)
    inner = tide_tool["function"]
    ex.that(inner.get("name") == "tide", "The function is called tide.")
    ex.that(inner.get("strict") is True, "strict goes next to the name, and is True.")
    schema = inner.get("parameters", {})
    ex.that(schema.get("type") == "object", "parameters is a schema of the type object.")
    ex.that(
        schema.get("additionalProperties") is False,
        "A strict object says additionalProperties: False.",
    )
    ex.that(set(schema["properties"]) == {"station", "day"}, "It has two properties.")
    ex.that(
        sorted(schema.get("required", [])) == ["day", "station"],
        "In a strict schema every property is required, day as well.",
    )
    kinds = str(schema["properties"]["day"].get("type", schema["properties"]["day"]))
    ex.that(
        "null" in kinds and "string" in kinds,
        'A day that may be left out has to allow "null" as a second type.',
    )
    ex.that(schema["properties"]["station"].get("type") == "string", "A station is always a text.")
    parts = [inner, *schema["properties"].values()]
    ex.that(
        all(part.get("description") for part in parts),
        "Describe the function and both parameters.",
    )


def check_2(ex, answer_calls, calling, HOMEWORK, outcome):
    """Answer all calls."""
    good = calling(("add", '{"a": 1, "b": 2}'), ("add", '{"a": 20, "b": 3}'))
    ex.needs(answer_calls(good, HOMEWORK))
    made = answer_calls(good, HOMEWORK)
    ex.that(isinstance(made, list) and len(made) == 2, "Two calls need a list of two messages.")
    ex.that(all(one.get("role") == "tool" for one in made), "Each message has the role tool.")
    ex.that(
        [one.get("tool_call_id") for one in made] == ["id_0", "id_1"],
        "tool_call_id is the id of the call that is answered.",
    )
    ex.that(
        all(isinstance(one["content"], str) for one in made),
        "content is a text; json.dumps makes one.",
    )
    hint = "Each content is the function's result as JSON: json.dumps makes it, str does not."
    sums = [{"sum": 3}, {"sum": 23}]
    ex.that(lambda: [json.loads(one["content"]) for one in made] == sums, hint)
    for name, text, what in [
        ("subtract", "{}", "An unknown name"),
        ("add", '{"a": 1', "Arguments that aren't JSON"),
        ("add", '{"a": 1}', "A missing argument"),
        ("fail", "{}", "A function that fails"),
    ]:
        bad = calling((name, text), ("add", '{"a": 1, "b": 1}'))
        hint = f"{what} becomes a result with the key error; nothing may be raised."
        ex.that(lambda bad=bad: "error" in outcome(bad, 0).keys(), hint)
        hint = f"{what} in one call must not keep the next call from its answer."
        ex.that(lambda bad=bad: outcome(bad, 1) == {"sum": 2}, hint)


def guess_1(message):
    why = "A call is not a text: it is in message.tool_calls. The function itself has not run yet."
    return "a sentence about the weather" if message.content else "nothing (None)", why


def guess_2():
    why = "What is not there cannot be called; the other two only change the odds."
    return "leaving refund_order out", why
