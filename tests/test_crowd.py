"""The arithmetic of waits, against sums done by hand and against what must hold for any crowd."""

import numpy as np
import pytest

from helpers.demos import crowd


def test_ceilings_double_up_to_the_cap():
    assert crowd.ceilings(6, 0.5, 3).tolist() == [0.5, 1, 2, 3, 3]
    assert crowd.ceilings(1, 0.5, 3).tolist() == []


def test_without_jitter_the_moments_are_sums_of_the_ceilings():
    assert crowd.attempt_times(5, 1, 4, jitter=0, clients=2).tolist() == [[0, 1, 3, 7, 11]] * 2


@pytest.mark.parametrize("jitter", [0.25, 0.5, 1.0])
def test_jitter_takes_away_at_most_its_share_and_uses_all_of_it(jitter):
    waits = np.diff(crowd.attempt_times(4, 1, 2, jitter, clients=4000), axis=1)
    for column, ceiling in enumerate((1, 2, 2)):
        drawn = waits[:, column]
        assert ceiling * (1 - jitter) <= drawn.min() < ceiling * (1 - 0.98 * jitter)
        assert ceiling * (1 - 0.02 * jitter) < drawn.max() <= ceiling
        assert drawn.mean() == pytest.approx(ceiling * (1 - jitter / 2), rel=0.05)


def test_the_same_seed_gives_the_same_moments():
    one, same, other = (crowd.attempt_times(5, 1, 8, seed=seed) for seed in (3, 3, 4))
    assert (one == same).all() and (one != other).any()


def test_a_crowd_without_jitter_comes_back_together():
    # 10 clients, 3 answered a tick: 10 at 0 s, 7 at 1 s, 4 at 3 s, and then the one that is left at 7 s
    seen = crowd.crowd(clients=10, room=3, attempts=4, base=1, cap=8, jitter=0)
    knocks = {round(float(time), 1): int(count) for time, count in zip(seen.times, seen.arrivals, strict=True) if count}
    assert knocks == {0.0: 10, 1.0: 7, 3.0: 4, 7.0: 1}
    assert (seen.requests, seen.answered, seen.gave_up) == (22, 10, 0)
    assert seen.finished == pytest.approx(7.1)


def test_a_crowd_gives_up_after_its_attempts():
    seen = crowd.crowd(clients=10, room=3, attempts=2, base=1, cap=8, jitter=0)
    assert (seen.requests, seen.answered, seen.gave_up) == (17, 6, 4)
    assert seen.answers.tolist() == [3] + [0] * 9 + [3]


@pytest.mark.parametrize("jitter", [0, 0.25, 1])
@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_lost_and_the_server_is_never_overrun(jitter, seed):
    seen = crowd.crowd(clients=300, room=7, attempts=6, jitter=jitter, seed=seed)
    assert seen.answered + seen.gave_up == 300
    assert seen.answers.max() <= 7 and (seen.answers <= seen.arrivals).all()
    assert 300 <= seen.requests <= 300 * 6


def test_full_jitter_spares_the_server():
    together, spread = (crowd.crowd(jitter=jitter) for jitter in (0, 1))
    assert spread.answered > together.answered
    assert spread.requests < together.requests
    assert spread.arrivals[1:].max() < together.arrivals[1:].max() / 2
