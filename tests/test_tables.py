"""Tables: the same in text and HTML, aligned, and marked up for screen readers."""

import xml.etree.ElementTree as ElementTree

import pytest

from helpers.tables import Link, Table


def table():
    rows = [["the", 1, "$0.10"], ["안녕", 1200, None]]
    return Table(["word", "tokens", "price"], rows, "Words <&> tokens", "As of today")


def test_text_is_aligned_by_display_width():
    assert repr(table()).split("\n") == [
        "Words <&> tokens",
        "word  tokens  price",
        "----  ------  -----",
        "the        1  $0.10",
        "안녕   1,200      –",
        "As of today",
    ]


def test_html_is_well_formed_and_accessible():
    root = ElementTree.fromstring(table()._repr_html_())
    assert root.find("caption").text == "Words <&> tokens"
    assert [cell.get("scope") for cell in root.find("thead/tr")] == ["col"] * 3
    body = root.findall("tbody/tr")
    assert [row[0].tag for row in body] == ["th", "th"]
    assert [row[0].get("scope") for row in body] == ["row", "row"]
    assert [cell.text for cell in body[1]] == ["안녕", "1,200", "–"]
    assert [cell.get("align") for cell in body[0]] == ["left", "right", "right"]
    assert root.find("tfoot/tr/td").text == "As of today"


def test_a_column_with_words_stays_on_the_left():
    root = ElementTree.fromstring(Table(["a", "b"], [["x", "12"], ["y", "only with effort none"]])._repr_html_())
    assert [cell.get("align") for cell in root.find("thead/tr")] == ["left", "left"]
    assert root.find("caption") is None


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="3 cells under 2 columns"):
        Table(["a", "b"], [[1, 2, 3]])


def test_a_link_leads_somewhere_in_html_and_is_its_text_elsewhere():
    linked = Table(["a", "b"], [[Link("x & y", 'page.ipynb#A-"b"'), 1]])
    [anchor] = ElementTree.fromstring(linked._repr_html_()).findall("tbody/tr/th/a")
    assert (anchor.text, anchor.get("href"), anchor.get("target")) == ("x & y", 'page.ipynb#A-"b"', "_blank")
    assert repr(linked).split("\n")[-1] == "x & y  1"
