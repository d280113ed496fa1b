"""How fast a model speaks, in milliseconds: the medians that were seen on the wire, with the dice's jitter."""

from __future__ import annotations

from .ids import Dice

FIRST_MS = {"chat": 340, "responses": 140}  # until the first byte of a stream
SETUP_MS = 260  # what a whole answer takes beyond its tokens
TOKEN_MS = (12, 25)
THINKING_MS = 8  # per hidden token of reasoning
FIXED_MS = {
    "embeddings": 80, "moderations": 95, "transcriptions": 480, "translations": 480, "speech": 810, "images": 8700,
    "files": 305, "batches": 60, "models": 90,
}  # fmt: skip


class Pace:
    """The clock of one answer.

    Args:
        dice: the request's dice.
        api: short name of the endpoint.
        authored: `pace` of the entry: {"first_ms", "per_token_ms"}, either or both.

    Attributes:
        first_ms: time until a stream begins.
        now: time that has passed in a stream.
    """

    def __init__(self, dice: Dice, api: str, authored: dict[str, int] | None = None) -> None:
        self._dice, self._authored, self._spoken = dice, authored or {}, 0
        usual = FIRST_MS.get(api, 200)
        self.first_ms: int = self._authored.get("first_ms", usual * dice.number("first", 75, 135) // 100)
        self.now = self.first_ms

    def _token_ms(self, number: int) -> int:
        return self._authored.get("per_token_ms", self._dice.number(f"token {number}", *TOKEN_MS))

    def whole_ms(self, reasoning: int, tokens: int) -> int:
        """Time until a whole answer of so many visible tokens is there."""
        return self.first_ms + SETUP_MS + reasoning * THINKING_MS + sum(self._token_ms(n) for n in range(tokens))

    def think(self, reasoning: int) -> None:
        self.now += reasoning * THINKING_MS

    def speak(self) -> None:
        """One more token."""
        self.now += self._token_ms(self._spoken)
        self._spoken += 1


def fixed_ms(dice: Dice, api: str) -> int:
    """Time of an answer that is not spoken token by token; 0 where it is, and where none was measured."""
    return FIXED_MS.get(api, 0) * dice.number("fixed", 80, 130) // 100
