"""Every fault is the real thing to the SDK: right class, right fields, right retry behaviour."""

import itertools
import time

import openai
import pytest
from exchanges import serve
from small_answer import small_answer

from helpers.proxy import faults
from helpers.proxy.faults import CATALOGUE, Plan, RateLimit, fault
from helpers.proxy.recordings import Recordings

ANSWER = small_answer("ok", model="m")
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
def server(tmp_path):
    recordings = Recordings(tmp_path)
    origin = {"kind": "authored", "date": "2026-11-22", "basis": "test"}
    for body, response in (
        (REQUEST, {"json": ANSWER}),
        (
            {**REQUEST, "stream": True},
            {
                "events": [
                    [
                        i,
                        {
                            "id": "c",
                            "object": "chat.completion.chunk",
                            "created": 1,
                            "model": "m",
                            "choices": [{"index": 0, "delta": {"content": str(i)}}],
                        },
                    ]
                    for i in range(8)
                ]
                + [[9, "[DONE]"]]
            },
        ),
    ):
        request = {"method": "POST", "path": "/v1/chat/completions", "json": body}
        recordings.save(
            {
                "request": request,
                "response": {"status": 200, "headers": {"content-type": "application/json"}, **response},
                "origin": origin,
            }
        )
    made = serve("replay", recordings)
    yield made
    made.close()


def client(server, **options):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="k", **{"max_retries": 0, **options})


# class of the SDK; type, code and param as seen from the API or, for 429-ramp and 503, as its guide on error codes
# names them (read 2026-11-26)
EXPECTED = {
    "400": (openai.BadRequestError, "invalid_request_error", "unsupported_parameter", "max_tokens"),
    "401": (openai.AuthenticationError, "invalid_request_error", "invalid_api_key", None),
    "403": (openai.PermissionDeniedError, "request_forbidden", "unsupported_country_region_territory", None),
    "404": (openai.NotFoundError, "invalid_request_error", "model_not_found", None),
    "429": (openai.RateLimitError, "requests", "rate_limit_exceeded", None),
    "429-tokens": (openai.RateLimitError, "tokens", "rate_limit_exceeded", None),
    "429-ramp": (openai.RateLimitError, "rate_limit_error", "slow_down", None),
    "429-quota": (openai.RateLimitError, "insufficient_quota", "credit_balance_exhausted", None),
    "500": (openai.InternalServerError, "server_error", None, None),
    "503": (openai.InternalServerError, "service_unavailable_error", "server_is_overloaded", None),
}


def test_every_status_fault_is_expected_here():
    assert EXPECTED.keys() == {name for name, item in CATALOGUE.items() if item.kind == "status"}


@pytest.mark.parametrize("name", EXPECTED)
def test_status_faults(server, name):
    expected, type_, code, param = EXPECTED[name]
    server.plan = Plan([fault(name)])
    with pytest.raises(expected) as caught:
        client(server).chat.completions.create(**REQUEST)
    error = caught.value
    assert (error.type, error.code, error.param) == (type_, code, param)
    assert str(error.status_code) == name[:3]
    assert error.request_id.startswith("req_")
    assert client(server).chat.completions.create(**REQUEST).choices[0].message.content == "ok"  # the next call passes


def test_out_of_money_asks_nobody_to_wait():
    assert not any(name.startswith("retry-after") for name in CATALOGUE["429-quota"].headers)


@pytest.mark.parametrize(
    "name, calls",
    [("429", 3), ("429-quota", 3), ("500", 3), ("503", 3), ("drop", 3), ("400", 1), ("401", 1), ("404", 1)],
)
def test_what_the_sdk_retries_by_itself(server, name, calls):
    server.plan = Plan(fault(name, retry_after=0.001) for _ in range(9))
    with pytest.raises(openai.APIError):
        client(server, max_retries=2).chat.completions.create(**REQUEST)
    assert [exchange.retry for exchange in server.exchanges] == list(range(calls))


def test_drop_slow_and_broken_stream(server):
    server.plan = Plan([fault("drop")])
    with pytest.raises(openai.APIConnectionError):
        client(server).chat.completions.create(**REQUEST)
    server.plan = Plan([fault("slow", seconds=0.5)])
    with pytest.raises(openai.APITimeoutError):
        client(server, timeout=0.1).chat.completions.create(**REQUEST)
    server.plan = Plan([fault("slow", seconds=0.05)])
    began = time.perf_counter()
    client(server).chat.completions.create(**REQUEST)
    assert time.perf_counter() - began >= 0.05
    server.plan = Plan([fault("drop-stream", events=3)])
    got = []
    with pytest.raises((openai.APIConnectionError, Exception)) as caught:
        for chunk in client(server).chat.completions.create(**REQUEST, stream=True):
            got.append(chunk.choices[0].delta.content)
    assert got == ["0", "1", "2"]
    assert "peer closed" in str(caught.value).lower() or "connection" in str(caught.value).lower()


def test_a_plan_can_let_requests_pass_and_can_be_endless(server):
    server.plan = Plan(itertools.cycle([None, fault("500")]))
    outcomes = []
    for _ in range(4):
        try:
            outcomes.append(client(server).chat.completions.create(**REQUEST).choices[0].message.content)
        except openai.InternalServerError:
            outcomes.append("500")
    assert outcomes == ["ok", "500", "ok", "500"]


def test_an_unknown_fault_lists_the_known():
    with pytest.raises(ValueError, match="429-quota"):
        fault("418")


def test_rate_limit_lets_a_burst_pass_then_says_how_long_to_wait(server):
    server.plan = RateLimit(5, per=600)
    remaining = []
    for _ in range(5):
        raw = client(server).chat.completions.with_raw_response.create(**REQUEST)
        remaining.append(int(raw.headers["x-ratelimit-remaining-requests"]))
        assert raw.headers["x-ratelimit-limit-requests"] == "5"
    assert remaining == [4, 3, 2, 1, 0]
    with pytest.raises(openai.RateLimitError) as caught:
        client(server).chat.completions.create(**REQUEST)
    assert 60 < float(caught.value.response.headers["retry-after"]) <= 120.001  # one of five in 600 s


def test_rate_limit_fills_up_with_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(faults.time, "monotonic", lambda: now[0])
    limit = RateLimit(2, per=10)
    outcomes = []
    for now[0] in (0, 0, 0, 4.9, 5.1, 5.2, 10.2, 100, 100, 100):
        outcomes.append(limit.decide()[0] is None)
    # a burst of two, then one in five seconds, and never more than two saved up
    assert outcomes == [True, True, False, False, True, False, True, True, True, False]


def test_rate_limit_refuses_nonsense():
    with pytest.raises(ValueError):
        RateLimit(0)
