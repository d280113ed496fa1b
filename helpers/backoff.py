"""Waits between attempts as arithmetic: the timeline of one client, and what a crowd of them does to a server.

Nothing here waits or calls anything. `jitter` is the share of each wait that is left to chance: 0 for none,
0.25 as in the openai package, 1 for "full jitter", where a wait is anything between 0 and its ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def ceilings(attempts: int, base: float, cap: float) -> np.ndarray:
    """The longest wait after each attempt but the last: base, 2·base, 4·base …, at most `cap`; in seconds."""
    return np.minimum(cap, base * 2.0 ** np.arange(attempts - 1))


def moments(
    attempts: int, base: float, cap: float, jitter: float = 1.0, clients: int = 1, seed: int = 0
) -> np.ndarray:
    """When clients whose every attempt fails at once knock at the server.

    Args:
        attempts: requests of each client, the first included.
        base, cap: first and highest ceiling of a wait, in seconds.
        jitter: share of a wait that is left to chance, 0 to 1.
        clients: how many.
        seed: of the random numbers; the same seed gives the same moments.

    Returns:
        seconds since the first attempt; one row for each client, one column for each attempt.
    """
    chance = np.random.default_rng(seed).random((clients, attempts - 1))
    waits = ceilings(attempts, base, cap) * (1 - jitter * chance)
    return np.hstack([np.zeros((clients, 1)), np.cumsum(waits, axis=1)])


@dataclass(frozen=True)
class Crowd:
    """What a server saw of a crowd.

    Attributes:
        times: start of each tick, in seconds.
        arrivals: requests in each tick.
        answered: clients that got an answer.
        gave_up: clients whose last attempt was refused.
        finished: end of the tick with the last answer, in seconds.
    """

    times: np.ndarray
    arrivals: np.ndarray
    answered: int
    gave_up: int
    finished: float

    @property
    def requests(self) -> int:
        """All requests, refused ones included."""
        return int(self.arrivals.sum())


def crowd(
    clients: int = 1000,
    room: int = 20,
    attempts: int = 8,
    base: float = 0.5,
    cap: float = 8.0,
    jitter: float = 1.0,
    tick: float = 0.1,
    seed: int = 0,
) -> Crowd:
    """Clients that all knock at second 0, at a server that answers a few in each tick and refuses the others.

    Args:
        clients: how many.
        room: requests that the server can answer in one tick; whoever came first is served first.
        attempts: requests that a client sends before it gives up.
        base, cap, jitter: how a refused client waits, as in `moments`.
        tick: seconds.
        seed: of the random numbers.
    """
    chance = np.random.default_rng(seed)
    highest = ceilings(attempts + 1, base, cap)
    due = np.zeros(clients)  # when a client knocks next; infinite once it is answered or has given up
    tried = np.zeros(clients, dtype=int)
    arrivals: list[int] = []
    answered, finished = 0, 0.0
    while np.isfinite(due).any():
        now = len(arrivals) * tick
        knocking = np.flatnonzero(due < now + tick - 1e-9)
        arrivals.append(len(knocking))
        tried[knocking] += 1
        knocking = knocking[np.argsort(due[knocking], kind="stable")]
        served, refused = knocking[:room], knocking[room:]
        if len(served):
            answered, finished = answered + len(served), now + tick
        due[refused] = now + highest[tried[refused] - 1] * (1 - jitter * chance.random(len(refused)))
        due[served] = np.inf
        due[refused[tried[refused] == attempts]] = np.inf
    times = np.arange(len(arrivals)) * tick
    return Crowd(times, np.array(arrivals), answered, clients - answered, finished)
