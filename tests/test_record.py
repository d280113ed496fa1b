"""Recording replaces a lesson's recordings as a whole or not at all, and they are what the answers give."""

import json

import pytest
from fake_course import LESSON, SOURCE, make

from helpers.workshop import record
from helpers.workshop.lessons import written_lessons
from helpers.workshop.notebooks import exercises

WRITES = (
    LESSON
    + '''

import os
from pathlib import Path


def call(name):
    """Stands for a call that the course server would record."""
    folder = Path(os.environ["COURSE_RECORDINGS"]) / "00"
    (folder / f"{name}.json").write_text(os.environ["COURSE_MODE"], encoding="utf-8")
'''
)
CALLS = SOURCE.replace("# total = 2 + 3", "# lesson.call('in-solution')\n# total = 2 + 3").replace(
    "lesson.receipt()", "lesson.call('in-lesson')"
)


@pytest.fixture
def lesson(tmp_path):
    lesson = make(tmp_path, CALLS)
    (tmp_path / "helpers/lesson.py").write_text(WRITES, encoding="utf-8")
    lesson.recordings.mkdir(parents=True)
    (lesson.recordings / "old.json").write_text("old", encoding="utf-8")
    return lesson


def names(lesson):
    return sorted(path.name for path in lesson.recordings.iterdir())


def leftovers(lesson):
    return sorted(path.name for path in (lesson.root / ".cache").rglob("*"))


def test_a_complete_run_replaces_all_and_records_solutions_too(lesson):
    record.record(lesson, {})
    assert names(lesson) == ["in-lesson.json", "in-solution.json"]
    assert (lesson.recordings / "in-lesson.json").read_text(encoding="utf-8") == "record"
    assert leftovers(lesson) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lesson.call('in-lesson')", "lesson.call('in-lesson')\n1 / 0", "ZeroDivisionError"),
        ("# total = 2 + 3", "# total = 2 + 4", "solution: the check says 'hint'"),
    ],
)
def test_a_failed_run_leaves_the_old_recordings_whole(lesson, old, new, words):
    lesson.source.write_text(CALLS.replace(old, new), encoding="utf-8")
    with pytest.raises(record.NotRecorded, match=words):
        record.record(lesson, {})
    assert names(lesson) == ["old.json"]
    assert leftovers(lesson) == []


def test_an_interrupted_run_leaves_the_old_recordings_whole(lesson, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(exercises, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record.record(lesson, {})
    assert names(lesson) == ["old.json"]
    assert leftovers(lesson) == []


def test_a_lesson_that_no_longer_calls_has_no_recordings(lesson):
    lesson.source.write_text(SOURCE, encoding="utf-8")
    record.record(lesson, {})
    assert not lesson.recordings.exists()


@pytest.mark.parametrize("arrived", [True, False], ids=["after the new one arrived", "before the new one arrived"])
def test_a_swap_that_was_cut_off_is_finished_at_the_next_start(tmp_path, arrived):
    target, old = tmp_path / "05", tmp_path / "05.old"
    old.mkdir()
    (old / "x.json").write_text("old", encoding="utf-8")
    if arrived:
        target.mkdir()
        (target / "x.json").write_text("new", encoding="utf-8")
    record.mend(target, old)
    assert (target / "x.json").read_text(encoding="utf-8") == ("new" if arrived else "old")
    assert not old.exists()


def test_a_swap_whose_second_half_fails_is_undone(tmp_path):
    target = tmp_path / "05"
    target.mkdir()
    (target / "x.json").write_text("old", encoding="utf-8")
    with pytest.raises(OSError):
        record.swap(tmp_path / "never made", target, tmp_path / "05.old")
    assert (target / "x.json").read_text(encoding="utf-8") == "old"


def test_the_price_is_that_of_the_present_recordings(lesson):
    (lesson.recordings / "old.json").unlink()
    assert record.price(lesson) is None
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000, "total_tokens": 2_000_000}
    recording = {
        "request": {"method": "POST", "path": "/v1/chat/completions", "json": {"model": "gpt-5.2"}},
        "response": {"status": 200, "headers": {}, "json": {"usage": usage}},
        "origin": {"kind": "authored", "date": "2026-11-22", "basis": "made for this test"},
    }
    for number in (1, 2):
        (lesson.recordings / f"chat.0123456789ab.{number}.json").write_text(json.dumps(recording), encoding="utf-8")
    assert record.price(lesson) == pytest.approx(
        2 * (1.75 + 14)
    )  # USD: gpt-5.2 costs 1.75 in, 14 out per million tokens


def test_without_a_key_nothing_is_recorded_and_nothing_spent(monkeypatch, capsys):
    monkeypatch.setattr(record.environment, "load", lambda _: [])
    monkeypatch.setattr(record, "choose", lambda _: written_lessons()[:1])
    monkeypatch.setattr(record, "record", lambda *_: pytest.fail("it went on without a key"))
    assert record.main(["--yes"]) == 1
    assert "OPENAI_API_KEY is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(record.NotRecorded("the reason"), 1, "the reason"), (KeyboardInterrupt(), 130, "Stopped.")],
)
def test_a_run_that_ends_early_says_that_the_old_recordings_are_whole(
    lesson, monkeypatch, capsys, error, status, words
):
    def fails(*_):
        raise error

    monkeypatch.setattr(record, "choose", lambda _: [lesson])
    monkeypatch.setattr(record, "record", fails)
    monkeypatch.setattr(record.logging, "disable", lambda: None)
    assert record.main(["--authored"]) == status
    said = capsys.readouterr().err
    assert words in said and "The recordings of lesson 00 are as they were." in said


@pytest.mark.parametrize("reply", ["", "n", "no", "maybe"])
def test_only_a_yes_is_a_yes(monkeypatch, capsys, reply):
    monkeypatch.setattr(record, "choose", lambda _: [])
    monkeypatch.setattr("builtins.input", lambda _: reply)
    assert record.main([]) == 0
    assert "Nothing was recorded." in capsys.readouterr().out


@pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.stem)
def test_recordings_are_what_the_answers_give(lesson):
    if record.captured(lesson):
        pytest.skip("recorded from the API")
    assert record.differences(lesson) == []


def test_recordings_that_the_answers_do_not_give_are_found(lesson):
    (lesson.recordings / "in-lesson.json").write_text("changed by hand", encoding="utf-8")
    assert record.differences(lesson) == [
        "00/in-solution.json is missing",
        "00/old.json is not made any more",
        "00/in-lesson.json differs",
    ]
