"""Sound is read as it is, joined without clicks, shown with its words; long texts are cut without loss."""

import base64
import io
import re
import struct
import wave

import numpy as np
import pytest
import yaml

from helpers.recipes import sound
from helpers.workshop.makers import voices


def tone(seconds=0.5, rate=24_000, hertz=100.0):
    """A tone that starts and ends at its highest point: the worst case for joining."""
    times = np.arange(round(seconds * rate)) / rate
    return sound.Sound((20_000 * np.cos(2 * np.pi * hertz * times)).astype(np.int16), rate)


def jumps(sounds):
    return int(np.abs(np.diff(sounds.samples.astype(int))).max())


def wav(frames, channels=1, width=2, rate=8_000):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", ""))
        writer.writeframes(frames)
    return buffer.getvalue()


def test_what_is_written_is_read_again():
    original = tone(rate=16_000)
    again = sound.read(sound.wav(original))
    assert again.rate == 16_000 and again.seconds == 0.5
    assert np.array_equal(again.samples, original.samples)


def test_two_channels_become_their_mean():
    frames = struct.pack("<4h", 100, 300, -50, 50)
    assert sound.read(wav(frames, channels=2)).samples.tolist() == [200, 0]


def test_a_streamed_wav_has_the_length_of_its_samples():
    content = bytearray(wav(struct.pack("<3h", 1, 2, 3)))
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    assert sound.read(bytes(content)).samples.tolist() == [1, 2, 3]


def test_pcm_is_read_as_little_endian():
    assert sound.pcm(b"\x01\x00\xff\xff\x00\x80").samples.tolist() == [1, -1, -32_768]


@pytest.mark.parametrize("content", [b"", b"ID3 this is no wav at all, but an mp3", wav(b"\x01\x02", width=1)])
def test_other_sound_is_refused(content):
    with pytest.raises(sound.SoundError):
        sound.read(content)


def test_half_a_sample_is_noticed():
    with pytest.raises(sound.SoundError, match="odd"):
        sound.pcm(b"\x01\x00\x02")


def test_pieces_are_joined_without_a_click():
    pieces = [tone(), tone(), tone()]
    raw = sound.Sound(np.concatenate([np.zeros(10, np.int16), *(piece.samples for piece in pieces)]))
    joined = sound.join(pieces, pause=0.1)
    smooth = jumps(pieces[0])
    assert jumps(raw) > 10 * smooth, "the test would not hear a click"
    assert jumps(joined) < 2 * smooth
    assert joined.seconds == pytest.approx(3 * 0.5 + 2 * 0.1)
    silence = joined.samples[round(0.5 * 24_000) : round(0.6 * 24_000)]
    assert not silence.any()
    assert abs(joined.samples[0]) < 300 and abs(joined.samples[-1]) < 300


def test_joining_keeps_the_middle_of_a_piece():
    piece = tone()
    middle = slice(2_000, 10_000)
    assert np.array_equal(sound.join([piece]).samples[middle], piece.samples[middle])


@pytest.mark.parametrize("pieces", [[], [tone(), tone(rate=16_000)]])
def test_what_cannot_be_joined_is_refused(pieces):
    with pytest.raises(sound.SoundError):
        sound.join(pieces)


@pytest.mark.parametrize("length", [0, 1, 3])
def test_very_short_pieces_can_be_joined(length):
    assert len(sound.join([sound.Sound(np.ones(length, np.int16))]).samples) == length


def test_text_is_cut_after_sentences():
    text = 'One is here. "Two?" he said!  Three costs 3.50 in all.'
    assert sound.split(text, 30) == ['One is here. "Two?" he said!  ', "Three costs 3.50 in all."]
    assert sound.split("これは一つ。これは二つ。", 8) == ["これは一つ。", "これは二つ。"]


def test_a_text_within_the_limit_stays_whole():
    assert sound.split("Short.", 6) == ["Short."]
    assert sound.split("") == []


def test_a_long_sentence_is_cut_after_a_word_and_a_long_word_anywhere():
    assert sound.split("no mark in all of this", 10) == ["no mark ", "in all of ", "this"]
    assert sound.split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@pytest.mark.parametrize("limit", [1, 2, 7, 30, 200])
def test_nothing_is_lost(limit):
    text = "A tide comes. It goes!\n\nWhy? “Nobody asked.” 3.14 is pi… and\tso on" * 5
    pieces = sound.split(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_a_limit_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        sound.split("text", 0)


def test_a_waveform_has_a_row_for_each_sound_and_units():
    figure = sound.waveform({"short": tone(0.5), "long": tone(1.0)}, "Two tones")
    plot = figure.axes[0]
    assert [label.get_text() for label in plot.get_yticklabels()] == ["short", "long"]
    assert plot.get_xlabel() == "time (seconds)" and plot.get_xlim() == (0, 1.0)


def test_a_player_brings_the_words_too(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(sound, "display", lambda content, raw: shown.append(content))
    path = tmp_path / "speech.mp3"
    path.write_bytes(b"abc")
    sound.play(path, "Tea & <toast>")
    assert shown[0]["text/plain"] == 'Sound: "Tea & <toast>"'
    assert "data:audio/mpeg;base64,YWJj" in shown[0]["text/html"]
    assert "Tea &amp; &lt;toast&gt;" in shown[0]["text/html"]


def test_files_that_browsers_do_not_play_have_no_player(tmp_path):
    with pytest.raises(sound.SoundError, match=r"speech\.pcm"):
        sound.play(tmp_path / "speech.pcm", "words")


TEXTS = {".yaml", ".json", ".md", ".txt", ""}  # what else is in the folders; "": a folder


def test_every_recording_of_a_script_is_there():
    scripts = sorted(voices.LESSONS.glob("*/voices.yaml"))
    assert scripts
    for script in scripts:
        wanted = set()
        for entry in yaml.safe_load(script.read_text(encoding="utf-8")):
            assert "text" in entry or "lines" in entry
            assert {entry.get("voice", "alloy")} <= set(voices.VOICES)
            wanted |= {entry["file"]} if isinstance(entry["file"], str) else set(entry["file"])
        assert {path.name for path in script.parent.iterdir() if path.suffix not in TEXTS} == wanted


def spoken_files():
    for script in sorted(voices.LESSONS.glob("*/voices.yaml")):
        for entry in yaml.safe_load(script.read_text(encoding="utf-8")):
            names = [entry["file"]] if isinstance(entry["file"], str) else entry["file"]
            if "text" in entry:
                for name in names:
                    if name.endswith((".wav", ".pcm")):
                        yield pytest.param(script.with_name(name), entry, id=name)


@pytest.mark.parametrize("path, entry", list(spoken_files()))
def test_recorded_speech_is_as_long_as_its_words_and_not_silent(path, entry):
    content = path.read_bytes()
    heard = sound.pcm(content) if path.suffix == ".pcm" else sound.read(content)
    syllables = len(re.findall(r"[aeiouyäöüáéíóú]+", entry["text"].lower()))
    assert 2 < syllables / heard.seconds / entry.get("speed", 1) < 8  # people speak four to five syllables a second
    levels = np.abs(heard.samples.astype(int))
    assert levels.max() > 5_000 and np.mean(levels > 300) > 0.3  # loud enough, and speech for much of the time


def test_unknown_voices_and_formats_are_refused():
    with pytest.raises(voices.VoiceError, match="alloy"):
        voices.speak("Hello.", voice="nobody")
    with pytest.raises(voices.VoiceError, match="mp3"):
        voices.encode(b"", "wma")


def test_a_missing_synthesiser_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(voices.VoiceError, match="espeak-ng is not installed"):
        voices.speak("Hello.")


def test_the_player_of_a_sound_has_its_length_and_half_its_samples():
    words = sound.player(tone(0.5), "La.")
    content = base64.b64decode(words.partition("base64,")[2].partition('"')[0])
    heard = sound.read(content)
    assert heard.seconds == 0.5 and len(heard.samples) == 6_000
