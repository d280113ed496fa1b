"""GET /v1/models: the course's table of models as the API lists it."""

from __future__ import annotations

import datetime
import re
from typing import Any

from .... import models
from ..pace import fixed_ms
from ..request import Asked
from ..wire import Reply, error_body, error_reply, json_reply

BASIS = "From data/course/models.json; created is the date of the snapshot, or the table's own where there is none."


def answer(asked: Asked, date: str) -> Reply:
    """The list, or one model.

    Args:
        asked: the request.
        date: YYYY-MM-DD; models that ended before are gone.
    """
    elapsed = fixed_ms(asked.dice, "models")
    known = {name: _model(name) for name in models.TABLE["models"] if not models.is_gone(name, date)}
    name = asked.path.removeprefix("/v1/models").strip("/")
    if not name:
        return json_reply("models", {"object": "list", "data": list(known.values())}, elapsed_ms=elapsed, basis=BASIS)
    if (found := known.get(models.canonical(name) or "")) is None:
        body = error_body(f"The model '{name}' does not exist", param="model", code="model_not_found")
        return error_reply("models", 404, body)
    return json_reply("models", {**found, "id": name}, elapsed_ms=elapsed, basis=BASIS)


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
