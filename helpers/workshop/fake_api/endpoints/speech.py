"""POST /v1/audio/speech: sound from a file that the answers name, or from whoever speaks."""

from __future__ import annotations

from ..pace import fixed_ms
from ..request import Asked
from ..script import AuthoringError, Entry
from ..state import State
from ..wire import Reply, made_by

TYPES = {name: f"audio/{name}" for name in ("wav", "opus", "aac", "flac", "pcm")} | {"mp3": "audio/mpeg"}


def answer(asked: Asked, entry: Entry | None, state: State) -> Reply:
    """Answers a speech request. Raises AuthoringError when there is neither file nor speaker."""
    if asked.body.get("stream_format") == "sse":
        raise AuthoringError("speech as server-sent events is not built; take the sound itself")
    wanted = asked.body.get("response_format", "mp3")
    sound, basis = speak(entry, state, asked.user, asked.body.get("voice", "alloy"), wanted)
    elapsed = fixed_ms(asked.dice, "speech")
    return Reply(body=sound, headers={"content-type": TYPES[wanted]}, elapsed_ms=elapsed, basis=basis)


def speak(entry: Entry | None, state: State, text: str, voice: str, wanted: str) -> tuple[bytes, str]:
    """Sound and its basis.

    Args:
        entry: an entry with `media`, or None.
        state: its `speak` speaks where there is no file.
        text: what is said.
        voice: one of the API's voices.
        wanted: "mp3", "wav", "opus", "aac", "flac" or "pcm" (24 kHz, 16 bit, mono).
    """
    if entry and "media" in entry.answer:
        return (entry.folder / entry.answer["media"]).read_bytes(), entry.basis
    if state.speak is None:
        raise AuthoringError("speech needs `media` in the answers, or an upstream with `speak=`")
    return state.speak(text, voice, wanted), made_by(state.speak, "Spoken")
