"""The fake API: which entry answers, what is counted, and the rules of the real wire that hold between values."""

import json
import re
import uuid
from base64 import b64encode

import bpe_openai
import openai
import pytest
import yaml
from fake_api_kit import (
    ANSWERS,
    KEY,
    api_fixture,  # noqa: F401 (a fixture)
    client_fixture,  # noqa: F401 (a fixture)
    client_of,
    data_of,
    events_of,
    hash_vectors,
    png,
    raw,
    tone,
)
from pydantic import BaseModel

from helpers.models import AUDIO_CHAT, CLASSIC, FLAGSHIP, FORMER_SMALL, SMALL
from helpers.proxy.recordings import Recordings
from helpers.proxy.server import CourseServer
from helpers.workshop.fake_api import FakeApi
from helpers.workshop.fake_api.ids import Dice, chat_id
from helpers.workshop.fake_api.script import ANSWER, TESTS, Script, ScriptError

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
RIVERS = "Rivers carry water from the hills to the sea, and with it sand, seeds and stories."
PROPERTIES = {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}
SCHEMA = {"type": "object", "properties": PROPERTIES, "required": ["city", "unit"], "additionalProperties": False}
WEATHER = {"type": "function", "function": {"name": "get_weather", "strict": True, "parameters": SCHEMA}}


class Person(BaseModel):
    name: str
    age: int


def says(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


def ask(client, text: str, model: str = FLAGSHIP, **more):
    return client.chat.completions.create(model=model, messages=says(text), **more)


def said(answer) -> str:
    return answer.choices[0].message.content


def script(folder, text: str):
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    return folder / "script.yaml"


def o200k(text: str) -> int:
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def base64_of(content: bytes) -> str:
    return b64encode(content).decode()


# --- which entry answers ----------------------------------------------------------------------------------------


def test_identical_requests_take_the_next_answer_and_repeat_the_last(client):
    assert [said(ask(client, "Name a colour")) for _ in range(4)] == ["blue", "red", *["green, if I must choose"] * 2]


def test_n_takes_several_answers_at_once(client):
    answer = ask(client, "Name a colour.", n=3)
    assert [choice.message.content for choice in answer.choices] == ["blue", "red", "green, if I must choose"]
    assert answer.usage.completion_tokens == 3 * 3 + o200k("blue") + o200k("red") + o200k("green, if I must choose")
    chunks = list(ask(client, "Name a colour!", n=2, stream=True))
    order = [(chunk.choices[0].index, chunk.choices[0].finish_reason) for chunk in chunks]
    assert order == [(0, None)] * 2 + [(1, None)] * 2 + [(0, "stop"), (1, "stop")]


def test_an_answer_can_depend_on_the_turn_and_on_all_that_was_said(client):
    def second(first: str, reply: str) -> str:
        messages = [*says(first), {"role": "assistant", "content": reply}, *says("And Italy?")]
        return said(client.chat.completions.create(model=FLAGSHIP, messages=messages))

    assert second("What is the capital of France?", "Paris.") == "Rome."
    assert second("In one word: the capital of Spain?", "Madrid") == "Rome"
    with pytest.raises(openai.InternalServerError, match="no entry matches"):
        ask(client, "And Italy?")


def test_an_unmatched_request_gets_a_stub_that_matches_it_once_pasted(client, tmp_path):
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, "Is this: known?", model=SMALL, reasoning_effort="none")
    assert caught.value.status_code == 501 and caught.value.response.headers["x-should-retry"] == "false"
    entry = caught.value.message.split("\n\n", 1)[1].replace("…", "Now it is.")
    assert yaml.safe_load(entry)[0]["when"]["model"] == "small"
    with FakeApi(script(tmp_path, f"basis: Pasted.\nanswers:\n{entry}")) as second:
        assert said(ask(client_of(second), "Is this: known?", model=SMALL, reasoning_effort="none")) == "Now it is."


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("answers: [{when: {users: hi}, say: hi}]\nbasis: x", "unknown key 'users'"),
        ("answers: [{when: {user: hi}, says: hi}]\nbasis: x", "unknown key 'says'"),
        ("answers: [{when: {user: hi}}]\nbasis: x", "nothing is answered"),
        ("answers: [{when: {user: hi}, say: hi}]", "no basis"),
        ("answers: [{when: {user: hi}, say: yes}]\nbasis: x", "must be text"),
        ("answers:\n  - when: {user: a}\n    say: a\n    when: {user: b}\nbasis: x", "is there twice"),
        ("- when: {user: a}", "expected `basis`, `date`"),
        ("answers: [{when: {model: flagshp}, say: hi}]\nbasis: x", "'flagshp' is neither a role nor a model"),
        ("answers: [}", "script.yaml"),
    ],
)
def test_a_mistake_in_a_script_is_named(tmp_path, content, hint):
    with pytest.raises(ScriptError, match=re.escape(hint)):
        Script(script(tmp_path, content))


def test_near_misses_and_unused_entries_are_named(api, client):
    with pytest.raises(openai.InternalServerError, match="Nearest is chat.yaml entry 1, which differs in model"):
        ask(client, "What is the capital of France?", model=SMALL, reasoning_effort="none")
    assert "chat.yaml entry 1" in api.state.script.unused()
    ask(client, "What is the capital of France?")
    assert "chat.yaml entry 1" not in api.state.script.unused()


def test_the_examples_of_the_manual_are_in_the_format_and_show_every_key(tmp_path):
    manual = (ANSWERS.parents[1] / "data" / "answers" / "README.md").read_text(encoding="utf-8")
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)):
        whole = example if "answers:" in example else f"basis: x\nanswers:\n{example}"
        (tmp_path / f"{number}.yaml").write_text(whole, encoding="utf-8")
    answers = Script(tmp_path)
    assert {key for entry in answers.entries for key in entry.answer} == ANSWER - {"basis"}
    assert {key for entry in answers.entries for key in entry.when} == set(TESTS)


# --- counts and rules of the wire --------------------------------------------------------------------------------


def test_ids_and_headers_tell_their_second_and_their_request(api):
    assert chat_id(Dice("x"), 1786041146).startswith("chatcmpl-E9xBC")  # a recorded pair
    response, content = raw(api, CHAT, {"model": FLAGSHIP, "messages": says("Tell me about rivers")})
    headers = response.headers
    assert json.loads(content)["created"] // 86400 == 1795305600 // 86400  # 22 November 2026
    assert uuid.UUID(headers["x-request-id"].removeprefix("req_")).version == 4
    assert int(headers["openai-processing-ms"]) == int(headers["x-course-elapsed-ms"]) > 200
    limit = int(headers["x-ratelimit-limit-requests"])
    assert int(headers["x-ratelimit-remaining-requests"]) == limit - 1
    assert headers["x-ratelimit-reset-requests"] == f"{60_000 // limit}ms"
    used = int(headers["x-ratelimit-limit-tokens"]) - int(headers["x-ratelimit-remaining-tokens"])
    assert used == len("Tell me about rivers") // 4 + 3
    body = {"model": SMALL, "input": "How much is 17 times 23?", "reasoning": {"effort": "high"}}
    answer = json.loads(raw(api, RESPONSES, body)[1])
    stem = re.fullmatch(r"resp_([0-9a-f]{16})0[01]([0-9a-f]{8})[0-9a-f]{4}81[9a][0-9a-f]{17}", answer["id"])
    assert int(stem[2], 16) == answer["created_at"] <= answer["completed_at"]
    assert [item["id"].partition(stem[1])[0] for item in answer["output"]] == ["rs_", "msg_"]


@pytest.mark.parametrize("text", ["Tell me about rivers", "Say it with flowers"])
def test_chunks_are_padded_and_add_up_to_the_whole_answer(api, text):
    body = {"model": FLAGSHIP, "messages": says(text), "stream": True, "stream_options": {"include_usage": True}}
    content = raw(api, CHAT, body)[1]
    times, _, data = zip(*events_of(content), strict=True)
    assert all(len(chunk) % 16 == 1 for chunk in data[:-1]) and list(times) == sorted(times) and times[0] > 100
    whole = json.loads(raw(api, CHAT, {**body, "stream": False, "stream_options": None})[1])
    *chunks, last, _ = data_of(content)
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert "".join(deltas) == whole["choices"][0]["message"]["content"] and last["usage"] == whole["usage"]


@pytest.mark.parametrize(
    ("question", "last"),
    [("How is the weather in Paris?", "completed"), ("Tell me a long story", "incomplete")],
)
def test_events_are_numbered_and_padded_and_end_with_the_whole_response(api, question, last):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tool = {"type": "function", "name": "get_weather", "parameters": schema}
    body = {"model": FLAGSHIP, "input": question, "tools": [tool], "max_output_tokens": 25}
    data = data_of(raw(api, RESPONSES, {**body, "stream": True})[1])
    assert data[-1]["type"] == f"response.{last}"
    assert [event["sequence_number"] for event in data] == list(range(len(data)))
    deltas = [event for event in data if "delta" in event]
    assert deltas and all((len(event["delta"]) + len(event["obfuscation"])) % 16 == 0 for event in deltas)
    whole = json.loads(raw(api, RESPONSES, body)[1])
    assert data[-1]["response"]["usage"] == whole["usage"]
    (item,) = whole["output"]
    assert "".join(event["delta"] for event in deltas) == item.get(
        "arguments", item.get("content", [{}])[0].get("text")
    )


@pytest.mark.parametrize(("model", "limit", "wrapped"), [(CLASSIC, 5, 0), (FLAGSHIP, 12, 3)])
def test_a_limit_cuts_at_exactly_so_many_tokens(client, model, limit, wrapped):
    answer = ask(client, "Tell me about rivers", model=model, max_completion_tokens=limit)
    assert RIVERS.startswith(said(answer)) and o200k(said(answer)) == limit - wrapped
    assert (answer.choices[0].finish_reason, answer.usage.completion_tokens) == ("length", limit)
    enough = ask(client, "Tell me about rivers", model=model, max_completion_tokens=o200k(RIVERS) + wrapped)
    assert said(enough) == RIVERS and enough.choices[0].finish_reason == "stop"


def test_reasoning_counts_and_can_eat_the_limit(client, tmp_path):
    thinking = ask(client, "Tell me about rivers", model=SMALL)  # medium is its default
    assert thinking.usage.completion_tokens_details.reasoning_tokens == 40
    assert thinking.usage.completion_tokens == 40 + o200k(RIVERS) + 3 + 2
    plain = ask(client, "Tell me about rivers", model=SMALL, reasoning_effort="none")
    assert plain.usage.completion_tokens_details.reasoning_tokens == 0
    eaten = ask(client, "Tell me about rivers", model=SMALL, max_completion_tokens=20)
    assert (said(eaten), eaten.choices[0].finish_reason) == ("", "length")
    assert eaten.usage.completion_tokens_details.reasoning_tokens == eaten.usage.completion_tokens == 20
    response = client.responses.create(model=SMALL, input="Tell me a long story", max_output_tokens=20)
    assert [item.type for item in response.output] == ["reasoning"] and response.status == "incomplete"
    with FakeApi(script(tmp_path, "basis: x\nanswers: [{say: Hm., reasoning_tokens: 70}]")) as second:
        older = ask(client_of(second), "Think", model=FORMER_SMALL)
    assert older.usage.completion_tokens_details.reasoning_tokens == 128  # in steps of 64


def test_logprobs_are_the_authored_probabilities(client):
    answer = ask(client, "One word", logprobs=True, top_logprobs=2)
    (token,) = answer.choices[0].logprobs.content
    assert (token.token, bytes(token.bytes)) == ("Paris", b"Paris")
    found = [(top.token, round(top.logprob, 3)) for top in token.top_logprobs]
    assert found == [("Paris", -0.105), ("Lyon", -2.813)]  # ln 0.9 and ln 0.06
    with pytest.raises(openai.InternalServerError, match="has no `logprobs`"):
        ask(client, "Paced", logprobs=True)


def test_a_picture_is_counted_and_told_from_another(tmp_path):
    (tmp_path / "square.png").write_bytes(png(512))
    with FakeApi(ANSWERS, images=tmp_path) as second:

        def look(content: bytes | str):
            url = content if isinstance(content, str) else "data:image/png;base64," + base64_of(content)
            parts = [{"type": "text", "text": "What is on it?"}, {"type": "image_url", "image_url": {"url": url}}]
            messages = [{"role": "user", "content": parts}]
            return client_of(second).chat.completions.create(model=FLAGSHIP, messages=messages)

        shown = look(png(512))
        assert said(shown) == "A square."
        assert shown.usage.prompt_tokens == 308 + o200k("What is on it?") + 6  # 308: a published example
        assert look("https://pictures.harbour-town.org/pictures/square.png").usage == shown.usage
        with pytest.raises(openai.BadRequestError, match="Error while downloading"):
            look("https://pictures.harbour-town.org/pictures/circle.png")
        for broken in ("data:image/png;base64,…", b"no picture"):
            with pytest.raises(openai.BadRequestError, match="unsupported image") as caught:
                look(broken)
            assert caught.value.code == "invalid_image_format"
        with pytest.raises(openai.InternalServerError, match="no entry matches"):
            look(png(64))


def test_sound_is_heard_and_spoken(api, tmp_path):
    sound = {"type": "input_audio", "input_audio": {"data": base64_of(tone(2)), "format": "wav"}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "What do you hear?"}, sound]}]
    response, content = raw(api, CHAT, {"model": AUDIO_CHAT, "messages": messages})
    usage = json.loads(content)["usage"]
    assert usage["prompt_tokens_details"]["audio_tokens"] == 20  # ten a second
    assert usage["prompt_tokens_details"]["text_tokens"] == usage["prompt_tokens"] - 20
    assert "Sound is estimated" in response.headers["x-course-origin"]
    (tmp_path / "hello.wav").write_bytes(tone(1))
    with FakeApi(script(tmp_path, "basis: x\nanswers: [{say: Hello!, media: hello.wav}]")) as second:
        settings = {"modalities": ["text", "audio"], "audio": {"voice": "coral", "format": "wav"}}
        message = ask(client_of(second), "Greet me", model=AUDIO_CHAT, **settings).choices[0].message
    assert (message.content, message.audio.transcript) == (None, "Hello!")
    assert message.audio.data == base64_of(tone(1))


# --- tools, structured answers, refusals -------------------------------------------------------------------------


def test_a_function_is_called_and_answered(client):
    messages = says("How is the weather?")
    first = client.chat.completions.create(model=FLAGSHIP, messages=messages, tools=[WEATHER]).choices[0]
    (call,) = first.message.tool_calls
    assert (first.finish_reason, first.message.content) == ("tool_calls", None)
    assert call.function.arguments == '{"city":"Paris","unit":"celsius"}'
    messages += [first.message, {"role": "tool", "tool_call_id": call.id, "content": "21"}]
    assert (
        said(client.chat.completions.create(model=FLAGSHIP, messages=messages, tools=[WEATHER])) == "It is 21 degrees."
    )
    named = {"type": "function", "function": {"name": "get_weather"}}
    assert ask(client, "How is the weather?", tools=[WEATHER], tool_choice=named).choices[0].finish_reason == "stop"
    with client.chat.completions.stream(model=FLAGSHIP, messages=says("Look and call"), tools=[WEATHER]) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.content == "Let me look." and "Oslo" in message.tool_calls[0].function.arguments


def test_arguments_can_be_broken_on_purpose_but_not_by_mistake(client):
    (call,) = ask(client, "Break the arguments", tools=[WEATHER]).choices[0].message.tool_calls
    assert call.function.arguments == '{"city": "Par'
    with pytest.raises(openai.InternalServerError, match="not among the tools"):
        ask(client, "How is the weather?")
    narrow = json.loads(json.dumps(WEATHER).replace('"celsius"', '"kelvin"'))
    with pytest.raises(openai.InternalServerError, match="does not fit the schema"):
        ask(client, "How is the weather?", tools=[narrow])


def test_structured_answers_fit_their_schema(client):
    def parse(text: str):
        return client.chat.completions.parse(model=FLAGSHIP, messages=says(text), response_format=Person)

    parsed = [parse("Who is Alan?").choices[0].message.parsed for _ in range(2)]
    assert parsed == [Person(name="Alan", age=41), Person(name="Alan Turing", age=41)]
    with pytest.raises(openai.InternalServerError, match="'forty' is not of type 'integer'"):
        parse("Who is Beata?")
    with pytest.raises(openai.InternalServerError, match="wants JSON"):
        parse("Tell me about rivers")
    refused = parse("Tell me something harmful").choices[0].message
    assert (refused.refusal, refused.content) == ("I'm sorry, I can't help with that.", None)
    assert client.responses.parse(model=FLAGSHIP, input="Who is Alan?", text_format=Person).output_parsed.age == 41


@pytest.mark.parametrize("key", [None, "Basic eDp5", "Bearer ", "Token secret-of-mine"])
def test_only_a_bearer_key_is_let_in(api, key):
    response, content = raw(api, CHAT, {"model": FLAGSHIP, "messages": says("Paced")}, key=key)
    assert response.status == 401 and b"secret" not in content


def test_no_key_is_kept_or_sent_back(api):
    secret = "sk-" + "planted" * 4
    body = {"model": FLAGSHIP, "messages": says("Unknown to the answers")}
    response, content = raw(api, CHAT, body, key=f"Bearer {secret}")
    assert response.status == 501
    assert secret not in content.decode() + str(response.headers) + repr(vars(api))


# --- recording ---------------------------------------------------------------------------------------------------


def test_record_mode_keeps_origin_and_the_stated_times(api, tmp_path):
    course = CourseServer("record", api.url)
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
    assert [event[0] for event in streamed["response"]["events"]] == [500, 600, 700, 800, 800, 800]
    assert streamed["origin"] == {"kind": "authored", "date": "2026-11-22", "basis": "Written to be slow."}
    assert whole["response"]["elapsed_ms"] == int(whole["response"]["headers"]["openai-processing-ms"])


REQUESTS = [
    (CHAT, {"model": FLAGSHIP, "messages": says("Name a colour")}),
    (CHAT, {"model": FLAGSHIP, "messages": says("Name a colour")}),
    (CHAT, {"model": SMALL, "messages": says("Tell me about rivers"), "stream": True}),
    (CHAT, {"model": "gpt-nope", "messages": says("Hi")}),
    (RESPONSES, {"model": SMALL, "input": "Tell me a long story", "stream": True}),
    ("/v1/moderations", {"input": "A quiet day"}),
]


def test_two_fresh_fake_apis_give_the_same_answers():
    def run(date: str) -> list[tuple[dict[str, str], bytes]]:
        with FakeApi(ANSWERS, date=date, vectors=hash_vectors) as fresh:
            answers = [raw(fresh, path, body) for path, body in REQUESTS]
        return [({**response.headers} | {"Date": ""}, content) for response, content in answers]

    first = run("2026-11-22")
    assert run("2026-11-22") == first
    assert first[0] != first[1]  # the second of two identical requests is another answer
    assert all(one != other for one, other in zip(first, run("2026-11-23"), strict=True))
