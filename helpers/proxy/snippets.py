"""One request, three ways: the Python call, the HTTP message and the curl command that are the same thing."""

from __future__ import annotations

import json
from typing import Any

from ..setup.endpoints import APIS

API = "https://api.openai.com"
CREATE = {  # by the short name of the endpoint
    "chat": "chat.completions.create",
    "responses": "responses.create",
    "input_tokens": "responses.input_tokens.count",
    "embeddings": "embeddings.create",
    "moderations": "moderations.create",
    "images": "images.generate",
    "edits": "images.edit",
    "speech": "audio.speech.create",
    "transcriptions": "audio.transcriptions.create",
    "translations": "audio.translations.create",
    "files": "files.create",
    "batches": "batches.create",
}
LISTED = ("models", "files", "batches")
RETRIEVE = {
    "models": "models.retrieve",
    "responses": "responses.retrieve",
    "files": "files.retrieve",
    "batches": "batches.retrieve",
}


def python(request: dict[str, Any]) -> str:
    """The call of the SDK that sends this request.

    Args:
        request: a described request: {"method", "path", "json" | "multipart"}.
    """
    path = request["path"].partition("?")[0]
    api, name = APIS.get(path, ""), None
    if request["method"] == "POST":
        name = CREATE.get(api)
    elif request["method"] == "GET" and api in LISTED:
        name = f"{api}.list"
    arguments = dict(request.get("json") or {})
    for field in request.get("multipart", ()):
        arguments[field["name"]] = field.get("value") or f"open({field['filename']!r}, 'rb')"
    if name is None:
        parts = path.removeprefix("/v1/").split("/")
        if request["method"] == "GET" and len(parts) == 2 and parts[0] in RETRIEVE:
            return f"client.{RETRIEVE[parts[0]]}({parts[1]!r})"
        return f"client.{request['method'].lower()}({path.removeprefix('/v1')!r}, cast_to=object, body={arguments!r})"
    if not arguments:
        return f"client.{name}()"
    lines = []
    for key, value in arguments.items():
        text = value if isinstance(value, str) and value.startswith("open(") else _literal(value)
        lines.append(f"    {key}={text},".replace("\n", "\n    "))
    return "client.{}(\n{}\n)".format(name, "\n".join(lines))


def _literal(value: Any, width: int = 84) -> str:
    """A Python literal as one would write it: on one line where it fits, else one item a line."""
    text = repr(value)
    if len(text) <= width or not isinstance(value, dict | list):
        return text
    if isinstance(value, dict):
        items = [f"{key!r}: {_literal(item, width - 4)}" for key, item in value.items()]
    else:
        items = [_literal(item, width - 4) for item in value]
    inside = "".join(f"    {item},\n".replace("\n", "\n    ").rstrip(" ") for item in items)
    return f"{{\n{inside}}}" if isinstance(value, dict) else f"[\n{inside}]"


def http(request: dict[str, Any], status: int, headers: dict[str, str], answer: Any) -> str:
    """The HTTP message that goes out and the one that comes back, with the headers worth reading."""
    kind, body = (
        "application/json",
        json.dumps(request.get("json"), indent=2, ensure_ascii=False) if "json" in request else "",
    )
    if "multipart" in request:
        kind = "multipart/form-data; boundary=…"
        body = "\n".join(
            f"{field['name']} = {field.get('value') or field.get('filename')}" for field in request["multipart"]
        )
    host = API.removeprefix("https://")
    sent = f"{request['method']} {request['path']} HTTP/1.1\nHost: {host}\nAuthorization: Bearer $OPENAI_API_KEY"
    sent += f"\nContent-Type: {kind}\n\n{body}" if body else "\n"
    came = f"HTTP/1.1 {status}\n" + "\n".join(f"{name}: {value}" for name, value in headers.items())
    if isinstance(answer, list):
        came += "\n\n" + "\n\n".join(
            f"data: {json.dumps(event, ensure_ascii=False) if isinstance(event, dict) else event}"
            for event in answer[:4]
        )
        came += f"\n\n… {len(answer) - 4} more events" if len(answer) > 4 else ""
    elif answer is not None:
        came += "\n\n" + json.dumps(answer, indent=2, ensure_ascii=False)
    return f"{sent}\n\n{came}"


def curl(request: dict[str, Any]) -> str:
    """A command for a POSIX shell that sends the same request."""
    url = f"{API}{request['path']}"
    lines = ["curl " + (url if request["method"] in ("GET", "POST") else f"-X {request['method']} {url}")]
    lines.append('-H "Authorization: Bearer $OPENAI_API_KEY"')
    if "json" in request:
        lines.append('-H "Content-Type: application/json"')
        lines.append("-d '" + json.dumps(request["json"], indent=2, ensure_ascii=False).replace("'", "'\\''") + "'")
    for field in request.get("multipart", ()):
        lines.append(
            f"-F {field['name']}=" + (f"'{field['value']}'" if "value" in field else f"'@{field['filename']}'")
        )
    return " \\\n  ".join(lines)
