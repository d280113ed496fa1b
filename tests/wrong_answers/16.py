# %% exercise 1: changes the request itself
# hint: Leave the request as it was
def convert(request):
    request["input"] = request.pop("messages")
    return request


# %% exercise 1: only developer is an instruction
# hint: role system
def convert(request):
    new = {"store": False, **request}
    messages = new.pop("messages")
    if messages[0]["role"] == "developer":
        new["instructions"], messages = messages[0]["content"], messages[1:]
    new["input"] = messages
    new["max_output_tokens"] = new.pop("max_completion_tokens", None)
    return new


# %% exercise 1: keeps the wrapping of the schema
# hint: without json_schema
def convert(request):
    new = {"store": False, **request}
    messages = new.pop("messages")
    if messages[0]["role"] in ("developer", "system"):
        new["instructions"], messages = messages[0]["content"], messages[1:]
    new["input"] = messages
    if "max_completion_tokens" in new:
        new["max_output_tokens"] = new.pop("max_completion_tokens")
    if "reasoning_effort" in new:
        new["reasoning"] = {"effort": new.pop("reasoning_effort")}
    if "response_format" in new:
        new["text"] = {"format": new.pop("response_format")}
    return new


# %% exercise 1: forgets to say store
# hint: keeps by default
def convert(request):
    new = dict(request)
    messages = new.pop("messages")
    if messages[0]["role"] in ("developer", "system"):
        new["instructions"], messages = messages[0]["content"], messages[1:]
    new["input"] = messages
    if "max_completion_tokens" in new:
        new["max_output_tokens"] = new.pop("max_completion_tokens")
    if "reasoning_effort" in new:
        new["reasoning"] = {"effort": new.pop("reasoning_effort")}
    if "response_format" in new:
        form = new.pop("response_format")
        new["text"] = {"format": {"type": form["type"], **form.get("json_schema", {})}}
    if "tools" in new:
        new["tools"] = [{"type": "function", **tool["function"]} for tool in new["tools"]]
    return new


# %% exercise 1: overwrites store
# hint: keeps its own value
def convert(request):
    new = {**request, "store": False}
    messages = new.pop("messages")
    if messages[0]["role"] in ("developer", "system"):
        new["instructions"], messages = messages[0]["content"], messages[1:]
    new["input"] = messages
    if "max_completion_tokens" in new:
        new["max_output_tokens"] = new.pop("max_completion_tokens")
    if "reasoning_effort" in new:
        new["reasoning"] = {"effort": new.pop("reasoning_effort")}
    if "response_format" in new:
        form = new.pop("response_format")
        new["text"] = {"format": {"type": form["type"], **form.get("json_schema", {})}}
    if "tools" in new:
        new["tools"] = [{"type": "function", **tool["function"]} for tool in new["tools"]]
    return new


# %% exercise 2: takes the first item for the message
# hint: reasoning item comes first
def walk(output):
    first = output[0]
    if first.type != "message":
        return "", []
    return first.content[0].text, []


# %% exercise 2: leaves the arguments as text
# hint: json.loads
def walk(output):
    text, calls = "", []
    for item in output:
        if item.type == "message":
            text += "".join(part.text for part in item.content if part.type == "output_text")
        elif item.type == "function_call":
            calls.append((item.name, item.arguments))
    return text, calls


# %% exercise 2: takes a refusal for text
# hint: pass over refusals
def walk(output):
    text, calls = "", []
    for item in output:
        if item.type == "message":
            for part in item.content:
                text += part.text
        elif item.type == "function_call":
            calls.append((item.name, json.loads(item.arguments)))
    return text, calls


# %% exercise 2: keeps only the last call
# hint: every call
def walk(output):
    text, calls = "", []
    for item in output:
        if item.type == "message":
            text += "".join(part.text for part in item.content if part.type == "output_text")
        elif item.type == "function_call":
            calls = [(item.name, json.loads(item.arguments))]
    return text, calls
