"""The stand-in upstream: matching of answers, Chat Completions, and the rules that the real wire obeys."""

import base64
import io
import json
import re
import socket
import uuid

import bpe_openai
import openai
import PIL.Image
import pytest
import yaml
from fake_api_kit import (  # noqa: F401 (fixtures)
    ANSWERS,
    KEY,
    client_fixture,
    client_of,
    data_of,
    events_of,
    raw,
    tone,
    upstream_fixture,
)
from pydantic import BaseModel
from shapes import problems

from helpers.models import AUDIO_CHAT, CLASSIC, FLAGSHIP, FORMER_SMALL, NEWEST, PRO, RETIRED, SMALL
from helpers.proxy.recordings import Recordings
from helpers.proxy.server import CourseServer
from helpers.workshop.fake_api import FakeApi
from helpers.workshop.fake_api.ids import Dice, chat_id
from helpers.workshop.fake_api.script import ANSWER, TESTS, Script, ScriptError

CHAT = "/v1/chat/completions"
RIVERS = "Rivers carry water from the hills to the sea, and with it sand, seeds and stories."
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}


class Person(BaseModel):
    name: str
    age: int


def says(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


def ask(client, text: str, model: str = FLAGSHIP, **more):
    return client.chat.completions.create(model=model, messages=says(text), **more)


def o200k(text: str) -> int:
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def decode62(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 62 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".index(digit)
    return value


# --- answers and their matching ---------------------------------------------------------------------------------


def test_a_plain_answer_counts_real_tokens(client):
    answer = ask(client, "What is the capital of France?")
    assert answer.choices[0].message.content == "The capital of France is Paris."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.model == "gpt-5.2-2025-12-11"
    assert answer.usage.prompt_tokens == o200k("What is the capital of France?") + 6
    assert answer.usage.completion_tokens == o200k("The capital of France is Paris.") + 3
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_identical_requests_take_the_next_answer_and_repeat_the_last(client):
    said = [ask(client, "Name a colour").choices[0].message.content for _ in range(4)]
    assert said == ["blue", "red", "green, if I must choose", "green, if I must choose"]


def test_n_takes_several_answers_at_once(client):
    answer = ask(client, "Name a colour.", n=3)
    assert [choice.message.content for choice in answer.choices] == ["blue", "red", "green, if I must choose"]
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert answer.usage.completion_tokens == 3 * 3 + o200k("blue") + o200k("red") + o200k("green, if I must choose")


def test_the_turn_is_part_of_the_pattern(client):
    first = says("What is the capital of France?")
    second = [*first, {"role": "assistant", "content": "Paris."}, *says("And Italy?")]
    answer = client.chat.completions.create(model=FLAGSHIP, messages=second)
    assert answer.choices[0].message.content == "Rome."
    with pytest.raises(openai.InternalServerError):
        ask(client, "And Italy?")


def test_an_answer_can_depend_on_anything_that_was_said(client):
    first = [{"role": "developer", "content": "Answer with one word."}, *says("What is the capital of Spain?")]
    second = [*first, {"role": "assistant", "content": "Madrid"}, *says("And Italy?")]
    answer = client.chat.completions.create(model=FLAGSHIP, messages=second)
    assert answer.choices[0].message.content == "Rome"


def test_an_unmatched_request_gets_a_stub_that_matches_it_once_pasted(client, tmp_path):
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, "Is this: known?", model=SMALL, reasoning_effort="none")
    assert caught.value.status_code == 501
    assert caught.value.response.headers["x-should-retry"] == "false"
    entry = caught.value.message.split("\n\n", 1)[1].replace("…", "Now it is.")
    pasted = tmp_path / "new.yaml"
    pasted.write_text(f"basis: Pasted.\nanswers:\n{entry}", encoding="utf-8")
    assert yaml.safe_load(entry)[0]["when"]["model"] == "small"
    with FakeApi(pasted) as second:
        answer = ask(client_of(second), "Is this: known?", model=SMALL, reasoning_effort="none")
    assert answer.choices[0].message.content == "Now it is."


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("answers: [{when: {users: hi}, say: hi}]\nbasis: x", "unknown key 'users'"),
        ("answers: [{when: {user: hi}, says: hi}]\nbasis: x", "unknown key 'says'"),
        ("answers: [{when: {user: hi}}]\nbasis: x", "nothing is answered"),
        ("answers: [{when: {user: hi}, say: hi}]", "no basis"),
        ("answers: [{when: {user: hi}, say: yes}]\nbasis: x", "must be text"),
        ("answers:\n  - when: {user: a}\n    say: a\n    when: {user: b}\nbasis: x", "stands twice"),
        ("- when: {user: a}", "expected `basis`, `date`"),
        ("answers: [{when: {model: flagshp}, say: hi}]\nbasis: x", "'flagshp' is neither a role nor a model"),
        ("answers: [}", "bad.yaml"),
    ],
)
def test_a_mistake_in_an_answers_file_is_named(tmp_path, content, hint):
    (tmp_path / "bad.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ScriptError, match=re.escape(hint)):
        Script(tmp_path)


def test_a_near_miss_is_named(client):
    with pytest.raises(openai.InternalServerError, match="Nearest is chat.yaml entry 1, which differs in model"):
        ask(client, "What is the capital of France?", model=SMALL, reasoning_effort="none")


def test_the_examples_of_the_manual_are_in_the_format(tmp_path):
    manual = (ANSWERS.parents[1] / "data" / "answers" / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    assert len(examples) >= 5
    for number, example in enumerate(examples):
        whole = example if "answers:" in example else f"basis: x\nanswers:\n{example}"
        (tmp_path / f"{number}.yaml").write_text(whole, encoding="utf-8")
    answers = Script(tmp_path)
    keys = {key for entry in answers.entries for key in entry.answer}
    assert keys == ANSWER - {"basis"}, "the manual shows every key"
    assert {key for entry in answers.entries for key in entry.when} == set(TESTS)
    assert answers.date == "2026-11-22"


def test_entries_that_nothing_asked_for_are_listed(upstream, client):
    ask(client, "What is the capital of France?")
    assert "chat.yaml entry 1" not in upstream.script.unused()
    assert "chat.yaml entry 2" in upstream.script.unused()


def test_every_answer_says_where_it_comes_from(upstream):
    response, _ = raw(upstream, CHAT, {"model": FLAGSHIP, "messages": says("Paced")})
    assert json.loads(response.headers["x-course-origin"]) == {
        "kind": "authored",
        "date": "2026-11-22",
        "basis": "Written to be slow.",
    }


# --- the wire ---------------------------------------------------------------------------------------------------


def test_json_has_the_keys_and_the_framing_of_the_wire(upstream):
    response, text = raw(upstream, CHAT, {"model": FLAGSHIP, "messages": says("What is the capital of France?")})
    answer = json.loads(text)
    assert text == json.dumps(answer, indent=2) + "\n"
    order = ["id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint"]
    assert list(answer) == order
    assert list(answer["choices"][0]) == ["index", "message", "finish_reason"]
    assert list(answer["choices"][0]["message"]) == ["role", "content", "refusal", "annotations"]
    assert answer["system_fingerprint"] is None
    assert problems(f"POST {CHAT}", answer) == []


def test_an_older_model_has_logprobs_and_a_fingerprint(upstream):
    _, text = raw(upstream, CHAT, {"model": CLASSIC, "messages": says("Tell me about rivers")})
    answer = json.loads(text)
    assert list(answer["choices"][0]) == ["index", "message", "logprobs", "finish_reason"]
    assert answer["choices"][0]["logprobs"] is None
    assert re.fullmatch(r"fp_[0-9a-f]{10}", answer["system_fingerprint"])


def test_the_newest_models_report_cache_writes(upstream):
    body = {"model": SMALL, "messages": says("Tell me about rivers"), "reasoning_effort": "none"}
    details = json.loads(raw(upstream, CHAT, body)[1])["usage"]["prompt_tokens_details"]
    assert details == {"cached_tokens": 0, "cache_write_tokens": 0, "audio_tokens": 0}


def test_an_id_tells_its_second():
    # A recorded pair: chatcmpl-E9xBC… was made at 1786041146.
    assert chat_id(Dice("x"), 1786041146).startswith("chatcmpl-E9xBC")


def test_ids_and_headers_follow_the_rules(upstream):
    response, text = raw(upstream, CHAT, {"model": FLAGSHIP, "messages": says("Tell me about rivers")})
    answer, headers = json.loads(text), response.headers
    assert re.fullmatch(r"chatcmpl-[0-9A-Za-z]{29}", answer["id"])
    assert decode62(answer["id"][9:14]) + 1_576_800_000 == answer["created"]
    assert answer["created"] // 86400 == 1795305600 // 86400  # 22 November 2026
    assert uuid.UUID(headers["x-request-id"].removeprefix("req_")).version == 4
    assert headers["openai-version"] == "2020-10-01"
    assert int(headers["openai-processing-ms"]) == int(headers["x-course-elapsed-ms"]) > 200
    limit = int(headers["x-ratelimit-limit-requests"])
    assert int(headers["x-ratelimit-remaining-requests"]) == limit - 1
    assert headers["x-ratelimit-reset-requests"] == f"{60_000 // limit}ms"
    used = int(headers["x-ratelimit-limit-tokens"]) - int(headers["x-ratelimit-remaining-tokens"])
    assert used == len("Tell me about rivers") // 4 + 3
    assert "openai-organization" not in headers and "openai-project" not in headers


@pytest.mark.parametrize("usage", [True, False])
@pytest.mark.parametrize("text", ["Tell me about rivers", "Say it with flowers"])
def test_a_stream_has_the_chunks_of_the_wire(upstream, text, usage):
    body = {"model": FLAGSHIP, "messages": says(text), "stream": True}
    response, stream = raw(upstream, CHAT, body | ({"stream_options": {"include_usage": True}} if usage else {}))
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-course-pace"] == "1"
    events, chunks = events_of(stream), data_of(stream)
    assert chunks.pop() == "[DONE]"
    assert all(len(data) % 16 == 1 for _, _, data in events[:-1])
    assert all(name is None for _, name, _ in events)
    times = [time for time, _, _ in events]
    assert times == sorted(times) and times[0] > 100
    order = ["id", "object", "created", "model", "service_tier", "system_fingerprint", "choices"]
    assert all(list(chunk) == [*order, *(["usage"] if usage else []), "obfuscation"] for chunk in chunks)
    if usage:
        last = chunks.pop()
        assert last["choices"] == [] and last["usage"]["total_tokens"] > 0
        assert all(chunk["usage"] is None for chunk in chunks)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert deltas[-1] == {} and chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert all(list(delta) == ["content"] for delta in deltas[1:-1])
    whole = json.loads(raw(upstream, CHAT, {**body, "stream": False})[1])
    assert "".join(delta["content"] for delta in deltas[1:-1]) == whole["choices"][0]["message"]["content"]
    assert problems(f"POST {CHAT}", chunks) == []


def test_a_stream_keeps_its_authored_pace_and_drops_padding_on_request(upstream):
    options = {"include_obfuscation": False}
    body = {"model": FLAGSHIP, "messages": says("Paced"), "stream": True, "stream_options": options}
    stream = raw(upstream, CHAT, body)[1]
    assert [time for time, _, _ in events_of(stream)] == [500, 600, 700, 800, 800, 800]
    assert not any("obfuscation" in chunk for chunk in data_of(stream)[:-1])


def test_choices_stream_one_after_the_other_and_finish_together(client):
    chunks = list(ask(client, "Name a colour!", n=2, stream=True))
    order = [(chunk.choices[0].index, chunk.choices[0].finish_reason) for chunk in chunks]
    assert order == [(0, None)] * 2 + [(1, None)] * 2 + [(0, "stop"), (1, "stop")]


# --- tools ------------------------------------------------------------------------------------------------------


def test_one_call_and_its_answer(client):
    messages = says("How is the weather?")
    first = client.chat.completions.create(model=FLAGSHIP, messages=messages, tools=[WEATHER]).choices[0]
    call = first.message.tool_calls[0]
    assert first.finish_reason == "tool_calls" and first.message.content is None
    assert call.function.name == "get_weather"
    assert call.function.arguments == '{"city":"Paris","unit":"celsius"}'
    assert re.fullmatch(r"call_[0-9A-Za-z]{24}", call.id)
    result = {"role": "tool", "tool_call_id": call.id, "content": "21"}
    messages = [*messages, first.message, result]
    second = client.chat.completions.create(model=FLAGSHIP, messages=messages, tools=[WEATHER])
    assert second.choices[0].message.content == "It is 21 degrees."


def test_a_named_choice_finishes_with_stop(client):
    named = {"type": "function", "function": {"name": "get_weather"}}
    answer = ask(client, "How is the weather?", tools=[WEATHER], tool_choice=named)
    assert answer.choices[0].finish_reason == "stop" and answer.choices[0].message.tool_calls


def test_parallel_calls_have_their_own_ids(upstream, client):
    answer = ask(client, "Compare Paris and Rome", tools=[WEATHER])
    calls = answer.choices[0].message.tool_calls
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Paris", "Rome"]
    assert calls[0].id != calls[1].id
    body = {"model": FLAGSHIP, "messages": says("Compare Paris and Rome"), "tools": [WEATHER]}
    origin = raw(upstream, CHAT, body)[0].headers["x-course-origin"]
    assert "tools are estimated" in origin and "several function calls are estimated" in origin
    with pytest.raises(openai.InternalServerError, match="parallel_tool_calls is false"):
        ask(client, "Compare Paris and Rome", tools=[WEATHER], parallel_tool_calls=False)


def test_an_answer_can_depend_on_the_tools_that_are_offered(client):
    clock = {"type": "function", "function": {"name": "get_time"}}
    for tools, said in (([WEATHER], "One."), ([clock, WEATHER], "Two.")):
        assert ask(client, "Which tools?", tools=tools).choices[0].message.content == said
    with pytest.raises(openai.InternalServerError, match="differs in tools"):
        ask(client, "Which tools?", tools=[clock])


def test_a_single_call_streams_as_on_the_wire(upstream):
    body = {"model": FLAGSHIP, "messages": says("How is the weather?"), "tools": [WEATHER], "stream": True}
    chunks = data_of(raw(upstream, CHAT, body)[1])[:-1]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert list(deltas[0]) == ["role", "content", "tool_calls", "refusal"]
    opened = deltas[0]["tool_calls"][0]
    assert list(opened) == ["index", "id", "type", "function"] and opened["function"]["arguments"] == ""
    pieces = [delta["tool_calls"][0] for delta in deltas[1:-1]]
    assert all(list(piece) == ["index", "function"] for piece in pieces)
    assert "".join(piece["function"]["arguments"] for piece in pieces) == '{"city":"Paris","unit":"celsius"}'
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert problems(f"POST {CHAT}", chunks) == []


def test_parallel_calls_stream_one_after_the_other(upstream):
    body = {"model": FLAGSHIP, "messages": says("Compare Paris and Rome"), "tools": [WEATHER], "stream": True}
    deltas = [chunk["choices"][0]["delta"] for chunk in data_of(raw(upstream, CHAT, body)[1])[:-1]]
    assert deltas[0] == {"role": "assistant", "content": None}
    opened = [delta["tool_calls"][0] for delta in deltas if "id" in delta.get("tool_calls", [{}])[0]]
    assert [call["index"] for call in opened] == [0, 1]


def test_the_sdk_puts_a_streamed_call_together(client):
    with client.chat.completions.stream(model=FLAGSHIP, messages=says("Look and call"), tools=[WEATHER]) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.content == "Let me look."
    assert json.loads(final.choices[0].message.tool_calls[0].function.arguments)["city"] == "Oslo"


def test_arguments_can_be_broken_on_purpose_but_not_by_mistake(client):
    answer = ask(client, "Break the arguments", tools=[WEATHER])
    assert answer.choices[0].message.tool_calls[0].function.arguments == '{"city": "Par'
    with pytest.raises(openai.InternalServerError, match="not among the tools"):
        ask(client, "How is the weather?")
    narrow = json.loads(json.dumps(WEATHER).replace('"celsius"', '"kelvin"'))
    with pytest.raises(openai.InternalServerError, match="does not fit the schema"):
        ask(client, "How is the weather?", tools=[narrow])


def test_calls_need_their_results(client):
    calls = [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]
    messages = [*says("How is the weather?"), {"role": "assistant", "tool_calls": calls}, *says("Well?")]
    with pytest.raises(openai.BadRequestError, match="did not have response messages: call_1"):
        client.chat.completions.create(model=FLAGSHIP, messages=messages)
    stray = [*says("Hi"), {"role": "tool", "tool_call_id": "call_1", "content": "21"}]
    with pytest.raises(openai.BadRequestError, match="must be a response to a preceeding message"):
        client.chat.completions.create(model=FLAGSHIP, messages=stray)


# --- structured answers, refusals, limits -----------------------------------------------------------------------


def test_parse_gives_the_model_and_the_next_answer(client):
    def parsed():
        answer = client.chat.completions.parse(model=FLAGSHIP, messages=says("Who is Alan?"), response_format=Person)
        return answer.choices[0].message.parsed

    assert parsed() == Person(name="Alan", age=41)
    assert parsed() == Person(name="Alan Turing", age=41)


def test_an_answer_that_breaks_the_schema_is_an_error_of_the_author(client):
    with pytest.raises(openai.InternalServerError, match="'forty' is not of type 'integer'"):
        client.chat.completions.parse(model=FLAGSHIP, messages=says("Who is Beata?"), response_format=Person)


def test_text_is_no_answer_to_a_strict_schema(client):
    with pytest.raises(openai.InternalServerError, match="wants JSON"):
        client.chat.completions.parse(model=FLAGSHIP, messages=says("Tell me about rivers"), response_format=Person)


def test_a_schema_that_is_not_strict_is_refused(client):
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": schema}}
    with pytest.raises(openai.BadRequestError, match="'additionalProperties' is required to be supplied"):
        ask(client, "Who is Alan?", response_format=wanted)
    wanted["json_schema"]["schema"] = {**schema, "additionalProperties": False, "required": []}
    with pytest.raises(openai.BadRequestError, match="Missing 'name'"):
        ask(client, "Who is Alan?", response_format=wanted)


def test_json_mode_wants_the_word(client):
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(client, "Who is Alan?", response_format={"type": "json_object"})


def test_a_refusal_is_no_content(client):
    question = says("Tell me something harmful")
    message = (
        client.chat.completions.parse(model=FLAGSHIP, messages=question, response_format=Person).choices[0].message
    )
    assert message.refusal == "I'm sorry, I can't help with that."
    assert message.content is None and message.parsed is None
    deltas = [chunk.choices[0].delta for chunk in ask(client, "Tell me something harmful", stream=True)]
    assert "".join(delta.refusal or "" for delta in deltas) == message.refusal


def test_a_limit_cuts_at_exactly_so_many_tokens(client):
    answer = ask(client, "Tell me about rivers", model=CLASSIC, max_completion_tokens=5)
    text = answer.choices[0].message.content
    assert RIVERS.startswith(text) and o200k(text) == 5
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 5
    enough = ask(client, "Tell me about rivers", model=CLASSIC, max_completion_tokens=o200k(RIVERS))
    assert enough.choices[0].message.content == RIVERS and enough.choices[0].finish_reason == "stop"


def test_a_limit_counts_what_wraps_the_text(client):
    answer = ask(client, "Tell me about rivers", max_completion_tokens=12)
    assert answer.usage.completion_tokens == 12
    assert o200k(answer.choices[0].message.content) == 12 - 3


def test_reasoning_counts_and_can_eat_the_limit(client):
    thinking = ask(client, "Tell me about rivers", model=SMALL)  # medium is its default
    assert thinking.usage.completion_tokens_details.reasoning_tokens == 40
    assert thinking.usage.completion_tokens == 40 + o200k(RIVERS) + 3 + 2
    plain = ask(client, "Tell me about rivers", model=SMALL, reasoning_effort="none")
    assert plain.usage.completion_tokens_details.reasoning_tokens == 0
    eaten = ask(client, "Tell me about rivers", model=SMALL, max_completion_tokens=20)
    assert eaten.choices[0].message.content == "" and eaten.choices[0].finish_reason == "length"
    assert eaten.usage.completion_tokens_details.reasoning_tokens == eaten.usage.completion_tokens == 20


def test_older_models_reason_in_steps_of_64(client, tmp_path):
    (tmp_path / "a.yaml").write_text("basis: x\nanswers: [{say: Hm., reasoning_tokens: 70}]", encoding="utf-8")
    with FakeApi(tmp_path) as second:
        answer = ask(client_of(second), "Think", model=FORMER_SMALL)
    assert answer.usage.completion_tokens_details.reasoning_tokens == 128


def test_logprobs_are_the_authored_probabilities(client):
    answer = ask(client, "One word", logprobs=True, top_logprobs=2)
    token = answer.choices[0].logprobs.content[0]
    assert token.token == "Paris" and bytes(token.bytes) == b"Paris"
    assert token.logprob == pytest.approx(-0.10536, abs=1e-5)  # ln 0.9
    assert [(top.token, round(top.logprob, 3)) for top in token.top_logprobs] == [
        ("Paris", -0.105),
        ("Lyon", -2.813),
    ]
    chunks = list(ask(client, "One word", logprobs=True, top_logprobs=2, stream=True))
    assert [c.choices[0].logprobs and c.choices[0].logprobs.content[0].token for c in chunks] == [
        None,
        "Paris",
        None,
    ]
    with pytest.raises(openai.InternalServerError, match="has no `logprobs`"):
        ask(client, "Paced", logprobs=True)


def test_cached_tokens_are_authored(client):
    system = {"role": "system", "content": "The handbook says: " + "be kind and exact. " * 300}
    messages = [system, *says("Cached?")]
    usage = client.chat.completions.create(model=FLAGSHIP, messages=messages).usage
    assert usage.prompt_tokens_details.cached_tokens == 1152 < usage.prompt_tokens
    usage = client.chat.completions.create(model=SMALL, messages=messages, reasoning_effort="none").usage
    assert usage.prompt_tokens_details.cache_write_tokens == usage.prompt_tokens - 1152 - 3


# --- pictures and sound -----------------------------------------------------------------------------------------


def square(folder, side: int = 512) -> str:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), "teal").save(buffer, "PNG")
    (folder / "square.png").write_bytes(buffer.getvalue())
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_a_picture_is_counted_and_told_from_another(tmp_path):
    url = square(tmp_path)
    with FakeApi(ANSWERS, images=tmp_path) as second:
        client = client_of(second)

        def look(url):
            content = [
                {"type": "text", "text": "What is on it?"},
                {"type": "image_url", "image_url": {"url": url}},
            ]
            return client.chat.completions.create(model=FLAGSHIP, messages=[{"role": "user", "content": content}])

        assert look(url).choices[0].message.content == "A square."
        assert look(url).usage.prompt_tokens == 308 + o200k("What is on it?") + 6  # 308: a published example
        assert look("https://example.org/pictures/square.png").usage == look(url).usage
        with pytest.raises(openai.BadRequestError, match="Error while downloading") as caught:
            look("https://example.org/pictures/circle.png")
        assert caught.value.code == "invalid_image_url"
        square(tmp_path, 64)  # another picture under the same name
        with pytest.raises(openai.InternalServerError, match="no entry matches"):
            look(url)


def test_sound_is_estimated(upstream):
    sound = {
        "type": "input_audio",
        "input_audio": {"data": base64.b64encode(tone(2)).decode(), "format": "wav"},
    }
    content = [{"type": "text", "text": "What do you hear?"}, sound]
    response, text = raw(upstream, CHAT, {"model": AUDIO_CHAT, "messages": [{"role": "user", "content": content}]})
    usage = json.loads(text)["usage"]
    assert usage["prompt_tokens_details"]["audio_tokens"] == 20
    assert usage["prompt_tokens_details"]["text_tokens"] == usage["prompt_tokens"] - 20
    assert "Sound is estimated" in response.headers["x-course-origin"]
    assert problems(f"POST {CHAT}", json.loads(text)) == []


def test_a_spoken_answer_carries_its_transcript(tmp_path):
    (tmp_path / "a.yaml").write_text("basis: x\nanswers: [{say: Hello!}]", encoding="utf-8")
    with FakeApi(tmp_path, speak=lambda text, voice, wanted: f"{voice} {wanted} {text}".encode()) as second:
        settings = {"modalities": ["text", "audio"], "audio": {"voice": "coral", "format": "wav"}}
        message = ask(client_of(second), "Greet me", model=AUDIO_CHAT, **settings).choices[0].message
    assert message.content is None and message.audio.transcript == "Hello!"
    assert base64.b64decode(message.audio.data) == b"coral wav Hello!"


# --- refusals ---------------------------------------------------------------------------------------------------


def test_what_the_model_refuses_is_refused(client):
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "Tell me about rivers", max_tokens=5)
    assert caught.value.code == "unsupported_parameter" and caught.value.param == "max_tokens"
    with pytest.raises(openai.BadRequestError, match="does not support 0.7"):
        ask(client, "Tell me about rivers", model=SMALL, temperature=0.7)
    for model in (PRO, RETIRED, "gpt-nope"):
        with pytest.raises(openai.NotFoundError):
            ask(client, "Tell me about rivers", model=model)
    with pytest.raises(openai.BadRequestError, match="not supported for"):
        ask(client, "How is the weather?", model=NEWEST, tools=[WEATHER])


def test_errors_are_framed_as_on_the_wire(upstream):
    body = {"model": "gpt-nope", "messages": says("Hi")}
    response, text = raw(upstream, CHAT, body)
    assert response.status == 404 and text == json.dumps(json.loads(text), indent=4) + "\n"
    assert response.headers["vary"] == "Origin" and "openai-version" not in response.headers
    response, text = raw(upstream, CHAT, {"model": FLAGSHIP, "messages": says("Hi"), "max_tokens": 5})
    assert response.status == 400 and text == json.dumps(json.loads(text), indent=2)
    assert "x-ratelimit-limit-requests" in response.headers
    response, text = raw(upstream, "/v1/nothing", {})
    assert response.status == 404 and "Invalid URL (POST /v1/nothing)" in text


def test_an_authored_error_has_its_status_and_headers(client):
    with pytest.raises(openai.RateLimitError, match="Slow down") as caught:
        ask(client, "Too fast")
    assert caught.value.type == "requests" and caught.value.response.headers["retry-after"] == "20"


@pytest.mark.parametrize("key", [None, "Basic eDp5", "Bearer ", "Token secret-of-mine"])
def test_only_a_bearer_key_is_let_in(upstream, key):
    response, text = raw(upstream, CHAT, {"model": FLAGSHIP, "messages": says("Paced")}, key=key)
    assert response.status == 401 and "secret" not in text
    assert json.loads(text)["error"]["type"] == "invalid_request_error"


def test_no_key_is_kept_or_sent_back(upstream):
    secret = "sk-" + "planted" * 4
    body = {"model": FLAGSHIP, "messages": says("Unknown to the answers")}
    response, text = raw(upstream, CHAT, body, key=f"Bearer {secret}")
    assert response.status == 501
    assert secret not in text + str(response.headers) + repr(vars(upstream))


# --- record mode ------------------------------------------------------------------------------------------------


def test_record_mode_keeps_origin_and_the_stated_times(upstream, tmp_path):
    course = CourseServer("record", upstream.url)
    course.begin(Recordings(tmp_path))
    course.start()
    try:
        client = openai.OpenAI(base_url=course.url + "/v1", api_key=KEY, max_retries=0)
        assert len(list(ask(client, "Paced", stream=True))) == 5
        ask(client, "Tell me about rivers")
        with pytest.raises(openai.InternalServerError, match="no entry matches"):
            ask(client, "Unknown to the answers")
    finally:
        course.close()
    streamed, whole = sorted(Recordings(tmp_path).all(), key=lambda kept: "json" in kept["response"])
    assert [time for time, _ in streamed["response"]["events"]] == [500, 600, 700, 800, 800, 800]
    assert streamed["origin"] == {"kind": "authored", "date": "2026-11-22", "basis": "Written to be slow."}
    assert whole["response"]["elapsed_ms"] == int(whole["response"]["headers"]["openai-processing-ms"])


# --- determinism ------------------------------------------------------------------------------------------------


def exchange(upstream, path: str, body: dict) -> bytes:
    """The bytes of an answer, from status line to end."""
    host, _, port = upstream.url.removeprefix("http://").removesuffix("/v1").partition(":")
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + content)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


REQUESTS = [
    (CHAT, {"model": FLAGSHIP, "messages": says("Name a colour")}),
    (CHAT, {"model": FLAGSHIP, "messages": says("Name a colour")}),
    (CHAT, {"model": SMALL, "messages": says("Tell me about rivers"), "stream": True}),
    (CHAT, {"model": FLAGSHIP, "messages": says("Compare Paris and Rome"), "tools": [WEATHER]}),
    (CHAT, {"model": "gpt-nope", "messages": says("Hi")}),
    ("/v1/responses", {"model": SMALL, "input": "Tell me a long story", "stream": True}),
    ("/v1/moderations", {"input": "A quiet day"}),
]


def test_two_fresh_upstreams_answer_with_the_same_bytes():
    def run(date):
        with FakeApi(ANSWERS, date=date) as fresh:
            return [exchange(fresh, path, body) for path, body in REQUESTS]

    first = run("2026-11-22")
    assert run("2026-11-22") == first
    assert first[0] != first[1]  # the second of two identical requests is another answer
    assert all(one != other for one, other in zip(first, run("2026-11-23"), strict=True))
