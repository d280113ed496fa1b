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


def attempt_times(
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
        arrivals: requests in each tick.
        answers: how many of them were answered.
        clients: how many there are.
        tick: length of a tick, in seconds.
    """

    arrivals: np.ndarray
    answers: np.ndarray
    clients: int
    tick: float

    @property
    def times(self) -> np.ndarray:
        """Start of each tick, in seconds."""
        return np.arange(len(self.arrivals)) * self.tick

    @property
    def requests(self) -> int:
        """All requests, refused ones included."""
        return int(self.arrivals.sum())

    @property
    def answered(self) -> int:
        """Clients that got an answer."""
        return int(self.answers.sum())

    @property
    def gave_up(self) -> int:
        """Clients whose last attempt was refused."""
        return self.clients - self.answered

    @property
    def finished(self) -> float:
        """End of the tick with the last answer, in seconds."""
        return float((np.flatnonzero(self.answers)[-1] + 1) * self.tick)


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
        room: requests that the server can answer in one tick, at least 1; first come, first served.
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
    while np.isfinite(due).any():
        now = len(arrivals) * tick
        knocking = np.flatnonzero(due < now + tick - 1e-9)
        knocking = knocking[np.argsort(due[knocking], kind="stable")]
        arrivals.append(len(knocking))
        tried[knocking] += 1
        served, refused = knocking[:room], knocking[room:]
        due[refused] = now + highest[tried[refused] - 1] * (1 - jitter * chance.random(len(refused)))
        due[served] = np.inf
        due[refused[tried[refused] == attempts]] = np.inf
    seen = np.array(arrivals)
    return Crowd(seen, np.minimum(seen, room), clients, tick)
