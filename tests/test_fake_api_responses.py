"""The stand-in upstream on the Responses API."""

import json
import re

import bpe_openai
import openai
import pytest
from fake_api_kit import (  # noqa: F401 (fixtures)
    client_fixture,
    client_of,
    data_of,
    events_of,
    raw,
    upstream_fixture,
)
from pydantic import BaseModel
from shapes import problems

from helpers.models import CLASSIC, FLAGSHIP, SMALL
from helpers.workshop.fake_api import FakeApi

PATH = "/v1/responses"
KEYS = """id object created_at status background billing completed_at error frequency_penalty incomplete_details
instructions max_output_tokens max_tool_calls model moderation output parallel_tool_calls presence_penalty
previous_response_id prompt_cache_key prompt_cache_retention reasoning safety_identifier service_tier store temperature
text tool_choice tool_usage tools top_logprobs top_p truncation usage user metadata""".split()
PADDED = ("response.output_text.delta", "response.function_call_arguments.delta")
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class Person(BaseModel):
    name: str
    age: int


def o200k(text: str) -> int:
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def ask(upstream, **body):
    """The JSON of an answer, checked against the SDK's types, and its headers."""
    response, text = raw(upstream, PATH, {"model": FLAGSHIP, **body})
    answer = json.loads(text)
    assert response.status == 200, text
    assert text == json.dumps(answer, indent=2)  # no newline at the end
    assert problems(f"POST {PATH}", answer) == []
    return answer, response.headers


def test_a_response_has_the_fields_of_the_wire(upstream):
    answer, headers = ask(upstream, input="My name is Ada.", metadata={"lesson": "16"})
    assert list(answer) == KEYS
    assert answer["model"] == "gpt-5.2-2025-12-11" and answer["status"] == "completed"
    assert answer["reasoning"] == {
        "context": "current_turn", "effort": "none", "mode": "standard", "summary": None,
    }  # fmt: skip
    assert (answer["top_p"], answer["prompt_cache_retention"]) == (0.98, "24h")
    assert answer["store"] is True and answer["metadata"] == {"lesson": "16"}
    (message,) = answer["output"]
    assert list(message) == ["id", "type", "status", "content", "role"]  # gpt-5.2 has no phase
    assert list(message["content"][0]) == ["type", "annotations", "logprobs", "text"]
    assert answer["usage"]["input_tokens"] == o200k("My name is Ada.") + 6
    assert answer["usage"]["output_tokens"] == o200k("Nice to meet you, Ada.") + 4
    assert headers["x-ratelimit-limit-tokens"]


def test_models_without_reasoning_and_the_newest_differ(upstream):
    old, _ = ask(upstream, model=CLASSIC, input="My name is Ada.")
    assert old["reasoning"] == {"context": None, "effort": None, "summary": None}
    assert (old["top_p"], old["prompt_cache_retention"]) == (1.0, "in_memory")
    assert old["usage"]["output_tokens"] == o200k("Nice to meet you, Ada.") + 1
    new, _ = ask(upstream, model=SMALL, input="My name is Ada.", reasoning={"effort": "none"})
    assert new["reasoning"]["context"] == "all_turns" and new["output"][0]["phase"] == "final_answer"


def test_ids_share_a_stem_and_tell_their_second(upstream):
    answer, _ = ask(upstream, model=SMALL, input="How much is 17 times 23?", reasoning={"effort": "high"})
    response_id = answer["id"].removeprefix("resp_")
    assert re.fullmatch(r"[0-9a-f]{16}0[01][0-9a-f]{8}[0-9a-f]{4}81[9a][0-9a-f]{17}", response_id)
    assert int(response_id[18:26], 16) == answer["created_at"]
    for item, prefix in zip(answer["output"], ("rs_", "msg_"), strict=True):
        assert item["id"].startswith(prefix + response_id[:16]) and len(item["id"]) == len(prefix) + 50
    assert answer["completed_at"] - answer["created_at"] in range(10)


def test_reasoning_comes_first_and_is_counted(upstream):
    body = {"model": SMALL, "input": "How much is 17 times 23?", "reasoning": {"effort": "high"}}
    answer, _ = ask(upstream, **body, include=["reasoning.encrypted_content"])
    thought, message = answer["output"]
    assert thought["type"] == "reasoning" and thought["summary"] == [] and message["type"] == "message"
    assert thought["encrypted_content"].startswith("gAAAAAB")
    usage = answer["usage"]
    assert usage["output_tokens_details"]["reasoning_tokens"] == 210
    assert usage["output_tokens"] == 210 + o200k("391.") + 4 + 2
    assert "encrypted_content" not in ask(upstream, **body)[0]["output"][0]


def test_the_conversation_goes_on_from_an_earlier_response(client, upstream):
    first = client.responses.create(model=FLAGSHIP, input="My name is Ada.", instructions="Be brief.")
    second = client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=first.id)
    assert second.output_text == "Ada."
    # instructions are not carried over; a user message counts 4, an assistant's 6, and the reply 2
    texts = ["My name is Ada.", "Nice to meet you, Ada.", "What is my name?"]
    assert second.usage.input_tokens == sum(map(o200k, texts)) + 4 + 6 + 4 + 2
    assert second.created_at >= first.completed_at
    items = [{"role": "user", "content": texts[0]}, *first.output, {"role": "user", "content": texts[2]}]
    third = client.responses.create(model=FLAGSHIP, input=items)
    assert third.output_text == "You told me yourself."
    assert third.usage.input_tokens == second.usage.input_tokens


def test_only_what_is_stored_can_be_continued_or_read(client):
    kept = client.responses.create(model=FLAGSHIP, input="My name is Ada.")
    assert client.responses.retrieve(kept.id).output_text == kept.output_text
    client.responses.delete(kept.id)
    with pytest.raises(openai.NotFoundError, match="not found"):
        client.responses.retrieve(kept.id)
    loose = client.responses.create(model=FLAGSHIP, input="My name is Ada.", store=False)
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=loose.id)
    assert caught.value.code == "previous_response_not_found"


def test_a_function_is_called_and_answered(client, upstream):
    first = client.responses.create(model=FLAGSHIP, input="How is the weather in Paris?", tools=[WEATHER])
    (call,) = first.output
    assert (call.type, call.name, call.arguments) == ("function_call", "get_weather", '{"city":"Paris"}')
    assert first.tools[0].strict is True and first.tools[0].parameters["additionalProperties"] is False
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "21"}
    second = client.responses.create(model=FLAGSHIP, input=[result], tools=[WEATHER], previous_response_id=first.id)
    assert second.output_text == "It is 21 degrees in Paris."
    items = [{"role": "user", "content": "How is the weather in Paris?"}, call, result]
    assert client.responses.create(model=FLAGSHIP, input=items, tools=[WEATHER]).output_text == second.output_text
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        client.responses.create(model=FLAGSHIP, input=items[:2], tools=[WEATHER])
    with pytest.raises(openai.BadRequestError, match="No tool call found"):
        client.responses.create(model=FLAGSHIP, input=[result], tools=[WEATHER])


def test_a_function_that_cannot_be_strict_stays_as_it_is(upstream):
    loose = json.loads(json.dumps(WEATHER))
    loose["parameters"]["properties"]["unit"] = {"type": "string"}
    tool = ask(upstream, input="How is the weather in Paris?", tools=[loose])[0]["tools"][0]
    assert tool["strict"] is False and "additionalProperties" not in tool["parameters"]


def test_parse_and_refusal(client):
    parsed = client.responses.parse(model=FLAGSHIP, input="Who is Alan?", text_format=Person)
    assert parsed.output_parsed == Person(name="Alan", age=41)
    refused = client.responses.create(model=FLAGSHIP, input="Tell me something harmful")
    assert refused.output[0].content[0].refusal == "I'm sorry, I can't help with that."


def test_a_limit_leaves_the_response_incomplete(upstream):
    answer, _ = ask(upstream, input="Tell me a long story", max_output_tokens=20)
    assert answer["status"] == "incomplete" and answer["completed_at"] is None
    assert answer["incomplete_details"] == {"reason": "max_output_tokens"}
    assert answer["output"][0]["status"] == "incomplete"
    assert answer["usage"]["output_tokens"] == 20
    assert o200k(answer["output"][0]["content"][0]["text"]) == 20 - 4
    eaten, _ = ask(upstream, model=SMALL, input="Tell me a long story", max_output_tokens=20)
    assert [item["type"] for item in eaten["output"]] == ["reasoning"]
    assert eaten["usage"]["output_tokens_details"]["reasoning_tokens"] == 20


def test_a_stream_has_the_events_of_the_wire(upstream):
    body = {
        "model": SMALL,
        "input": "How much is 17 times 23?",
        "reasoning": {"effort": "high"},
        "stream": True,
    }
    response, text = raw(upstream, PATH, body)
    events, data = events_of(text), data_of(text)
    pieces = o200k("391.")
    assert [name for _, name, _ in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_item.done",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * pieces,
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event["type"] for event in data] == [name for _, name, _ in events]
    assert [event["sequence_number"] for event in data] == list(range(len(data)))
    assert all(list(event)[1:] == sorted(list(event)[1:]) for event in data)
    assert "billing" not in data[0]["response"] and "billing" not in data[-1]["response"]
    assert (data[0]["response"]["service_tier"], data[0]["response"]["usage"]) == ("auto", None)
    assert (data[0]["response"]["status"], data[0]["response"]["output"]) == ("in_progress", [])
    whole = json.loads(raw(upstream, PATH, {**body, "stream": False})[1])
    assert data[-1]["response"]["usage"] == whole["usage"]
    assert list(data[-1]["response"]) == [key for key in KEYS if key != "billing"]
    deltas = [event for event in data if event["type"] == "response.output_text.delta"]
    assert "".join(event["delta"] for event in deltas) == "391."
    assert all((len(event["delta"]) + len(event["obfuscation"])) % 16 == 0 for event in deltas)
    times = [time for time, _, _ in events]
    assert times == sorted(times) and times[4] - times[2] > 210  # it thinks before it speaks
    assert problems(f"POST {PATH}", data) == []
    assert int(response.headers["openai-processing-ms"]) == times[0]


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("How is the weather in Paris?", "response.completed"),
        ("Tell me something harmful", "response.completed"),
        ("Tell me a long story", "response.incomplete"),
    ],
)
def test_the_sdk_puts_streams_together(client, upstream, question, last):
    body = {"model": FLAGSHIP, "input": question, "tools": [WEATHER], "max_output_tokens": 25}
    data = data_of(raw(upstream, PATH, {**body, "stream": True})[1])
    assert data[-1]["type"] == last
    assert problems(f"POST {PATH}", data) == []
    padded = [event for event in data if event["type"] in PADDED]
    assert all((len(event["delta"]) + len(event["obfuscation"])) % 16 == 0 for event in padded)
    final = list(client.responses.create(**body, stream=True))[-1].response
    whole = client.responses.create(**body)
    assert [item.type for item in final.output] == [item.type for item in whole.output]
    assert final.output_text == whole.output_text


def test_input_tokens_are_counted_without_an_answer(client):
    counted = client.responses.input_tokens.count(model=FLAGSHIP, input="My name is Ada.", instructions="Be brief.")
    assert counted.input_tokens == o200k("My name is Ada.") + o200k("Be brief.") + 4 + 4 + 2


def test_refusals_of_the_api(client):
    with pytest.raises(openai.BadRequestError, match="Expected a value >= 16"):
        client.responses.create(model=FLAGSHIP, input="My name is Ada.", max_output_tokens=5)
    with pytest.raises(openai.BadRequestError, match="'temperature' is not supported"):
        client.responses.create(model=SMALL, input="My name is Ada.", temperature=0.2)
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        client.responses.create(model=FLAGSHIP, input="Who is Alan?", text={"format": {"type": "json_object"}})


def test_logprobs_come_with_the_text(tmp_path):
    answers = 'basis: x\nanswers: [{say: Yes, logprobs: [{"Yes": 0.5, "No": 0.5}]}]'
    (tmp_path / "a.yaml").write_text(answers.replace("say: Yes", 'say: "Yes"'), encoding="utf-8")
    with FakeApi(tmp_path) as second:
        settings = {"include": ["message.output_text.logprobs"], "top_logprobs": 2}
        answer = client_of(second).responses.create(model=FLAGSHIP, input="Is it?", **settings)
        data = data_of(raw(second, PATH, {"model": FLAGSHIP, "input": "Is it?", "stream": True, **settings})[1])
    (token,) = answer.output[0].content[0].logprobs
    assert token.token == "Yes" and len(token.top_logprobs) == 2
    assert token.logprob == pytest.approx(-0.693147, abs=1e-6)
    assert problems(f"POST {PATH}", data) == []
