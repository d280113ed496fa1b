"""POST /v1/audio/…: speech from files that the script names, and authored transcripts in the format asked for."""

from __future__ import annotations

import math
from typing import Any

from .. import usage
from ..pace import fixed_ms
from ..request import Request
from ..script import AuthoringError, Entry
from ..state import State
from ..wire import Response, json_response

TYPES = {name: f"audio/{name}" for name in ("wav", "opus", "aac", "flac", "pcm")} | {"mp3": "audio/mpeg"}
TIMED = "Times of words and segments that nobody wrote down are spread over the sound by the length of the text."
SCORES = "Scores of segments are placeholders."

Segment = tuple[float, float, str]  # start and end in seconds, text


def speech(request: Request, entry: Entry, state: State) -> Response:
    """POST /v1/audio/speech. Raises AuthoringError when the entry names no file."""
    if request.body.get("stream_format") == "sse":
        raise AuthoringError("speech as server-sent events is not built; take the sound itself")
    headers = {"content-type": TYPES[request.body.get("response_format", "mp3")]}
    return Response(body=entry.media(), headers=headers, basis=entry.basis)


def transcription(request: Request, entry: Entry, state: State) -> Response:
    """POST /v1/audio/transcriptions and /translations. Raises AuthoringError when the sound's length is unknown."""
    said, form = entry.answer.get("say"), request.body.get("response_format", "json")
    if not isinstance(said, str) or not request.uploads or request.streamed:
        raise AuthoringError(
            f"{entry.source}: a transcription is made whole, of an uploaded file and one text in `say`"
        )
    text, seconds = " ".join(said.split()), _seconds(request, entry)
    authored = entry.answer.get("segments")
    segments = [(float(a), float(b), str(words)) for a, b, words in authored or [(0.0, seconds, text)]]
    notes = [] if authored or form in ("json", "text") else [TIMED]
    elapsed = fixed_ms(request.dice, "transcriptions") + round(seconds * 40)
    if form in ("text", "srt", "vtt"):
        plain = {"text": text + "\n", "srt": _srt(segments), "vtt": _vtt(segments)}[form]
        headers = {"content-type": "text/plain; charset=utf-8"}
        return Response(body=plain.encode(), headers=headers, elapsed_ms=elapsed, basis=usage.basis(entry.basis, notes))
    value: dict[str, Any] = {"text": text}
    if form == "verbose_json":
        value = _verbose(request, entry, text, seconds, segments)
        notes.append(SCORES)
    if request.api == "transcriptions":  # a translation of 2026-07-20 came without
        value["usage"] = {"type": "duration", "seconds": math.ceil(seconds)}
    return json_response(value, elapsed_ms=elapsed, basis=usage.basis(entry.basis, notes))


def _seconds(request: Request, entry: Entry) -> float:
    seconds = entry.answer.get("seconds") or usage.seconds_of(request.uploads[0]["content"])
    if seconds is None:
        raise AuthoringError(f"{entry.source}: the length of {request.files[0]} is unknown; give `seconds`")
    return float(seconds)


def _verbose(request: Request, entry: Entry, text: str, seconds: float, segments: list[Segment]) -> dict[str, Any]:
    wanted = request.body.get("timestamp_granularities") or ["segment"]
    value: dict[str, Any] = {
        "task": "translate" if request.api == "translations" else "transcribe",
        "language": entry.answer.get("language", "english"),
        "duration": seconds,
        "text": text,
    }
    if "word" in wanted:
        value["words"] = [word for segment in segments for word in _words(*segment)]
    if "segment" in wanted:
        value["segments"] = [_segment(n, *segment) for n, segment in enumerate(segments)]
    return value


def _words(start: float, end: float, text: str) -> list[dict[str, Any]]:
    """Word timings, spread over a segment."""
    pace, at, timed = (end - start) / max(len(text), 1), start, []
    for word in text.split():
        end = round(at + len(word) * pace, 2)
        timed.append({"word": word.strip('.,;:!?"“”'), "start": round(at, 2), "end": end})
        at += (len(word) + 1) * pace
    return timed


def _segment(number: int, start: float, end: float, text: str) -> dict[str, Any]:
    scores = {"temperature": 0.0, "avg_logprob": -0.25, "compression_ratio": 1.0, "no_speech_prob": 0.01}
    return {"id": number, "seek": 0, "start": start, "end": end, "text": " " + text, "tokens": [], **scores}


def _srt(segments: list[Segment]) -> str:
    return "".join(f"{n}\n{_cue(segment, ',')}" for n, segment in enumerate(segments, 1)) + "\n"


def _vtt(segments: list[Segment]) -> str:
    return "WEBVTT\n\n" + "".join(_cue(segment, ".") for segment in segments)


def _cue(segment: Segment, point: str) -> str:
    start, end, text = segment
    return f"{_clock(start, point)} --> {_clock(end, point)}\n{text}\n\n"


def _clock(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"
