"""One request, read the same way whatever its endpoint: who asks what, in which turn, with which pictures and files."""

from __future__ import annotations

import base64
import functools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...proxy.http import parse_multipart
from ...proxy.refusals import form_fields
from ...proxy.standin_translate import messages_of
from ...setup.endpoints import RESPONDS, api_of
from .ids import Dice


@dataclass
class Request:
    """A request as the script sees it.

    Attributes:
        method: HTTP method.
        path: path without its query string.
        body: JSON body, or the plain fields of a form (a list for a field that comes several times).
        dice: what is drawn for this request.
        created: unix seconds at which the answer is made.
        images: folder of the pictures that answers and URLs may name.
        messages: the whole conversation in the shape of Chat Completions, earlier responses included.
        uploads: files of a form: {"name", "filename", "content_type", "content"}.
        seen: how many identical requests came before.
    """

    method: str
    path: str
    body: dict[str, Any]
    dice: Dice
    created: int
    images: Path
    messages: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0

    @property
    def api(self) -> str:
        """Short name of the endpoint; the first word of the path where it has no name of its own."""
        name = api_of(self.path)
        return "images" if name == "edits" else name

    @property
    def name(self) -> str:
        """What the path names below its endpoint: an id, or an id and what is wanted of it."""
        return self.path.removeprefix("/v1/").partition("/")[2]

    @property
    def model(self) -> str:
        return str(self.body.get("model") or "")

    @property
    def streamed(self) -> bool:
        return self.body.get("stream") in (True, "true")

    @property
    def user(self) -> str:
        """Text of the last user message, the input or the prompt."""
        return next((text_of(m) for m in reversed(self.messages) if m["role"] == "user"), "")

    @property
    def system(self) -> str:
        return "\n".join(text_of(m) for m in self.messages if m["role"] in ("system", "developer"))

    @property
    def turn(self) -> int:
        """Number of user messages so far; 1 in a first question."""
        return sum(m["role"] == "user" for m in self.messages)

    @property
    def last_role(self) -> str:
        return self.messages[-1]["role"] if self.messages else ""

    @property
    def tool_results(self) -> list[str]:
        """Results of tools since the last user message, in order."""
        results: list[str] = []
        for message in self.messages:
            if message["role"] == "user":
                results = []
            elif message["role"] == "tool":
                results.append(text_of(message))
        return results

    @property
    def files(self) -> list[str]:
        return [upload["filename"] for upload in self.uploads]

    @property
    def tools(self) -> list[dict[str, Any]]:
        """Function tools as {"name", "description", "parameters", "strict"}, of either API."""
        return [tool.get("function", tool) for tool in self.body.get("tools") or () if tool.get("type") == "function"]

    @property
    def schema(self) -> dict[str, Any] | None:
        """{"name", "schema", "strict"} where a structured answer is asked for."""
        form = self.body.get("response_format") or (self.body.get("text") or {}).get("format") or {}
        return form.get("json_schema", form) if form.get("type") == "json_schema" else None

    def parts(self, kind: str) -> list[Any]:
        """What the parts of one kind hold, over the whole conversation: "image_url", "input_audio"."""
        parts = [part for m in self.messages if isinstance(m.get("content"), list) for part in m["content"]]
        return [part[kind] for part in parts if part.get("type") == kind]

    @functools.cached_property
    def pictures(self) -> list[dict[str, str]]:
        """{"url", "detail"} of every picture in the conversation, in order."""
        return self.parts("image_url")


def fields_of(kind: str, content: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The body of a request and its uploaded files.

    Args:
        kind: content type.
        content: the bytes.

    Raises:
        ValueError: JSON was expected and something else came.
    """
    if kind.startswith("multipart/form-data"):
        parts = parse_multipart(kind, content)
        return form_fields(parts), [part for part in parts if "content" in part]
    fields = json.loads(content or b"{}")
    if not isinstance(fields, dict):
        raise ValueError("the body is no object")
    return fields, []


def text_of(message: dict[str, Any]) -> str:
    """The text of a message; parts that are no text are left out."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if "text" in part)


def data_url_content(url: str) -> bytes | None:
    """The bytes inside a base64 data URL; None for any other URL. Raises ValueError for broken base64."""
    head, comma, data = url.partition(",")
    if not (comma and head.startswith("data:") and head.endswith(";base64")):
        return None
    return base64.b64decode(data, validate=True)


def conversation(api: str, body: dict[str, Any], earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conversation of a request in the shape of Chat Completions.

    Args:
        api: short name of the endpoint.
        body: JSON body or form fields.
        earlier: messages of the responses that this one continues.
    """
    if api == "chat":
        return [m for m in body.get("messages") or () if isinstance(m, dict) and "role" in m]
    if api in RESPONDS:
        instructions, said = messages_of(body | {"input": []}), messages_of(body | {"instructions": None})
        return instructions + earlier + said
    said = body.get("input") or body.get("prompt") or ""
    if isinstance(said, list):
        said = "\n".join(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in said)
    return [{"role": "user", "content": said}] if said else []
