"""The cap is a promise: whatever calls are made, and however many at once, metered spending never exceeds it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
import time
import wave
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from helpers import models
from helpers.proxy.bounds import UNKNOWN, batch_bound, highest_price
from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import Recordings, describe
from helpers.proxy.server import CourseServer

ASKED = {"model": "gpt-5.2", "messages": [{"role": "user", "content": "Name a river."}]}
CHAT = {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-5.2", "choices": []}
PICTURE = "data:image/png;base64," + "A" * 2000
INPUT, OUTPUT = 1.75e-6, 14e-6  # USD a token of gpt-5.2, by OpenAI's price page


class Api:
    """An upstream that gives every call the same answer, and counts how many it works on at once."""

    def __init__(self, answer, seconds=0.0):
        self.content, self.seconds, self.at_once, self.most, self.seen = answer, seconds, 0, 0, 0
        self.lock = threading.Lock()
        self.server = LoopbackServer(self.answer)
        self.server.start()

    def answer(self, handler):
        handler.read_body()
        with self.lock:
            self.seen += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self.seconds)
        with self.lock:
            self.at_once -= 1
        content = self.content(handler) if callable(self.content) else self.content
        if isinstance(content, bytes):
            handler.send_bytes(200, content, {"content-type": "audio/mpeg"})
        else:
            handler.send_json(200, content)


@pytest.fixture
def live():
    """Makes (api, server, client) for an answer and a cap, and closes them."""
    made = []

    def make(answer, cap, seconds=0.0):
        api = Api(answer, seconds)
        server = CourseServer("live", api.server.url + "/v1", cap=cap)
        server.begin(Recordings())
        server.start()
        made.extend((server, api.server))
        return api, server, openai.OpenAI(api_key="any-word", base_url=server.url + "/v1", max_retries=0)

    yield make
    for server in made:
        server.close()


def usage(**numbers):
    return {**CHAT, "usage": {"prompt_tokens": 20, "completion_tokens": 0, "total_tokens": 20, **numbers}}


def sound(seconds):
    """A WAV file of silence: 8,000 bytes a second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 1, 8000, 0, "NONE", ""))
        writer.writeframes(bytes(8000 * seconds))
    return file.getvalue()


IMAGE = {"created": 1, "data": [{"b64_json": "QUFB"}]}
BACKGROUND = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "gpt-5.4",
    "output": [],
    "background": True,
}
SOUND = sound(60)
# what is called: how, with which arguments, and what the API answers
KINDS = {
    "the old limit": ("chat.completions", {**ASKED, "max_tokens": 16_000}, usage(completion_tokens=16_000)),
    "no limit": ("chat.completions", ASKED, usage(completion_tokens=16_000)),
    "eight answers": (
        "chat.completions",
        {**ASKED, "n": 8, "max_completion_tokens": 1_000},
        usage(completion_tokens=8_000),
    ),
    "a picture made": (
        "images.generate",
        {"model": "gpt-image-1.5", "prompt": "x", "size": "1024x1536", "quality": "high"},
        {**IMAGE, "usage": {"input_tokens": 9, "output_tokens": 6_208, "total_tokens": 6_217}},
    ),
    "a picture read": (
        "chat.completions",
        {**ASKED, "max_completion_tokens": 10, "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": PICTURE}}]}]},
        usage(prompt_tokens=1_500),
    ),
    "sound heard": (
        "audio.transcriptions",
        {"model": "whisper-1", "file": ("a.wav", SOUND)},
        {"text": "x", "usage": {"type": "duration", "seconds": 60}},
    ),
    "words spoken": ("audio.speech", {"model": "tts-1", "voice": "alloy", "input": "word " * 200}, b"mp3"),
    "a background response": (
        "responses",
        {"model": "gpt-5.4", "input": "x", "background": True},
        BACKGROUND | {"status": "queued"},
    ),
    "an unknown model": ("chat.completions", {**ASKED, "model": "gpt-99"}, usage(completion_tokens=16_000)),
    "a film": ("videos", {"model": "sora-2", "prompt": "x"}, {"id": "v", "object": "video", "status": "queued"}),
    "a picture of a model that is gone": ("images.generate", {"model": "dall-e-3", "prompt": "x"}, IMAGE),
    "a fine-tuned model": (
        "chat.completions",
        {**ASKED, "model": "ft:gpt-4o-mini-2024-07-18:acme::abc", "max_completion_tokens": 1_000},
        usage(completion_tokens=1_000),
    ),
}  # fmt: skip
NEVER_SENT = {"an unknown model", "a film"}


def call(client, where, arguments):
    resource = client
    for name in where.split("."):
        resource = getattr(resource, name)
    return resource(**arguments) if callable(resource) else resource.create(**arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_concurrent_calls_of_every_kind_stay_under_the_cap(kind, live):
    where, arguments, answer = KINDS[kind]
    cap = 2.0
    api, server, client = live(answer, cap)
    refused = []

    def one(_):
        try:
            call(client, where, arguments)
        except openai.APIStatusError as error:
            refused.append(error)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(100)))
    assert 0 <= server.meter.spent <= cap
    assert api.seen == 0 if kind in NEVER_SENT else api.seen > 0
    assert api.seen + len(refused) == 100
    for error in refused:
        assert error.status_code == 402 and "COURSE_CAP" in str(error) and "any-word" not in str(error)


@pytest.mark.parametrize(
    ("where", "arguments", "answer", "real"),
    [(*KINDS["the old limit"], 20 * INPUT + 16_000 * OUTPUT),
     (*KINDS["eight answers"], 20 * INPUT + 8_000 * OUTPUT),
     (*KINDS["a picture made"], 9 * 5e-6 + 6_208 * 32e-6),
     (*KINDS["a picture read"], 1_500 * INPUT),
     (*KINDS["sound heard"], 0.006),
     (*KINDS["words spoken"], 0.015)],
    ids=["the old limit", "eight answers", "a picture made", "a picture read", "sound heard", "words spoken"],
)  # fmt: skip
def test_what_is_set_aside_covers_the_real_price_and_is_replaced_by_it(live, where, arguments, answer, real):
    api, server, client = live(answer, 3.0)
    seen = []
    highest = server.meter.reserve
    server.meter.reserve = lambda *request: seen.append(highest(*request)) or seen[-1]
    call(client, where, arguments)
    assert seen[0].price >= real
    assert server.meter.spent == pytest.approx(real)  # at once: the next line of a cell may ask
    assert server.meter._free == pytest.approx(3.0 - real) and server.meter._open == pytest.approx(0)


def test_calls_that_fit_one_after_the_other_wait_for_each_other(live):
    api, server, client = live(usage(completion_tokens=5), cap=0.0075, seconds=0.1)
    arguments = {**ASKED, "max_completion_tokens": 100}  # $0.0014 and about 120 bytes of input: four at once, not six
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: call(client, "chat.completions", arguments), range(12)))
    assert len(answers) == 12 and 2 <= api.most <= 5


def test_a_client_that_leaves_while_it_waits_is_not_paid_for(live):
    api, server, client = live(usage(completion_tokens=5), cap=0.002, seconds=0.5)
    arguments = {**ASKED, "max_completion_tokens": 100}
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(call, client, "chat.completions", arguments)
        time.sleep(0.2)
        with pytest.raises(openai.APITimeoutError):
            call(client.with_options(timeout=0.1), "chat.completions", arguments)
        first.result()
    time.sleep(0.3)
    assert api.seen == 1 and server.meter._open == pytest.approx(0)


@pytest.mark.skipif(os.name == "nt", reason="Left out: Windows numbers sockets in another way")
def test_a_call_that_waits_is_answered_beside_a_thousand_open_files(live):
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, before[1]), before[1]))
    with contextlib.ExitStack() as files:
        files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        for _ in range(1100):
            files.enter_context(open(os.devnull))
        api, server, client = live(usage(completion_tokens=5), cap=0.002, seconds=0.1)
        arguments = {**ASKED, "max_completion_tokens": 100}
        one = client.with_options(timeout=5)
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda _: call(one, "chat.completions", arguments).id, range(3)))
    assert answers == ["c"] * 3 and api.most == 1


def test_a_call_above_the_cap_is_told_what_would_fit(live):
    api, server, client = live(usage(), cap=0.5)
    with pytest.raises(openai.APIStatusError, match=r"up to \$1\.79.*max_completion_tokens.*COURSE_CAP") as caught:
        call(client, "chat.completions", ASKED)  # 128,000 tokens of output at $14 a million
    assert caught.value.status_code == 402 and api.seen == 0
    with pytest.raises(openai.APIStatusError, match="COURSE_CAP=inf"):
        call(client, "chat.completions", {**ASKED, "model": "gpt-99"})
    assert call(client, "chat.completions", {**ASKED, "max_completion_tokens": 100}).id == "c"


def test_without_a_cap_everything_passes(live):
    api, server, client = live(usage(), cap=float("inf"))
    call(client, "chat.completions", {**ASKED, "model": "gpt-99"})
    call(client, "chat.completions", {**ASKED, "max_completion_tokens": 10**9})
    assert api.seen == 2 and server.meter.spent == pytest.approx(20 * INPUT)


def test_a_background_response_is_paid_when_its_usage_is_told(live):
    states = iter(["queued", "in_progress", "completed", "completed"])

    def answer(handler):
        state = next(states)
        numbers = {"input_tokens": 100, "output_tokens": 50, "total_tokens": 150} if state == "completed" else None
        return {**BACKGROUND, "status": state, "usage": numbers}

    api, server, client = live(answer, cap=3.0)
    client.responses.create(model="gpt-5.4", input="x", background=True, max_output_tokens=1_000)
    assert server.meter.spent == 0 and server.meter._free < 3.0 - 1_000 * 15e-6  # still set aside
    client.responses.retrieve("resp_1")
    assert server.meter.spent == 0
    for _ in range(2):  # asking again is not paying again
        client.responses.retrieve("resp_1")
        assert server.meter.spent == pytest.approx(100 * 2.5e-6 + 50 * 15e-6)  # gpt-5.4
    assert server.meter._free == pytest.approx(3.0 - server.meter.spent)


def test_a_background_response_goes_on_without_the_client_that_streamed_it(live):
    numbers = {"input_tokens": 100, "output_tokens": 50, "total_tokens": 150}

    def answer(handler):
        if handler.command == "GET":
            return {**BACKGROUND, "status": "completed", "usage": numbers}
        handler.start_stream(200, {"content-type": "text/event-stream"})
        created = {
            "type": "response.created",
            "sequence_number": 0,
            "response": {**BACKGROUND, "status": "in_progress"},
        }
        handler.send(f"data: {json.dumps(created)}\n\n".encode())
        while not handler.gone():
            time.sleep(0.02)
        raise ConnectionError

    api, server, client = live(answer, cap=3.0)
    asked = {"model": "gpt-5.4", "input": "x", "background": True, "max_output_tokens": 1_000}
    with client.responses.create(**asked, stream=True) as stream:
        next(iter(stream))
    deadline = time.monotonic() + 3
    while server.meter._open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.meter.spent == 0 and server.meter._free < 3.0 - 1_000 * 15e-6  # still set aside
    client.responses.retrieve("resp_1")
    assert server.meter.spent == pytest.approx(100 * 2.5e-6 + 50 * 15e-6)
    assert server.meter._free == pytest.approx(3.0 - server.meter.spent)


def test_a_batch_is_bounded_by_its_file(live):
    def answer(handler):
        if "files" in handler.path:
            return {"id": "file-1", "object": "file", "purpose": "batch", "bytes": 1, "created_at": 1, "filename": "f"}
        state = "validating" if handler.command == "POST" else "completed"
        numbers = {"input_tokens": 100, "output_tokens": 100, "total_tokens": 200} if state == "completed" else None
        return {"id": "batch_1", "object": "batch", "status": state, "model": "gpt-5.2", "usage": numbers}

    api, server, client = live(answer, cap=0.04)
    start = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
    with pytest.raises(openai.APIStatusError, match="COURSE_CAP=inf"):
        client.batches.create(input_file_id="file-1", **start)  # a file that this kernel has not sent
    line = {
        "custom_id": "1",
        "method": "POST",
        "url": start["endpoint"],
        "body": {**ASKED, "max_completion_tokens": 1_000},
    }
    client.files.create(file=("b.jsonl", f"{json.dumps(line)}\n{json.dumps(line)}".encode()), purpose="batch")
    client.batches.create(input_file_id="file-1", **start)  # 2,000 tokens of output at half of $14 a million
    assert 0.04 - 0.0145 < server.meter._free < 0.04 - 0.014
    client.batches.retrieve("batch_1")
    assert server.meter.spent == pytest.approx(100 * INPUT / 2 + 100 * OUTPUT / 2)


ODD = [
    {"input_tokens": 1000, "output_tokens": 9, "input_tokens_details": {"image_tokens": 900, "cached_tokens": 800}},
    {"input_tokens": "many"},
    {"input_tokens": -5, "output_tokens": 1},
    {"input_tokens": 10**30},
    {"prompt_tokens_details": 5},
]


@pytest.mark.parametrize("numbers", ODD, ids=str)
def test_a_usage_that_makes_no_sense_is_an_unknown_price(live, numbers):
    api, server, client = live({**IMAGE, "usage": numbers}, cap=3.0)
    client.with_raw_response.images.generate(model="gpt-image-1.5", prompt="x")
    reading = server.exchanges[-1].reading
    assert reading is None or reading.cost is None or reading.cost >= 0
    assert server.meter._open == pytest.approx(0) and 0 <= server.meter.spent <= 3.0


def bound(path, fields, content_type="application/json", body=None):
    body = json.dumps(fields).encode() if body is None else body
    return highest_price(describe("POST", path, content_type, body), body)


def test_bounds_by_arithmetic():
    chat, text = "/v1/chat/completions", {**ASKED, "max_completion_tokens": 100}
    size = len(json.dumps(text))
    assert bound(chat, text) == pytest.approx(size * INPUT + 100 * OUTPUT)
    more = {**text, "n": 3}
    assert bound(chat, more) == pytest.approx(len(json.dumps(more)) * INPUT + 300 * OUTPUT)
    assert bound(chat, {**text, "max_tokens": 900}) > 900 * OUTPUT  # whichever of the two counts
    window = {"model": "gpt-5.2", "input": "x", "previous_response_id": "resp_0", "max_output_tokens": 10}
    long = 2 * 400_000 * INPUT + 1.5 * 10 * OUTPUT  # the whole window, above 272,000 tokens
    assert bound("/v1/responses", window) == pytest.approx(long)
    assert bound("/v1/responses", {"model": "gpt-5.2", "input": "x", "tools": [{"type": "web_search"}]}) == UNKNOWN
    assert bound("/v1/responses", {"prompt": {"id": "pmpt_1"}}) == UNKNOWN
    assert bound("/v1/embeddings", {"model": "text-embedding-3-small", "input": "é" * 100}) >= 200 * 0.02e-6
    assert bound("/v1/moderations", {"input": "x"}) == 0 == bound("/v1/responses/resp_1/cancel", {})
    assert bound("/v1/fine_tuning/jobs", {"model": "gpt-4o"}) == UNKNOWN
    assert bound(chat, {"model": 5, "messages": 5}) == 0  # refused by the API, free of charge
    assert bound(chat, {**text, "max_completion_tokens": "many"}) > 100_000 * OUTPUT


def test_a_model_without_a_listed_price_counts_as_the_most_expensive_of_its_kind():
    fields = {**ASKED, "model": models.NEWEST, "max_completion_tokens": 1_000}
    assert bound("/v1/chat/completions", fields) >= 1_000 * 180e-6  # gpt-5.5-pro
    image = {"model": models.IMAGE_NEWEST, "prompt": "x", "quality": "low"}
    assert 0.03 <= bound("/v1/images/generations", image) < 0.1


def test_a_batch_of_lines_that_cannot_be_read_has_no_bound():
    head = (
        b'--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--B\r\nContent-Disposition: form-data; '
    )
    for content in (b"not json", b'{"url": "/v1/videos", "body": {"model": "sora-2"}}'):
        body = head + b'name="file"; filename="b"\r\n\r\n' + content + b"\r\n--B--\r\n"
        assert batch_bound(describe("POST", "/v1/files", "multipart/form-data; boundary=B", body), body) == UNKNOWN
