"""GET /v1/models: the course's table of models as the API lists it."""

from __future__ import annotations

import datetime
import re
from typing import Any

from .... import models
from ..request import Request
from ..script import AuthoringError
from ..state import State
from ..wire import Response, json_response

BASIS = "From data/course/models.json; created is the date of the snapshot, or the table's own where there is none."


def answer(request: Request, state: State) -> Response:
    """The list, or one model. Models that ended before the date of the fake API are gone."""
    name = request.name
    known = {each: _model(each) for each in models.TABLE["models"] if not models.is_gone(each, state.date)}
    if not name:
        return json_response({"object": "list", "data": list(known.values())}, basis=BASIS)
    if (found := known.get(models.canonical(name) or "")) is None:
        raise AuthoringError(f"the table of models knows nothing about {name}")
    return json_response({**found, "id": name}, basis=BASIS)


def _model(name: str) -> dict[str, Any]:
    dated = re.search(r"\d{4}-\d\d-\d\d$", models.answers_as(name))
    moment = datetime.datetime.fromisoformat(f"{dated[0] if dated else models.AS_OF}T00:00:00+00:00")
    end = models.shutdown(name)
    return {
        "id": name,
        "object": "model",
        "created": int(moment.timestamp()),
        "owned_by": "system",
        "shutdown_date": end.isoformat() if end else None,
    }
