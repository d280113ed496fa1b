"""The cost calculator: what a service costs in a month, and which part of a request costs how much.

The rules of prompt caching are those of OpenAI's guide and of public recordings. From gpt-5.6 on (November 2026)
only a prefix of at least 1,024 tokens is cached, to the token, and the rest of a long prompt is written to the cache,
too, for a fee. For earlier models the guide names no minimum any more; here they keep its older rule of 1,024 tokens,
in steps of 128, without a fee.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

from .. import costs, models, plots, widgets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MINIMUM = 1024  # tokens; a shorter prefix is never cached
STEP = 128  # tokens
DEAR_FROM = 272_000  # input tokens; longer requests have higher prices, which the parts do not know
DAYS = 30

PARTS = ["prompt", "prompt, read from cache", "prompt, written to cache", "answer"]
COMPARED = [models.FLAGSHIP, models.SMALL, models.PRO]


class Bill(NamedTuple):
    """Amounts in USD; `parts` splits `message` under the names in PARTS."""

    message: float
    day: float
    month: float
    parts: dict[str, float]


def cached_tokens(shared: int, model: str = models.FLAGSHIP) -> int:
    """How much of a prefix comes from the cache when it was sent before.

    Args:
        shared: tokens at the start of the prompt that are the same as before.
        model: decides whether the number is exact or in steps of 128.
    """
    if shared < MINIMUM or "cached_input" not in _prices(model):
        return 0
    return shared if _pays_for_writes(model) else shared - shared % STEP


def usage(prompt: int, answer: int, model: str = models.FLAGSHIP, repeated: float = 0.0) -> dict:
    """The `usage` that an answer would carry, for a cache that holds the prefix already.

    Args:
        prompt, answer: tokens.
        model: a text model.
        repeated: share of the prompt, 0 to 1, that is at its start and is the same in every request.

    Raises:
        ValueError: a share outside 0 to 1, a negative number, or a prompt above 272,000 tokens.
        LookupError: the price of the model is not known.
    """
    if not 0 <= repeated <= 1 or answer < 0 or not 0 <= prompt <= DEAR_FROM:
        raise ValueError(f"{prompt} and {answer} tokens with a share of {repeated} cannot be reckoned.")
    cached = cached_tokens(round(prompt * repeated), model)
    written = prompt - cached if _pays_for_writes(model) and prompt >= MINIMUM else 0
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
    }


def bill(messages: int, prompt: int, answer: int, model: str = models.FLAGSHIP, repeated: float = 0.0) -> Bill:
    """What a service costs.

    Args:
        messages: a day.
        prompt, answer, model, repeated: as for `usage`, which raises the errors.
    """
    used, listed = usage(prompt, answer, model, repeated), _prices(model)
    cached, written = used["prompt_tokens_details"].values()
    amounts = [
        (prompt - cached - written) * listed["input"],
        cached * listed.get("cached_input", 0.0),
        written * listed.get("cache_write", 0.0),
        answer * listed["output"],
    ]
    parts = {name: amount / 1_000_000 for name, amount in zip(PARTS, amounts, strict=True)}
    message = sum(parts.values())
    return Bill(message, messages * message, DAYS * messages * message, parts)


def chart(messages: int, prompt: int, answer: int, model: str, repeated: float) -> Figure:
    """The bill of a month as bars, one for each part. Arguments as for `bill`."""
    amounts = bill(messages, prompt, answer, model, repeated)
    title = f"{model}: {costs.usd(amounts.month)} a month"
    figure, plot = plots.axes(title, "USD a month", "", width=7.2, height=2.9)
    monthly = [DAYS * messages * amount for amount in amounts.parts.values()]
    for place, amount in enumerate(monthly):
        plot.barh(place, amount, **plots.bar_look(place))
        plot.text(amount, place, f" {costs.usd(amount)}", va="center")
    plot.set_yticks(range(len(PARTS)), PARTS)
    plot.set_ylim(len(PARTS) - 0.5, -0.5)
    plot.set_xlim(0, 1.25 * max(*monthly, 0.01))
    plot.locator_params(axis="x", nbins=5)
    plot.xaxis.set_major_formatter("{x:,.10g}")
    figure.set_layout_engine(None)  # the bars stay in their place while a slider moves, and are drawn faster
    figure.subplots_adjust(left=0.31, right=0.96, top=0.86, bottom=0.2)
    return figure


def live(messages: int = 1000, prompt: int = 200, answer: int = 300, model: str = models.FLAGSHIP) -> widgets.Demo:
    """Sliders for what a service sends and gets, over a chart of what that costs in a month.

    Args:
        messages: a day; one of the stops 10, 30, 100, … 100,000.
        prompt, answer: tokens; one of their stops.
        model: one of `priced_models`.
    """
    lengths = [50, 100, 150, 200, 300, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000]
    days = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
    shares = [(f"{share}%", share / 100) for share in range(0, 100, 5)]
    again = "How much of the prompt comes first and is the same in every request."
    stops = widgets.stops
    controls = {
        "messages": stops("messages a day", _written(days), messages, help="How often the service asks."),
        "prompt": stops("prompt (tokens)", _written(lengths), prompt, help="Length of a question."),
        "answer": stops("answer (tokens)", _written(lengths[:11]), answer, help="Length of an answer."),
        "model": widgets.choice("model", priced_models(), model, help="Who answers."),
        "repeated": stops("repeated share", shares, 0.0, help=again),
    }
    description = (
        "The cost calculator: messages a day, length of prompt and answer, model and repeated share; "
        "a chart of the month's bill and its amounts follow below."
    )
    return widgets.live_figure(lambda **set_to: (chart(**set_to), caption(**set_to)), description, **controls)


def caption(messages: int, prompt: int, answer: int, model: str, repeated: float) -> str:
    """The chart in words, as HTML: the amounts, what the cache does, and the other models."""
    amounts = bill(messages, prompt, answer, model, repeated)
    lines = [
        f"One message {costs.usd(amounts.message)}, a day {costs.usd(amounts.day)}, "
        f"a month of {DAYS} days <b>{costs.usd(amounts.month)}</b>.",
        html.escape(cache_line(prompt, answer, model, repeated)),
    ]
    others = [name for name in COMPARED if name != model]
    months = [f"{name} {costs.usd(bill(messages, prompt, answer, name, repeated).month)}" for name in others]
    lines.append(f"The same in a month on other models: {', '.join(months)}.")
    lines.append(f"<small>Prices: {costs.prices_date(model, *COMPARED)}.</small>")
    return f'<div role="status" style="line-height: 1.5">{"<br>".join(lines)}</div>'


def cache_line(prompt: int, answer: int, model: str, repeated: float) -> str:
    """What the cache does with such a prompt, in a sentence or two."""
    cached, written = usage(prompt, answer, model, repeated)["prompt_tokens_details"].values()
    shared = round(prompt * repeated)
    if "cached_input" not in _prices(model):
        said = f"{model} has no price for cached input."
    elif cached:
        said = f"{cached:,} of {prompt:,} prompt tokens come from the cache."
    else:
        said = f"Nothing comes from the cache: {shared:,} tokens repeat, and {MINIMUM:,} are needed."
    return said + (f" {written:,} are written to it, at a fee." if written else "")


def priced_models() -> list[str]:
    """Text models without an announced end whose price is known to be in force; the flagship first."""
    text = [name for name, entry in models.TABLE["models"].items() if entry["kind"] == "text"]
    lasting = [name for name in text if not models.shutdown(name) and costs.price(name)]
    lasting = [name for name in lasting if models.info(name).get("price_until", models.AS_OF) >= models.AS_OF]
    return sorted(lasting, key=lambda name: name != models.FLAGSHIP)


def _prices(model: str) -> dict[str, float]:
    listed = costs.price(model)
    if listed is None or "output" not in listed:
        raise LookupError(f"No price for text is known for {model}.")
    return listed


def _pays_for_writes(model: str) -> bool:
    return "cache_write" in _prices(model)


def _written(numbers: list[int]) -> list[tuple[str, int]]:
    return [(f"{number:,}", number) for number in numbers]
