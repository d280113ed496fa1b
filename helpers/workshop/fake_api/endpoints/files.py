"""/v1/files: what is uploaded, and what batches write."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from ..ids import Dice, file_id
from ..pace import fixed_ms
from ..request import Asked
from ..script import AuthoringError
from ..wire import Reply, error_body, error_reply, json_reply, listing

MONTH = 30 * 24 * 3600  # seconds that the output of a batch is kept


@dataclass
class StoredFile:
    """A file and what the API tells of it."""

    content: bytes
    about: dict[str, Any]


class Files:
    """The files of one upstream."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._lock = threading.Lock()

    def add(self, dice: Dice, label: str, name: str, content: bytes, purpose: str, created: int) -> dict[str, Any]:
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
        with self._lock:
            self._files[about["id"]] = StoredFile(content, about)
        return about

    def get(self, name: str) -> StoredFile | None:
        return self._files.get(name)

    def answer(self, asked: Asked) -> Reply:
        """Any request below /v1/files."""
        _, _, rest = asked.path.removeprefix("/v1/").partition("/")
        name, _, wanted = rest.partition("/")
        elapsed = fixed_ms(asked.dice, "files")
        if not name:
            return json_reply(
                "files", self._upload(asked) if asked.method == "POST" else self._list(), elapsed_ms=elapsed
            )
        if (file := self.get(name)) is None:
            return error_reply("files", 404, error_body(f"No such File object: {name}", param="id"))
        if asked.method == "DELETE":
            with self._lock:
                self._files.pop(name, None)
            return json_reply("files", {"object": "file", "deleted": True, "id": name}, elapsed_ms=elapsed)
        if wanted == "content":
            return Reply(body=file.content, headers={"content-type": "application/octet-stream"}, elapsed_ms=elapsed)
        return json_reply("files", file.about, elapsed_ms=elapsed)

    def _upload(self, asked: Asked) -> dict[str, Any]:
        if not asked.uploads or "purpose" not in asked.body:
            raise AuthoringError("an upload has the fields `file` and `purpose`")
        upload = asked.uploads[0]
        name, content, purpose = upload["filename"], upload["content"], asked.body["purpose"]
        return self.add(asked.dice, "upload", name, content, purpose, asked.created)

    def _list(self) -> dict[str, Any]:
        files = sorted((file.about for file in self._files.values()), key=lambda about: -about["created_at"])
        return listing(files)
