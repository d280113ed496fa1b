"""The catalogue that lesson 14 searches: it speaks of lessons and headings that exist, and its questions of it."""

import json
import re
from collections import Counter

import pytest

from helpers.workshop.lessons import ROOT, all_lessons

CATALOGUE = json.loads((ROOT / "data" / "lessons" / "14" / "catalogue.json").read_text(encoding="utf-8"))
QUESTIONS = json.loads((ROOT / "data" / "lessons" / "14" / "catalogue_questions.json").read_text(encoding="utf-8"))
LESSONS = {lesson.number: lesson for lesson in all_lessons()}
TITLES = [entry["title"] for entry in CATALOGUE]
CLAIMS = [entry for entry in CATALOGUE if entry.get("heading", True)]


def headings(lesson):
    """The headings of a lesson's source below its title."""
    return re.findall(r"^# #{2,} (.+?)\s*$", lesson.source.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_lesson_has_entries_and_every_entry_a_lesson():
    assert {entry["lesson"] for entry in CATALOGUE} == set(LESSONS)
    assert [entry["lesson"] for entry in CATALOGUE] == sorted(entry["lesson"] for entry in CATALOGUE)


def test_entries_are_whole_and_their_titles_unique():
    assert all(set(entry) - {"heading"} == {"lesson", "title", "text"} for entry in CATALOGUE)
    assert all(entry.get("heading", True) in (True, False) for entry in CATALOGUE)
    assert all(entry["text"].endswith(".") and 5 <= len(entry["text"].split()) <= 40 for entry in CATALOGUE)
    assert [title for title, count in Counter(TITLES).items() if count > 1] == []
    assert 80 <= len(CATALOGUE) <= 100


@pytest.mark.parametrize("number", sorted({entry["lesson"] for entry in CLAIMS}))
def test_headings_stand_in_the_lesson(number):
    if not LESSONS[number].source.is_file():
        pytest.skip(f"lesson {number} is not written yet")
    wanted = {entry["title"] for entry in CLAIMS if entry["lesson"] == number}
    assert wanted - set(headings(LESSONS[number])) == set()


def test_there_are_thirty_questions_with_answers_in_the_catalogue():
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS) == 30
    assert all(question["answers"] and set(question["answers"]) <= set(TITLES) for question in QUESTIONS)


def test_questions_are_of_the_kind_that_they_say():
    """Exact ones name something that stands in a right entry letter by letter; the others do not."""
    texts = {entry["title"]: f"{entry['title']}. {entry['text']}" for entry in CATALOGUE}
    name = re.compile(r"\w+_\w+|\w+-ratelimit")
    for question in QUESTIONS:
        named = name.findall(question["question"])
        assert bool(named) == (question["kind"] == "exact"), question
        right = " ".join(texts[title] for title in question["answers"])
        assert all(word in right for word in named), question
    assert min(Counter(question["kind"] for question in QUESTIONS).values()) >= 6
