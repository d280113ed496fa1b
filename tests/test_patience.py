"""What the control of lesson 05 says a client does, against the openai package itself."""

import httpx2
import openai
import pytest

from helpers.demos import patience

ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 0,
    "model": "gpt-6-luna",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Yes."}}],
}


def meets(trouble):
    """What a server does to a request in this trouble: a status, or an error of the transport."""
    return {
        "overloaded (503)": 503,
        "too fast (429)": 429,
        "connection breaks": httpx2.RemoteProtocolError("gone"),
        "no answer": httpx2.ReadTimeout("silent"),
        "wrong key (401)": 401,
        "out of money (429)": 429,
    }[trouble]


def call(monkeypatch, trouble, times, max_retries):
    """What the SDK does: the number of requests, the pauses between them, and the class of its error or None."""
    pauses, sent = [], []
    monkeypatch.setattr("openai._base_client.time.sleep", pauses.append)
    lasting = trouble in ("wrong key (401)", "out of money (429)")

    def server(request):
        sent.append(request)
        if len(sent) > times and not lasting:
            return httpx2.Response(200, json=ANSWER)
        what = meets(trouble)
        if isinstance(what, Exception):
            raise what
        kind = "insufficient_quota" if "money" in trouble else "x"
        return httpx2.Response(what, json={"error": {"message": "no", "type": kind}})

    transport = openai.DefaultHttpx2Client(transport=httpx2.MockTransport(server))
    client = openai.OpenAI(api_key="sk-x", max_retries=max_retries, http_client=transport)
    try:
        client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Well?"}])
    except openai.APIError as error:
        return len(sent), pauses, type(error).__name__
    return len(sent), pauses, None


@pytest.mark.parametrize("trouble", patience.TROUBLES)
@pytest.mark.parametrize(("times", "max_retries"), [(1, 0), (1, 2), (3, 2), (3, 3), (6, 6)])
def test_the_sdk_does_what_the_picture_shows(monkeypatch, trouble, times, max_retries):
    number, pauses, error = call(monkeypatch, trouble, times, max_retries)
    shown = patience.requests(trouble, times, max_retries, timeout=20)
    assert len(shown) == number and shown[-1].answered == (error is None)
    gaps = [after.begin - before.end for before, after in zip(shown, shown[1:], strict=False)]
    assert len(gaps) == len(pauses)
    assert all(0.75 * gap <= pause <= gap for gap, pause in zip(gaps, pauses, strict=True))
    line = patience.result(trouble, times, max_retries, 20)
    assert (error or "the answer") in line and f"{number} request" in line
    assert bool(patience.advice(trouble, times, max_retries, 20)) == bool(error)


def test_a_silent_server_takes_the_timeout_each_time():
    # Three requests of 600 seconds, with pauses of half a second and one second between them: half an hour.
    shown = patience.requests("no answer", 3, 2, 600)
    assert [request.begin for request in shown] == [0, 600.5, 1201.5] and shown[-1].end == 1801.5
    assert "30 minutes" in patience.result("no answer", 3, 2, 600)
    # With max_retries=3 and 20 seconds: 3 · 20 and 0.5 + 1 + 2 of pauses, then an answer of two seconds.
    assert patience.requests("no answer", 3, 3, 20)[-1].end == 65.5


def test_the_line_follows_the_controls():
    demo = patience.live()
    picture, caption = demo.widget.children[-2:]
    before = picture.value
    demo.controls["trouble"].value = "overloaded (503)"
    assert "the answer after 2 requests, in about 2.5 seconds" in caption.value
    demo.controls["times"].value = 3
    assert "InternalServerError after 3 requests" in caption.value and "lasted longer" in caption.value
    demo.controls["max_retries"].value = 3
    assert "the answer after 4 requests" in caption.value and picture.value != before
    demo.controls["trouble"].value = "out of money (429)"
    assert "RateLimitError after 4 requests" in caption.value and "doesn't add credit" in caption.value


def test_the_table_says_what_the_controls_say():
    rows = {tuple(row[:4]): row[4:] for row in patience.table().rows}
    assert rows["no answer", "3", "2", "600 s"] == ["3", "APITimeoutError", "30 minutes"]
    assert rows["overloaded (503)", "3", "3", "600 s"] == ["4", "the answer", "5.5 seconds"]
