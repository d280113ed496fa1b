"""/v1/batches: a file of requests, answered by the same answers, ready after a few polls."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..ids import Dice, batch_id
from ..pace import fixed_ms
from ..request import Asked
from ..script import AuthoringError
from ..state import State, StoredBatch
from ..wire import Reply, compact, error_body, error_reply, json_reply, listing
from . import files

STEPS = ("validating", "in_progress", "in_progress", "in_progress", "finalizing", "completed")  # one a poll
Answer = Callable[[Asked, State], Reply]  # answers one request
DAY = 24 * 3600  # seconds


def answer(asked: Asked, state: State, one: Answer) -> Reply:
    """Any request below /v1/batches.

    Args:
        asked: the request.
        state: keeps batches and files.
        one: answers each request of a batch.

    Raises:
        AuthoringError: one of the requests has no answer.
    """
    name, _, action = asked.path.removeprefix("/v1/batches").strip("/").partition("/")
    elapsed = fixed_ms(asked.dice, "batches")
    if not name and asked.method == "POST":
        return _create(asked, state, one, elapsed)
    if not name:
        return json_reply("batches", listing([_now(each) for each in state.batches.values()]), elapsed_ms=elapsed)
    if (batch := state.batches.get(name)) is None:
        return error_reply("batches", 404, error_body(f"No batch found with id '{name}'."))
    if action == "cancel":
        _cancel(batch)
    else:
        batch.polls += 1
    return json_reply("batches", _now(batch), elapsed_ms=elapsed)


def _create(asked: Asked, state: State, one: Answer, elapsed: int) -> Reply:
    file_name = asked.body["input_file_id"]
    source = state.files.get(file_name)
    if source is None:
        return error_reply("batches", 400, error_body(f"Invalid file ID: {file_name}", param="input_file_id"))
    created = source.about["created_at"] + asked.dice.number("wait", 1, 9)
    lines = [json.loads(line) for line in source.content.decode().splitlines() if line.strip()]
    outcomes = [_run(asked, state, one, line, created) for line in lines]
    outcomes.sort(key=lambda outcome: asked.dice.hex(outcome["id"], 8))  # in any order, as the API warns
    name = batch_id(asked.dice, created)
    state.batches[name] = batch = StoredBatch(_finished(asked, state, name, created, outcomes))
    return json_reply("batches", _now(batch), elapsed_ms=elapsed)


def _run(asked: Asked, state: State, one: Answer, line: dict[str, Any], created: int) -> dict[str, Any]:
    """One line of the output or error file."""
    own = Dice(asked.dice.seed, line["custom_id"])
    method = line.get("method", "POST")
    reply = one(Asked(method, line["url"], line["body"], own, created + 70, images=asked.images), state)
    if reply.status == 501:
        raise AuthoringError(f"batch request {line['custom_id']}: {json.loads(reply.body)['error']['message']}")
    number, body = own.hex("batch request", 32), json.loads(reply.body)
    return {
        "id": "batch_req_" + own.hex("line", 32),
        "custom_id": line["custom_id"],
        "response": {"status_code": reply.status, "request_id": number, "body": body},
        "error": None,
    }


def _finished(asked: Asked, state: State, name: str, created: int, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """The batch as it will be in the end; writes its files."""
    good = [outcome for outcome in outcomes if outcome["response"]["status_code"] == 200]
    bad = [outcome for outcome in outcomes if outcome["response"]["status_code"] != 200]
    begun = created + asked.dice.number("begun", 55, 65)
    done = begun + asked.dice.number("done", 10, 20) + len(outcomes)

    def write(kind: str, outcomes: list[dict[str, Any]]) -> str | None:
        if not outcomes:
            return None
        content = "".join(compact(outcome) + "\n" for outcome in outcomes).encode()
        return files.add(state, asked.dice, kind, f"{name}_{kind}.jsonl", content, "batch_output", done)["id"]

    return {
        "id": name,
        "object": "batch",
        "endpoint": asked.body["endpoint"],
        "model": next((outcome["response"]["body"].get("model") for outcome in good), None),
        "errors": None,
        "input_file_id": asked.body["input_file_id"],
        "completion_window": asked.body.get("completion_window", "24h"),
        "status": "completed",
        "output_file_id": write("output", good),
        "error_file_id": write("error", bad),
        "created_at": created,
        "in_progress_at": begun,
        "expires_at": created + DAY,
        "finalizing_at": done,
        "completed_at": done + 1,
        "failed_at": None,
        "expired_at": None,
        "cancelling_at": None,
        "cancelled_at": None,
        "request_counts": {"total": len(outcomes), "completed": len(good), "failed": len(bad)},
        "usage": _usage([outcome["response"]["body"].get("usage") or {} for outcome in good]),
        "metadata": asked.body.get("metadata"),
    }


def _now(batch: StoredBatch) -> dict[str, Any]:
    """The batch after so many polls."""
    finished, polls = batch.finished, batch.polls
    step = STEPS[min(polls, len(STEPS) - 1)]
    if finished["status"] == "cancelled" or step == "completed":
        return finished
    nothing = {"output_file_id": None, "error_file_id": None, "completed_at": None, "usage": _usage([])}
    total = finished["request_counts"]["total"]
    if step == "validating":
        return {**finished, **nothing, "status": step, "model": None, "in_progress_at": None, "finalizing_at": None,
                "request_counts": {"total": 0, "completed": 0, "failed": 0}}  # fmt: skip
    done = total if step == "finalizing" else total * (polls - 1) // STEPS.count("in_progress")
    failed = min(finished["request_counts"]["failed"], max(done - finished["request_counts"]["completed"], 0))
    counts = {"total": total, "completed": done - failed, "failed": failed}
    begun = {} if step == "finalizing" else {"finalizing_at": None}
    return {**finished, **nothing, **begun, "status": step, "request_counts": counts}


def _cancel(batch: StoredBatch) -> None:
    now = _now(batch)
    when = now["created_at"] + 90
    batch.finished = {**now, "status": "cancelled", "cancelling_at": when, "cancelled_at": when + 1}


def _usage(each: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum over the requests, by the names of the Responses API."""

    def total(*names: str) -> int:
        return sum(next((usage[name] for name in names if name in usage), 0) for usage in each)

    def details(side: str, chat_side: str, name: str) -> int:
        found = [
            usage.get(f"{side}_tokens_details") or usage.get(f"{chat_side}_tokens_details") or {} for usage in each
        ]
        return sum(part.get(name, 0) for part in found)

    inputs, outputs = total("input_tokens", "prompt_tokens"), total("output_tokens", "completion_tokens")
    return {
        "input_tokens": inputs,
        "output_tokens": outputs,
        "total_tokens": inputs + outputs,
        "input_tokens_details": {"cached_tokens": details("input", "prompt", "cached_tokens")},
        "output_tokens_details": {"reasoning_tokens": details("output", "completion", "reasoning_tokens")},
    }
