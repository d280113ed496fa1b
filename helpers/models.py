"""The models of the course: the table `data/course/models.json` as constants and lookups.

Lessons name a model by its role, so that a model that ends is replaced in one place. The table
also holds sources and their grades. Prices are not here: see `helpers.costs`.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from .setup.files import COURSE

if TYPE_CHECKING:
    from .tables import Table

_FILE = COURSE / "models.json"
TABLE: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
ROLES: dict[str, str] = TABLE["roles"]
AS_OF: str = TABLE["as_of"]  # the day for which the table holds, YYYY-MM-DD

FLAGSHIP: str = ROLES["flagship"]
SMALL: str = ROLES["small"]  # reasons by default: pass reasoning_effort="none" for plain, cheap answers
NEWEST: str = ROLES["newest"]
PRO: str = ROLES["pro"]  # Responses and Batch only
CLASSIC: str = ROLES["classic"]  # without reasoning
FORMER_SMALL: str = ROLES["former_small"]
RETIRED: str = ROLES["retired"]
EMBEDDING: str = ROLES["embedding"]
EMBEDDING_LARGE: str = ROLES["embedding_large"]
MODERATION: str = ROLES["moderation"]
IMAGE: str = ROLES["image"]
IMAGE_NEWEST: str = ROLES["image_newest"]
IMAGE_CLEAR: str = ROLES["image_clear"]  # makes transparent backgrounds
FORMER_IMAGE: str = ROLES["former_image"]
SPEECH: str = ROLES["speech"]
FORMER_SPEECH: str = ROLES["former_speech"]
AUDIO_CHAT: str = ROLES["audio_chat"]
TRANSCRIBE: str = ROLES["transcribe"]
TRANSCRIBE_TIMED: str = ROLES["transcribe_timed"]

_MODELS: dict[str, dict[str, Any]] = TABLE["models"]
_CANONICAL = {name: name for name in _MODELS}
for _name, _entry in _MODELS.items():
    for _other in (_entry["answers_as"], *_entry.get("aliases", ())):
        _CANONICAL.setdefault(_other or _name, _name)


def canonical(model: str) -> str | None:
    """The name under which the table knows a model, its alias or its snapshot; None when it knows none."""
    return _CANONICAL.get(model)


def info(model: str) -> dict[str, Any]:
    """What the table holds about a model.

    Args:
        model: name, alias or dated snapshot, such as "gpt-5.2" or "gpt-5.2-2025-12-11".

    Returns:
        kind, status ("active", "ending" or "gone"), shutdown, replacement, endpoints, context and max_output
        (tokens), cutoff, efforts and more, and the source of each.

    Raises:
        LookupError: the table does not know the model.
    """
    name = canonical(model)
    if name is None:
        raise LookupError(f"data/course/models.json knows no model {model!r}. It knows {', '.join(_MODELS)}.")
    return dict(_MODELS[name])


def answers_as(model: str) -> str:
    """The id that an answer of this model carries: its dated snapshot where one is known, else its name."""
    return info(model)["answers_as"] or str(canonical(model))


def shutdown(model: str) -> date | None:
    """The announced day on which a model ends, or None. Raises LookupError for an unknown model."""
    day = info(model)["shutdown"]
    return date.fromisoformat(day) if day else None


def is_gone(model: str, today: date | str = AS_OF) -> bool:
    """Whether a model has ended by a day. Raises LookupError for an unknown model."""
    end = shutdown(model)
    return end is not None and end <= (date.fromisoformat(today) if isinstance(today, str) else today)


def chat_efforts(model: str) -> list[str]:
    """Values of reasoning_effort that Chat Completions takes; none for models without reasoning."""
    only_responses = TABLE["efforts_only_on_responses"]["values"]
    return [effort for effort in info(model).get("efforts") or () if effort not in only_responses]


def accepts(model: str, parameter: str, effort: str | None = None) -> bool:
    """Whether Chat Completions takes a parameter of a model, at a value other than the neutral one.

    Args:
        model: a chat model.
        parameter: "temperature", "max_tokens", "tools" and so on.
        effort: reasoning effort of the request; None for the model's default.

    Raises:
        LookupError: the model or the parameter is not in the table.
    """
    entry = info(model)
    when = _condition(entry, parameter)["when"]
    return when == "always" or (when == "effort_none" and (effort or entry["default_effort"]) == "none")


def _condition(entry: dict[str, Any], parameter: str) -> dict[str, Any]:
    if parameter == "tools" and "tools_on_chat" in entry:
        return {"when": entry["tools_on_chat"]}
    try:
        return TABLE["parameters"][entry["parameters"]][parameter]
    except KeyError:
        raise LookupError(f"The table says nothing about {parameter!r} for this model.") from None


def neutral(model: str, parameter: str) -> Any:
    """The one value of a parameter that Chat Completions takes even where it refuses others, or None."""
    return _condition(info(model), parameter).get("neutral")


def condition(model: str, parameter: str) -> str:
    """In words, when Chat Completions takes a parameter of a model. Raises LookupError like `accepts`."""
    entry = info(model)
    if "chat" not in entry["endpoints"]:
        return "not on Chat Completions"
    rule = _condition(entry, parameter)
    if parameter == "reasoning_effort" and rule["when"] != "never":
        return ", ".join(f"{e} (default)" if e == entry["default_effort"] else e for e in chat_efforts(model))
    if rule["when"] == "always":
        return f"yes ({rule['note']})" if "note" in rule else "yes"
    if rule["when"] == "effort_none":
        default = entry["default_effort"] == "none"
        return "while effort is none (default)" if default else "only with effort none"
    if type(rule.get("neutral")) is int:
        return f"only {rule['neutral']}"
    return "no; use Responses" if parameter == "tools" else "no"


def parameter_table(*models: str) -> Table:
    """Which model takes which parameter on Chat Completions, as a table with a column for each model."""
    from .tables import Table

    names = [*TABLE["parameters"]["no_reasoning"], "tools"]
    rows = [[name, *(condition(model, name) for model in models)] for name in names]
    caption = f"What Chat Completions takes from each model, as of {AS_OF}"
    return Table(["Parameter", *models], rows, caption)
