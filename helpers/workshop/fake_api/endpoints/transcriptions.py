"""POST /v1/audio/transcriptions and /translations: the authored transcript in the format that was asked for."""

from __future__ import annotations

import math
from typing import Any

from .. import usage as counting
from ..pace import Pace, Ticks, fixed_ms
from ..request import Asked
from ..script import AuthoringError, Entry
from ..wire import Reply, compact, json_reply, stream_reply

TIMED = "Times of words and segments that nobody wrote down are spread over the sound by the length of the text."
SCORES = "Scores of segments are placeholders."


def answer(asked: Asked, entry: Entry) -> Reply:
    """Answers a transcription from an entry. Raises AuthoringError when the length of the sound is unknown."""
    said, form = entry.answer.get("say"), asked.body.get("response_format", "json")
    if not isinstance(said, str) or not asked.uploads:
        raise AuthoringError(f"{entry.source}: a transcription needs an uploaded file and one text in `say`")
    text, seconds = " ".join(said.split()), _seconds(asked, entry)
    usage = {"type": "duration", "seconds": math.ceil(seconds)}
    elapsed = fixed_ms(asked.dice, "transcriptions") + round(seconds * 40)
    segments = _segments(entry, text, seconds)
    if form in ("text", "srt", "vtt"):
        body = {"text": lambda: text + "\n", "srt": lambda: _srt(segments), "vtt": lambda: _vtt(segments)}[form]()
        headers = {"content-type": "text/plain; charset=utf-8"}
        return Reply(body=body.encode(), headers=headers, elapsed_ms=elapsed, basis=_basis(entry, form))
    if form == "verbose_json":
        value = _verbose(asked, entry, text, seconds, segments) | {"usage": usage}
        return json_reply(asked.api, value, elapsed_ms=elapsed, basis=counting.basis(_basis(entry, form), [SCORES]))
    if asked.streamed:
        return _stream(asked, entry, text)
    return json_reply(asked.api, {"text": text, "usage": usage}, elapsed_ms=elapsed, basis=entry.basis)


def _seconds(asked: Asked, entry: Entry) -> float:
    seconds = entry.answer.get("seconds") or counting.seconds_of(asked.uploads[0]["content"])
    if seconds is None:
        raise AuthoringError(f"{entry.source}: the length of {asked.files[0]} is unknown; give `seconds`")
    return float(seconds)


def _basis(entry: Entry, form: str) -> str:
    return counting.basis(entry.basis, [] if form == "text" or "segments" in entry.answer else [TIMED])


def _segments(entry: Entry, text: str, seconds: float) -> list[tuple[float, float, str]]:
    """(start, end, text) in seconds: as authored, or one segment over all of the sound."""
    authored = entry.answer.get("segments")
    return (
        [(float(start), float(end), str(words)) for start, end, words in authored]
        if authored
        else [(0.0, seconds, text)]
    )


def _words(entry: Entry, segments: list[tuple[float, float, str]]) -> list[dict[str, Any]]:
    """Word timings: as authored, or spread over each segment."""
    if authored := entry.answer.get("words"):
        return [{"word": str(word), "start": float(start), "end": float(end)} for word, start, end in authored]
    timed = []
    for start, end, text in segments:
        pace, at = (end - start) / max(len(text), 1), start
        for word in text.split():
            timed.append(
                {
                    "word": word.strip('.,;:!?"“”'),
                    "start": round(at, 2),
                    "end": round(at + len(word) * pace, 2),
                }
            )
            at += (len(word) + 1) * pace
    return timed


def _verbose(
    asked: Asked, entry: Entry, text: str, seconds: float, segments: list[tuple[float, float, str]]
) -> dict[str, Any]:
    wanted = asked.body.get("timestamp_granularities") or ["segment"]
    task = "translate" if asked.api == "translations" else "transcribe"
    value: dict[str, Any] = {
        "task": task,
        "language": entry.answer.get("language", "english"),
        "duration": seconds,
        "text": text,
    }
    if "word" in wanted:
        value["words"] = _words(entry, segments)
    if "segment" in wanted:
        value["segments"] = [_segment(n, *segment) for n, segment in enumerate(segments)]
    return value


def _segment(number: int, start: float, end: float, text: str) -> dict[str, Any]:
    return {
        "id": number,
        "seek": 0,
        "start": start,
        "end": end,
        "text": " " + text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.25,
        "compression_ratio": 1.0,
        "no_speech_prob": 0.01,
    }


def _srt(segments: list[tuple[float, float, str]]) -> str:
    blocks = [
        f"{n}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{text}\n"
        for n, (start, end, text) in enumerate(segments, 1)
    ]
    return "\n".join(blocks) + "\n\n"


def _vtt(segments: list[tuple[float, float, str]]) -> str:
    blocks = [f"{_clock(start, '.')} --> {_clock(end, '.')}\n{text}\n" for start, end, text in segments]
    return "WEBVTT\n\n" + "\n".join(blocks) + "\n"


def _clock(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"


def _stream(asked: Asked, entry: Entry, text: str) -> Reply:
    """Text events token by token; the last one counts no usage, since gpt-transcribe is billed by the second."""
    pace = Pace(asked.dice, "transcriptions", entry.answer.get("pace"))
    ticks, events = Ticks(pace), []
    for piece, _ in counting.spoken(counting.cut(text, asked.model)):
        ticks.spoken()
        events.append(ticks.at(f"data: {compact({'type': 'transcript.text.delta', 'delta': piece})}\r\n\r\n"))
    events.append(ticks.at(f"data: {compact({'type': 'transcript.text.done', 'text': text})}\r\n\r\n"))
    events.append(ticks.at("data: [DONE]\r\n\r\n"))
    return stream_reply(events, elapsed_ms=pace.first_ms, basis=entry.basis)
