"""Refusals of the stand-in upstream: the bodies that were seen in public, and nothing refused that is taken."""

import pytest

from helpers.proxy.refusals import rejection

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
TOOLS = [{"type": "function", "function": {"name": "weather"}}]

# Fact sheet 2 and 11 (row 6), its exact bodies; the others from recorded exchanges and quoted answers.
SEEN = [
    ("gpt-5.2", CHAT, {"max_tokens": 50}, 400, "max_tokens", "unsupported_parameter",
     "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
    ("gpt-5-mini", CHAT, {"temperature": 0.7}, 400, "temperature", "unsupported_value",
     "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."),
    ("gpt-6-luna", CHAT, {"top_p": 0.5}, 400, "top_p", "unsupported_parameter",
     "Unsupported parameter: 'top_p' is not supported with this model."),
    ("gpt-5.2", CHAT, {"stop": ["END"]}, 400, "stop", "unsupported_parameter",
     "Unsupported parameter: 'stop' is not supported with this model."),
    ("gpt-5-mini", CHAT, {"presence_penalty": 0.5}, 400, "presence_penalty", "unsupported_parameter",
     "Unsupported parameter: 'presence_penalty' is not supported with this model."),
    ("gpt-5.6-terra", CHAT, {"logit_bias": {"1": 1}}, 400, "logit_bias", "unsupported_parameter",
     "Unsupported parameter: 'logit_bias' is not supported with this model."),
    ("gpt-6-luna", CHAT, {"logprobs": True}, 400, "logprobs", "unsupported_parameter",
     "Unsupported parameter: 'logprobs' is not supported with this model."),
    ("gpt-6-sol", CHAT, {"tools": TOOLS}, 400, "reasoning_effort", None,
     "Function tools with reasoning_effort are not supported for gpt-6-sol in /v1/chat/completions. "
     "To use function tools, use /v1/responses or set reasoning_effort to 'none'."),
    ("gpt-5.2", CHAT, {"reasoning_effort": "minimal"}, 400, "reasoning_effort", "unsupported_value",
     "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. "
     "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."),
    ("gpt-6-luna", CHAT, {"reasoning_effort": "max"}, 400, "reasoning_effort", "unsupported_value",
     "Unsupported value: 'reasoning_effort' does not support 'max' with this model. "
     "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."),
    ("gpt-4o", CHAT, {"reasoning_effort": "low"}, 400, None, None,
     "Unrecognized request argument supplied: reasoning_effort"),
    ("gpt-5.2-pro", CHAT, {}, 404, "model", None,
     "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
     "Did you mean to use v1/completions?"),
    ("gpt-nope", CHAT, {}, 404, None, "model_not_found",
     "The model `gpt-nope` does not exist or you do not have access to it."),
    ("gpt-3.5-turbo", CHAT, {}, 404, None, "model_not_found",
     "The model `gpt-3.5-turbo` does not exist or you do not have access to it."),
    ("gpt-nope", RESPONSES, {}, 400, "model", "model_not_found", "The requested model 'gpt-nope' does not exist."),
    ("gpt-6-luna", RESPONSES, {"temperature": 0.2}, 400, "temperature", None,
     "Unsupported parameter: 'temperature' is not supported with this model."),
    ("gpt-6-luna", RESPONSES, {"reasoning": {"effort": "minimal"}}, 400, "reasoning.effort", "unsupported_value",
     "Unsupported value: 'minimal' is not supported with the 'gpt-6-luna' model. "
     "Supported values are: 'none', 'low', 'medium', 'high', 'xhigh', and 'max'."),
    ("gpt-4.1", RESPONSES, {"reasoning": {"effort": "low"}}, 400, "reasoning.effort", "unsupported_parameter",
     "Unsupported parameter: 'reasoning.effort' is not supported with this model."),
    ("gpt-5.2", RESPONSES, {"max_output_tokens": 5}, 400, "max_output_tokens", "integer_below_min_value",
     "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead."),
    ("gpt-image-1.5", "/v1/images/generations", {"quality": "standard"}, 400, "quality", "invalid_value",
     "Invalid value: 'standard'. Supported values are: 'low', 'medium', 'high', and 'auto'."),
    ("gpt-transcribe", "/v1/audio/transcriptions", {"response_format": "verbose_json"}, 400, "response_format",
     "unsupported_value", "response_format 'verbose_json' is not compatible with model 'gpt-transcribe-api-ev3'. "
     "Use 'json' or 'text' instead."),
]  # fmt: skip


@pytest.mark.parametrize(("model", "endpoint", "body", "status", "param", "code", "message"), SEEN)
def test_a_refusal_has_the_body_that_was_seen(model, endpoint, body, status, param, code, message):
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    assert rejection(model, body, endpoint) == {"status": status, "error": error}


ACCEPTED = [
    ("gpt-5.2", CHAT, {"temperature": 0.7, "top_p": 0.9, "logprobs": True, "max_completion_tokens": 500}),
    ("gpt-5.2", CHAT, {"tools": TOOLS, "reasoning_effort": "high"}),
    ("gpt-5.2", CHAT, {"frequency_penalty": 0, "presence_penalty": 0.0, "seed": 1, "n": 2, "stop": None}),
    ("gpt-6-luna", CHAT, {"temperature": 1, "top_p": 1.0, "logprobs": False}),
    ("gpt-6-luna", CHAT, {"temperature": 0, "tools": TOOLS, "reasoning_effort": "none"}),
    ("gpt-5-mini", CHAT, {"tools": TOOLS, "reasoning_effort": "minimal"}),
    ("gpt-4o", CHAT, {"max_tokens": 5, "stop": "x", "presence_penalty": 1, "temperature": 2}),
    ("gpt-5.2-pro", RESPONSES, {"max_output_tokens": 16}),
    ("gpt-6.2-sol", RESPONSES, {"tools": [{"type": "function", "name": "weather"}], "reasoning": {"effort": "max"}}),
    ("gpt-6-luna", RESPONSES, {"temperature": 0.2, "reasoning": {"effort": "none"}}),
    ("gpt-image-2", "/v1/images/generations", {"quality": "low", "size": "1024x1024"}),
    ("whisper-1", "/v1/audio/transcriptions", {"response_format": "verbose_json"}),
    ("text-embedding-3-small", "/v1/embeddings", {"input": "x"}),
    ("omni-moderation-latest", "/v1/moderations", {"input": "x"}),
    ("gpt-5.2-2025-12-11", "chat/completions", {"temperature": 0}),
    ("gpt-4", CHAT, {"max_tokens": 5}, "2026-01-01"),
]


@pytest.mark.parametrize("asked", ACCEPTED)
def test_what_the_model_takes_passes(asked):
    assert rejection(*asked[:1], asked[2], asked[1], *asked[3:]) is None


def test_the_first_fault_is_the_one_reported():
    whole = {"max_tokens": 200, "temperature": 0.7, "presence_penalty": 0.5}
    assert rejection("gpt-5-mini", whole, CHAT)["error"]["param"] == "max_tokens"
    del whole["max_tokens"]
    assert rejection("gpt-5-mini", whole, CHAT)["error"]["param"] == "temperature"


def test_a_model_that_ends_is_refused_from_its_last_day_on():
    assert rejection("gpt-5-mini", {}, CHAT) is None
    assert rejection("gpt-5-mini", {}, CHAT, today="2026-12-11")["error"]["code"] == "model_not_found"
    assert rejection("gpt-5-mini", {}, RESPONSES, today="2026-12-11")["status"] == 404
