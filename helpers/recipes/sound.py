"""Sound in a lesson: read it, see it, hear it, and join pieces of it. Sound is WAV or PCM of 16 bit.

Formats that compress, such as MP3, can be played here and not read: that would take a further library.
"""

from __future__ import annotations

import base64
import html
import io
import os
import re
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from IPython.display import display

from .. import plots
from ..setup.errors import CourseError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RATE = 24_000  # samples a second of the API's PCM
MIME = {"mp3": "audio/mpeg", "wav": "audio/wav", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac"}

# The end of a sentence: its mark, quotes or brackets that close, and white space, or a mark that needs none.
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』]*\s*")
_SPACE = re.compile(r"\s+")


class SoundError(CourseError, ValueError):
    """Sound that cannot be read, joined or played; the message says why and what to do."""


@dataclass(frozen=True)
class Sound:
    """Sound of one channel.

    Attributes:
        samples: array of int16, one value for each moment.
        rate: samples a second.
    """

    samples: np.ndarray
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def read(source: str | os.PathLike[str] | bytes) -> Sound:
    """Reads a WAV file, or the bytes of one; two channels become one.

    The length is that of the samples which are there: the header of a WAV that was streamed doesn't know it.

    Raises:
        SoundError: the sound isn't a WAV of 16 bit.
        OSError: there is no such file.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        with wave.open(io.BytesIO(content)) as reader:
            channels, width, rate = reader.getnchannels(), reader.getsampwidth(), reader.getframerate()
            frames = reader.readframes(reader.getnframes())
    except (wave.Error, EOFError):
        raise SoundError('This isn\'t a WAV file. Ask the API for response_format="wav".') from None
    if width != 2:
        raise SoundError(f"This WAV has {8 * width} bits a sample; only 16 can be read here.")
    samples = pcm(frames[: len(frames) - len(frames) % (2 * channels)], rate).samples
    if channels > 1:
        samples = samples.reshape(-1, channels).mean(axis=1).round().astype(np.int16)
    return Sound(samples, rate)


def pcm(content: bytes, rate: int = RATE) -> Sound:
    """Sound from bare samples (16 bit, little-endian, one channel), as response_format="pcm" gives them.

    Raises:
        SoundError: half a sample is left over.
    """
    if len(content) % 2:
        raise SoundError("PCM of 16 bit has an even number of bytes; this has an odd one and may be cut off.")
    return Sound(np.frombuffer(content, dtype="<i2").astype(np.int16), rate)


def wav(sound: Sound) -> bytes:
    """The content of a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sound.rate)
        writer.writeframes(sound.samples.astype("<i2").tobytes())
    return buffer.getvalue()


def join(sounds: Sequence[Sound], pause: float = 0.25, fade: float = 0.005) -> Sound:
    """One sound after the other, without clicks.

    A click is a jump from one sample to the next. So each piece rises from silence and falls back to it.

    Args:
        sounds: the pieces, of one rate.
        pause: seconds of silence between two pieces.
        fade: seconds that rising and falling take.

    Raises:
        SoundError: there are no pieces, or their rates differ.
    """
    if len({sound.rate for sound in sounds}) != 1:
        raise SoundError("Joining needs at least one piece, and the same rate in all of them.")
    rate = sounds[0].rate
    silence = np.zeros(round(pause * rate), dtype=np.int16)
    parts = []
    for sound in sounds:
        length = min(round(fade * rate), len(sound.samples) // 2)
        shape = np.ones(len(sound.samples))
        shape[:length] = np.linspace(0, 1, length, endpoint=False)
        shape[len(shape) - length :] = shape[:length][::-1]
        parts += [silence, (sound.samples * shape).round().astype(np.int16)]
    return Sound(np.concatenate(parts[1:]), rate)


def split(text: str, limit: int = 4096) -> list[str]:
    """Cuts a text into pieces that joined give the text again, each as long as the limit allows.

    Cuts fall after a sentence; in a sentence above the limit after a word; in such a word anywhere.

    Args:
        text: any text.
        limit: characters in one piece, at most.

    Raises:
        ValueError: the limit is below 1.
    """
    if limit < 1:
        raise ValueError(f"A piece needs room for at least 1 character, not {limit}.")
    pieces = []
    while len(text) > limit:
        ends = [[found.end() for found in mark.finditer(text, 0, limit)] for mark in (_SENTENCE, _SPACE)]
        cut = max(ends[0] or ends[1] or [limit])
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def waveform(sounds: Mapping[str, Sound], title: str, start: float = 0, end: float | None = None) -> Figure:
    """A figure with a row for each sound, from `start` to `end` in seconds; show it with `plots.show`."""
    last = max(sound.seconds for sound in sounds.values()) if end is None else end
    figure, plot = plots.axes(title, "time (seconds)", "amplitude", height=1.3 + 0.9 * len(sounds))
    with plots.style():
        for row, sound in enumerate(sounds.values()):
            first, stop = round(start * sound.rate), round(last * sound.rate)
            values = sound.samples[first:stop] / 32_768
            step = max(1, (stop - first) // 1200)  # each column of the picture shows lowest and highest
            edges = np.arange(0, len(values), step)
            times, middle = start + edges / sound.rate, -2.2 * row
            if step == 1:
                plot.plot(times, middle + values, color=plots.COLOURS[0], linewidth=1.2)
            elif len(edges):
                low, high = np.minimum.reduceat(values, edges), np.maximum.reduceat(values, edges)
                plot.fill_between(times, middle + low, middle + high, color=plots.COLOURS[0], linewidth=0.6)
            plot.axhline(middle, color=plots.INK, linewidth=0.5)
        plot.set(xlim=(start, last), ylim=(-2.2 * (len(sounds) - 1) - 1.1, 1.1))
        plot.locator_params(axis="x", nbins=6)
        plot.set_yticks([-2.2 * row for row in range(len(sounds))], list(sounds))
    return figure


def play(source: str | os.PathLike[str] | Sound, words: str, label: str = "Spoken") -> None:
    """Shows a player and below it the words, for people who can't hear it and pages that can't play it.

    Args:
        source: a sound, or a file in a format that browsers play; its content goes into the notebook. Of a sound
            every two samples become one, which is enough to hear speech and halves the notebook.
        words: what is said, or what a program heard.
        label: which of the two; it comes before the words.

    Raises:
        SoundError: there is no player for files with this ending.
        OSError: there is no such file.
    """
    text = f'Sound: "{words}"'
    display({"text/html": player(source, words, label), "text/plain": text}, raw=True)


def player(source: str | os.PathLike[str] | Sound, words: str, label: str = "Spoken") -> str:
    """The same as HTML, for a widget. Arguments and errors as in `play`."""
    if isinstance(source, Sound):
        pairs = source.samples[: len(source.samples) // 2 * 2].reshape(-1, 2)
        content, form = wav(Sound(pairs.mean(axis=1).astype(np.int16), source.rate // 2)), "wav"
    else:
        form = Path(source).suffix.lower().removeprefix(".")
        if form not in MIME:
            raise SoundError(f"There is no player for {Path(source).name}. Formats: {', '.join(MIME)}.")
        content = Path(source).read_bytes()
    data = f"data:{MIME[form]};base64,{base64.b64encode(content).decode('ascii')}"
    caption = f"<p>{label}: <em>{html.escape(words)}</em></p>"
    return f'<audio controls preload="metadata" src="{data}" aria-label="Player"></audio>{caption}'
