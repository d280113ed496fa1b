"""List prices of models, in USD, from the pinned package genai-prices, and how to show money."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from . import models
from .tables import Table

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, TieredPrices

# The package can date its prices. One fixed moment makes the same package give the same price on any day.
WHEN = datetime.fromisoformat(models.AS_OF).replace(hour=12, tzinfo=UTC)

PER_MILLION = {  # name here: name in genai-prices
    "input": "input_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "output": "output_mtok",
    "audio_input": "input_audio_mtok",
    "audio_output": "output_audio_mtok",
    "image_input": "input_image_mtok",
    "image_output": "output_image_mtok",
    "characters": "input_mchars",
}
HEADS = {"characters": "per 1M characters", "minute": "per minute"}


@cache
def known(model: str) -> ModelInfo | None:
    """The entry of genai-prices for a model, alias or dated id; None when it has none."""
    from genai_prices.data_snapshot import get_snapshot  # a third of a second, so only where it is needed

    for name in dict.fromkeys((models.canonical(model) or model, model)):
        try:
            return get_snapshot().find_provider_model(name, None, "openai", None)[1]
        except LookupError:
            continue
    return None


def price(model: str) -> dict[str, float] | None:
    """List price of a model, for requests of up to 272,000 input tokens.

    Returns:
        USD per 1M tokens as "input", "cached_input", "cache_write", "output", "audio_input", "audio_output",
        "image_input", "image_output"; USD per 1M "characters" for speech, USD per "minute" for transcription.
        Only what the model has. None when the price is not known.
    """
    if models.canonical(model) and models.info(model).get("free"):
        return {"input": 0.0}
    entry = known(model)
    if entry is None:
        return None
    listed = entry.get_prices(WHEN)
    result = {}
    for name, key in PER_MILLION.items():
        amount = getattr(listed, key)
        if amount is not None:
            result[name] = float(_first_tier(amount))
    if listed.audio_hours is not None:
        result["minute"] = float(_first_tier(listed.audio_hours) / 60)
    return result


def _first_tier(amount: Decimal | TieredPrices) -> Decimal:
    """A price, or of one that rises with the length of a request the price that it begins with."""
    return amount if isinstance(amount, Decimal) else amount.base


def prices_date(*names: str) -> str:
    """Where prices come from and when they were checked, to show beside every price.

    Args:
        names: models; without any, all of OpenAI's.

    Returns:
        Such as "genai-prices 0.2.3, checked 2026-10-14": the last check that the package notes, or the first
        and the last of them when they differ from model to model. It says so when none is noted.
    """
    from genai_prices import __version__
    from genai_prices.data_snapshot import find_provider_by_id, get_snapshot

    provider = find_provider_by_id(get_snapshot().providers, "openai")
    listed = provider.models if provider else []
    entries = [known(name) for name in names] if names else listed
    notes = [entry.price_comments or "" for entry in entries if entry]
    days = [re.findall(r"verified on (\d{4}-\d\d-\d\d)", note) for note in notes]
    last = sorted(max(found) for found in days if found)
    source = f"genai-prices {__version__}"
    checked = f"checked {' to '.join(dict.fromkeys((last[0], last[-1])))}" if last else "date of the check not given"
    return f"{source}, {checked}"


def usd(amount: float | None) -> str:
    """An amount to read: three digits that count, at least two decimals, never 0.00 for something.

    Examples: $1,234.50, $0.10, $0.00455, $0.000012; "unknown" for None.
    """
    if amount is None:
        return "unknown"
    decimals = 2
    if 0 < abs(amount) < 1:
        decimals = max(2, 2 - math.floor(math.log10(abs(amount))))
    whole, _, rest = f"{abs(amount):,.{decimals}f}".partition(".")
    return f"{'-' if amount < 0 else ''}${whole}.{rest.rstrip('0').ljust(2, '0')}"


def cost_table(names: Iterable[str], caption: str = "") -> Table:
    """List prices of models side by side, with source and date, and the day on which each model ends."""
    names = list(names)
    prices = {name: price(name) for name in names}
    priced = {key for listed in prices.values() for key in listed or ()}
    shown = [key for key in (*PER_MILLION, "minute") if key in priced]
    rows = []
    for name, listed in prices.items():
        if listed is None:
            cells: list[str | None] = ["unknown" if key == "input" else None for key in shown]
        else:
            cells = [_amount(listed[key]) if key in listed else None for key in shown]
        end = models.shutdown(name) if models.canonical(name) else None
        rows.append([name, *cells, str(end) if end else None])
    heads = [HEADS.get(key, key.replace("_", " ")) for key in shown]
    caption = caption or "List prices in USD per 1M tokens, unless another unit is named"
    note = f"Prices: {prices_date(*names)}. End dates as of {models.AS_OF}."
    return Table(["model", *heads, "ends on"], rows, caption, note)


def _amount(amount: float) -> str:
    return usd(amount) if amount else "free"
