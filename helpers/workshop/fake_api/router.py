"""The way of a request: refused by its key, its parameters or its form, or handed to the endpoint that answers it."""

from __future__ import annotations

from typing import Any

from ...proxy.refusals import rejection
from . import checks
from . import usage as counting
from .endpoints import batches, chat, embeddings, files, images, models, moderations, responses, speech, transcriptions
from .request import Asked, conversation
from .script import AuthoringError, stub
from .state import State
from .wire import Reply, authoring_reply, error_body, error_reply, rate_limits

NAMES_A_MODEL = {
    "chat", "responses", "input_tokens", "embeddings", "moderations", "speech", "transcriptions", "translations",
    "images",
}  # fmt: skip
NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
    "(i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from "
    "https://platform.openai.com/account/api-keys."
)
BAD_KEY = "Incorrect API key provided: ****. You can find your API key at https://platform.openai.com/account/api-keys."


def unauthorised(api: str, authorization: str | None) -> Reply | None:
    """A 401 unless there is a bearer key. The key itself is neither looked at nor kept."""
    if authorization is None:
        return error_reply(api, 401, error_body(NO_KEY))
    if not authorization.startswith("Bearer ") or not authorization[7:].strip():
        return error_reply(api, 401, error_body(BAD_KEY, code="invalid_api_key"))
    return None


def reply(asked: Asked, state: State) -> Reply:
    """The answer to a request, complete but for the headers that every answer has."""
    try:
        made = _route(asked, state)
    except (AuthoringError, OSError) as error:  # OSError: a file that the answers name is not there
        return authoring_reply(f"The stand-in upstream has no answer for {asked.method} {asked.path}: {error}")
    if made.status == 200 or (made.status == 400 and asked.api == "chat"):
        pictures = len(asked.pictures) if asked.api == "chat" else 0
        made.headers |= rate_limits(asked.api, asked.model, counting.rate_limit_tokens(asked), pictures)
    return made


def _route(asked: Asked, state: State) -> Reply:
    api, name = asked.api, asked.path.removeprefix("/v1/").partition("/")[2]
    if api == "models":
        return models.answer(asked, state.date)
    if api == "files":
        return files.answer(asked, state)
    if api == "batches":
        return batches.answer(asked, state, reply)
    if api == "responses" and name:
        return responses.retrieve(name, asked.method, state)
    if api not in NAMES_A_MODEL or asked.method != "POST":
        return error_reply(api, 404, error_body(f"Invalid URL ({asked.method} {asked.path})"))
    if asked.model and (refused := rejection(asked.model, asked.body, asked.path, state.date)):
        return error_reply(api, refused["status"], {"error": refused["error"]})
    earlier: list[dict[str, Any]] = []
    if previous := asked.body.get("previous_response_id"):
        if (kept := state.responses.get(previous)) is None:
            return responses.unknown_previous(previous)
        earlier = kept.messages
        before = kept.response["completed_at"] or kept.response["created_at"]
        asked.created = before + asked.dice.number("later", 2, 20)
    asked.messages = conversation(api, asked.body, earlier)
    if refused := checks.refusal(asked):
        return error_reply(api, 400, refused)
    return _answer(asked, state)


def _answer(asked: Asked, state: State) -> Reply:
    if asked.api == "input_tokens":
        return responses.count_input(asked)
    if asked.api == "moderations":
        return moderations.answer(asked, state.answers)
    entry = state.answers.find(asked)
    if entry and "error" in entry.answer:
        return _authored_error(asked.api, entry.answer["error"])
    if asked.api == "embeddings":
        return embeddings.answer(asked, state)
    if asked.api == "speech":
        return speech.answer(asked, entry, state)
    if asked.api == "images":
        return images.answer(asked, entry, state)
    if entry is None:
        near = state.answers.nearest(asked)
        raise AuthoringError(f"no entry matches it. {near}Add one to the answers file:\n\n{stub(asked)}")
    if asked.api == "chat":
        return chat.answer(asked, entry, state)
    if asked.api == "responses":
        return responses.answer(asked, entry, state)
    return transcriptions.answer(asked, entry)


def _authored_error(api: str, error: dict[str, Any]) -> Reply:
    body = error_body(
        error["message"], error.get("type", "invalid_request_error"), error.get("param"), error.get("code")
    )
    return error_reply(api, error.get("status", 400), body, error.get("headers"))
