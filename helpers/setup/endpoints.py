"""The endpoints that the course knows: their paths, each with a short name."""

from __future__ import annotations

APIS = {
    "/v1/chat/completions": "chat",
    "/v1/responses": "responses",
    "/v1/responses/input_tokens": "input_tokens",
    "/v1/embeddings": "embeddings",
    "/v1/moderations": "moderations",
    "/v1/audio/speech": "speech",
    "/v1/audio/transcriptions": "transcriptions",
    "/v1/audio/translations": "translations",
    "/v1/images/generations": "images",
    "/v1/images/edits": "edits",
    "/v1/files": "files",
    "/v1/batches": "batches",
    "/v1/models": "models",
}
RESPONDS = ("responses", "input_tokens")  # both take the body of a response


def api_of(path: str) -> str:
    """The short name of the endpoint at a path, query string or not; of an unknown path its first word after /v1."""
    path = path.partition("?")[0].rstrip("/")
    return APIS.get(path) or path.removeprefix("/v1/").partition("/")[0]
