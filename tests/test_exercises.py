"""Every exercise of every lesson: its check tells untouched starter, wrong answers and solution apart."""

import pytest
from fake_course import SOURCE, WRONG, make

from helpers.workshop.lessons import written_lessons
from helpers.workshop.notebooks import exercises
from helpers.workshop.notebooks.cells import compose

REPLAY = {"COURSE_MODE": "replay", "COURSE_PACE": "0"}


def problems(lesson):
    return exercises.find(lesson, compose(lesson))[1] + exercises.run(lesson, REPLAY)


@pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.stem)
def test_exercises_of(lesson):
    assert problems(lesson) == []


def test_a_good_exercise_has_no_problems(tmp_path):
    assert problems(make(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total = ...", "total = 5", "untouched: the check says 'passed', expected 'untouched'"),
        ("total = 2 + 3", "total = 2 * 3", "solution: the check says 'hint', expected 'passed'"),
        ("total == 5, ", "total > 5, ", "multiplied: the check says 'passed', expected 'hint'"),
        ("Two and three are five", "Look again", "does not contain 'are five'"),
        ("<summary>Solution</summary>", "<summary>Answer</summary>", "needs a folded Solution"),
        ("<summary>Hint</summary>", "<summary>Help</summary>", "needs a folded Hint"),
        ('tags=["check-1"]', "", "after it one tagged check-1"),
        ('check.exercise("0.1"', 'check.exercise("1.1"', 'must begin: with check.exercise("0.1"'),
    ],
)
def test_a_bad_exercise_is_found(tmp_path, old, new, problem):
    assert old in SOURCE
    found = problems(make(tmp_path, SOURCE.replace(old, new)))
    assert any(problem in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("", "exercise 1 needs a wrong answer in tests/wrong_answers/00.py"),
        (
            WRONG.replace("exercise 1: multiplied", "exercise 4: multiplied"),
            "an exercise 4, which the lesson does not have",
        ),
        (WRONG.replace("# raises: ZeroDivisionError\n", ""), "raised ZeroDivisionError, expected None"),
    ],
)
def test_bad_wrong_answers_are_found(tmp_path, wrong, problem):
    found = problems(make(tmp_path, wrong=wrong))
    assert any(problem in sentence for sentence in found), found


def test_a_wrong_answer_without_a_hint_is_refused(tmp_path):
    lesson = make(tmp_path, wrong=WRONG.replace("# hint: are five\n", ""))
    with pytest.raises(ValueError, match="each cell begins"):
        exercises.find(lesson, compose(lesson))


def test_a_lesson_with_too_few_exercises_is_found(tmp_path):
    lesson = make(tmp_path, SOURCE.replace('tags=["exercise-1"]', ""))
    assert exercises.find(lesson, compose(lesson))[1][0] == "has 0 exercises; 1 are wanted"


def test_what_a_lesson_suggests_to_try_is_run_after_it(tmp_path):
    lesson = make(tmp_path)
    lesson.tries.parent.mkdir(parents=True)
    good = "# %% one more\ntotal + 1\n\n# %% by nothing\n# raises: ZeroDivisionError\n1 / 0\n"
    lesson.tries.write_text(good, encoding="utf-8")
    assert problems(lesson) == []
    lesson.tries.write_text(good.replace("total + 1", "1 / 0").replace("# raises: ZeroDivisionError\n", ""))
    found = problems(lesson)
    assert [sentence.partition(":")[0] for sentence in found] == ["try it, one more", "try it, by nothing"]
