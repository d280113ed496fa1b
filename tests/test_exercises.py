"""Every lesson: its checks tell untouched starter, wrong answers and solution apart; every control does something."""

import sys
from types import ModuleType

import pytest
from fake_course import CHECKS, SOURCE, WRONG, make
from test_controls import drive

import helpers.check
import helpers.exercises as exercises_of_the_course
import helpers.widgets
from helpers import lesson as lesson_module
from helpers import progress
from helpers.setup.errors import CourseError
from helpers.workshop.lessons import written_lessons
from helpers.workshop.notebooks import exercises
from helpers.workshop.notebooks.cells import compose

# Lesson -> the fewest controls that it has to show; fewer means that the driver overlooks some.
AT_LEAST = {"02": 25, "17": 20, "18": 25, "19": 20}
REPLAY = {"COURSE_MODE": "replay", "COURSE_PACE": "0"}


def problems(lesson, then=None):
    return exercises.find(lesson, compose(lesson))[1] or exercises.run(lesson, REPLAY, then)


@pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.stem)
def test_exercises_and_controls_of(lesson, record_property):
    """One run of the lesson: its exercises, then its controls, then what it suggests to try."""

    def press(kernel, cells):
        pressed, faults = drive(kernel, cells)
        record_property("controls pressed in kernels", pressed)
        assert pressed >= AT_LEAST.get(lesson.number, 0)
        return faults

    assert problems(lesson, press) == []


def test_a_good_exercise_has_no_problems(tmp_path):
    assert problems(make(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total = ...", "total = 5", "untouched: the check says 'passed', expected 'untouched'"),
        ("total = 2 + 3", "total = 2 * 3", "solution: the check says 'hint', expected 'passed'"),
        ("<summary>Solution</summary>", "<summary>Answer</summary>", "needs a folded Solution"),
        ("<summary>Hint</summary>", "<summary>Help</summary>", "needs a folded Hint"),
        ('tags=["check-1", "furniture"]', "", "after it one tagged check-1"),
        ("check(1)", "check(2)", "must call check(1)"),
    ],
)
def test_a_bad_exercise_is_found(tmp_path, old, new, problem):
    assert old in SOURCE
    found = problems(make(tmp_path, SOURCE.replace(old, new)))
    assert any(problem in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total == 5, ", "total > 5, ", "multiplied: the check says 'passed', expected 'hint'"),
        ("Two and three are five", "Look again", "does not contain 'are five'"),
    ],
)
def test_a_bad_check_is_found(tmp_path, old, new, problem):
    found = problems(make(tmp_path, checks=CHECKS.replace(old, new)))
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


# What a learner calls


@pytest.fixture
def course(monkeypatch, tmp_path):
    """Lesson 77 with an exercise, a prediction and a file of its own for progress; what is shown, as texts."""
    module = ModuleType("helpers.exercises.lesson_77")

    def check_1(ex, mine, fixture):
        """Add them."""
        ex.needs(mine)
        ex.that(lambda: mine() == fixture, "The sum is wrong.")

    def guess_1(fixture):
        return str(fixture), "That is the sum."

    module.check_1, module.guess_1 = check_1, guess_1
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(progress, "lesson", "77")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    texts = []
    for target in (helpers.check, helpers.widgets):
        monkeypatch.setattr(target, "display", lambda data, raw: texts.append(data), raising=True)
    return texts


def notebook(code, **names):
    exec("from helpers.exercises import check, compare, predict\n" + code, names)
    return names


def test_a_check_takes_its_names_from_the_notebook_and_remembers_a_pass(course):
    notebook("check(1)", mine=lambda: 5, fixture=5)
    assert course[-1]["text/plain"] == "Exercise 77.1, Add them. Passed."
    assert progress.read() == {"exercises": ["77.1"], "guesses": []}
    notebook("check(1)", mine=lambda: 6, fixture=5)
    assert course[-1]["text/plain"] == "Exercise 77.1, Add them. Not yet. The sum is wrong."
    notebook("check(1, mine)", mine=lambda: 5, fixture=5)
    assert course[-1]["text/plain"].endswith("Passed.")
    assert progress.read()["exercises"] == ["77.1"]


def test_a_starter_that_has_not_run_or_is_untouched_is_no_error(course):
    notebook("check(1)", fixture=5)
    assert course[-1]["text/plain"].endswith("Not yet. Run the cell above first: name 'mine' is not defined.")
    notebook("check(1)", mine=..., fixture=5)
    assert "Not started yet" in course[-1]["text/plain"]
    assert progress.read()["exercises"] == []


def test_a_check_without_a_recorded_answer_says_so(course):
    class Missing(Exception):
        code, body = "no_recording", {"message": "Nothing is recorded for it."}

    notebook("def mine(): raise error\ncheck(1)", error=Missing(), fixture=5)
    assert "Not recorded. This cannot be checked without an answer. Nothing is" in course[-1]["text/plain"]
    assert progress.read()["exercises"] == []


def test_a_guess_is_compared_folded_before_it_is_made_and_remembered_after(course):
    names = notebook("asked = predict(1, 'How many?', ['4', '5'])\ncompare(1)", fixture=5)
    assert course[-1]["text/plain"] == "No guess yet. It was: 5. That is the sum."
    assert course[-1]["text/html"].startswith("<details><summary>No guess yet. Show the answer.</summary>")
    assert progress.read()["guesses"] == []
    names["asked"].controls["guess"].value = "4"
    notebook("compare(1)", fixture=5)
    assert course[-1]["text/plain"] == "You guessed: 4. It was: 5. That is the sum."
    names["asked"].controls["guess"].value = "5"
    notebook("compare(1)", fixture=5)
    assert course[-1]["text/html"] == "<p>Correct: 5. That is the sum.</p>"
    assert progress.read()["guesses"] == ["77.1"]


@pytest.mark.parametrize(("code", "words"), [("check(2)", "no exercise 2"), ("predict(3, '', [])", "no prediction 3")])
def test_a_number_that_does_not_exist_is_named(course, code, words):
    with pytest.raises(CourseError, match=words):
        notebook(code)


def test_the_question_and_a_lesson_come_first(course, monkeypatch):
    monkeypatch.setattr(exercises_of_the_course, "_asked", {})
    with pytest.raises(CourseError, match="cell with the question first"):
        notebook("compare(1)", fixture=5)
    monkeypatch.setattr(progress, "lesson", None)
    with pytest.raises(CourseError, match="set-up cell first"):
        notebook("check(1)")


def test_progress_is_a_table_is_reset_in_one_call_and_costs_nothing_where_it_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    for kind, name in [("exercises", "5.2"), ("exercises", "5.1"), ("guesses", "5.3"), ("guesses", "15.1")]:
        progress.note(kind, name)
    rows = [[row[0], *row[2:]] for row in lesson_module.progress().rows]
    assert rows == [["05", "1, 2", "1"], ["15", "none", "1"]]
    assert lesson_module.progress(reset=True).rows == []
    (tmp_path / "progress.json").write_text("[not JSON")
    progress.note("exercises", "5.1")
    assert progress.read()["exercises"] == ["5.1"]
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "no such folder" / "progress.json"))
    progress.note("exercises", "5.1")
    progress.reset()
    assert progress.read() == {"exercises": [], "guesses": []}


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
