"""The client-side limiter: its rules under a clock that is ours, then 500 calls at once against a strict server."""

import asyncio
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import openai
import pytest
from exchanges import serve

from helpers.proxy.faults import Plan, RateLimit, fault
from helpers.proxy.recordings import Recordings
from helpers.recipes.limiter import Limiter, estimate_tokens, parse_duration


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def sleep(self, seconds):
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds

    def total(self):
        return pytest.approx(sum(self.slept))


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: made.now)
    monkeypatch.setattr(time, "sleep", made.sleep)
    return made


def told(kind, limit, remaining, reset):
    return {
        f"x-ratelimit-limit-{kind}": str(limit),
        f"x-ratelimit-remaining-{kind}": str(remaining),
        f"x-ratelimit-reset-{kind}": reset,
    }


# --- durations and estimates


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("120ms", 0.12),
        ("8.64s", 8.64),
        ("6m0s", 360),
        ("1m26.4s", 86.4),
        ("1h0m1s", 3601),
        ("2d3h", 183600),
        ("1s500ms", 1.5),
    ],
)
def test_durations(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "12", "s", "1m 2s", "-1s", "1.s", "5 minutes", "1m26.4"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(text)


def test_a_request_counts_for_its_text_and_its_longest_answer():
    text = b'{"messages": "' + b"x" * 386 + b'"}'  # 402 characters
    assert estimate_tokens(text) == 100
    assert estimate_tokens(text[:-1] + b', "max_completion_tokens": 50}') == (402 + 29) // 4 + 50 + 0
    assert estimate_tokens(b'{"max_output_tokens": 16}') == 25 // 4 + 16


def test_pictures_and_what_is_no_json_do_not_count():
    picture = b'{"url": "data:image/png;base64,' + b"A" * 4000 + b'"}'
    assert estimate_tokens(picture) < 5
    assert estimate_tokens(b"") == estimate_tokens(b"[1]") == estimate_tokens(b"--form") == 0


# --- the pace


def test_a_burst_goes_at_once_then_the_pace_is_kept(clock):
    limiter = Limiter(per_second=4, burst=3)
    for _ in range(3):
        limiter.acquire()
    assert clock.slept == []
    for _ in range(8):
        limiter.acquire()
    assert clock.total() == 2.0  # eight more at four a second


def test_a_quiet_time_gives_back_the_burst_and_no_more(clock):
    limiter = Limiter(per_second=4, burst=3)
    for _ in range(3):
        limiter.acquire()
    clock.now += 100
    for _ in range(4):
        limiter.acquire()
    assert clock.total() == 0.25


@pytest.mark.parametrize("wrong", [{"per_second": 0}, {"per_second": 1, "burst": 0}, {"per_second": 1, "headroom": 1}])
def test_a_limiter_without_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="pace above 0"):
        Limiter(**wrong)


# --- the headers


def limiter_and_ticket(**options):
    limiter = Limiter(per_second=1000, burst=1000, **{"headroom": 0, **options})
    return limiter, limiter.acquire()


def test_nothing_left_waits_until_one_comes_back(clock):
    limiter, ticket = limiter_and_ticket()
    limiter.learn(told("requests", 10, 0, "5s"), ticket)  # ten come back in five seconds
    limiter.acquire()
    assert clock.total() == 0.5


def test_what_is_left_may_go_at_once(clock):
    limiter, ticket = limiter_and_ticket()
    limiter.learn(told("requests", 10, 4, "6s"), ticket)
    for _ in range(4):
        limiter.acquire()
    assert clock.slept == []
    limiter.acquire()
    assert clock.total() == 1.0


def test_headroom_is_left_alone(clock):
    limiter, ticket = limiter_and_ticket(headroom=0.2)
    limiter.learn(told("requests", 10, 4, "6s"), ticket)
    for _ in range(3):
        limiter.acquire()
    assert clock.total() == 1.0  # two of the four stay; the third has to come back first


def test_tokens_are_waited_for_too(clock):
    limiter, ticket = limiter_and_ticket()
    limiter.learn(told("tokens", 1000, 100, "900ms"), ticket)  # a thousand come back in a second
    limiter.acquire(tokens=400)
    assert clock.total() == 0.3


def test_more_than_the_whole_limit_waits_for_all_of_it_and_then_goes(clock):
    limiter, ticket = limiter_and_ticket()
    limiter.learn(told("tokens", 1000, 0, "10s"), ticket)
    limiter.acquire(tokens=5000)
    assert clock.total() == 10.0


def test_requests_under_way_are_counted_once(clock):
    """Ten go out; the answer to the fourth says that six are left, which are those that it could not know of."""
    limiter = Limiter(per_second=1000, burst=1000, headroom=0)
    tickets = [limiter.acquire() for _ in range(10)]
    limiter.learn(told("requests", 10, 6, "4s"), tickets[3])
    limiter.learn(told("requests", 10, 0, "10s"), tickets[9])  # the last one says the same
    limiter.acquire()
    assert clock.total() == 1.0


def test_a_late_answer_does_not_take_away_what_came_back_meanwhile(clock):
    limiter, ticket = limiter_and_ticket()
    clock.now += 20
    limiter.learn(told("requests", 10, 0, "10s"), ticket)  # true when the request arrived, some time ago
    for _ in range(10):
        limiter.acquire()
    assert clock.slept == []


def test_others_with_the_same_key_are_noticed(clock):
    limiter, first = limiter_and_ticket()
    limiter.learn(told("requests", 100, 99, "1s"), first)
    second = limiter.acquire()
    limiter.learn(told("requests", 100, 2, "98s"), second)  # somebody else has used the rest
    for _ in range(3):
        limiter.acquire()
    assert clock.total() == 1.0


def test_headers_never_speed_it_up(clock):
    limiter = Limiter(per_second=2, burst=1)
    for _ in range(5):
        limiter.learn(told("requests", 10_000, 9_999, "1ms"), limiter.acquire())
    assert clock.total() == 2.0


def test_all_wait_when_one_is_told_to(clock):
    limiter, ticket = limiter_and_ticket()
    limiter.learn({"retry-after-ms": "700", "retry-after": "1"}, ticket)
    limiter.acquire()
    assert clock.total() == 0.7


@pytest.mark.parametrize(
    "headers",
    [
        {},
        told("requests", -1, -1, "0s"),
        told("requests", 10, 0, "soon"),
        told("requests", "many", 0, "1s"),
        told("requests", 10, 0, "0s"),
        {"x-ratelimit-limit-requests": "10"},
    ],
)
def test_headers_without_sense_do_not_stop_anybody(clock, headers):
    limiter, ticket = limiter_and_ticket()
    limiter.learn(headers, ticket)
    for _ in range(20):
        limiter.acquire()
    assert clock.slept == []


def test_a_waiter_that_is_cancelled_leaves_the_queue():
    async def run():
        limiter = Limiter(per_second=20, burst=1)
        await limiter.acquire_async()
        tasks = [asyncio.create_task(limiter.acquire_async()) for _ in range(3)]
        await asyncio.sleep(0.01)
        tasks[0].cancel()
        outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        assert isinstance(outcomes[0], asyncio.CancelledError)
        assert not any(isinstance(outcome, BaseException) for outcome in outcomes[1:])

    asyncio.run(run())


# --- in a client

CALLS = 500
ORIGIN = {"kind": "authored", "date": "2026-11-22", "basis": "made for this test"}


def body(number):
    return {"model": "m", "messages": [{"role": "user", "content": f"call {number}"}]}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """One recorded answer for each of the calls, which names the call that it belongs to."""
    made = Recordings(tmp_path_factory.mktemp("load"))
    for number in range(CALLS):
        message = {"role": "assistant", "content": f"answer {number}"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {
            "id": f"c{number}",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
        request = {"method": "POST", "path": "/v1/chat/completions", "json": body(number)}
        response = {"status": 200, "headers": {"content-type": "application/json"}, "json": answer}
        made.save({"request": request, "response": response, "origin": ORIGIN})
    return made


@pytest.fixture
def server(recordings):
    made = serve("replay", recordings)
    yield made
    made.close()


def sync_client(server, limiter=None, **options):
    http = openai.DefaultHttpx2Client(event_hooks=limiter.hooks() if limiter else {})
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="k", http_client=http, **{"max_retries": 0, **options})


def test_the_sdks_own_retries_wait_for_their_turn(server):
    server.plan = Plan([fault("500"), fault("500")])
    limiter, turns = Limiter(per_second=1000), []
    http = openai.DefaultHttpx2Client(event_hooks={"request": [turns.append, *limiter.hooks()["request"]]})
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="k", http_client=http, max_retries=2)
    client.chat.completions.create(**body(0))
    assert len(turns) == 3
    assert all(request.extensions["ticket"].spent["requests"] == number for number, request in enumerate(turns, 1))


def test_a_client_learns_from_answers_and_from_refusals(server):
    server.plan = RateLimit(2, per=0.8)  # one comes back every 0.4 seconds
    limiter = Limiter(per_second=1000, burst=1000, headroom=0)
    with sync_client(server, limiter, max_retries=2) as client:
        began = time.monotonic()
        for number in range(5):
            client.chat.completions.create(**body(number))
        took = time.monotonic() - began
    assert [exchange.status for exchange in server.exchanges] == [200] * 5
    assert took > 1.0  # two at once, three more at 0.4 seconds


def test_without_a_limiter_the_server_refuses(server):
    """The server of these tests does enforce its limit, so that the tests below can fail."""
    server.plan = RateLimit(10, per=3600)
    with sync_client(server) as client, ThreadPoolExecutor(30) as pool:
        calls = [pool.submit(client.chat.completions.create, **body(number)) for number in range(30)]
        refused = sum(isinstance(call.exception(), openai.RateLimitError) for call in calls)
    assert refused == 20


UNDER_WAY = 50  # with the burst it is less than what the server lets pass at once, so no delay can make it refuse


def ask_in_threads(server, limiter):
    room = threading.Semaphore(UNDER_WAY)
    with sync_client(server, limiter, timeout=120) as client, ThreadPoolExecutor(CALLS) as pool:

        def ask(number):
            with room:
                return client.chat.completions.create(**body(number)).choices[0].message.content

        return list(pool.map(ask, range(CALLS)))


def ask_with_asyncio(server, limiter):
    async def run():
        room = asyncio.Semaphore(UNDER_WAY)
        http = openai.DefaultAsyncHttpx2Client(event_hooks=limiter.async_hooks())
        options = {"base_url": f"{server.url}/v1", "api_key": "k", "max_retries": 0, "timeout": 120}
        async with openai.AsyncOpenAI(http_client=http, **options) as client:

            async def ask(number):
                async with room:
                    return (await client.chat.completions.create(**body(number))).choices[0].message.content

            return await asyncio.gather(*(ask(number) for number in range(CALLS)))

    return asyncio.run(run())


@pytest.mark.parametrize("ask_all", [ask_in_threads, ask_with_asyncio])
def test_500_calls_at_once_are_all_answered_and_none_is_refused(server, ask_all):
    server.plan = RateLimit(300, per=1.0)
    began = time.monotonic()
    answers = ask_all(server, Limiter(per_second=260, burst=120))
    took = time.monotonic() - began
    print(f"{ask_all.__name__}: {len(server.exchanges)} requests, {took:.1f} s")

    assert answers == [f"answer {number}" for number in range(CALLS)]  # none lost, none mixed up
    asked = Counter(exchange.request["json"]["messages"][0]["content"] for exchange in server.exchanges)
    assert asked == {f"call {number}": 1 for number in range(CALLS)}  # none doubled
    assert {exchange.status for exchange in server.exchanges} == {200}  # no 429
    assert took > (CALLS - 120) / 260 - 0.1  # it was the limiter that held them, not luck


def test_a_pace_that_is_too_fast_is_slowed_by_the_headers(server):
    calls, limit, per = 250, 100, 2.0  # the server lets 100 pass at once, then 50 a second
    server.plan = RateLimit(limit, per)
    began = time.monotonic()
    limiter = Limiter(per_second=100, burst=10)
    with sync_client(server, limiter, max_retries=5) as client, ThreadPoolExecutor(20) as pool:
        answers = pool.map(lambda number: client.chat.completions.create(**body(number)), range(calls))
        assert [answer.choices[0].message.content for answer in answers] == [f"answer {n}" for n in range(calls)]
    refused = sum(exchange.status == 429 for exchange in server.exchanges)
    assert refused <= 5  # without the headers it is about 30
    assert time.monotonic() - began > (calls - limit) * per / limit - 0.1


def test_a_hook_sees_what_the_sdk_sends(server):
    seen = []
    limiter = Limiter(per_second=1000)
    limiter.acquire = lambda tokens=0: seen.append(tokens)  # what the hook asks for
    http = openai.DefaultHttpx2Client(event_hooks={"request": limiter.hooks()["request"]})
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="k", http_client=http, max_retries=0)
    client.chat.completions.create(**body(7))
    with pytest.raises(openai.APIStatusError):
        client.models.list()
    with pytest.raises(openai.APIStatusError):
        client.files.create(file=("a.jsonl", b"x" * 400), purpose="batch")
    length = len(httpx2.Request("POST", "http://x", json=body(7)).content)
    assert seen == [length // 4, 0, 0]
