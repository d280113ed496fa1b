"""The way of a request: refused by its key, its parameters or its form, or handed to the endpoint that answers it."""

from __future__ import annotations

from typing import Any

from ...proxy.refusals import rejection
from . import checks
from .endpoints import audio, batches, chat, embeddings, images, models, moderations, responses
from .request import Request, conversation
from .script import AuthoringError, stub
from .state import State
from .usage import rate_limit_tokens
from .wire import Response, authoring_response, error_body, error_response, rate_limits

NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
    "(i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from "
    "https://platform.openai.com/account/api-keys."
)
BAD_KEY = "Incorrect API key provided: ****. You can find your API key at https://platform.openai.com/account/api-keys."
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


def unauthorised(api: str, authorization: str | None) -> Response | None:
    """A 401 unless there is a bearer key. The key itself is neither looked at nor kept."""
    if authorization is None:
        return error_response(api, 401, error_body(NO_KEY))
    if not authorization.startswith("Bearer ") or not authorization[7:].strip():
        return error_response(api, 401, error_body(BAD_KEY, code="invalid_api_key"))
    return None


def respond(request: Request, state: State) -> Response:
    """The answer to a request, complete but for the headers that every answer has."""
    try:
        response = _route(request, state)
    except (AuthoringError, OSError) as error:  # OSError: a file that the answers name is not there
        return authoring_response(f"The fake API has no answer for {request.method} {request.path}: {error}")
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
        return error_response(api, 404, error_body(f"Invalid URL ({request.method} {request.path})"))
    if request.model and (refused := rejection(request.model, request.body, request.path, state.date)):
        return error_response(api, refused["status"], {"error": refused["error"]})
    earlier: list[dict[str, Any]] = []
    if previous := request.body.get("previous_response_id"):
        if (kept := state.responses.get(previous)) is None:
            return responses.unknown_previous(previous)
        earlier = kept.messages
        before = kept.response["completed_at"] or kept.response["created_at"]
        request.created = before + request.dice.number("later", 2, 20)
    request.messages = conversation(api, request.body, earlier)
    if refused := checks.refusal(request):
        return error_response(api, 400, refused)
    if api in UNSCRIPTED:
        return UNSCRIPTED[api](request, state)
    if (entry := state.script.find(request)) is None:
        near = state.script.nearest(request)
        raise AuthoringError(f"no entry matches it. {near}Add one to the answers file:\n\n{stub(request)}")
    return SCRIPTED[api](request, entry, state)
