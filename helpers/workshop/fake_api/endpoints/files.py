"""/v1/files: what is uploaded, and what batches write."""

from __future__ import annotations

from typing import Any

from ..ids import Dice, file_id
from ..pace import fixed_ms
from ..request import Asked
from ..script import AuthoringError
from ..state import State, StoredFile
from ..wire import Reply, error_body, error_reply, json_reply, listing

MONTH = 30 * 24 * 3600  # seconds that the output of a batch is kept


def add(state: State, dice: Dice, label: str, name: str, content: bytes, purpose: str, created: int) -> dict[str, Any]:
    """Keeps a file and returns the file object."""
    about = {
        "object": "file",
        "id": file_id(dice, label),
        "purpose": purpose,
        "filename": name,
        "bytes": len(content),
        "created_at": created,
        "expires_at": created + MONTH if purpose.startswith("batch") else None,
        "status": "processed",
        "status_details": None,
    }
    state.files[about["id"]] = StoredFile(content, about)
    return about


def answer(asked: Asked, state: State) -> Reply:
    """Any request below /v1/files."""
    _, _, rest = asked.path.removeprefix("/v1/").partition("/")
    name, _, wanted = rest.partition("/")
    elapsed = fixed_ms(asked.dice, "files")
    if not name:
        value = _upload(asked, state) if asked.method == "POST" else _list(state)
        return json_reply("files", value, elapsed_ms=elapsed)
    if (file := state.files.get(name)) is None:
        return error_reply("files", 404, error_body(f"No such File object: {name}", param="id"))
    if asked.method == "DELETE":
        del state.files[name]
        return json_reply("files", {"object": "file", "deleted": True, "id": name}, elapsed_ms=elapsed)
    if wanted == "content":
        return Reply(body=file.content, headers={"content-type": "application/octet-stream"}, elapsed_ms=elapsed)
    return json_reply("files", file.about, elapsed_ms=elapsed)


def _upload(asked: Asked, state: State) -> dict[str, Any]:
    if not asked.uploads or "purpose" not in asked.body:
        raise AuthoringError("an upload has the fields `file` and `purpose`")
    upload = asked.uploads[0]
    name, content, purpose = upload["filename"], upload["content"], asked.body["purpose"]
    return add(state, asked.dice, "upload", name, content, purpose, asked.created)


def _list(state: State) -> dict[str, Any]:
    return listing(sorted((file.about for file in state.files.values()), key=lambda about: -about["created_at"]))
