"""Makes the course's recordings of speech from a script, with the open synthesiser espeak-ng.

A script is `data/lessons/NN/voices.yaml`, its recordings are the files in `data/lessons/NN/`, which are part of the
repository: whoever runs, records or tests a lesson needs no synthesiser. Only a changed script does
(Debian: `apt install espeak-ng ffmpeg`): `python -m helpers.workshop.makers.voices 12`.

    - file: [tour.mp3, tour.wav]        # the ending is the format; mp3, wav, flac, opus, aac, pcm
      text: The market opens at seven.  # or lines: a list of {voice, text, language}, said one after the other
      voice: alloy                      # default alloy
      speed: 1.0                        # default 1.0
      language: en-us                   # default en-us
      pause: 0.4                        # seconds between lines, default 0.4
      kbps: 128                         # of a format that leaves things out; default 48, Opus 32

The named voices are espeak's own, told apart by timbre, pitch and pace. They sound nothing like OpenAI's.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import yaml

from ...setup.files import LESSONS

RATE = 24_000  # samples a second, as OpenAI's speech has

# Voice of the API: espeak's variant, pitch (0 to 99), words a minute.
VOICES: dict[str, tuple[str, int, int]] = {
    "alloy": ("f2", 42, 160),
    "ash": ("m3", 38, 160),
    "ballad": ("m7", 52, 145),
    "coral": ("f4", 58, 170),
    "echo": ("m1", 44, 155),
    "fable": ("m5", 58, 150),
    "onyx": ("m2", 18, 145),
    "nova": ("f3", 62, 170),
    "sage": ("f5", 40, 150),
    "shimmer": ("f1", 70, 165),
    "verse": ("m4", 50, 165),
    "marin": ("Annie", 50, 160),
    "cedar": ("m6", 30, 150),
    "whisper": ("whisper", 50, 150),  # no voice of the API: for answers to instructions
}
# Small files, and no time or version of the encoder in them, so that making them again changes nothing.
ENCODERS: dict[str, list[str]] = {
    "mp3": ["-codec:a", "libmp3lame", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"],
    "opus": ["-codec:a", "libopus", "-b:a", "32k", "-f", "ogg"],
    "aac": ["-codec:a", "aac", "-b:a", "48k", "-f", "adts"],
    "flac": ["-codec:a", "flac", "-f", "flac"],
    "pcm": ["-codec:a", "pcm_s16le", "-f", "s16le"],
}


class VoiceError(RuntimeError):
    """The script is not understood, or a program that speaks or encodes is missing or failed."""


def speak(text: str, voice: str = "alloy", speed: float = 1.0, language: str = "en-us") -> bytes:
    """A text as a WAV file (24 kHz, 16 bit, mono).

    Args:
        text: what is said.
        voice: a name in `VOICES`.
        speed: 1.0 is the usual pace of the voice.
        language: a language of espeak, such as "en-gb", "es" or "de".

    Raises:
        VoiceError: the voice is unknown, or espeak-ng or ffmpeg fails.
    """
    if voice not in VOICES:
        raise VoiceError(f"There is no voice {voice!r}. Voices: {', '.join(VOICES)}.")
    variant, pitch, words = VOICES[voice]
    pace = str(round(words * speed))
    manner = ["-v", f"{language}+{variant}", "-p", str(pitch), "-s", pace]
    spoken = _run(["espeak-ng", "--stdin", "--stdout", *manner], text.encode())
    level = ["-bitexact", "-af", "volume=0.8"]  # a little headroom: encoders may overshoot
    return _wav(_run(["ffmpeg", "-i", "-", *level, "-ar", str(RATE), "-ac", "1", "-f", "s16le", "-"], spoken))


def dialogue(lines: list[dict[str, Any]], speed: float = 1.0, pause: float = 0.4) -> tuple[bytes, list[float]]:
    """Lines said one after the other.

    Args:
        lines: arguments of `speak` for each line.
        speed: for the lines that have none of their own.
        pause: seconds of silence between two lines.

    Returns:
        A WAV file, and the second at which each line starts, with the end of the last.
    """
    silence = bytes(2 * round(pause * RATE))
    sound, starts = b"", []
    for number, line in enumerate(lines):
        sound += silence if number else b""
        starts.append(len(sound) / 2 / RATE)
        options: dict[str, Any] = {"speed": speed, **line}
        sound += _samples(speak(**options))
    return _wav(sound), [*starts, len(sound) / 2 / RATE]


def encode(wav: bytes, form: str, kbps: int | None = None) -> bytes:
    """A WAV file in another format: mp3, opus, aac, flac, pcm; or wav itself.

    Args:
        wav: content of the file.
        form: the format.
        kbps: kilobits for each second of mp3, opus or aac.

    Raises:
        VoiceError: the format is unknown, or ffmpeg fails.
    """
    if form == "wav":
        return wav
    if form not in ENCODERS:
        raise VoiceError(f"There is no format {form!r}. Formats: wav, {', '.join(ENCODERS)}.")
    plain = ["-bitexact", "-map_metadata", "-1", "-flags:a", "+bitexact"]
    rate = ["-b:a", f"{kbps}k"] if kbps else []
    return _run(["ffmpeg", "-f", "wav", "-i", "-", *plain, *ENCODERS[form], *rate, "-"], wav)


def make(entry: dict[str, Any], folder: Path) -> str:
    """Makes the files of one entry of a script, and says what it made. Raises VoiceError."""
    files = entry["file"] if isinstance(entry["file"], list) else [entry["file"]]
    lines = entry.get("lines") or [{"text": entry["text"]}]
    shared = {key: entry[key] for key in ("voice", "language") if key in entry}
    wav, starts = dialogue([{**shared, **line} for line in lines], entry.get("speed", 1.0), entry.get("pause", 0.4))
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).write_bytes(encode(wav, Path(name).suffix.removeprefix("."), entry.get("kbps")))
    sizes = ", ".join(f"{name} {(folder / name).stat().st_size:,} bytes" for name in files)
    return f"{sizes}; lines start at {', '.join(f'{start:.2f}' for start in starts[:-1])}, end {starts[-1]:.2f} s"


def _samples(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as reader:
        return reader.readframes(reader.getnframes())


def _wav(samples: bytes) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples)
    return buffer.getvalue()


def _run(command: list[str], data: bytes) -> bytes:
    if command[0] == "ffmpeg":
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", *command[1:]]
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=True)
    except FileNotFoundError:
        raise VoiceError(f"{command[0]} is not installed. On Debian: apt install espeak-ng ffmpeg") from None
    except subprocess.CalledProcessError as error:
        raise VoiceError(f"{command[0]}: {error.stderr.decode(errors='replace').strip()}") from None
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lesson", help="its number, such as 12")
    number = parser.parse_args(arguments).lesson
    try:
        for entry in yaml.safe_load((LESSONS / number / "voices.yaml").read_text(encoding="utf-8")):
            print(make(entry, LESSONS / number))
    except (VoiceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
