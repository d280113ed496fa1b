"""The ladder: how a call is answered without a key."""

from __future__ import annotations

import time
from typing import Any

from . import note
from .exchange import Call
from .http import sse
from .recordings import DamagedRecording, Recordings


def replay(call: Call, recordings: Recordings, pace: float, latency: float) -> None:
    """Answers a call from the recordings, or says what is missing.

    Args:
        call: the request.
        recordings: those of the lesson.
        pace: speed factor of streams: 1 as recorded, 0 at once.
        latency: factor of the recorded time that answers which are not streams wait.
    """
    handler, exchange = call.handler, call.exchange
    try:
        recording = recordings.next(exchange.request)
    except DamagedRecording as error:
        call.refuse("miss", note.STATUS, "damaged_recording", str(error))
        return
    if recording is None:
        exchange.status, exchange.source = note.STATUS, "miss"
        exchange.answer = note.body(exchange.request, recordings)
        handler.send_json(exchange.status, exchange.answer, {"x-should-retry": "false"})
        return
    response = recording["response"]
    exchange.status, exchange.source, exchange.origin = (
        response["status"],
        "recording",
        recording["origin"],
    )
    exchange.headers = {**response["headers"], **call.extra}
    if "events" in response:
        _replay_stream(call, response, pace)
        return
    if latency:
        time.sleep(response.get("elapsed_ms", 0) / 1000 * latency)
    if "json" in response:
        exchange.answer = response["json"]
        handler.send_json(exchange.status, exchange.answer, exchange.headers)
    else:
        body = response["body"].read_bytes() if "body" in response else response["text"].encode()
        handler.send_bytes(exchange.status, body, exchange.headers)


def _replay_stream(call: Call, response: dict[str, Any], pace: float) -> None:
    handler, exchange, fault = call.handler, call.exchange, call.fault
    events = response["events"]
    cut = fault is not None and fault.kind == "drop-stream" and fault.events < len(events)
    if cut:
        events = events[: fault.events]
    # Noted before it is sent: how far a client that leaves has read depends on the clock, and the log must not.
    exchange.answer = [data for _, data, *_ in events]
    handler.start_stream(exchange.status, exchange.headers)
    began = time.monotonic()
    for t_ms, data, *name in events:
        if pace and (wait := began + t_ms / 1000 * pace - time.monotonic()) > 0:
            time.sleep(wait)
        handler.send_chunk(sse(data, *name))
    if cut:
        handler.hang_up()
    else:
        handler.end_stream()
