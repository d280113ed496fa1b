"""A chat answer as a stream of chunks, in the order and with the padding that the API was seen to use."""

from __future__ import annotations

from typing import Any

from .. import logprobs
from .. import usage as counting
from ..families import shape_of
from ..ids import call_id
from ..pace import THINKING_MS, Pace, Ticks
from ..request import Asked
from ..utterance import Said
from ..wire import Reply, compact, stream_reply


def reply(
    asked: Asked, head: dict[str, Any], choices: list[Said], usage: dict[str, Any], pace: Pace, basis: str
) -> Reply:
    """The stream of a chat answer.

    Args:
        asked: the request.
        head: id, object, created and model of the answer.
        choices: what is said, one for each of n.
        usage: sent in a last chunk if the request asks for it.
        pace: the clock of the answer.
        basis: how the content was made.
    """
    stream = _Stream(asked, head, pace)
    stream.ticks.wait(choices[0].reasoning * THINKING_MS)
    for number, said in enumerate(choices):
        stream.speak(number, said)
    for number, said in enumerate(choices):
        stream.send(number, said, {}, finish=said.finish)
    if stream.counts_usage:
        stream.chunk([], usage)
    stream.events.append(stream.ticks.at("data: [DONE]\n\n"))
    return stream_reply(stream.events, elapsed_ms=pace.first_ms, basis=basis)


class _Stream:
    def __init__(self, asked: Asked, head: dict[str, Any], pace: Pace) -> None:
        options = asked.body.get("stream_options") or {}
        self.asked, self.ticks, self.events = asked, Ticks(pace), []
        self.head = {**head, "object": "chat.completion.chunk", "service_tier": "default"}
        self.head["system_fingerprint"] = counting.fingerprint(asked.model)
        self.counts_usage = bool(options.get("include_usage"))
        self.padded = options.get("include_obfuscation") is not False

    def speak(self, number: int, said: Said) -> None:
        """One choice: its opening chunk, its text, its calls."""
        ids = [call_id(self.asked.dice, f"{number}.{n}") for n in range(len(said.calls))]
        field = "refusal" if said.refused else "content"
        opening: dict[str, Any] = {"role": "assistant", "content": None}
        if said.words is not None:
            self.send(number, said, {**opening, field: "", **({} if said.refused else {"refusal": None})})
            done = 0
            for text, count in counting.spoken(said.words):
                self.ticks.spoken()
                self.send(number, said, {field: text}, said.logprobs and said.logprobs[done : done + count])
                done += count
        elif len(said.calls) == 1:
            self.send(number, said, {**opening, "tool_calls": [self._opened(said, 0, ids)], "refusal": None})
        else:
            self.send(number, said, opening)
        for n, call in enumerate(said.calls):
            if said.words is not None or len(said.calls) > 1:
                self.ticks.spoken()
                self.send(number, said, {"tool_calls": [self._opened(said, n, ids)]})
            for text, _ in counting.spoken(call.arguments):
                self.ticks.spoken()
                self.send(number, said, {"tool_calls": [{"index": n, "function": {"arguments": text}}]})

    def _opened(self, said: Said, n: int, ids: list[str]) -> dict[str, Any]:
        return {
            "index": n,
            "id": ids[n],
            "type": "function",
            "function": {"name": said.calls[n].name, "arguments": ""},
        }

    def send(
        self,
        number: int,
        said: Said,
        delta: dict[str, Any],
        chances: list[dict[str, Any]] | None = None,
        finish: str | None = None,
    ) -> None:
        """A chunk with one choice."""
        choice: dict[str, Any] = {"index": number, "delta": delta}
        if said.logprobs is not None or shape_of(self.asked.model).logprobs_key:
            choice["logprobs"] = logprobs.of_choice(chances, said.refused)
        self.chunk([choice | {"finish_reason": finish}])

    def chunk(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None = None) -> None:
        """A chunk, padded so that its length tells nothing about the length of the token in it."""
        data: dict[str, Any] = {**self.head, "choices": choices}
        if self.counts_usage:
            data["usage"] = usage
        if self.padded:
            padding = -len(compact(data)) % 16
            data["obfuscation"] = self.asked.dice.base62(f"padding {len(self.events)}", padding)
        self.events.append(self.ticks.at(f"data: {compact(data)}\n\n"))
