"""Ids, times and dice: everything that the real API draws at random, drawn here from a hash of the request."""

from __future__ import annotations

import datetime
import hashlib
import uuid

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHAT_EPOCH = 1_576_800_000  # seconds; the first five digits of a chatcmpl id count from here


class Dice:
    """Draws that depend on nothing but the seed and the label of the draw, so that one more draw moves no other.

    Args:
        seed: whatever makes this request this request; compared by its text.
    """

    def __init__(self, *seed: object) -> None:
        self.seed = "|".join(map(str, seed))

    def draw(self, label: object, length: int) -> bytes:
        return hashlib.shake_256(f"{self.seed}|{label}".encode()).digest(length)

    def number(self, label: object, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int.from_bytes(self.draw(label, 8), "big") % (high - low + 1)

    def hex(self, label: object, length: int) -> str:
        return self.draw(label, length).hex()[:length]

    def base62(self, label: object, length: int) -> str:
        return "".join(BASE62[byte % 62] for byte in self.draw(label, length))


def created_on(dice: Dice, date: str) -> int:
    """Unix seconds of a moment between 08:00 and 18:00 UTC on `date` (YYYY-MM-DD)."""
    morning = datetime.datetime.fromisoformat(f"{date}T08:00:00+00:00")
    return int(morning.timestamp()) + dice.number("created", 0, 36_000)


def chat_id(dice: Dice, created: int, prefix: str = "chatcmpl-") -> str:
    """29 base62 digits, of which the first five tell `created`."""
    rest, digits = created - CHAT_EPOCH, ""
    for _ in range(5):
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return prefix + digits + dice.base62("chat id", 24)


def call_id(dice: Dice, label: object) -> str:
    return "call_" + dice.base62(f"call {label}", 24)


def file_id(dice: Dice, label: object) -> str:
    return "file-" + dice.base62(f"file {label}", 22)


def batch_id(dice: Dice, created: int) -> str:
    return f"batch_{created:08x}{dice.hex('batch', 4)}8190{dice.hex('batch end', 16)}"


def request_id(dice: Dice) -> str:
    """`req_` and the hex digits of a UUID version 4."""
    return "req_" + uuid.UUID(bytes=dice.draw("request", 16), version=4).hex


class ResponseIds:
    """The ids of one response and of its items: 50 hex digits that share a stem and tell their own second.

    Args:
        dice: the request's dice.
        created: unix seconds of the response.
    """

    def __init__(self, dice: Dice, created: int) -> None:
        self._dice, self._created = dice, created
        self._stem = "0" + dice.hex("stem", 15) + "00"
        self._mark = "81" + "9a"[dice.number("mark", 0, 1)] + dice.hex("mark digit", 1)
        self.response = self.item("resp_", 0)

    def item(self, prefix: str, number: int) -> str:
        """Id of item `number`. Prefix: "msg_", "rs_", "fc_", …"""
        label = f"{prefix}{number}"
        own, end = self._dice.hex(label, 4), self._dice.hex(label + " end", 16)
        return f"{prefix}{self._stem}{self._created:08x}{own}{self._mark}{end}"
