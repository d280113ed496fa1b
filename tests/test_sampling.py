"""The arithmetic of sampling, held against a calculation of its own and against what must hold whatever the numbers."""

import math
import random
from decimal import Decimal, getcontext

import numpy as np
import pytest

from helpers.demos.lab import sampling

getcontext().prec = 60
RANDOM = random.Random(20261122)
LOGITS = [[RANDOM.gauss(0, 3) for _ in range(size)] for size in (2, 5, 40)]
COUNTS = {size: [RANDOM.choice([0, 0, 1, 2, 5]) for _ in range(size)] for size in (2, 5, 40)}
SETTINGS = [
    {},
    {"temperature": 0.2},
    {"temperature": 2.0},
    {"top_p": 0.5},
    {"temperature": 1.7, "top_p": 0.83},
    {"frequency_penalty": 1.3},
    {"presence_penalty": -2.0},
    {
        "frequency_penalty": -0.7,
        "presence_penalty": 1.9,
        "logit_bias": {0: 3, "1": -4.5},
        "temperature": 0.6,
        "top_p": 0.9,
    },
]


def by_hand(logits, counts, temperature=1, top_p=1, frequency_penalty=0, presence_penalty=0, logit_bias=None):
    """Token by token with decimal numbers, as the API reference words it."""
    odds = {}
    for token, logit in enumerate(logits):
        mu = Decimal(logit)
        mu += sum(Decimal(str(bias)) for key, bias in (logit_bias or {}).items() if int(key) == token)
        mu -= counts[token] * Decimal(str(frequency_penalty))
        if counts[token] > 0:
            mu -= Decimal(str(presence_penalty))
        odds[token] = (mu / Decimal(str(temperature))).exp()
    total = sum(odds.values())
    kept, held = {}, Decimal(0)
    for token in sorted(odds, key=lambda token: -odds[token]):
        if held >= Decimal(str(top_p)):
            break
        kept[token] = odds[token] / total
        held += kept[token]
    return [float(kept[token] / held) if token in kept else 0.0 for token in range(len(logits))]


@pytest.mark.parametrize("logits", LOGITS, ids=len)
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_distribution_equals_the_calculation_by_hand(logits, setting):
    counts = COUNTS[len(logits)]
    ours = sampling.next_token_distribution(np.array(logits), counts=np.array(counts), **setting)
    assert ours == pytest.approx(by_hand(logits, counts, **setting), abs=1e-12)
    assert ours.shape == (len(logits),)
    assert ours.sum() == pytest.approx(1)


def test_temperature_towards_0_is_the_argmax():
    logits = np.array(LOGITS[2])
    at_zero = sampling.softmax(logits, 0)
    assert at_zero[np.argmax(logits)] == 1 and at_zero.sum() == 1
    assert sampling.softmax(logits, 1e-6) == pytest.approx(at_zero)
    assert sampling.softmax(logits, 5e-324) == pytest.approx(at_zero)
    assert sampling.softmax(np.array([1.0, 3.0, 3.0]), 0).tolist() == [0, 1, 0]


def test_temperature_divides_log_odds():
    cold, hot = sampling.softmax(np.array([2.0, 0.0]), 0.5), sampling.softmax(np.array([2.0, 0.0]), 2)
    assert math.log(cold[0] / cold[1]) == pytest.approx(4)
    assert math.log(hot[0] / hot[1]) == pytest.approx(1)


def test_neutral_values_change_nothing():
    logits = np.array(LOGITS[2])
    plain = sampling.softmax(logits)
    neutral = {"temperature": 1, "top_p": 1, "frequency_penalty": 0, "presence_penalty": 0, "logit_bias": {3: 0}}
    counts = np.array(COUNTS[40])
    assert np.array_equal(sampling.next_token_distribution(logits, counts=counts, **neutral), plain)
    assert np.array_equal(sampling.nucleus(plain, 1), plain)
    assert np.array_equal(sampling.penalised(logits, counts), logits)
    assert np.array_equal(sampling.biased(logits, None), logits)


def test_shifting_all_logits_changes_nothing():
    logits = np.array(LOGITS[1])
    assert sampling.softmax(logits + 1000) == pytest.approx(sampling.softmax(logits))
    assert sampling.softmax(logits - 1000) == pytest.approx(sampling.softmax(logits))


@pytest.mark.parametrize(
    ("top_p", "kept"),
    [
        (0.0, {2}),
        (0.1, {2}),
        (0.4, {2}),
        (0.41, {2, 0}),
        (0.7, {2, 0}),
        (0.71, {2, 0, 1}),
        (0.9, {2, 0, 1}),
        (0.95, {0, 1, 2, 3}),
    ],
)
def test_top_p_keeps_the_fewest_tokens_that_hold_it(top_p, kept):
    probabilities = np.array([0.3, 0.2, 0.4, 0.1])
    result = sampling.nucleus(probabilities, top_p)
    assert set(np.flatnonzero(result)) == kept
    for token in kept:  # among those that stay, the proportions stay
        assert result[token] == pytest.approx(probabilities[token] / probabilities[sorted(kept)].sum())


def test_top_p_forgives_the_rounding_of_sums():
    # Ten times 0.1: eight of them are 0.8, though their floating-point sum is a little less.
    assert np.count_nonzero(sampling.nucleus(np.full(10, 0.1), 0.8)) == 8


def test_penalties_count_as_documented():
    logits = np.zeros(4)
    lowered = sampling.penalised(logits, np.array([0, 1, 2, 10]), frequency_penalty=0.5, presence_penalty=1.5)
    assert lowered.tolist() == [0, -2.0, -2.5, -6.5]
    raised = sampling.penalised(logits, np.array([0, 1, 2, 10]), frequency_penalty=-0.5)
    assert raised.tolist() == [0, 0.5, 1.0, 5.0]


def test_without_counts_penalties_have_nothing_to_punish():
    logits = np.array(LOGITS[1])
    punished = sampling.next_token_distribution(logits, frequency_penalty=2, presence_penalty=2)
    assert np.array_equal(punished, sampling.softmax(logits))


def test_bias_bans_and_forces():
    logits = np.array(LOGITS[2])
    best = int(np.argmax(logits))
    assert sampling.next_token_distribution(logits, logit_bias={best: -100})[best] < 1e-30
    assert sampling.next_token_distribution(logits, logit_bias={7: 100})[7] == pytest.approx(1)


def test_inputs_are_left_as_they_were():
    logits, counts = np.array(LOGITS[1]), np.array(COUNTS[5])
    before = logits.copy(), counts.copy()
    sampling.next_token_distribution(
        logits, counts=counts, temperature=0.5, top_p=0.5, frequency_penalty=1, logit_bias={0: 5}
    )
    assert np.array_equal(logits, before[0]) and np.array_equal(counts, before[1])


def test_draws_follow_the_probabilities():
    probabilities, draws = np.array([0.5, 0.0, 0.3, 0.2]), 20_000
    rng = random.Random(1)
    drawn = np.bincount([sampling.sample(probabilities, rng) for _ in range(draws)], minlength=4)
    assert drawn[1] == 0
    for token in (0, 2, 3):  # within four standard deviations of a binomial
        share = probabilities[token]
        assert abs(drawn[token] - draws * share) < 4 * math.sqrt(draws * share * (1 - share))


class _Dice(random.Random):
    """Always throws the same number."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def random(self):
        return self.number


@pytest.mark.parametrize(("thrown", "token"), [(0.0, 1), (0.2999, 1), (0.3001, 2), (0.9999999999999999, 2)])
def test_draw_at_the_edges(thrown, token):
    assert sampling.sample(np.array([0.0, 0.3, 0.7, 0.0]), _Dice(thrown)) == token


def test_log_probabilities():
    logits = np.array([math.log(0.7), math.log(0.2), math.log(0.1)]) + 12
    assert sampling.log_probabilities(logits) == pytest.approx([math.log(0.7), math.log(0.2), math.log(0.1)])
    assert np.exp(sampling.log_probabilities(np.array([0.0, 2000.0]))) == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.01),
        ("temperature", 2.01),
        ("temperature", float("nan")),
        ("temperature", "0.5"),
        ("temperature", True),
        ("top_p", 1.1),
        ("top_p", -0.1),
        ("frequency_penalty", 2.5),
        ("presence_penalty", -2.5),
    ],
)
def test_values_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a number from"):
        sampling.next_token_distribution(np.array(LOGITS[1]), **{name: value})


@pytest.mark.parametrize("bias", [{0: 101}, {0: -100.5}, {5: 1}, {-1: 1}, {"sea": 1}])
def test_a_bias_out_of_range_or_for_no_token_is_refused(bias):
    with pytest.raises(ValueError, match="logit_bias"):
        sampling.next_token_distribution(np.array(LOGITS[1]), logit_bias=bias)


@pytest.mark.parametrize("logits", [np.zeros((2, 2)), np.array([])])
def test_logits_of_another_shape_are_refused(logits):
    with pytest.raises(ValueError, match="one row"):
        sampling.softmax(logits)
