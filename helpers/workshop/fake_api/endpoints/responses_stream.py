"""A response as a stream of named events, numbered without gaps."""

from __future__ import annotations

from typing import Any

from .. import usage as counting
from ..logprobs import bare
from ..pace import THINKING_MS, Pace, Ticks
from ..request import Asked
from ..utterance import Said
from ..wire import Reply, compact, stream_reply
from .response_object import message_item, message_part


def reply(asked: Asked, response: dict[str, Any], said: Said, pace: Pace, basis: str) -> Reply:
    """The stream of a response.

    Args:
        asked: the request.
        response: the finished response object.
        said: what it says, in tokens.
        pace: the clock of the answer.
        basis: how the content was made.
    """
    stream = _Stream(asked, pace)
    final = {key: value for key, value in response.items() if key != "billing"}
    started = {"status": "in_progress", "completed_at": None, "incomplete_details": None}
    opening = {**final, **started, "output": [], "service_tier": "auto", "usage": None}
    for name in ("response.created", "response.in_progress"):
        stream.send(name, response=opening)
    calls = iter(said.calls)
    for index, item in enumerate(response["output"]):
        if item["type"] == "reasoning":
            stream.item(item, index)
            stream.ticks.wait(said.reasoning * THINKING_MS)
        elif item["type"] == "message":
            stream.item(message_item(asked, item["id"], "in_progress", []), index)
            stream.message(item, index, said)
        else:
            stream.item({**item, "status": "in_progress", "arguments": ""}, index)
            stream.arguments(item, index, next(calls).arguments)
        stream.send("response.output_item.done", item=item, output_index=index)
    stream.send("response.incomplete" if final["status"] == "incomplete" else "response.completed", response=final)
    return stream_reply(stream.events, elapsed_ms=pace.first_ms, basis=basis)


class _Stream:
    def __init__(self, asked: Asked, pace: Pace) -> None:
        self.asked, self.ticks = asked, Ticks(pace)
        self.events: list[tuple[int, str]] = []
        self.padded = (asked.body.get("stream_options") or {}).get("include_obfuscation") is not False

    def send(self, name: str, **fields: Any) -> None:
        """One event; its keys stand in alphabetical order after `type`."""
        fields["sequence_number"] = len(self.events)
        if self.padded and "delta" in fields and name != "response.refusal.delta":
            fields["obfuscation"] = self.asked.dice.base62(f"padding {len(self.events)}", -len(fields["delta"]) % 16)
        data = {"type": name} | {key: fields[key] for key in sorted(fields)}
        self.events.append(self.ticks.at(f"event: {name}\ndata: {compact(data)}\n\n"))

    def item(self, item: dict[str, Any], index: int) -> None:
        self.send("response.output_item.added", item=item, output_index=index)

    def message(self, item: dict[str, Any], index: int, said: Said) -> None:
        """The text of a message, token by token."""
        where = {"item_id": item["id"], "output_index": index, "content_index": 0}
        kind, field = ("refusal", "refusal") if said.refused else ("output_text", "text")
        self.send("response.content_part.added", part=message_part(said, ""), **where)
        done = 0
        for text, count in counting.spoken(said.words or []):
            self.ticks.spoken()
            chances = {} if said.refused else {"logprobs": bare(said.logprobs, done, count)}
            self.send(f"response.{kind}.delta", delta=text, **chances, **where)
            done += count
        chances = {} if said.refused else {"logprobs": bare(said.logprobs, 0, done)}
        self.send(f"response.{kind}.done", **{field: said.text}, **chances, **where)
        self.send("response.content_part.done", part=item["content"][0], **where)

    def arguments(self, item: dict[str, Any], index: int, tokens: list[bytes]) -> None:
        """The arguments of a call, token by token."""
        where = {"item_id": item["id"], "output_index": index}
        for text, _ in counting.spoken(tokens):
            self.ticks.spoken()
            self.send("response.function_call_arguments.delta", delta=text, **where)
        self.send("response.function_call_arguments.done", arguments=item["arguments"], **where)
