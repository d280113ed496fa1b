"""Exercises judge by properties and never raise at the learner."""

import pytest

from helpers import check


@pytest.fixture
def shown(monkeypatch):
    """What checks display, as (text, HTML) pairs."""
    pairs = []
    monkeypatch.setattr(check, "display", lambda data, raw: pairs.append((data["text/plain"], data["text/html"])))
    monkeypatch.setattr(check, "results", {})
    return pairs


@pytest.mark.parametrize("value", [..., [1, ...], {"messages": [{"role": "user", "content": ...}]}, (1, (2, ...))])
def test_a_gap_at_any_depth_is_not_started_yet(shown, value):
    reached = []
    with check.exercise("1.1", "Ask") as ex:
        ex.needs("given", value)
        reached.append("the conditions")
    assert check.results == {"1.1": "untouched"}
    assert not reached
    assert shown[0][0].startswith("Exercise 1.1, Ask. Not started yet. ")


def test_a_function_without_return_gets_a_hint(shown):
    with check.exercise("1.1", "Ask") as ex:
        ex.needs("given", None)
    assert check.results == {"1.1": "hint"}
    assert "Not yet" in shown[0][0] and "return" in shown[0][0]


def test_a_gap_goes_before_none(shown):
    with check.exercise("1.1", "Ask") as ex:
        ex.needs(None, ...)
    assert check.results == {"1.1": "untouched"}


@pytest.mark.parametrize("value", [0, "", [], False, 0.0])
def test_empty_answers_are_answers(shown, value):
    with check.exercise("1.1", "Ask") as ex:
        ex.needs(value)
    assert check.results == {"1.1": "passed"}


def test_the_first_false_condition_ends_with_its_hint(shown):
    with check.exercise("2.3", "Count") as ex:
        ex.that(True, "never shown")
        ex.that(1 > 2, "One is less than two.")
        ex.that(False, "comes too late")
    assert check.results == {"2.3": "hint"}
    assert shown == [
        (
            "Exercise 2.3, Count. Not yet. One is less than two.",
            "<p>Exercise 2.3, Count. <b>Not yet.</b> One is less than two.</p>",
        )
    ]


def test_all_true_is_passed_in_one_line(shown):
    with check.exercise("2.3", "Count") as ex:
        ex.that(True, "never shown")
        ex.that(lambda: 2 > 1, "never shown")
    assert check.results == {"2.3": "passed"}
    assert shown == [("Exercise 2.3, Count. Passed.", "<p>Exercise 2.3, Count. <b>Passed.</b></p>")]


def test_an_answer_of_another_shape_becomes_a_hint_that_names_it(shown):
    with check.exercise("1.2", "Ask") as ex:
        ex.that({}["messages"] == [], "never shown")
    assert check.results == {"1.2": "hint"}
    assert "KeyError: 'messages'" in shown[0][0]
    assert "\n" not in shown[0][0]


def test_a_missing_name_says_to_run_the_cell(shown):
    with check.exercise("1.2", "Ask") as ex:
        raise NameError("name 'answer' is not defined")  # as helpers.exercises does
    with check.exercise("1.2", "Ask") as ex:
        ex.that(lambda: misspelt, "A hint.")  # noqa: F821
    with check.exercise("1.2", "Ask") as ex:
        ex.needs(misspelt)  # noqa: F821
    assert check.results == {"1.2": "hint"}
    assert "Run the cell above first" in shown[0][0] and "answer" in shown[0][0]
    assert all("Run the cell" not in text and "misspelt" in text for text, *_ in shown[1:])


def test_a_condition_that_fails_inside_keeps_its_own_hint(shown):
    with check.exercise("1.2", "Ask") as ex:
        ex.that(lambda: [][0] == 1, "The list needs one element.")
    assert check.results == {"1.2": "hint"}
    assert shown[0][0].endswith("Not yet. The list needs one element. (IndexError: list index out of range)")


def test_hints_are_shown_as_text_not_as_html(shown):
    with check.exercise("1.2", "Is 1 < 2?") as ex:
        ex.that(False, "Use <b> & friends.")
    assert "Is 1 &lt; 2?" in shown[0][1] and "Use &lt;b&gt; &amp; friends." in shown[0][1]


def test_a_second_try_replaces_the_first(shown):
    for answer in (1, 2):
        with check.exercise("1.1", "Two") as ex:
            ex.that(answer == 2, "It is two.")
    assert check.results == {"1.1": "passed"}


def test_an_interrupt_is_not_swallowed(shown):
    with pytest.raises(KeyboardInterrupt), check.exercise("1.1", "Stop"):
        raise KeyboardInterrupt
    assert check.results == {}
