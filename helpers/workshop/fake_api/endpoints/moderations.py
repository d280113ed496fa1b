"""POST /v1/moderations: authored scores, or next to nothing in every category."""

from __future__ import annotations

from typing import Any

from ..request import Request, text_of
from ..script import AuthoringError
from ..state import State
from ..wire import Response, json_response

CATEGORIES = (
    "harassment", "harassment/threatening", "sexual", "hate", "hate/threatening", "illicit", "illicit/violent",
    "self-harm/intent", "self-harm/instructions", "self-harm", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
WITH_PICTURES = ("sexual", "violence", "violence/graphic", "self-harm", "self-harm/intent", "self-harm/instructions")
FLAGGED_FROM = 0.5  # an authored score from here on flags its category; the API's own thresholds are not public
HARMLESS = "Nobody wrote scores for this text: it is taken to be harmless, with next to nothing in every category."


def answer(request: Request, state: State) -> Response:
    """Answers a moderation request; each input is looked up by itself. Raises AuthoringError."""
    given = request.body.get("input") or ""
    parts = isinstance(given, list) and given and isinstance(given[0], dict)
    results, bases = [], []
    for number, item in enumerate(given if isinstance(given, list) and not parts else [given]):
        text = text_of({"content": item})
        request.messages = [{"role": "user", "content": text}]
        entry = state.script.find(request)
        scores = entry.answer.get("scores", {}) if entry else {}
        if unknown := set(scores) - set(CATEGORIES):
            raise AuthoringError(f"{entry.source if entry else ''}: {unknown.pop()!r} is no category of moderation")
        bases.append(entry.basis if entry else HARMLESS)
        pictured = not isinstance(item, str) and any(part["type"] == "image_url" for part in item)
        kinds = ["text"] * bool(text or not pictured) + ["image"] * pictured
        results.append(_result(request, scores, number, kinds))
    value = {
        "id": f"modr-{request.dice.number('moderation', 100, 9999)}",
        "model": request.model or "omni-moderation-latest",
        "results": results,
    }
    basis = " ".join(dict.fromkeys(bases))
    return json_response(value, basis=basis)


def _result(request: Request, authored: dict[str, float], number: int, kinds: list[str]) -> dict[str, Any]:
    quiet = {name: request.dice.number(f"{number} {name}", 1, 90) / 1_000_000 for name in CATEGORIES}
    scores = {name: float(authored.get(name, quiet[name])) for name in CATEGORIES}
    categories = {name: score >= FLAGGED_FROM for name, score in scores.items()}
    applied = {name: [k for k in kinds if k == "text" or name in WITH_PICTURES] for name in CATEGORIES}
    return {
        "flagged": any(categories.values()),
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": applied,
    }
