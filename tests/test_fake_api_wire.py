"""The fake API against the real one: requests that the API once answered are sent here, and the answers are compared.

Compared are the fields with their types, the headers that a recording keeps, the names and order of events, and what
is said and called. The text is taken from the real answer, as an author would have written it. Both answers must also
obey the same laws: ids tell their second, chunks are padded, events are numbered, sums hold. Requests that the fake API
answers and the course never sends are in tests/wire/more. What it does not build, because no lesson asks for it, is not
there: legacy completions and functions, hosted tools, summaries of reasoning, streamed or diarized transcripts, tokens
as input of embeddings, pictures by URL, and lists of files.
"""

from __future__ import annotations

import base64
import json
import math
import re
import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import httpx2
import pytest
import yaml
from exchanges import WIRE, Exchange, exchanges, read
from fake_api_kit import data_of, hash_vectors, png, raw, tone

from helpers import tokens
from helpers.proxy.http import read_events
from helpers.proxy.pipe import KEPT_HEADERS
from helpers.workshop.fake_api import FakeApi
from helpers.workshop.fake_api.ids import BASE62
from helpers.workshop.fake_api.state import KeptResponse, StoredFile

PICTURE = "data:image/png;base64," + base64.b64encode(png()).decode()
SOUND = base64.b64encode(tone(1)).decode()
NOT_SERVED = {
    "error-429-insufficient-quota": "there is no account that could be empty",
    "error-429-rate-limit-rpm": "there is no limit",
    "error-500-server-error-responses": "nothing fails by chance",
    "audio-transcriptions-json-tokens-usage-gpt-4o-mini-transcribe": "usage is counted in seconds of sound",
}
# Fields that the API has sent since a day (from 6,245 public recordings of 2025 and 2026): older answers lack them.
SINCE = {
    "billing": "2025-09-18",
    "completed_at": "2025-12-19",
    "frequency_penalty": "2026-01-13",
    "presence_penalty": "2026-01-13",
    "moderation": "2026-04-22",
    "output_schema": "2026-07-01",  # between the answers of 2026-04-09 and 2026-07-14
    "reasoning.context": "2026-05-28",
    "reasoning.mode": "2026-06-30",
    "tool_usage": "2026-06-30",
    "prompt_cache_retention": "2026-07-01",  # null before, and absent before 2025-11-06
    "cache_write_tokens": "2026-07-10",
    "shutdown_date": "2026-09-01",  # not before the answers of 2026-08; in the SDK's type of late 2026
}
ALL = [*exchanges(), *(read(path) for path in sorted((WIRE / "more").glob("*.json")))]
SERVED = [exchange for exchange in ALL if exchange.name not in NOT_SERVED]


# --- what an author would have written --------------------------------------------------------------------------


def authored(exchange: Exchange) -> dict[str, Any]:
    """The entry of a script that says what the API said."""
    if exchange.kind not in ("application/json", "text/event-stream"):
        text = exchange.body.decode("utf-8", "replace") if exchange.kind.startswith("text/") else "-"
        return {"say": text, "media": "media.bin", "seconds": 2}
    value = whole(exchange.body)
    if "choices" in value:
        return _of_choices(value)
    if "output" in value:
        return _of_output(value)
    if "results" in value:
        return {"scores": value["results"][0]["category_scores"]}
    return {"say": value.get("text", "-"), "seconds": 2, "language": value.get("language", "english")}


def whole(content: bytes) -> dict[str, Any]:
    """The answer in a JSON body, or what a stream adds up to."""
    if content.startswith(b"{"):
        return json.loads(content)
    events = [event for event in data_of(content) if event != "[DONE]"]
    return events[-1]["response"] if "response" in events[-1] else _joined(events)


def _of_choices(value: dict[str, Any]) -> dict[str, Any]:
    messages = [choice["message"] for choice in value["choices"]]
    details = (value.get("usage") or {}).get("completion_tokens_details", {})
    entry: dict[str, Any] = {"reasoning_tokens": details.get("reasoning_tokens", 0)}
    if calls := messages[0].get("tool_calls"):
        entry["call"] = [call["function"] for call in calls]
    if messages[0].get("refusal"):
        entry["refuse"] = messages[0]["refusal"]
    elif messages[0].get("content") is not None:
        more = " and so on" if value["choices"][0]["finish_reason"] == "length" else ""
        entry["say"] = [message["content"] + more for message in messages]
    if logprobs := value["choices"][0].get("logprobs"):
        tokens = [[token, *token["top_logprobs"]] for token in logprobs["content"]]
        chances = [{each["token"]: math.exp(each["logprob"]) * 0.999 for each in token} for token in tokens]
        entry["logprobs"] = chances
    return entry


def _of_output(value: dict[str, Any]) -> dict[str, Any]:
    more = " and so on" if value["status"] == "incomplete" else ""
    entry: dict[str, Any] = {"reasoning_tokens": value["usage"]["output_tokens_details"]["reasoning_tokens"]}
    for item in value["output"]:
        for part in item.get("content") or ():
            entry |= {"refuse": part["refusal"]} if "refusal" in part else {"say": part["text"] + more}
        if item["type"] == "function_call":
            entry.setdefault("call", []).append({"name": item["name"], "arguments": item["arguments"]})
    return entry


def _joined(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """A completion out of its chunks."""
    choices: dict[int, dict[str, Any]] = {}
    for part in (part for chunk in chunks for part in chunk["choices"]):
        choice = choices.setdefault(part["index"], {"message": {}, "logprobs": None})
        message, delta = choice["message"], part["delta"]
        choice["finish_reason"] = part["finish_reason"]
        for name in ("content", "refusal"):
            if delta.get(name) is not None:
                message[name] = message.get(name, "") + delta[name]
        for call in delta.get("tool_calls", ()):
            calls = message.setdefault("tool_calls", [])
            if "id" in call:
                calls.append({"function": dict(call["function"])})
            else:
                calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
        if part.get("logprobs"):
            kept = choice["logprobs"] or {"content": []}
            choice["logprobs"] = {"content": kept["content"] + part["logprobs"]["content"]}
    return {**chunks[0], "choices": list(choices.values()), "usage": chunks[-1].get("usage")}


# --- asking ------------------------------------------------------------------------------------------------------


def ask(api: FakeApi, exchange: Exchange) -> tuple[Any, bytes]:
    """The fake API's answer to the request of an exchange; pictures and sounds that were not kept are replaced."""
    request, path = exchange.request, exchange.request["path"]
    if "json" in request:
        body = re.sub(r'"data:image[^"]*"', f'"{PICTURE}"', json.dumps(request["json"]))
        body = json.loads(re.sub(r'("input_audio": {"data"): "[^"]*"', rf'\1: "{SOUND}"', body))
        _seed(api, body)
        return raw(api, path, body, key="Bearer sk-wrong" if exchange.status == 401 else "Bearer any-word")
    if "multipart" in request:
        parts = request["multipart"]
        files = [(part["name"], (part["filename"], tone(2))) for part in parts if "filename" in part]
        return _send(api, path, {part["name"]: part["value"] for part in parts if "value" in part}, files)
    if not re.match("/v1/(files|batches)/", path):
        return raw(api, path, method=request["method"])
    wanted = json.loads(exchange.body) if exchange.kind == "application/json" else {}
    known = re.search("/((?:file-|batch_)[^/]+)", path)[1]
    path = path.replace(known, _batch(api, wanted) if "batches" in path else _file(api, wanted))
    answer = raw(api, path, method=request["method"])
    while "batches" in path and json.loads(answer[1])["status"] != wanted["status"]:
        answer = raw(api, path, method=request["method"])
    return answer


def _send(api: FakeApi, path: str, data: dict[str, Any], files: list[Any]) -> tuple[Any, bytes]:
    form = httpx2.Request("POST", "http://127.0.0.1/", data=data, files=files)
    return raw(api, path, form.read(), kind=form.headers["content-type"])


def _seed(api: FakeApi, body: dict[str, Any]) -> None:
    """What the request takes for granted: a file, or an earlier response whose calls it answers."""
    if name := body.get("input_file_id"):
        model = "text-embedding-3-small" if "embeddings" in body["endpoint"] else "gpt-5-nano"
        request = {"custom_id": "a", "url": body["endpoint"], "body": {"model": model, "input": "Hello"}}
        api.state.files[name] = StoredFile(json.dumps(request).encode(), {"created_at": 1_787_000_000})
    if name := body.get("previous_response_id"):
        calls = [item["call_id"] for item in body["input"] if item["type"] == "function_call_output"]
        called = [{"id": call, "type": "function", "function": {"name": "f", "arguments": "{}"}} for call in calls]
        earlier = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": None, "tool_calls": called}]
        api.state.responses[name] = KeptResponse({"completed_at": None, "created_at": 1_787_000_000}, earlier)


def _file(api: FakeApi, wanted: dict[str, Any]) -> str:
    purpose = {"purpose": wanted.get("purpose", "batch")}
    return json.loads(_send(api, "/v1/files", purpose, [("file", ("a.jsonl", b"{}"))])[1])["id"]


def _batch(api: FakeApi, wanted: dict[str, Any]) -> str:
    body = {"input_file_id": "file-1", "endpoint": wanted["endpoint"], "completion_window": "24h"}
    _seed(api, body)
    return json.loads(raw(api, "/v1/batches", body)[1])["id"]


# --- comparing ---------------------------------------------------------------------------------------------------


def fields(value: Any, path: str = "") -> set[str]:
    """The path of every field, list and value, with its type."""
    if isinstance(value, dict):
        return {path + "{}"}.union(*(fields(inner, f"{path}.{key}") for key, inner in value.items()))
    if isinstance(value, list):
        return {path + "[]"}.union(*(fields(inner, path + "[]") for inner in value))
    return {f"{path}:{type(value).__name__}"}


def news(found: set[str], date: str) -> set[str]:
    """Those of the fields that the API sends since a later day."""
    later = "|".join(re.escape(name) for name, day in SINCE.items() if day > date)
    return {field for field in found if later and re.search(rf"\.({later})(?![\w])", field)}


def kept_headers(headers: Any) -> set[str]:
    return {name.lower() for name in headers if KEPT_HEADERS.fullmatch(name.lower())}


def order(content: bytes) -> list[str]:
    """Names of events, or what the chunks bring, in order; repeats count once."""
    found = []
    for _, name, data in read_events([content]):
        choices = [] if data == "[DONE]" else data.get("choices", [])
        brings = [(*sorted(choice["delta"]), choice["finish_reason"]) for choice in choices]
        found.append(name or (data if data == "[DONE]" else f"{brings}"))
    return [name for name, _ in groupby(found)]


def said(value: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """(facts, text) of each choice or item; the facts are what it calls and how it ends."""
    for choice in value.get("choices", ()):
        message = choice["message"]
        calls = [call["function"] for call in message.get("tool_calls") or ()]
        yield (calls, choice["finish_reason"]), message.get("refusal") or message.get("content") or ""
    for item in value.get("output", ()):
        facts = [item.get(name) for name in ("type", "status", "name", "arguments")]
        yield (
            (value["incomplete_details"], facts),
            "".join(part.get("text") or part.get("refusal") or "" for part in item.get("content") or ()),
        )


def obeys_the_laws(headers: Any, value: dict[str, Any]) -> None:
    """What holds between the values of any answer, the API's own or ours."""
    if re.fullmatch("req_[0-9a-f]{32}", request := headers.get("x-request-id", "")):
        assert uuid.UUID(request[4:]).variant == uuid.RFC_4122
    limit, left = (headers.get(f"x-ratelimit-{name}-requests", "") for name in ("limit", "remaining"))
    if left.isdigit() and int(limit) >= 500:  # a smaller one was used by earlier requests
        assert int(left) == int(limit) - 1 and headers["x-ratelimit-reset-requests"] == f"{60_000 // int(limit)}ms"
    usage, name = value.get("usage") or {}, str(value.get("id"))
    if "total_tokens" in usage:
        sides = ("prompt_tokens", "completion_tokens", "input_tokens", "output_tokens")
        assert usage["total_tokens"] == sum(usage.get(side, 0) for side in sides)
    if re.fullmatch("chatcmpl-[0-9A-Za-z]{29}", name):
        seconds = sum(BASE62.index(digit) * 62**n for n, digit in enumerate(name[13:8:-1]))
        assert seconds == value["created"] - 1_576_800_000
    if found := re.fullmatch("resp_([0-9a-f]{16})0[01]([0-9a-f]{8})[0-9a-f]{24}", name):
        assert abs(int(found[2], 16) - value["created_at"]) <= 1
        assert value["created_at"] <= (value.get("completed_at") or value["created_at"])
        assert {item["id"].partition(found[1])[0] for item in value["output"]} <= {"rs_", "msg_", "fc_"}


def stream_obeys_the_laws(content: bytes) -> None:
    """What holds between the events of any stream."""
    times, _, events = zip(*read_events([content]), strict=True)
    assert None in times or list(times) == sorted(times)  # only ours tell theirs
    if events[-1] == "[DONE]":
        chunks = re.findall('^data: (.*"obfuscation".*)$', content.decode().replace("\r", ""), re.MULTILINE)
        assert all(len(chunk) % 16 == 1 for chunk in chunks)
        return
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    deltas = [event for event in events if "delta" in event]
    padded = [len(event["delta"]) + len(event["obfuscation"]) for event in deltas if "obfuscation" in event]
    assert not any(length % 16 for length in padded)
    parts = [part for item in events[-1]["response"]["output"] for part in (item, *item.get("content", ()))]
    words = "".join(part.get("text") or part.get("refusal") or part.get("arguments") or "" for part in parts)
    assert "".join(event["delta"] for event in deltas) == words


@pytest.mark.parametrize("exchange", SERVED, ids=lambda exchange: exchange.name)
def test_an_answer_has_the_form_of_the_real_one(exchange, tmp_path):
    (tmp_path / "media.bin").write_bytes(b"\0")
    (tmp_path / "logo.png").write_bytes(png())  # the name of a picture that two requests point to
    script = {"basis": "Taken from the real answer.", "answers": [authored(exchange)]}
    (tmp_path / "script.yaml").write_text(yaml.safe_dump(script), encoding="utf-8")
    date = exchange.date or None
    with FakeApi(tmp_path / "script.yaml", date, vectors=hash_vectors, images=tmp_path) as api:
        response, content = ask(api, exchange)
    assert response.status == exchange.status, content[:500]
    assert response.headers["content-type"].partition(";")[0] == exchange.kind
    theirs, ours = kept_headers(exchange.headers), kept_headers(response.headers)
    more = {name for name in ours - theirs if not name.startswith("x-ratelimit") or "responses" not in exchange.name}
    assert theirs <= ours and more <= {"x-request-id"}
    if exchange.streamed:
        stream_obeys_the_laws(exchange.body)
        stream_obeys_the_laws(content)
        assert order(content) == order(exchange.body)
        theirs, ours = fields(data_of(exchange.body)), fields(data_of(content))
    elif exchange.kind == "application/json":
        theirs, ours = fields(json.loads(exchange.body)), fields(json.loads(content))
    else:
        return
    differ = theirs ^ ours
    assert differ == news(differ, exchange.date), f"not sent: {theirs - ours}; sent besides: {ours - theirs}"
    theirs, ours = whole(exchange.body), whole(content)
    for tool, our_tool in zip(theirs.get("tools", ()), ours.get("tools", ()), strict=True):  # Responses echoes them
        assert our_tool == {"output_schema": None} | tool
    obeys_the_laws(httpx2.Headers(exchange.headers), theirs)
    obeys_the_laws(response.headers, ours)
    for (facts, text), (our_facts, our_text) in zip(said(theirs), said(ours), strict=True):
        missing = tokens.count(text.rstrip("\n").removeprefix(our_text))
        # A response that is cut off has one token more than ours, which spends it on the end that never came.
        assert our_facts == facts and missing <= (theirs.get("status") == "incomplete")
