"""The policy for retries: its rules one by one, 500 calls at once against a failing server, the assistant."""

import importlib.util
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import openai
import pytest
from exchanges import serve

from helpers import retries
from helpers.proxy.faults import CATALOGUE, Plan, fault
from helpers.proxy.recordings import Recordings
from helpers.setup.files import ROOT

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
CLASSES = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    408: openai.APIStatusError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    503: openai.InternalServerError,
}


def failed(status, kind=None, **headers):
    """The SDK's error for an answer with this status, type of error and headers (with _ for -)."""
    response = httpx2.Response(
        status, request=REQUEST, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return CLASSES[status]("message", response=response, body={"type": kind})


def dropped():
    return openai.APIConnectionError(request=REQUEST)


class Flaky:
    """A call that raises the given errors, one an attempt, and then returns "answer"."""

    def __init__(self, *errors):
        self.errors, self.calls = list(errors), 0

    def __call__(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@pytest.fixture
def waits(monkeypatch):
    """Nobody waits: the seconds that would have been waited are collected."""
    seconds = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


# --- which errors


@pytest.mark.parametrize("status", CLASSES)
def test_statuses_that_pass_by_waiting(status):
    assert retries.worth_retrying(failed(status)) == (status in (408, 409, 429, 500, 503))


def test_connections_and_timeouts_pass_by_waiting():
    assert retries.worth_retrying(dropped())
    assert retries.worth_retrying(openai.APITimeoutError(request=REQUEST))


def test_money_does_not_whatever_the_answer_says():
    assert not retries.worth_retrying(failed(429, "insufficient_quota"))
    assert not retries.worth_retrying(failed(429, "insufficient_quota", x_should_retry="true", retry_after="1"))


def test_the_server_may_refuse_but_not_order_a_retry():
    assert not retries.worth_retrying(failed(500, x_should_retry="false"))
    assert not retries.worth_retrying(failed(400, x_should_retry="true"))


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), openai.OpenAIError("no key")])
def test_errors_of_other_kinds_are_not_ours(error):
    assert not retries.worth_retrying(error)


# --- how long the answer asks to wait

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after-ms": "350"}, 0.35),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "350", "retry-after": "1"}, 0.35),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"}, 20.0),
        ({"retry-after": "Sun, 22 Nov 2026 13:00:20 +0100"}, 20.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:59:00 GMT"}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Sun, 99 Foo 2026"}, None),
    ],
)
def test_retry_after(headers, seconds):
    assert retries.retry_after(headers, now=NOON) == seconds
    assert retries.retry_after(httpx2.Headers(headers), now=NOON) == seconds


def test_a_date_is_compared_with_now():
    soon = datetime.fromtimestamp(time.time() + 60, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 50 < retries.retry_after({"retry-after": soon}) <= 60


# --- the policy


def test_it_tries_until_it_is_answered(waits):
    call = Flaky(failed(429), dropped(), failed(500))
    assert retries.Policy().call(call) == "answer"
    assert call.calls == 4 and len(waits) == 3


def test_it_ends_with_the_error_of_the_last_attempt(waits):
    last = failed(503)
    call = Flaky(failed(500), failed(500), last, failed(500))
    with pytest.raises(openai.InternalServerError) as caught:
        retries.Policy(attempts=3).call(call)
    assert caught.value is last
    assert call.calls == 3 and len(waits) == 2


@pytest.mark.parametrize(
    "error", [failed(400), failed(401), failed(403), failed(404), failed(429, "insufficient_quota"), ValueError()]
)
def test_what_never_passes_is_tried_once(waits, error):
    call = Flaky(error)
    with pytest.raises(type(error)) as caught:
        retries.Policy().call(call)
    assert caught.value is error
    assert call.calls == 1 and not waits


def test_full_jitter_stays_under_ceilings_that_double_up_to_the_cap(waits):
    for _ in range(400):
        retries.Policy(attempts=5, base=1, cap=3, deadline=100).call(Flaky(*[dropped()] * 4))
    for place, ceiling in enumerate((1, 2, 3, 3)):
        drawn = waits[place::4]
        assert 0 <= min(drawn) < 0.1 * ceiling and 0.9 * ceiling < max(drawn) <= ceiling
        assert sum(drawn) / len(drawn) == pytest.approx(ceiling / 2, rel=0.15)


@pytest.mark.parametrize("headers", [{"retry_after_ms": "2500"}, {"retry_after": "2.5"}])
def test_a_wait_that_was_asked_for_is_kept_and_spread(waits, headers):
    for _ in range(200):
        retries.Policy(base=0.5).call(Flaky(failed(429, **headers)))
    assert 2.5 <= min(waits) and max(waits) <= 3.0
    assert max(waits) - min(waits) > 0.25


def test_a_wait_beyond_the_deadline_is_not_begun(waits):
    call = Flaky(failed(429, retry_after="30"))
    with pytest.raises(openai.RateLimitError):
        retries.Policy(deadline=20).call(call)
    assert call.calls == 1 and not waits


def test_no_attempt_begins_after_the_deadline(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    starts = []

    def call():
        starts.append(clock[0] - 100)
        clock[0] += 2  # each attempt takes two seconds, then asks for three more
        raise failed(429, retry_after="3")

    with pytest.raises(openai.RateLimitError):
        retries.Policy(attempts=99, base=0.001, deadline=15.5).call(call)
    assert starts == pytest.approx([0, 5, 10, 15], abs=0.01)


def test_it_tells_before_it_waits(waits):
    told = []
    errors = [failed(500), dropped()]
    retries.Policy(on_wait=told.append).call(Flaky(*errors))
    assert [(wait.attempt, wait.error) for wait in told] == [(1, errors[0]), (2, errors[1])]
    assert [wait.seconds for wait in told] == waits


def test_arguments_are_passed_on(waits):
    assert retries.Policy().call(dict, [("a", 1)], b=2) == {"a": 1, "b": 2}


def test_an_interrupt_during_a_wait_ends_it(monkeypatch):
    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    call = Flaky(dropped())
    with pytest.raises(KeyboardInterrupt):
        retries.Policy().call(call)
    assert call.calls == 1


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"base": 0}, {"cap": -1}, {"deadline": 0}])
def test_a_policy_without_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="at least one attempt"):
        retries.Policy(**wrong)


# --- under load

CALLS, SHARE, ATTEMPTS = 500, 0.3, 4


def body(number):
    return {"model": "m", "messages": [{"role": "user", "content": f"call {number}"}]}


def recorded(request, text):
    """A recording: this request, and an answer with this text."""
    message = {"role": "assistant", "content": text}
    answer = {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }
    return {
        "request": {"method": "POST", "path": "/v1/chat/completions", "json": request},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "json": answer},
        "origin": {"kind": "authored", "date": "2026-11-22", "basis": "made for this test"},
    }


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """One recorded answer for each of the calls, which names the call that it belongs to."""
    made = Recordings(tmp_path_factory.mktemp("load"))
    for number in range(CALLS):
        made.save(recorded(body(number), f"answer {number}"))
    return made


@pytest.fixture
def server(recordings):
    """Fails about three requests in ten, without end: by turns of chance a 429, a 500 and a dropped connection."""
    chance = random.Random(2026)
    kinds = [fault("429", retry_after=0.02), fault("500"), fault("drop")]
    made = serve("replay", recordings)
    made.plan = Plan(iter(lambda: chance.choice(kinds) if chance.random() < SHARE else None, "never"))
    yield made
    made.close()


def ask_in_threads(url, calls):
    client = openai.OpenAI(base_url=url, api_key="k", max_retries=0, timeout=120)
    all_ready = threading.Barrier(calls)

    def ask(number):
        waits = []
        policy = retries.Policy(attempts=ATTEMPTS, base=0.05, cap=0.4, on_wait=waits.append)
        all_ready.wait()
        try:
            result = policy.call(client.chat.completions.create, **body(number)).choices[0].message.content
        except openai.APIError as error:
            result = error
        return result, len(waits) + 1

    with client, ThreadPoolExecutor(calls) as pool:
        return list(pool.map(ask, range(calls)))


def test_calls_at_once_are_all_answered_or_fail_clearly(server, record_property):
    began = time.monotonic()
    outcomes = ask_in_threads(server.url + "/v1", CALLS)
    took = time.monotonic() - began

    answered = {number for number, (result, _) in enumerate(outcomes) if result == f"answer {number}"}
    errors = {number: result for number, (result, _) in enumerate(outcomes) if isinstance(result, Exception)}
    by_attempts = dict(sorted(Counter(tried for _, tried in outcomes).items()))
    mean = sum(tried for _, tried in outcomes) / CALLS
    record_property("attempts_per_call", round(mean, 3))
    record_property("calls_by_attempts", by_attempts)
    print(f"{CALLS} calls: {len(answered)} answered, {len(errors)} failed, {mean:.2f} attempts a call, {took:.1f} s")
    print(f"calls by attempts: {by_attempts}")

    assert len(outcomes) == CALLS and answered | errors.keys() == set(range(CALLS))  # none lost, none mixed up
    clear = (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError)
    assert all(isinstance(error, clear) and str(error) for error in errors.values())
    assert all(outcomes[number][1] == ATTEMPTS for number in errors)  # nobody gave up early

    seen = [(exchange.request["json"]["messages"][0]["content"], exchange.status) for exchange in server.exchanges]
    given = Counter(content for content, status in seen if status == 200)
    assert given == Counter({f"call {number}": 1 for number in answered})  # none doubled, none answered unread
    assert Counter(content for content, _ in seen) == {
        f"call {number}": tried for number, (_, tried) in enumerate(outcomes)
    }  # client and server count the same attempts
    failures = Counter(status for _, status in seen if status != 200)
    assert failures.keys() == {429, 500, 0}
    assert sum(failures.values()) / len(seen) == pytest.approx(SHARE, abs=0.06)


# --- version 2 of the assistant, which leaves retries to the SDK

SCRIPT = ROOT / "notebooks" / "assistant" / "v2_retries.py"
STOPS = {"401": "Check OPENAI_API_KEY", "403": "Not allowed", "404": "can't use"}
GOES_ON = {
    "400": "This was not answered: Unsupported parameter",
    "429": "too many requests",
    "429-tokens": "too many requests",
    "429-ramp": "too many requests",
    "429-quota": "Out of credit",
    "500": "has trouble",
    "503": "has trouble",
    "drop": "connection failed",
    "slow": "No answer within",
}


@pytest.fixture
def version_2(monkeypatch):
    spec = importlib.util.spec_from_file_location("version_2", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RETRIES", 1)
    return module


def typed(monkeypatch, *lines):
    """Lines that input() gives one after the other; then the input has ended."""
    left = list(lines)

    def read(prompt):
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.setattr("builtins.input", read)
    return left


def test_version_2_knows_every_fault():
    assert STOPS.keys() | GOES_ON.keys() == CATALOGUE.keys() - {"drop-stream"}


@pytest.mark.parametrize("name", [*STOPS, *GOES_ON])
def test_version_2_says_what_to_do_and_survives(version_2, name, tmp_path, monkeypatch, capsys):
    instructions = {"role": "developer", "content": version_2.INSTRUCTIONS}
    request = {
        "messages": [instructions, {"role": "user", "content": "Hello"}],
        "model": version_2.MODEL,
        "max_completion_tokens": 500,
        "reasoning_effort": "none",
    }
    recordings = Recordings(tmp_path)
    recordings.save(recorded(request, "Good day."))
    server = serve("replay", recordings)
    attempts = 1 if name in ("400", *STOPS) else 2
    server.plan = Plan([fault(name, retry_after=0.001, seconds=0.4)] * attempts)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url + "/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "replay-needs-no-key")
    if name == "slow":
        monkeypatch.setattr(version_2, "TIMEOUT", 0.1)
    left = typed(monkeypatch, "", "Never answered", "Hello")
    version_2.main()
    server.close()

    shown = capsys.readouterr().out
    assert (STOPS | GOES_ON)[name] in shown and shown.endswith("Goodbye.\n")
    assert ("Assistant: Good day." in shown) == (name in GOES_ON)  # the lost question is not in the memory
    assert left == ([] if name in GOES_ON else ["Hello"])


def test_version_2_without_a_key(version_2, monkeypatch, capsys):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)
    typed(monkeypatch, "Hello")
    version_2.main()
    assert "no API key" in capsys.readouterr().out
