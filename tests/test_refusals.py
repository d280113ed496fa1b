"""Refusals: what the API was seen to refuse is refused with its own words, and nothing that it takes is."""

import copy
import inspect
import json
import subprocess
import sys
import time
import typing
from pathlib import Path

import openai
import pytest
from exchanges import serve
from openai.types import embedding_create_params, image_generate_params
from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params

from helpers import models
from helpers.proxy import refusals
from helpers.proxy.recordings import Recordings
from helpers.setup.files import ROOT
from helpers.setup.keys import PLACEHOLDER

HERE, RECORDINGS = Path(__file__).parent, ROOT / "data" / "recordings"
CHAT, RESPONSES, IMAGES = "/v1/chat/completions", "/v1/responses", "/v1/images/generations"
SPEECH, HEARING, EMBEDDINGS = "/v1/audio/speech", "/v1/audio/transcriptions", "/v1/embeddings"
TOOLS = [{"type": "function", "function": {"name": "weather"}}]
HELLO = [{"role": "user", "content": "Hello"}]
# A request to each endpoint that is right; a case below changes it. None takes a parameter out.
RIGHT = {
    CHAT: {"model": "gpt-5.2", "messages": HELLO},
    RESPONSES: {"model": "gpt-5.2", "input": "Hello"},
    IMAGES: {"model": "gpt-image-2", "prompt": "A boat"},
    SPEECH: {"model": "gpt-4o-mini-tts", "input": "Hello", "voice": "coral"},
    EMBEDDINGS: {"model": "text-embedding-3-small", "input": "Hello"},
    "/v1/moderations": {"input": "Hello"},
    "/v1/batches": {"input_file_id": "file-abc", "endpoint": CHAT, "completion_window": "24h"},
}
SOUND = {"name": "file", "filename": "a.mp3", "content_type": "audio/mpeg", "sha256": "0", "bytes": 9}


def request(path, body=None, method="POST"):
    return {"method": method, "path": path, "json": {**RIGHT.get(path, {}), **(body or {})}}


def refused(path, body=None, **more):
    return refusals.refusal(request(path, body), **more)


def form(path, **fields):
    files = [part for part in fields.pop("files", [SOUND])]
    return {"method": "POST", "path": path, "multipart": [{"name": k, "value": v} for k, v in fields.items()] + files}


# --- what was recorded ------------------------------------------------------------------------------------------

# Refused for what only the API can know: what it has stored, and what stands at an address.
NOT_BY_RULE = ("Previous response with id 'resp_0", "Previous response with id 'resp_6", "https://source.unsplash.com")


def recorded():
    return [kept for lesson in sorted(RECORDINGS.glob("[0-9]*")) for kept in Recordings(lesson).all()]


def test_every_recorded_request_of_the_course_is_judged_as_it_was_answered():
    seen = {"taken": 0, "refused": 0}
    for kept in recorded():
        judged, response = refusals.refusal(kept["request"]), kept["response"]
        if response["status"] < 400:
            assert judged is None, (kept["request"], judged)
            seen["taken"] += 1
        elif not response["json"]["error"]["message"].startswith(NOT_BY_RULE):
            assert (judged.status, judged.body) == (response["status"], response["json"]), kept["request"]
            seen["refused"] += 1
    assert seen["taken"] > 900 and seen["refused"] > 35


WIRE = sorted((HERE / "wire").glob("*.json"))


@pytest.mark.parametrize("path", WIRE, ids=[path.stem for path in WIRE])
def test_an_exchange_of_the_real_api_is_judged_as_it_was_answered(path):
    exchange = json.loads(path.read_text(encoding="utf-8"))
    asked, status = exchange["request"], exchange["response"]["status"]
    if "json" not in asked and "multipart" not in asked and asked["method"] == "POST":
        return  # the recorder did not keep the request
    asked = _whole(asked)
    judged = refusals.refusal(asked, today=exchange["date"] or models.AS_OF)
    if status in (400, 404):
        error = json.loads(exchange["response"]["body"])["error"]
        assert judged.body["error"] == error and judged.status == status
    else:
        assert judged is None  # 401, 429 and 5xx come from the key, the account and the moment


def _whole(value):
    """Pictures of which a sample keeps the beginning, as `describe` keeps whole ones."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value.partition(",")[0] + ",sha256:00" if isinstance(value, str) and "…[" in value else value


REFUSED = json.loads((HERE / "wire_refused.json").read_text(encoding="utf-8"))
# gpt-5-pro: the table knows no efforts of it. dall-e-2: what it took is not in the table, it is gone since 2026-05.
UNKNOWN_MODEL = ("error-400-reasoning-effort-value", "error-400-unknown-param-images")


@pytest.mark.parametrize("kept", REFUSED, ids=[kept["slot"] for kept in REFUSED])
def test_what_the_real_api_refused_is_refused_with_its_words(kept):
    judged = refusals.refusal(kept["request"], today=kept["date"] or models.AS_OF)
    if kept["slot"] in UNKNOWN_MODEL or any(words in kept["error"]["message"] for words in NOT_BY_RULE):
        assert judged is None
    else:
        assert (judged.status, judged.body) == (kept["status"], {"error": kept["error"]})


# --- one by one -------------------------------------------------------------------------------------------------


def picture(url, **more):
    return [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url, **more}}]}]


def item(**part):
    return {"input": [{"role": "user", "content": [part]}]}


def tool(**changes):
    function = {"name": "weather", "parameters": {"type": "object", "properties": {}}, **changes}
    return {"tools": [{"type": "function", "function": {k: v for k, v in function.items() if v is not None}}]}


def answer_schema(schema, **more):
    form = {"name": "Order", "strict": True, "schema": schema, **more}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
CALLED = [*HELLO, {"role": "assistant", "content": None, "tool_calls": [CALL]}]
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
CLOSED = {**OPEN, "additionalProperties": False}
KIND = "Supported values are: "

# (rule, path, what differs from a right request, status, param, code, message). A message that ends in … goes on.
# Exact messages: FACTS 2, 8 and 11, the survey of recorded exchanges, and the threads that the rules name.
CASES = [
    ("max_tokens", CHAT, {"max_tokens": 50}, 400, "max_tokens", "unsupported_parameter",
     "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
    ("sampling_on_chat", CHAT, {"model": "gpt-5-mini", "temperature": 0.7}, 400, "temperature", "unsupported_value",
     "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."),
    ("sampling_on_chat", CHAT, {"model": "gpt-6-luna", "top_p": 0.5}, 400, "top_p", "unsupported_parameter",
     "Unsupported parameter: 'top_p' is not supported with this model."),
    ("sampling_on_chat", CHAT, {"stop": ["END"]}, 400, "stop", "unsupported_parameter",
     "Unsupported parameter: 'stop' is not supported with this model."),
    ("sampling_on_chat", CHAT, {"model": "gpt-5-mini", "presence_penalty": 0.5}, 400, "presence_penalty",
     "unsupported_parameter", "Unsupported parameter: 'presence_penalty' is not supported with this model."),
    ("sampling_on_chat", CHAT, {"model": "gpt-5.6-terra", "logit_bias": {"1": 1}}, 400, "logit_bias",
     "unsupported_parameter", "Unsupported parameter: 'logit_bias' is not supported with this model."),
    ("sampling_on_chat", CHAT, {"model": "gpt-6-luna", "logprobs": True}, 400, "logprobs", "unsupported_parameter",
     "Unsupported parameter: 'logprobs' is not supported with this model."),
    ("tools_with_effort", CHAT, {"model": "gpt-6-sol", "tools": TOOLS}, 400, "reasoning_effort", None,
     "Function tools with reasoning_effort are not supported for gpt-6-sol in /v1/chat/completions. "
     "To use function tools, use /v1/responses or set reasoning_effort to 'none'."),
    ("effort_on_chat", CHAT, {"reasoning_effort": "minimal"}, 400, "reasoning_effort", "unsupported_value",
     "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. "
     "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."),
    ("effort_on_chat", CHAT, {"model": "gpt-6-luna", "reasoning_effort": "max"}, 400, "reasoning_effort",
     "unsupported_value", "Unsupported value: 'reasoning_effort' does not support 'max' with this model. …"),
    ("effort_on_chat", CHAT, {"model": "gpt-4o", "reasoning_effort": "low"}, 400, None, None,
     "Unrecognized request argument supplied: reasoning_effort"),
    ("model_of_another_endpoint", CHAT, {"model": "gpt-5.2-pro"}, 404, "model", None,
     "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
     "Did you mean to use v1/completions?"),
    ("model_of_another_endpoint", CHAT, {"model": "gpt-image-2"}, 404, "model", None, "This is not a chat model…"),
    ("model_of_another_endpoint", RESPONSES, {"model": "gpt-audio-1.5"}, 400, "model", "model_not_found",
     "The requested model 'gpt-audio-1.5' is not supported with the Responses API."),
    ("model_of_another_endpoint", EMBEDDINGS, {"model": "gpt-5.2"}, 403, None, None,
     "You are not allowed to generate embeddings from this model"),
    ("unknown_model", CHAT, {"model": "gpt-5.2-trubo"}, 404, None, "model_not_found",
     "The model `gpt-5.2-trubo` does not exist or you do not have access to it."),
    ("unknown_model", RESPONSES, {"model": "gpt-nope"}, 400, "model", "model_not_found",
     "The requested model 'gpt-nope' does not exist."),
    ("retired_model", CHAT, {"model": "gpt-3.5-turbo"}, 404, None, "model_not_found",
     "The model `gpt-3.5-turbo` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"),
    ("retired_model", RESPONSES, {"model": "o4-mini"}, 404, "model", None, "Model not found o4-mini"),
    ("model_on_responses", RESPONSES, {"model": "gpt-6-luna", "temperature": 0.2}, 400, "temperature", None,
     "Unsupported parameter: 'temperature' is not supported with this model."),
    ("model_on_responses", RESPONSES, {"model": "gpt-6-luna", "reasoning": {"effort": "minimal"}}, 400,
     "reasoning.effort", "unsupported_value", "Unsupported value: 'minimal' is not supported with the 'gpt-6-luna' "
     "model. Supported values are: 'none', 'low', 'medium', 'high', 'xhigh', and 'max'."),
    ("model_on_responses", RESPONSES, {"model": "gpt-4.1", "reasoning": {"effort": "low"}}, 400, "reasoning.effort",
     "unsupported_parameter", "Unsupported parameter: 'reasoning.effort' is not supported with this model."),
    ("out_of_bounds", RESPONSES, {"max_output_tokens": 5}, 400, "max_output_tokens", "integer_below_min_value",
     "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead."),
    ("out_of_bounds", CHAT, {"model": "gpt-4o", "max_tokens": 0}, 400, "max_tokens", "integer_below_min_value",
     "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead."),
    ("out_of_bounds", CHAT, {"temperature": 2.5}, 400, "temperature", "decimal_above_max_value",
     "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead."),
    ("out_of_bounds", CHAT, {"n": 0}, 400, "n", "integer_below_min_value", "Invalid 'n': integer below minimum…"),
    ("out_of_bounds", CHAT, {"verbosity": "huge"}, 400, "verbosity", "invalid_value",
     "Invalid value: 'huge'. Supported values are: 'low', 'medium', and 'high'."),
    ("out_of_bounds", EMBEDDINGS, {"encoding_format": "hex"}, 400, "encoding_format", "invalid_value",
     "Invalid value: 'hex'. Supported values are: 'float' and 'base64'."),
    ("more_than_the_model_writes", CHAT, {"model": "gpt-4o", "max_tokens": 32000}, 400, "max_tokens", "invalid_value",
     "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, "
     "whereas you provided 32000."),
    ("needs_another", CHAT, {"stream_options": {"include_usage": True}}, 400, "stream_options", None, "The 'stream…"),
    ("unknown_parameter", CHAT, {"chat": "x"}, 400, None, None, "Unrecognized request argument supplied: chat"),
    ("unknown_parameter", CHAT, {"reasoning": {"effort": "low"}}, 400, "reasoning", "unknown_parameter",
     "Unknown parameter: 'reasoning'."),
    ("unknown_parameter", IMAGES, {"response_format": "url"}, 400, "response_format", "unknown_parameter",
     "Unknown parameter: 'response_format'."),
    ("unknown_parameter", RESPONSES, {"response_format": {}}, 400, None, "unsupported_parameter",
     "Unsupported parameter: 'response_format'. In the Responses API, this parameter has moved to 'text.format'.…"),
    ("type_of_parameter", CHAT, {"temperature": "warm"}, 400, "temperature", "invalid_type",
     "Invalid type for 'temperature': expected a decimal, but got a string instead."),
    ("type_of_parameter", CHAT, {"max_completion_tokens": "50"}, 400, "max_completion_tokens", "invalid_type",
     "Invalid type for 'max_completion_tokens': expected an integer, but got a string instead."),
    ("no_model", CHAT, {"model": None}, 400, None, None, "you must provide a model parameter"),
    ("missing_parameter", RESPONSES, {"model": None}, 400, "model", "missing_required_parameter",
     "Missing required parameter: 'model'."),
    ("missing_parameter", RESPONSES, {"input": None}, 400, "input", "missing_required_parameter",
     "Missing required parameter: 'input'."),
    ("missing_parameter", CHAT, {"messages": None}, 400, "messages", "missing_required_parameter", "Missing required…"),
    ("empty_messages", CHAT, {"messages": []}, 400, "messages", "empty_array",
     "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."),
    ("malformed_message", CHAT, {"messages": ["Hello"]}, 400, "messages[0]", "invalid_type",
     "Invalid type for 'messages[0]': expected an object, but got a string instead."),
    ("malformed_message", CHAT, {"messages": [{"role": "robot", "content": "Hi"}]}, 400, "messages[0].role",
     "invalid_value", "Invalid value: 'robot'. Supported values are: …"),
    ("malformed_message", CHAT, {"messages": [{"role": "user", "content": {"text": "Hi"}}]}, 400,
     "messages[0].content", "invalid_type", "Invalid type for 'messages[0].content': expected one of a string or "
     "array of objects, but got an object instead."),
    ("malformed_message", CHAT, {"messages": [{"role": "user", "content": None}]}, 400, "messages.[0].content", None,
     "Invalid value for 'content': expected a string, got null."),
    ("malformed_part", CHAT, {"messages": [{"role": "user", "content": [{"type": "pdf"}]}]}, 400,
     "messages[0].content[0].type", "invalid_value", "Invalid value: 'pdf'. Supported values are: 'text', "
     "'image_url', 'input_audio', 'refusal', 'audio', and 'file'."),
    ("malformed_part", CHAT, {"messages": [*CALLED, {"role": "tool", "tool_call_id": "call_1", "content":
     picture("https://a.org/b.png")[0]["content"]}]}, 400, "messages[2]", "invalid_value",
     "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with role "
     "'tool' contains an image URL."),
    ("calls_and_results", CHAT, {"messages": [*CALLED, *HELLO]}, 400, "messages", None,
     "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
     "The following tool_call_ids did not have response messages: call_1"),
    ("calls_and_results", CHAT, {"messages": [*HELLO, {"role": "tool", "tool_call_id": "x", "content": "1"}]}, 400,
     "messages.[1].role", None, "Invalid parameter: messages with role 'tool' must be a response to a preceeding "
     "message with 'tool_calls'."),
    ("malformed_item", RESPONSES, {"input": [{"role": "tool", "content": "x"}]}, 400, "input[0]", "invalid_value",
     "Invalid value: 'tool'. Supported values are: 'assistant', 'system', 'developer', and 'user'."),
    ("malformed_item", RESPONSES, item(type="input_audio"), 400, "input[0].content[0].type", "invalid_value",
     "Invalid value: 'input_audio'. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', "
     "'input_file', 'computer_screenshot', and 'summary_text'."),
    ("malformed_item", RESPONSES, item(type="text", text="Hi"), 400, "input[0].content[0].type", "invalid_value",
     "Invalid value: 'text'. …"),
    ("calls_and_outputs", RESPONSES, {"input": [{"type": "function_call_output", "call_id": "c", "output": "1"}]}, 400,
     "input", None, "No tool call found for function call output with call_id c."),
    ("previous_response", RESPONSES, {"previous_response_id": "resp_nope"}, 400, "previous_response_id",
     "previous_response_not_found", "Previous response with id 'resp_nope' not found."),
    ("picture_url", CHAT, {"messages": picture(None)}, 400, "messages[0].content[0].image_url.url", "invalid_type",
     "Invalid type for 'messages[0].content[0].image_url.url': expected a base64-encoded data URL, but got null "
     "instead."),
    ("picture_url", CHAT, {"messages": picture("boat.png")}, 400, "messages[0].content[0].image_url.url",
     "invalid_value", "Invalid image URL: 'messages[0].content[0].image_url.url'. Expected a base64-encoded data URL "
     "with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got a value without the "
     "'data:' prefix."),
    ("picture_url", CHAT, {"messages": picture("data:image/png;base64,")}, 400,
     "messages[0].content[0].image_url.url", "invalid_value", "Invalid image URL…"),
    ("picture_url", CHAT, {"messages": picture("https://a.org/b.png", detail="ultra")}, 400,
     "messages[0].content[0].image_url.detail", "invalid_value", "Invalid value: 'ultra'.…"),
    ("picture_format", CHAT, {"messages": picture("data:image/png;base64,SGVsbG8gd29ybGQ=")}, 400, None,
     "invalid_image_format", "You uploaded an unsupported image. Please make sure your image has of one the following "
     "formats: ['png', 'jpeg', 'gif', 'webp']."),
    ("picture_out_of_reach", CHAT, {"messages": picture("https://example.com/image.jpg")}, 400, None,
     "invalid_image_url", "Error while downloading https://example.com/image.jpg."),
    ("picture_out_of_reach", RESPONSES, item(type="input_image", image_url="http://localhost:8000/a.png"), 400, "url",
     "invalid_value", "Error while downloading http://localhost:8000/a.png."),
    ("malformed_tool", CHAT, tool(name="get weather"), 400, "tools[0].function.name", "invalid_value",
     "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern "
     "'^[a-zA-Z0-9_-]+$'."),
    ("malformed_tool", RESPONSES, {"tools": TOOLS}, 400, "tools[0].name", "missing_required_parameter",
     "Missing required parameter: 'tools[0].name'."),
    ("malformed_tool", CHAT, {"tools": [{"type": "function", "name": "weather"}]}, 400, "tools[0].function",
     "missing_required_parameter", "Missing required parameter: 'tools[0].function'."),
    ("tool_choice", CHAT, {"tool_choice": "auto"}, 400, "tool_choice", None,
     "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."),
    ("tool_choice", CHAT, {**tool(), "tool_choice": "always"}, 400, "tool_choice", "invalid_value",
     "Invalid value: 'always'. Supported values are: 'none', 'auto', and 'required'."),
    ("tool_choice", CHAT, {**tool(), "tool_choice": {"type": "function", "function": {"name": "time"}}}, 400,
     "tool_choice", None, "Tool choice 'time' not found…"),
    ("tool_schema", CHAT, tool(parameters={"type": "object"}), 400, "tools[0].function.parameters",
     "invalid_function_parameters", "Invalid schema for function 'weather': In context=(), object schema missing "
     "properties."),
    ("tool_schema", CHAT, tool(strict=True, parameters=OPEN), 400, "tools[0].function.parameters",
     "invalid_function_parameters", "Invalid schema for function 'weather': In context=(), 'additionalProperties' is "
     "required to be supplied and to be false."),
    ("tool_schema", CHAT, tool(parameters={"type": "object", "properties": {"a": {"type": "int"}}}), 400,
     "tools[0].function.parameters", "invalid_function_parameters",
     "Invalid schema for function 'weather': 'int' is not valid under any of the given schemas."),
    ("response_format", RESPONSES, {"text": {"format": {"type": "json_schema", "schema": CLOSED}}}, 400,
     "text.format.name", "missing_required_parameter", "Missing required parameter: 'text.format.name'."),
    ("response_format", CHAT, {"response_format": {"type": "yaml"}}, 400, "response_format.type", "invalid_value",
     "Invalid value: 'yaml'.…"),
    ("word_json", CHAT, {"response_format": {"type": "json_object"}}, 400, "messages", None,
     "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
    ("word_json", RESPONSES, {"text": {"format": {"type": "json_object"}}}, 400, "input", None,
     "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."),
    ("answer_schema", CHAT, answer_schema({**CLOSED, "required": []}), 400, "response_format", None,
     "Invalid schema for response_format 'Order': In context=(), 'required' is required to be supplied and to be an "
     "array including every key in properties. Missing 'a'."),
    ("answer_schema", RESPONSES, {"text": {"format": {"type": "json_schema", "name": "response", "strict": True,
     "schema": OPEN}}}, 400, "text.format.schema", "invalid_json_schema", "Invalid schema for response_format "
     "'response': In context=(), 'additionalProperties' is required to be supplied and to be false."),
    ("too_long", CHAT, {"model": "gpt-4o", "messages": [{"role": "user", "content": "word " * 150_001}]}, 400,
     "messages", "context_length_exceeded", "This model's maximum context length is 128000 tokens. However, your "
     "messages resulted in 15000…"),
    ("too_long", RESPONSES, {"model": "gpt-4o", "input": "word " * 150_001}, 400, "input", "context_length_exceeded",
     "Your input exceeds the context window of this model. Please adjust your input and try again."),
    ("dimensions", EMBEDDINGS, {"dimensions": -1}, 400, None, None, "-1 is less than the minimum of 1 - 'dimensions'"),
    ("dimensions", EMBEDDINGS, {"dimensions": 1537}, 400, None, None, "Invalid value for 'dimensions' = 1537.…"),
    ("dimensions", EMBEDDINGS, {"model": "text-embedding-ada-002", "dimensions": 256}, 400, None, None,
     "This model does not support specifying dimensions."),
    ("embedding_input", EMBEDDINGS, {"input": ["fine", ""]}, 400, None, None,
     "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."),
    ("embedding_input", EMBEDDINGS, {"input": ["a"] * 2049}, 400, None, None, "'$.input' is invalid.…"),
    ("embedding_input", EMBEDDINGS, {"input": ["fine", "word " * 8_200]}, 400, None, None,
     "Invalid 'input[1]': maximum input length is 8192 tokens."),
    ("speech", SPEECH, {"model": "tts-1", "voice": "marin"}, 400, None, None,
     "[{'type': 'enum', 'loc': ('body', 'voice'), 'msg': \"Input should be 'nova', 'shimmer', 'echo', 'onyx', …"),
    ("speech", SPEECH, {"response_format": "mp4"}, 400, None, None, "[{'type': 'enum', 'loc': ('body', 'response_fo…"),
    ("out_of_bounds", SPEECH, {"speed": 5}, 400, "speed", "decimal_above_max_value", "Invalid 'speed'…"),
    ("image", IMAGES, {"model": "gpt-image-1.5", "quality": "standard"}, 400, "quality", "invalid_value",
     "Invalid value: 'standard'. Supported values are: 'low', 'medium', 'high', and 'auto'."),
    ("image", IMAGES, {"model": "gpt-image-1.5", "size": "512x512"}, 400, "size", "invalid_value",
     "Invalid value: '512x512'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'."),
    ("image", IMAGES, {"size": "1666x2514"}, 400, "size", "invalid_value",
     "Invalid size '1666x2514'. Width and height must both be divisible by 16."),
    ("image", IMAGES, {"size": "9:16"}, 400, "size", "invalid_value",
     "Invalid size '9:16'. Expected WIDTHxHEIGHT, for example '1824x1024'."),
    ("out_of_bounds", IMAGES, {"n": 11}, 400, "n", "integer_above_max_value", "Invalid 'n'…"),
    ("out_of_bounds", "/v1/batches", {"completion_window": "48h"}, 400, "completion_window", "invalid_value",
     "Invalid value: '48h'. Supported values are: '24h'."),
    ("invalid_url", "/v1/chat/completion", {}, 404, None, None, "Invalid URL (POST /v1/chat/completion)"),
    ("invalid_url", "/chat/completions", {}, 404, None, None, "Invalid URL (POST /chat/completions)"),
]  # fmt: skip
SIMPLE = [
    ("unreadable_body", {"method": "POST", "path": CHAT, "sha256": "0"}, 400, "We could not parse the JSON body…"),
    ("model_to_retrieve", {"method": "GET", "path": "/v1/models/gpt-nope"}, 404, "The model 'gpt-nope' does not exist"),
    ("unknown_id", {"method": "GET", "path": "/v1/files/report.pdf"}, 404, "No such File object: report.pdf"),
    ("unknown_id", {"method": "GET", "path": "/v1/batches/mine"}, 404, "No batch found with id 'mine'."),
    ("transcript_format", form(HEARING, model="gpt-transcribe", response_format="verbose_json"), 400,
     "response_format 'verbose_json' is not compatible with model 'gpt-transcribe-api-ev3'. "
     "Use 'json' or 'text' instead."),
    ("sound_file", form(HEARING, model="whisper-1", files=[]), 400, "Missing required parameter: 'file'."),
    ("sound_file", form(HEARING, model="whisper-1", files=[{**SOUND, "bytes": 26_228_928}]), 413,
     "Maximum content size limit (26214400) exceeded (26228928 bytes read)"),
    ("sound_file", form(HEARING, model="whisper-1", files=[{**SOUND, "filename": "a.txt", "content_type": "text/plain"}]
     ), 400, "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', "
     "'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']"),
    ("out_of_bounds", form(HEARING, model="whisper-1", temperature="1.5"), 400, "Invalid 'temperature'…"),
    ("image_file", form("/v1/images/edits", model="gpt-image-2", prompt="A boat", files=[
        {"name": "image", "filename": "a.svg", "content_type": "image/svg+xml"}]), 400,
     "Invalid file 'image[0]': unsupported mimetype ('image/svg+xml'). Supported file formats are 'image/jpeg', "
     "'image/png', and 'image/webp'."),
]  # fmt: skip


def reads(message, expected):
    return message.startswith(expected[:-1]) if expected.endswith("…") else message == expected


@pytest.mark.parametrize(("rule", "path", "body", "status", "param", "code", "message"), CASES)
def test_a_fault_is_refused_by_its_rule(rule, path, body, status, param, code, message):
    judged = refused(path, body)
    error = judged.body["error"]
    assert (judged.rule, judged.status, error["param"], error["code"]) == (rule, status, param, code)
    assert reads(error["message"], message) and error["type"].endswith("_error")
    assert judged.headers["x-request-id"].startswith("req_") and len(judged.headers["x-request-id"]) == 36


@pytest.mark.parametrize(("rule", "asked", "status", "message"), SIMPLE)
def test_a_fault_outside_json_bodies_is_refused_by_its_rule(rule, asked, status, message):
    judged = refusals.refusal(asked)
    assert (judged.rule, judged.status) == (rule, status)
    assert reads(judged.body["error"]["message"], message)


def test_every_rule_has_a_case_and_a_source():
    rules = {check.__name__.strip("_"): source for _, check, source in refusals.RULES}
    assert set(rules) == {case[0] for case in CASES} | {case[0] for case in SIMPLE}
    for name, source in rules.items():
        assert any(word in source for word in ("wire", "thread", "pattern", "not seen")), name


# --- what passes ------------------------------------------------------------------------------------------------

ACCEPTED = [
    (CHAT, {"temperature": 0.7, "top_p": 0.9, "logprobs": True, "top_logprobs": 5, "max_completion_tokens": 500}),
    (CHAT, {"tools": TOOLS, "reasoning_effort": "high"}),
    (CHAT, {"frequency_penalty": 0, "presence_penalty": 0.0, "seed": 1, "n": 2, "stop": None}),
    (CHAT, {"model": "gpt-6-luna", "temperature": 1, "top_p": 1.0, "logprobs": False}),
    (CHAT, {"model": "gpt-6-luna", "temperature": 0, "tools": TOOLS, "reasoning_effort": "none"}),
    (CHAT, {"model": "gpt-5-mini", "tools": TOOLS, "reasoning_effort": "minimal"}),
    (CHAT, {"model": "gpt-4o", "max_tokens": 5.0, "stop": "x", "presence_penalty": 1, "temperature": 2}),
    (CHAT, {"model": "gpt-5.2-2025-12-11", "temperature": 0}),
    (CHAT, {"model": "gpt-4o-2024-05-13"}),
    (CHAT, {"model": "ft:gpt-4o:school::abc"}),
    (CHAT, {"model": "gpt-5-pro", "max_tokens": 5}),  # real, but the table knows nothing about it
    (CHAT, {"messages": [{"role": "system", "content": "Be kind"}, *HELLO]}),
    (CHAT, {"messages": [*CALLED, {"role": "tool", "tool_call_id": "call_1", "content": "21"}]}),
    (CHAT, {"messages": picture("https://a.org/b.png", detail="original")}),
    (CHAT, {"messages": picture("data:image/png;base64,sha256:1234")}),
    (CHAT, {**tool(parameters=OPEN), "tool_choice": {"type": "function", "function": {"name": "weather"}}}),
    (CHAT, answer_schema(CLOSED)),
    (CHAT, answer_schema(OPEN, strict=False)),
    (CHAT, {"messages": [{"role": "user", "content": "word " * 100_000}]}),
    (RESPONSES, {"model": "gpt-5.2-pro", "max_output_tokens": 16}),
    (RESPONSES, {"model": "gpt-6.2-sol", "tools": [{"type": "function", "name": "weather"}],
                 "reasoning": {"effort": "max"}}),
    (RESPONSES, {"model": "gpt-6-luna", "temperature": 0.2, "reasoning": {"effort": "none"}}),
    (RESPONSES, {"input": None, "previous_response_id": "resp_" + "0" * 50}),
    (RESPONSES, {"input": [{"type": "some_new_item"}], "tools": [{"type": "some_new_tool"}]}),
    (IMAGES, {"quality": "low", "size": "1024x1024"}),
    (IMAGES, {"model": "gpt-image-2.6-flare", "quality": "max", "size": "2048x1152", "output_format": "svg"}),
    (EMBEDDINGS, {"input": ["a"] * 2048, "dimensions": 1536}),
    (EMBEDDINGS, {"input": [102257]}),
    (SPEECH, {"voice": {"id": "voice_1234"}}),
    ("/v1/moderations", {"model": "omni-moderation-latest"}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), ACCEPTED)
def test_what_may_be_right_goes_on(path, body):
    assert refused(path, body) is None


def test_other_methods_and_forms_go_on():
    for method, path in (
        ("GET", CHAT),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/gpt-5.2"),
        ("DELETE", "/v1/files/file-a"),
    ):
        assert refusals.refusal({"method": method, "path": path}) is None
    assert refusals.refusal(form(HEARING, model="whisper-1", response_format="srt", temperature="0.5")) is None
    assert refusals.refusal(form(HEARING, **{"model": "gpt-transcribe", "keywords[]": "buoy", "new": "x"})) is None


def test_the_first_fault_is_the_one_reported():
    whole = {"model": "gpt-5-mini", "max_tokens": 200, "temperature": 0.7, "presence_penalty": 0.5}
    assert refused(CHAT, whole).body["error"]["param"] == "max_tokens"
    del whole["max_tokens"]
    assert refused(CHAT, whole).body["error"]["param"] == "temperature"


def test_a_model_that_ends_is_refused_from_its_last_day_on():
    assert refused(CHAT, {"model": "gpt-5-mini"}) is None
    assert refused(CHAT, {"model": "gpt-5-mini"}, today="2026-12-11").body["error"]["code"] == "model_not_found"
    assert refused(RESPONSES, {"model": "gpt-5-mini"}, today="2026-12-11").status == 404
    assert refused(CHAT, {"model": "gpt-4", "max_tokens": 5}, today="2026-01-01") is None


@pytest.mark.parametrize(("api", "params"), [
    ("chat", completion_create_params.CompletionCreateParamsBase),
    ("responses", response_create_params.ResponseCreateParamsBase),
    ("embeddings", embedding_create_params.EmbeddingCreateParams),
    ("images", image_generate_params.ImageGenerateParamsBase),
])  # fmt: skip
def test_no_parameter_of_the_sdk_is_unknown(api, params):
    of_dalle = {"style", "response_format"} if api == "images" else set()
    assert set(inspect.get_annotations(params)) - of_dalle <= refusals.KNOWN[api]


def test_every_model_of_the_sdk_is_known():
    names = {name for part in typing.get_args(openai.types.AllModels) for name in _literals(part)}
    assert len(names) > 60
    unknown = [name for name in names if (found := refused(CHAT, {"model": name})) and found.rule == "unknown_model"]
    assert unknown == []


def _literals(kind):
    args = typing.get_args(kind)
    return [kind] if isinstance(kind, str) else [name for part in args for name in _literals(part)]


# --- the key ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, PLACEHOLDER, "any-word", "k", "sk-proj-" + "Zz9" * 20])
def test_a_word_that_is_no_key_and_a_key_of_the_right_shape_pass(key):
    assert refused(CHAT, key=key) is None


def test_a_key_that_cannot_be_one_is_shown_as_the_api_shows_it():
    judged = refused(CHAT, key="sk-wrong")
    message = "Incorrect API key provided: sk-wrong. You can find your API key at "
    assert judged.body["error"]["message"] == message + "https://platform.openai.com/account/api-keys."
    assert (judged.status, judged.body["error"]["code"]) == (401, "invalid_api_key")
    assert "www-authenticate" not in judged.headers
    assert refused(RESPONSES, key="sk-wrong").headers["www-authenticate"] == 'Bearer realm="OpenAI API"'
    assert refused(CHAT, key="").body["error"]["message"].startswith("You didn't provide an API key.")
    # The survey: FAKE-OPE***-KEY, <not-a-r****key>, invalid-key.
    shown = {"FAKE-OPENAI-KEY": "FAKE-OPE***-KEY", "<not-a-real-key>": "<not-a-r****key>", "invalid-key": "invalid-key"}
    assert {key: refusals.masked(key) for key in shown} == shown


# --- in replay --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    server = serve()
    yield server
    server.close()


def client_of(server, key=PLACEHOLDER):
    return openai.OpenAI(base_url=server.url + "/v1", api_key=key, max_retries=2)


def ask(server, key=PLACEHOLDER, **changes):
    return client_of(server, key).chat.completions.create(**{**RIGHT[CHAT], **changes})


# What two readers without a key tried, of what the API itself refuses: each was answered 501 or not refused at all.
READERS = [
    ("another model, misspelt", {"model": "gpt-5.2-mnii"}, openai.NotFoundError, 404),
    ("max_tokens", {"max_tokens": 50}, openai.BadRequestError, 400),
    ("attempt(model=SMALL, max_tokens=60)", {"model": "gpt-6-luna", "max_tokens": 60}, openai.BadRequestError, 400),
    ("temperature without effort none", {"model": "gpt-6-luna", "temperature": 0.7}, openai.BadRequestError, 400),
    ("temperature with effort high", {"temperature": 0, "reasoning_effort": "high"}, openai.BadRequestError, 400),
    ("temperature 1.5, no effort", {"model": "gpt-6-luna", "temperature": 1.5}, openai.BadRequestError, 400),
    ("a penalty", {"presence_penalty": 1.2}, openai.BadRequestError, 400),
    ("the pro model on chat", {"model": "gpt-5.2-pro"}, openai.NotFoundError, 404),
    ("empty list", {"messages": []}, openai.BadRequestError, 400),
    ("bad role", {"messages": [{"role": "robot", "content": "Hi"}]}, openai.BadRequestError, 400),
    ("own tool, effort left out", {"model": "gpt-6-luna", "tools": TOOLS}, openai.BadRequestError, 400),
    ("own schema, not strict enough", answer_schema(OPEN), openai.BadRequestError, 400),
    ("own picture by its file name", {"messages": picture("holiday.jpg")}, openai.BadRequestError, 400),
]


@pytest.mark.parametrize(("tried", "changes", "error", "status"), READERS, ids=[line[0] for line in READERS])
def test_what_readers_tried_is_refused_as_the_api_would(server, tried, changes, error, status):
    with pytest.raises(error) as caught:
        ask(server, **changes)
    assert caught.value.status_code == status and caught.value.type == "invalid_request_error"
    assert caught.value.request_id.startswith("req_")
    assert server.exchanges[-1].source == "rule" and server.exchanges[-1].retry == 0


def test_a_wrong_key_is_refused_even_where_the_request_is_recorded(tmp_path):
    server = serve("replay", Recordings(RECORDINGS / "01"))
    try:
        kept = next(kept for kept in Recordings(RECORDINGS / "01").all() if "json" in kept["response"])
        body = {**kept["request"]["json"]}
        assert client_of(server).chat.completions.create(**body)
        with pytest.raises(openai.AuthenticationError, match="sk-wrong"):
            client_of(server, "sk-wrong").chat.completions.create(**body)
    finally:
        server.close()


def test_what_may_be_right_reaches_the_next_rung(server):
    with pytest.raises(openai.APIStatusError) as caught:
        ask(server)
    assert caught.value.code == "no_recording"


def test_other_endpoints_raise_the_class_of_the_sdk(server):
    client = client_of(server)
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model="gpt-nope", input="Hi")
    with pytest.raises(openai.PermissionDeniedError):
        client.embeddings.create(model="gpt-5.2", input="Hi")
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-nope")


# --- whatever comes ---------------------------------------------------------------------------------------------

ODD = (None, True, 5, -0.5, "", "x", [], {}, [[]], [{}], {"type": []}, {"a": None})


def spoilt(value):
    """Copies of a JSON value in each of which one place holds something odd."""
    for odd in ODD:
        yield copy.deepcopy(odd)
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for worse in spoilt(value[key]):
            whole = copy.copy(value)
            whole[key] = worse
            yield whole


WHOLE = [
    request(CHAT, {
        **tool(strict=True, parameters=CLOSED), "tool_choice": {"type": "function", "function": {"name": "weather"}},
        "messages": [*CALLED, {"role": "tool", "tool_call_id": "call_1", "content": "21"}, *picture("https://a.org/b")],
        **answer_schema({"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "x"}}}}),
    }),
    request(RESPONSES, {
        "tools": [{"type": "function", "name": "f", "parameters": CLOSED}], "reasoning": {"effort": "low"},
        "input": [*item(type="input_image", image_url="https://a.org/b", detail="low")["input"],
                  {"type": "function_call", "call_id": "c"}, {"type": "function_call_output", "call_id": "c"}],
        "text": {"format": {"type": "json_schema", "name": "x", "schema": CLOSED}}, "previous_response_id": "resp_x",
    }),
    request(EMBEDDINGS, {"input": ["a"], "dimensions": 5}), request(IMAGES, {"size": "1024x1024", "quality": "low"}),
    request(SPEECH, {"response_format": "mp3"}), request("/v1/moderations"), request("/v1/batches"),
]  # fmt: skip


def test_no_rule_stumbles_over_anything():
    judged = 0
    for whole in WHOLE:
        for body in spoilt(whole["json"]):
            found = refusals.refusal({**whole, "json": body})
            assert found is None or found.status in (400, 403, 404)
            judged += 1
    assert judged > 1000


def test_an_ordinary_request_is_judged_quickly():
    asked = request(CHAT, {"temperature": 0.5, "messages": [{"role": "developer", "content": "Be brief."}, *HELLO]})
    times = []
    for _ in range(300):
        began = time.perf_counter()
        assert refusals.refusal(asked, "sk-proj-" + "Zz9" * 20) is None
        times.append(time.perf_counter() - began)
    assert min(times) < 0.0003  # seconds; the quickest, because the machine has other work


def test_the_tokenizer_is_not_loaded_before_it_is_needed():
    code = (
        "import sys; from helpers.proxy import refusals; "
        f"refusals.refusal({request(CHAT)!r}); print(sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'bpe_openai'" not in loaded and "'helpers.tokens'" not in loaded


def test_the_table_of_other_names_repeats_nothing():
    others = models.TABLE["others"]
    names = [*others["names"], *others["gone"]]
    assert len(set(names)) == len(names) and not any(models.canonical(name) for name in names)
