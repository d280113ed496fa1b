"""The ladder: how a call is answered without a key. The first rung that can answer does.

1 recorded, as it is; 2 refused by rule; then recorded in other words that mean the same; 3 a stand-in model; 4 a note.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from typing import Any

from ..setup.endpoints import api_of
from . import embeddings, note, refusals
from .exchange import Call, Exchange
from .http import HALVES, sse
from .recordings import DamagedRecording, Recordings
from .standin import StandIn
from .standin_find import Unavailable


class Ladder:
    """The rungs under one lesson's calls.

    Args:
        recordings: those of the lesson.
        stand_in: who answers what is not recorded.
        exchanges: the log of the lesson.
    """

    def __init__(self, recordings: Recordings, stand_in: StandIn, exchanges: Sequence[Exchange]) -> None:
        self.recordings, self.stand_in, self.exchanges = recordings, stand_in, exchanges

    @functools.cached_property
    def vectors(self) -> embeddings.RecordedVectors:
        """The recorded vectors, read at the first request for others than were recorded together."""
        return embeddings.RecordedVectors(self.recordings)

    def answer(self, call: Call, pace: float, latency: float) -> None:
        """Answers a call.

        Args:
            call: the request.
            pace: speed factor of recorded streams: 1 as recorded, 0 at once.
            latency: factor of the recorded time that recorded answers which are not streams wait.
        """
        if refused := refusals.unauthorised(next(iter(call.secrets), None), call.exchange.request["path"]):
            _refuse(call, refused)
            return
        request = call.exchange.request
        try:
            recording = self.recordings.next(request)
            # The rules come before what means the same: a default is written out where the API refuses to see it.
            if recording is None and (refused := self._refusal(request)):
                _refuse(call, refused)
                return
            recording = recording or self._equivalent(request)
        except DamagedRecording as error:
            call.refuse("miss", note.STATUS, "damaged_recording", str(error))
            return
        if recording is not None:
            _replay(call, recording, pace, latency)
            return
        try:
            self.stand_in.answer(call, lambda: self.vectors, self.exchanges)
            return
        except Unavailable as error:
            problem = str(error) or None
        exchange = call.exchange
        exchange.status, exchange.source, exchange.origin = note.STATUS, "miss", None
        exchange.remark = problem or ""
        exchange.answer = note.body(request, self.recordings, problem)
        call.handler.send_json(exchange.status, exchange.answer, {"x-should-retry": "false"})

    def _refusal(self, request: dict[str, Any]) -> refusals.Refusal | None:
        """The refusal by rule, unless it is that of a name that the stand-in answers to."""
        refused = refusals.refusal(request)
        if refused and refused.rule == "unknown_model" and self.stand_in.has(request.get("json", {}).get("model")):
            return None
        return refused

    def _equivalent(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The recording of a request that means the same. Raises DamagedRecording."""
        recording = self.recordings.next_equivalent(request)
        body = request.get("json")
        if recording is None and api_of(request["path"]) == "embeddings" and isinstance(body, dict):
            recording = embeddings.recorded(body, self.vectors)
        return recording


def _replay(call: Call, recording: dict[str, Any], pace: float, latency: float) -> None:
    handler, exchange, response = call.handler, call.exchange, recording["response"]
    exchange.status, exchange.source, exchange.origin = response["status"], "recording", recording["origin"]
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
        body = response["body"].read_bytes() if "body" in response else response["text"].encode(errors=HALVES)
        handler.send_bytes(exchange.status, body, exchange.headers)


def _refuse(call: Call, refused: refusals.Refusal) -> None:
    exchange = call.exchange
    exchange.status, exchange.source, exchange.answer = refused.status, "rule", refused.body
    exchange.headers = {**refused.headers, **call.extra}
    call.handler.send_json(refused.status, refused.body, exchange.headers)


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
    if cut or response.get("broken"):  # so it was when it was recorded
        handler.hang_up()
    else:
        handler.end_stream()
