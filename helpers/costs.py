"""What calls cost, in USD, from the `usage` of their answers. List prices are in `helpers.prices`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import models
from .prices import WHEN, cost_table, known, price, prices_date, usd
from .setup.files import ROOT
from .tables import Table
from .tokens import estimated

__all__ = ["cost", "cost_table", "price", "prices_date", "receipt", "speech_cost", "usd"]

_DETAILS = {  # unit of genai-prices: side of the usage object, and name of the number in its details
    "cache_read_tokens": ("input", "cached_tokens"),
    "cache_write_tokens": ("input", "cache_write_tokens"),
    "input_audio_tokens": ("input", "audio_tokens"),
    "input_image_tokens": ("input", "image_tokens"),
    "output_audio_tokens": ("output", "audio_tokens"),
    "output_image_tokens": ("output", "image_tokens"),
}
_PLACES = {  # names of the details: Chat Completions, Responses and Images, transcriptions
    "input": ("prompt_tokens_details", "input_tokens_details", "input_token_details"),
    "output": ("completion_tokens_details", "output_tokens_details", "output_token_details"),
}

RUN_PRICES = Path("data", "course", "run_prices.json")  # from the root of a course


def run_prices(root: Path = ROOT) -> dict[str, float]:
    """What Run All of each lesson costs with a key, in USD, as its last build counted it: {"05": 0.0021}."""
    path = root / RUN_PRICES
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def cost(model: str, usage: Any, batch: bool = False) -> float | None:
    """What one call costs.

    Cached input, cache writes (at their 30-minute rate) and the higher tier above 272,000 input tokens are
    priced as OpenAI does. Fees for built-in tools such as web search are not in `usage`, not in the result.

    Args:
        model: model of the request, or the dated id that the answer carries.
        usage: usage of a chat completion, response, embedding, image or transcription, as dict or SDK object;
            {"characters": n} for speech; None where an answer has none.
        batch: whether the call went through the Batch API.

    Returns:
        USD; None when the price is not known or there is no usage.

    Raises:
        ValueError: the numbers in `usage` contradict each other.
    """
    entry = models.info(model) if models.canonical(model) else {}
    if entry.get("free"):
        return 0.0
    listed = known(model)
    if listed is None or usage is None:
        return None
    from genai_prices import Usage, calc_price

    units = Usage(**_units(_as_mapping(usage), entry))
    context = {"processing": "batch"} if batch else None
    name = model if model.startswith("ft:") else listed.id  # its ids of fine-tuned models are prefixes only
    result = calc_price(units, name, provider_id="openai", genai_request_timestamp=WHEN, price_context=context)
    if batch and not any(variant.when == context for variant in listed.price_variants or ()):
        return float(result.total_price / 2)  # OpenAI's rule for Batch; no price of its own is listed
    return float(result.total_price)


def speech_cost(model: str, text: str, seconds: float | None = None) -> float | None:
    """What speaking a text costs.

    Args:
        model: a speech model.
        text: what is spoken.
        seconds: length of the sound, for models that are paid by it; None to estimate it from the text.

    Returns:
        USD: exact for models paid by the character, an estimate for others; None when the price is not known.
    """
    return cost(model, {"characters": len(text), "seconds": seconds})


def receipt(rows: Iterable[Mapping[str, Any]], caption: str = "What these calls cost") -> Table:
    """Calls added up by model, with a total.

    Args:
        rows: one mapping for each call: "model", "usage" as for `cost`, "batch": True where it applies, and
            "answered_by" where another model stood in; such calls have lines of their own.
        caption: what the calls were.
    """
    sums: dict[tuple[str, str | None], list[Any]] = {}
    for row in rows:
        usage = _as_mapping(row["usage"])
        amount = cost(row["model"], usage, row.get("batch", False))
        line = sums.setdefault((row["model"], row.get("answered_by")), [0, 0, 0, 0.0])
        line[0] += 1
        line[1] += _tokens(usage, "prompt_tokens", "input_tokens")
        line[2] += _tokens(usage, "completion_tokens", "output_tokens")
        line[3] = None if amount is None or line[3] is None else line[3] + amount
    body = [
        [f"{model}, answered by {other}" if other not in (None, model) else model, *line[:3], usd(line[3])]
        for (model, other), line in sums.items()
    ]
    total = usd(sum(line[3] or 0.0 for line in sums.values()))
    if any(line[3] is None for line in sums.values()):
        total += " + unknown"
    body.append(["Total", *(sum(line[column] for line in sums.values()) for column in range(3)), total])
    heads = ["Model", "Calls", "Input tokens", "Output tokens", "Price"]
    return Table(heads, body, caption, f"Prices: {prices_date(*(model for model, _ in sums))}.")


def _as_mapping(usage: Any) -> Mapping[str, Any]:
    return usage if isinstance(usage, Mapping) else usage.model_dump()


def _tokens(usage: Mapping[str, Any], *names: str) -> int:
    return next((usage[name] for name in names if usage.get(name)), 0)


def _units(usage: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a usage object under the names of genai-prices."""
    if "characters" in usage:
        return _spoken(usage, entry)
    if "seconds" in usage:
        return {"audio_seconds": usage["seconds"]}
    units = {
        "input_tokens": _tokens(usage, "prompt_tokens", "input_tokens"),
        "output_tokens": _tokens(usage, "completion_tokens", "output_tokens"),
    }
    for unit, (side, name) in _DETAILS.items():
        details = next((usage[place] for place in _PLACES[side] if usage.get(place)), {})
        units[unit] = details.get(name) or 0
    if entry.get("kind") == "image" and not usage.get("output_tokens_details"):
        units["output_image_tokens"] = units["output_tokens"]
    return units


def _spoken(usage: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Speech has no usage: characters where they are the price, else an estimate of the tokens heard."""
    characters = usage["characters"]
    if "audio_tokens_per_minute" not in entry:
        return {"input_characters": characters}
    seconds = usage.get("seconds") or characters / entry["characters_per_second"]
    return {
        "input_tokens": estimated(characters),  # it makes about a hundredth of the price
        "output_tokens": round(seconds * entry["audio_tokens_per_minute"] / 60),
    }


def spoken(price: float) -> str:
    """A price in USD as a person reads it; two dollar signs in a paragraph would be a formula in JupyterLab."""
    if not price:
        return "nothing"
    if price >= 0.995:
        return f"{price:.2f} USD"
    cents = round(100 * price)
    return "under a cent" if price < 0.01 else f"{cents} cent{'s' * (cents > 1)}"
