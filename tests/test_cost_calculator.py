"""The cost calculator against bills worked out by hand from the list prices of 2026-11-22."""

import pytest

from helpers import costs, models
from helpers.demos import cost_calculator

# Fact sheet: gpt-5.2 takes 1.75 in, 0.175 cached, 14 out; gpt-6-luna 0.10, 0.01, 0.125 written, 0.50 out.
MESSAGES = [
    ("gpt-5.2", 200, 300, 0.0, 200 * 1.75 + 300 * 14),
    ("gpt-6-luna", 200, 300, 0.0, 200 * 0.10 + 300 * 0.50),
    ("gpt-5.2", 2000, 300, 0.8, 464 * 1.75 + 1536 * 0.175 + 300 * 14),  # 1,600 repeat: 12 steps of 128
    ("gpt-6-luna", 2000, 300, 0.8, 1600 * 0.01 + 400 * 0.125 + 300 * 0.50),
    ("gpt-5.2", 1200, 100, 0.8, 1200 * 1.75 + 100 * 14),  # 960 repeat: too few
    ("gpt-6-luna", 1200, 100, 0.8, 1200 * 0.125 + 100 * 0.50),  # written, and never read
    ("gpt-6-luna", 1000, 100, 0.95, 1000 * 0.10 + 100 * 0.50),
    ("gpt-5.2-pro", 5000, 100, 0.9, 5000 * 21 + 100 * 168),  # no price for cached input
]


@pytest.mark.parametrize(("model", "prompt", "answer", "repeated", "millionths"), MESSAGES)
def test_a_bill(model, prompt, answer, repeated, millionths):
    bill = cost_calculator.bill(1000, prompt, answer, model, repeated)
    assert bill.message == pytest.approx(millionths / 1e6)
    assert bill.day == pytest.approx(millionths / 1e3)
    assert bill.month == pytest.approx(30 * millionths / 1e3)
    assert list(bill.parts) == cost_calculator.PARTS and sum(bill.parts.values()) == pytest.approx(bill.message)


@pytest.mark.parametrize(("model", "prompt", "answer", "repeated", "_"), MESSAGES)
def test_the_bill_is_what_the_usage_costs(model, prompt, answer, repeated, _):
    used = cost_calculator.usage(prompt, answer, model, repeated)
    bill = cost_calculator.bill(1, prompt, answer, model, repeated)
    assert costs.cost(model, used) == pytest.approx(bill.message)


# Tokens that repeat: how many of them gpt-5.2 and gpt-6-luna cache.
SHARED = {
    0: (0, 0), 1023: (0, 0), 1024: (1024, 1024), 1151: (1024, 1151), 1152: (1152, 1152), 5000: (4992, 5000),
}  # fmt: skip


@pytest.mark.parametrize(("shared", "expected"), SHARED.items())
def test_where_caching_starts(shared, expected):
    assert tuple(cost_calculator.cached_tokens(shared, model) for model in ("gpt-5.2", "gpt-6-luna")) == expected
    assert cost_calculator.cached_tokens(shared, "gpt-5.2-pro") == 0


def test_what_cannot_be_reckoned_is_refused():
    for prompt, answer, repeated in ((-1, 0, 0), (0, -1, 0), (10, 10, 1.5), (10, 10, -0.1), (272_001, 1, 0)):
        with pytest.raises(ValueError, match="cannot be reckoned"):
            cost_calculator.usage(prompt, answer, repeated=repeated)
    for model in ("gpt-6.2-sol", "gpt-nope", models.EMBEDDING):
        with pytest.raises(LookupError, match=model):
            cost_calculator.bill(1, 10, 10, model)


def test_models_to_choose_from_have_a_price_and_no_end():
    listed = cost_calculator.priced_models()
    assert listed[0] == models.FLAGSHIP and models.SMALL in listed and len(listed) == len(set(listed)) > 5
    assert models.FORMER_SMALL not in listed and models.NEWEST not in listed
    assert "gpt-5.6-terra" in listed and "gpt-5.6-sol" not in listed  # its price was announced until a day that is past
    assert all(cost_calculator.bill(1, 10, 10, name).message > 0 for name in [*listed, *cost_calculator.COMPARED])


def test_the_sentence_about_the_cache():
    assert "1,536 of 2,000 prompt tokens" in cost_calculator.cache_line(2000, 300, "gpt-5.2", 0.8)
    assert "fee" not in cost_calculator.cache_line(2000, 300, "gpt-5.2", 0.8)
    assert "400 are written to it, at a fee" in cost_calculator.cache_line(2000, 300, "gpt-6-luna", 0.8)
    assert "800 tokens repeat, and 1,024 are needed" in cost_calculator.cache_line(1000, 300, "gpt-5.2", 0.8)
    assert "no price for cached input" in cost_calculator.cache_line(2000, 300, "gpt-5.2-pro", 0.8)


def test_every_control_changes_picture_and_caption():
    demo = cost_calculator.live(prompt=2000)
    *_, picture, caption = demo.widget.children
    moves = {"messages": 30, "prompt": 5000, "answer": 50, "repeated": 0.8, "model": models.SMALL}
    assert set(moves) == set(demo.controls)
    for name, value in moves.items():
        before = bytes(picture.value), caption.value
        demo.controls[name].value = value
        assert bytes(picture.value) != before[0] and caption.value != before[1], name
        assert bytes(picture.value).startswith(b"\x89PNG")
    # 5,000 tokens of which 4,000 are read and 1,000 written, 50 out, 30 a day for 30 days
    month = 900 * (4000 * 0.01 + 1000 * 0.125 + 50 * 0.50) / 1e6
    assert f"<b>{costs.usd(month)}</b>" in caption.value and "checked 20" in caption.value


def test_the_ends_of_all_sliders_can_be_drawn():
    demo = cost_calculator.live()
    for name, control in demo.controls.items():
        for value in (control.options[0], control.options[-1]):
            control.value = value[1] if isinstance(value, tuple) else value
        assert 'role="alert"' not in demo.widget.children[-1].value, name
