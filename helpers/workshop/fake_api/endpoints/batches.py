"""/v1/files and /v1/batches: what is uploaded, and files of requests, answered by the same script after a few polls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from ....proxy.refusals import Violation, not_found
from ..ids import Dice, batch_id, file_id
from ..request import Request
from ..script import AuthoringError
from ..state import State, StoredFile
from ..wire import Response, compact, error_response, json_response

STEPS = ("validating", "in_progress", "in_progress", "in_progress", "finalizing", "completed")  # one a poll
DAY = 24 * 3600  # seconds
Respond = Callable[[Request, State], Response]
NEVER = dict.fromkeys(("failed_at", "expired_at", "cancelling_at", "cancelled_at"))


def files(request: Request, state: State) -> Response:
    """Any request below /v1/files. Raises AuthoringError for an upload without `file` or `purpose`."""
    name, _, wanted = request.name.partition("/")
    if not name and request.method == "POST":
        if not request.uploads or "purpose" not in request.body:
            raise AuthoringError("an upload has the fields `file` and `purpose`")
        upload, purpose = request.uploads[0], request.body["purpose"]
        about = _keep(state, request.dice, "upload", upload["filename"], upload["content"], purpose, request.created)
        return json_response(about)
    if (file := state.files.get(name)) is None:
        return error_response("files", not_found("files", name))
    if request.method == "DELETE":
        del state.files[name]
        return json_response({"object": "file", "deleted": True, "id": name})
    if wanted == "content":
        return Response(body=file.content, headers={"content-type": "application/octet-stream"})
    return json_response(file.about)


def _keep(
    state: State, dice: Dice, label: str, name: str, content: bytes, purpose: str, created: int
) -> dict[str, Any]:
    """Keeps a file and returns the file object."""
    about = {
        "object": "file",
        "id": file_id(dice, label),
        "purpose": purpose,
        "filename": name,
        "bytes": len(content),
        "created_at": created,
        "expires_at": created + 30 * DAY if purpose.startswith("batch") else None,
        "status": "processed",
        "status_details": None,
    }
    state.files[about["id"]] = StoredFile(content, about)
    return about


def answer(request: Request, state: State, respond: Respond) -> Response:
    """A new batch, or the state of one; `respond` answers its requests. Raises AuthoringError when it cannot."""
    if request.method == "POST" and not request.name:
        file_name = request.body["input_file_id"]
        if (source := state.files.get(file_name)) is None:
            return error_response("batches", Violation(f"Invalid file ID: {file_name}", "input_file_id"))
        created = source.about["created_at"] + request.dice.number("wait", 1, 9)
        lines = [json.loads(line) for line in source.content.decode().splitlines() if line.strip()]
        outcomes = [_outcome(request, state, respond, line, created) for line in lines]
        outcomes.sort(key=lambda outcome: request.dice.hex(outcome["id"], 8))  # in any order, as the API warns
        batch = _finished(request, state, created, outcomes)
        state.batches[batch["id"]] = batch
    elif request.method == "GET" and request.name in state.batches:
        batch = state.batches[request.name]
        state.polls[request.name] += 1
    else:
        return error_response("batches", not_found("batches", request.name))
    return json_response(_now(batch, state.polls[batch["id"]]))


def _outcome(request: Request, state: State, respond: Respond, line: dict[str, Any], created: int) -> dict[str, Any]:
    """One line of the output or error file."""
    own = Dice(request.dice.seed, line["custom_id"])
    one = Request(line.get("method", "POST"), line["url"], line["body"], own, created + 70, request.images)
    response = respond(one, state)
    body = json.loads(response.body)
    if response.status == 501:
        raise AuthoringError(f"batch request {line['custom_id']}: {body['error']['message']}")
    return {
        "id": "batch_req_" + own.hex("line", 32),
        "custom_id": line["custom_id"],
        "response": {"status_code": response.status, "request_id": own.hex("batch request", 32), "body": body},
        "error": None,
    }


def _finished(request: Request, state: State, created: int, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """The batch as it will be in the end; writes its files."""
    dice, name = request.dice, batch_id(request.dice, created)
    good = [outcome for outcome in outcomes if outcome["response"]["status_code"] == 200]
    bad = [outcome for outcome in outcomes if outcome["response"]["status_code"] != 200]
    begun = created + dice.number("begun", 55, 65)
    done = begun + dice.number("done", 10, 20) + len(outcomes)

    def written(kind: str, outcomes: list[dict[str, Any]]) -> str | None:
        content = "".join(compact(outcome) + "\n" for outcome in outcomes).encode()
        file_name = f"{name}_{kind}.jsonl"
        return _keep(state, dice, kind, file_name, content, "batch_output", done)["id"] if outcomes else None

    return {
        "id": name,
        "object": "batch",
        "endpoint": request.body["endpoint"],
        "model": next((outcome["response"]["body"].get("model") for outcome in good), None),
        "errors": None,
        "input_file_id": request.body["input_file_id"],
        "completion_window": request.body.get("completion_window", "24h"),
        "status": "completed",
        "output_file_id": written("output", good),
        "error_file_id": written("error", bad),
        "created_at": created,
        "in_progress_at": begun,
        "expires_at": created + DAY,
        "finalizing_at": done,
        "completed_at": done + 1,
        **NEVER,
        "request_counts": {"total": len(outcomes), "completed": len(good), "failed": len(bad)},
        "usage": _usage([outcome["response"]["body"].get("usage") or {} for outcome in good]),
        "metadata": request.body.get("metadata"),
    }


def _now(finished: dict[str, Any], polls: int) -> dict[str, Any]:
    """The batch after so many polls."""
    step = STEPS[min(polls, len(STEPS) - 1)]
    if step == "completed":
        return finished
    good, bad = finished["request_counts"]["completed"], finished["request_counts"]["failed"]
    done = good + bad if step == "finalizing" else (good + bad) * max(polls - 1, 0) // STEPS.count("in_progress")
    failed = min(bad, max(done - good, 0))
    now = {**finished, "status": step, "output_file_id": None, "error_file_id": None, "completed_at": None}
    now |= {"request_counts": {"total": good + bad, "completed": done - failed, "failed": failed}, "usage": _usage([])}
    now |= {} if step == "finalizing" else {"finalizing_at": None}
    if step == "validating":
        now |= {"model": None, "in_progress_at": None, "request_counts": {"total": 0, "completed": 0, "failed": 0}}
    return now


def _usage(each: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum over the requests, by the names of the Responses API."""
    totals = Counter()
    for usage in each:
        for name, value in usage.items():  # Chat Completions has other names for the two sides
            name = name.replace("prompt", "input").replace("completion", "output")
            totals.update(value if isinstance(value, dict) else {name: value})
    return {
        **{name: totals[name] for name in ("input_tokens", "output_tokens", "total_tokens")},
        "input_tokens_details": {"cached_tokens": totals["cached_tokens"]},
        "output_tokens_details": {"reasoning_tokens": totals["reasoning_tokens"]},
    }
