"""A transcript beside its script: differences are found, and told in words; the scripts are what is spoken."""

import re

import pytest
import yaml

from helpers.demos import word_errors
from helpers.demos.word_errors import Recording, differences, marked
from helpers.setup.files import ROOT

AUDIO = ROOT / "data" / "lessons" / "13"


@pytest.mark.parametrize(
    ("script", "said", "expected"),
    [
        ("the north quay is closed", "the north quay is closed", []),
        ("the north quay is closed", "the north key is closed", [("quay", "key")]),
        ("come at half past four", "come at four", [("half past", "")]),
        ("come at four", "please come at four", [("", "please")]),
        ("a b c", "", [("a b c", "")]),
    ],
)
def test_differences_are_replaced_missing_and_added_words(script, said, expected):
    assert differences(script.split(), said.split()) == expected


def test_each_difference_is_marked_with_words_as_well():
    text = marked("the north quay is closed today".split(), "now the north key is today".split())
    for words in ("[added: now]", "[quay, heard as: key]", "[missing: closed]"):
        assert f">{words}</mark>" in text
    assert text.count("<mark") == 3 and text.endswith("today")


def test_words_cannot_bring_html_along():
    assert "<b>" not in marked(["<b>"], ["<i>"]) and "&lt;b&gt;" in marked(["<b>"], ["<i>"])


def test_the_panel_follows_its_list():
    recordings = {
        "one": Recording(AUDIO / "harbour_radio.mp3", "a b c d", "a b c e"),
        "two": Recording(AUDIO / "german_message.mp3", "a b", "a b"),
    }
    demo = word_errors.panel(recordings, str.split)
    control, picture, caption = demo.widget.children
    before = picture.value
    assert "1 / 4 = 25%" in caption.value and "[d, heard as: e]" in caption.value and "<audio" in caption.value
    control.value = "two"
    assert picture.value != before and "0 / 2 = 0%" in caption.value and "<mark" not in caption.value


def test_the_lesson_compares_with_what_was_spoken():
    entries = yaml.safe_load((AUDIO / "voices.yaml").read_text(encoding="utf-8"))
    lesson = (ROOT / "notebooks" / "source" / "13_listen.py").read_text(encoding="utf-8")
    plain = " ".join(re.sub(r'"\s*\n\s*"', "", lesson).split())
    texts = [entry["text"] for entry in entries if isinstance(entry["file"], list)]
    assert len(texts) == 3 and all(" ".join(text.split()) in plain for text in texts)


def test_the_recordings_are_small():
    assert sum(path.stat().st_size for path in AUDIO.iterdir() if path.suffix != ".yaml") < 1_500_000
