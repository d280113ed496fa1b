# %% exercise 1: strict is not mentioned
# hint: strict goes next to the name
tide_tool = {
    "type": "function",
    "function": {
        "name": "tide",
        "description": "The tides of a day.",
        "parameters": {
            "type": "object",
            "properties": {
                "station": {"type": "string", "description": "Port"},
                "day": {"type": ["string", "null"], "description": "YYYY-MM-DD"},
            },
            "required": ["station", "day"],
            "additionalProperties": False,
        },
    },
}

# %% exercise 1: the optional day is left out of required
# hint: every property is required
tide_tool = tool(
    "tide",
    "The tides of a day.",
    station={"type": "string", "description": "Port"},
    day={"type": ["string", "null"], "description": "YYYY-MM-DD"},
)
tide_tool["function"]["parameters"]["required"] = ["station"]

# %% exercise 1: the day cannot be left out
# hint: has to allow "null"
tide_tool = tool(
    "tide",
    "The tides of a day.",
    station={"type": "string", "description": "Port"},
    day={"type": "string", "description": "YYYY-MM-DD"},
)

# %% exercise 1: null is Python's None
# hint: has to allow "null"
tide_tool = tool(
    "tide",
    "The tides of a day.",
    station={"type": "string", "description": "Port"},
    day={"type": ["string", None], "description": "YYYY-MM-DD"},
)

# %% exercise 1: the form of the Responses API
# hint: the keys type and function
tide_tool = {"type": "function", "name": "tide", "strict": True, "parameters": {}}

# %% exercise 1: other properties are not ruled out
# hint: additionalProperties
tide_tool = tool(
    "tide",
    "The tides of a day.",
    station={"type": "string", "description": "Port"},
    day={"type": ["string", "null"], "description": "YYYY-MM-DD"},
)
del tide_tool["function"]["parameters"]["additionalProperties"]

# %% exercise 1: nothing is described
# hint: Describe the function
tide_tool = tool("tide", "", station={"type": "string"}, day={"type": ["string", "null"]})


# %% exercise 2: only the first call
# hint: list of two messages
def answer_calls(message, functions):
    call = message.tool_calls[0]
    result = functions[call.function.name](**json.loads(call.function.arguments))
    return [{"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)}]


# %% exercise 2: the result is no text
# hint: content is a text
def answer_calls(message, functions):
    return [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": functions[call.function.name](**json.loads(call.function.arguments)),
        }
        for call in message.tool_calls
    ]


# %% exercise 2: a text that is no JSON
# hint: str does not
def answer_calls(message, functions):
    return [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": str(functions[call.function.name](**json.loads(call.function.arguments))),
        }
        for call in message.tool_calls
    ]


# %% exercise 2: the id of the call is missing
# hint: tool_call_id is the id
def answer_calls(message, functions):
    return [
        {
            "role": "tool",
            "content": json.dumps(functions[call.function.name](**json.loads(call.function.arguments))),
        }
        for call in message.tool_calls
    ]


# %% exercise 2: trusts every call
# hint: An unknown name becomes a result
def answer_calls(message, functions):
    return [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": json.dumps(functions[call.function.name](**json.loads(call.function.arguments))),
        }
        for call in message.tool_calls
    ]


# %% exercise 2: looks at the name, trusts the arguments
# hint: Arguments that aren't JSON
def answer_calls(message, functions):
    messages = []
    for call in message.tool_calls:
        if call.function.name in functions:
            result = functions[call.function.name](**json.loads(call.function.arguments))
        else:
            result = {"error": "There is no such tool."}
        messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
    return messages


# %% exercise 2: the mistake is a text without a key
# hint: a result with the key error
def answer_calls(message, functions):
    messages = []
    for call in message.tool_calls:
        try:
            result = functions[call.function.name](**json.loads(call.function.arguments))
        except Exception as error:
            result = f"error: {error}"
        messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
    return messages


# %% exercise 2: stops at the first mistake
# hint: must not keep the next call
def answer_calls(message, functions):
    messages = []
    try:
        for call in message.tool_calls:
            result = functions[call.function.name](**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
    except Exception as error:
        text = json.dumps({"error": str(error)})
        messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
    return messages
