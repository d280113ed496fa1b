"""The way of a request: refused by rule, or handed to the endpoint that answers it."""

from __future__ import annotations

from typing import Any

from ...proxy import refusals
from .endpoints import audio, batches, chat, embeddings, images, models, moderations, responses
from .pace import fixed_ms
from .request import Request, conversation
from .script import AuthoringError, stub
from .state import State
from .usage import picture_size, rate_limit_tokens
from .wire import Response, authoring_response, error_response, rate_limits

SCRIPTED = {
    "chat": chat.answer,
    "responses": responses.answer,
    "speech": audio.speech,
    "transcriptions": audio.transcription,
    "translations": audio.transcription,
    "images": images.answer,
}
UNSCRIPTED = {
    "input_tokens": responses.count_input,
    "embeddings": embeddings.answer,
    "moderations": moderations.answer,
}


# Refusals that come after the conversation was read: its tokens count in the rate limit.
AFTER_READING = {"calls_and_results", "word_json", "tool_schema", "answer_schema", "picture_out_of_reach"}


def respond(
    request: Request, state: State, described: dict[str, Any] | None = None, key: str | None = None
) -> Response:
    """The answer to a request, complete but for the headers that every answer has.

    Args:
        request: the request.
        state: what earlier requests left.
        described: the request as `recordings.describe` makes it; that of a line in a batch follows from `request`.
        key: the client's key, "" without one; None where it was judged before.
    """
    described = described or {"method": request.method, "path": request.path, "json": request.body}
    if refused := refusals.refusal(described, key, today=state.date):
        if request.api == "chat" and refused.rule in AFTER_READING:
            request.messages = conversation(request.api, request.body, [])
        response = error_response(request.api, refused)
    else:
        try:
            response = _route(request, state)
        except (ValueError, LookupError, OSError) as error:  # answers, sizes, or files that are not there
            return authoring_response(f"The fake API has no answer for {request.method} {request.path}: {error}")
    if response.status == 200:
        response.elapsed_ms = response.elapsed_ms or fixed_ms(request.dice, request.api)
    if response.status == 200 or (response.status == 400 and request.api == "chat"):
        pictures = len(request.pictures) if request.api == "chat" else 0
        response.headers |= rate_limits(request.api, request.model, rate_limit_tokens(request), pictures)
    return response


def _route(request: Request, state: State) -> Response:
    api = request.api
    if api == "models":
        return models.answer(request, state)
    if api == "files":
        return batches.files(request, state)
    if api == "batches":
        return batches.answer(request, state, respond)
    if api == "responses" and request.name:
        return responses.retrieve(request, state)
    if api not in SCRIPTED | UNSCRIPTED or request.method != "POST":
        raise AuthoringError("this endpoint is not built")
    earlier: list[dict[str, Any]] = []
    if previous := request.body.get("previous_response_id"):
        if (kept := state.responses.get(previous)) is None:
            return error_response(api, refusals.previous_not_found(previous))
        earlier = kept.messages
        before = kept.response["completed_at"] or kept.response["created_at"]
        request.created = before + request.dice.number("later", 2, 20)
    request.messages = conversation(api, request.body, earlier)
    for url in (picture["url"] for picture in request.pictures):
        try:
            picture_size(request, url)
        except (ValueError, OSError):  # there is no network here, only the course's own pictures
            http = url.startswith("http")
            return error_response(api, refusals.not_downloaded(url, api) if http else refusals.UNSUPPORTED_IMAGE)
    if api in UNSCRIPTED:
        return UNSCRIPTED[api](request, state)
    if (entry := state.script.find(request)) is None:
        near = state.script.nearest(request)
        raise AuthoringError(f"no entry matches it. {near}Add one to the answers file:\n\n{stub(request)}")
    return SCRIPTED[api](request, entry, state)
