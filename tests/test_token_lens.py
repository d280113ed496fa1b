"""The token lens: every token once, borders that show without colour, and prices worked out by hand."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from helpers import models, tokens, widgets
from helpers.demos import token_lens

TEXTS = ["Hello, world!", "naïve 🦜\n\tcafé", "안녕하세요", "<b>&amp;</b>", "  two  spaces  ", ""]


def spans(text, model=models.FLAGSHIP):
    return ElementTree.fromstring(token_lens.MarkedTokens(text, model)._repr_html_()).findall("span")


@pytest.mark.parametrize("text", TEXTS)
def test_each_token_has_a_span_with_its_id(text):
    titles = [span.get("title") for span in spans(text)]
    assert titles == [f"token {n}, id {id}" for n, id in enumerate(tokens.encode(text), 1)]


@pytest.mark.parametrize("text", TEXTS)
def test_the_spans_show_the_whole_text(text):
    shown = "".join("".join(span.itertext()) for span in spans(text))
    if "🦜" not in text:  # a character that tokens cut shows as bytes
        assert shown.replace("·", " ").replace("↵", "").replace("⇥", "") == text
    assert token_lens.bars(tokens.pieces(text)).replace("|", "") == shown


def test_neighbours_differ_in_brightness_and_underline():
    looks = [(re.search("background: (#......)", span.get("style"))[1], span.find("ins") is not None)
             for span in spans("one two three four")]  # fmt: skip
    assert len(looks) == 4 and looks[0] == looks[2] != looks[1] == looks[3]
    brightness = [sum(bytes.fromhex(colour[1:])) for colour, _ in looks[:2]]
    assert brightness[0] - brightness[1] > 60 and [underlined for _, underlined in looks[:2]] == [False, True]
    assert all("color: #111" in span.get("style") for span in spans("one two"))


def test_plain_text_has_bars_between_tokens():
    assert repr(token_lens.MarkedTokens("Hello, world!")) == "Hello|,|·world|!"
    assert repr(token_lens.MarkedTokens("a\nb")).replace("|", "") == "a↵\nb"
    assert repr(token_lens.MarkedTokens("")) == ""


def test_a_character_in_pieces_shows_its_bytes():
    assert token_lens.bars(tokens.pieces("🦜")).replace("|", "") == r"\xf0\x9f\xa6\x9c"


def test_the_table_is_the_lens_without_a_browser():
    [hello, word] = token_lens.table(["Hello, world!", " extraordinary"]).rows
    assert hello == ["Hello,·world!", "Hello|,|·world|!", "4", "13225 11 2375 0"]
    assert word[:3] == ["·extraordinary", "·extraordinary", "1"]


def test_the_summary_counts_and_prices():
    # 4 tokens of 13 characters; 1,000 times 4 tokens at $1.75 and $14 for a million.
    line = token_lens.summary("Hello, world!", "gpt-5.2")
    assert line.startswith("4 tokens in 13 characters (3.2 characters per token).")
    assert "1,000 such prompts cost $0.007 and 1,000 such answers cost $0.056" in line
    assert "estimate" not in line and "estimate" in token_lens.summary("x", "gpt-6-luna")
    assert token_lens.summary("x").startswith("1 token in 1 character (1.0")
    assert token_lens.summary("").startswith("0 tokens in 0 characters. On")
    assert "answers" not in token_lens.summary("x", models.EMBEDDING)


def test_a_long_text_is_cut_and_says_so():
    long = token_lens.MarkedTokens("word " * (token_lens.MOST + 500))
    assert len(spans(long.text)) == token_lens.MOST
    left = len(tokens.encode(long.text)) - token_lens.MOST
    said = f"… and {left:,} more tokens"
    assert repr(long).endswith(said) and said in long._repr_html_()


def test_the_box_and_the_list_move_what_is_shown():
    demo = token_lens.live("Hello")
    assert isinstance(demo, widgets.Demo) and demo.description.endswith(".")
    shown = demo.widget.children[-1]
    assert "1 token in 5 characters" in shown.value
    demo.controls["text"].value = "<script>alert(1)</script> 안녕하세요"
    assert "<script" not in shown.value and "&lt;" in shown.value
    before = shown.value
    demo.controls["model"].value = models.SMALL
    assert shown.value != before and "estimate" in shown.value
    demo.controls["model"].value = models.EMBEDDING
    ids = " ".join(map(str, tokens.encode(demo.controls["text"].value, models.EMBEDDING)))
    assert f"Ids: {ids}<" in shown.value
    demo.controls["text"].value = ""
    assert "Ids: none" in shown.value
