"""A transcript beside its script: the words that differ, and a control that shows recordings one by one."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from .. import widgets
from ..recipes import sound

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Words = Callable[[str], list[str]]


@dataclass(frozen=True)
class Recording:
    """A recording whose words are known.

    Attributes:
        file: sound for the player; beside it lies the same sound as WAV, for the figure.
        script: what is said in it.
        said: its transcript.
    """

    file: Path
    script: str
    said: str


def differences(script: Sequence[str], said: Sequence[str]) -> list[tuple[str, str]]:
    """Where two lists of words differ: (words of the script, words of the transcript), "" for none."""
    steps = Levenshtein.opcodes(script, said)
    return [
        (" ".join(script[step.src_start : step.src_end]), " ".join(said[step.dest_start : step.dest_end]))
        for step in steps
        if step.tag != "equal"
    ]


def marked(script: Sequence[str], said: Sequence[str]) -> str:
    """The script in HTML, each difference marked with a colour and with words."""
    parts = []
    for step in Levenshtein.opcodes(script, said):
        meant = html.escape(" ".join(script[step.src_start : step.src_end]))
        heard = html.escape(" ".join(said[step.dest_start : step.dest_end]))
        if step.tag == "equal":
            parts.append(meant)
        elif not heard:
            parts.append(_mark(f"[missing: {meant}]"))
        elif not meant:
            parts.append(_mark(f"[added: {heard}]"))
        else:
            parts.append(_mark(f"[{meant}, heard as: {heard}]"))
    return " ".join(parts)


def panel(recordings: Mapping[str, Recording], words: Words) -> widgets.Demo:
    """A list of recordings; below it the waveform, a player, the transcript, and the script with its differences.

    Args:
        recordings: what to choose from, by name.
        words: cuts a text into the words that are compared.
    """

    def draw(recording: str) -> tuple[Figure, str]:
        chosen = recordings[recording]
        clip = sound.read(chosen.file.with_suffix(".wav"))
        script, said = words(chosen.script), words(chosen.said)
        wrong = Levenshtein.distance(script, said)
        return sound.waveform({"": clip}, recording), (
            f"{sound.player(chosen.file, chosen.script)}"
            f"<p><b>Transcript:</b> {html.escape(chosen.said)}</p>"
            f'<p style="line-height: 1.6"><b>Compared:</b> {marked(script, said)}</p>'
            f"<p><b>Word error rate: {wrong} / {len(script)} = {wrong / len(script):.0%}</b></p>"
        )

    return widgets.live_figure(
        draw,
        "A list of recordings that shows the waveform, a player, the transcript and the differences of each.",
        recording=widgets.choice("Recording", list(recordings), help="Shows another recording."),
    )


def _mark(text: str) -> str:
    return f'<mark style="background: #ffe1a8; color: black">{text}</mark>'
