"""The control panel of lesson 02: what the parameters of a request do, seen in three ways.

`lab` moves the lab model, which answers at once; `recorded` shows answers that were kept, several for each
value of a parameter; `live` sends a real request, after saying what it costs.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import ipywidgets

from . import widgets
from .lab_panel import lab, lab_table
from .tables import Table

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["lab", "lab_table", "live", "recorded", "spread", "spread_table"]


def recorded(answers: Mapping[float, Sequence[str]], *, note: str, parameter: str = "temperature") -> widgets.Demo:
    """Recorded answers to one request, several for each value of a parameter, under a slider over the values.

    Args:
        answers: value of the parameter -> the texts that came back.
        note: one short line on where the answers come from; it stands below them.
        parameter: the name of what the slider moves.
    """
    values = list(answers)
    slider = widgets.stops(parameter, values, values[0], help="Shows the answers recorded at this value.")
    shown = ipywidgets.HTML(layout={"max_width": "900px"})

    def update(_change: object = None) -> None:
        texts = answers[slider.value]
        different, shared = spread(texts)
        shown.value = (
            f"<p><b>{different} different among {len(texts)} answers</b> at {parameter} {slider.value}; "
            f"two answers share {shared:.0%} of their words on average.</p>{widgets.items(map(html.escape, texts))}"
            f"<p><small>{html.escape(note)}</small></p>"
        )

    update()
    slider.observe(update, "value")
    description = f"A slider over {parameter} that shows the answers recorded at each value and how much they differ."
    return widgets.Demo(ipywidgets.VBox([slider, shown]), description, {parameter: slider})


def spread_table(answers: Mapping[float, Sequence[str]], *, note: str, parameter: str = "temperature") -> Table:
    """How much the answers differ at each value of a parameter; arguments as in `recorded`."""
    rows = []
    for value, texts in answers.items():
        different, shared = spread(texts)
        rows.append([str(value), len(texts), different, f"{shared:.0%}"])
    return Table([parameter, "answers", "different", "words shared by two"], rows, note=note)


def spread(texts: Sequence[str]) -> tuple[int, float]:
    """How many of the texts differ, and what share of their words two of them have in common on average.

    The share is the number of words in both divided by the number of words in either (Jaccard), 0 to 1.
    """
    sets = [set(text.lower().split()) for text in texts]
    shares = [len(one & two) / (len(one | two) or 1) for one, two in combinations(sets, 2)]
    return len({text.strip() for text in texts}), sum(shares) / len(shares) if shares else 1.0


def live(
    client: OpenAI,
    model: str,
    messages: Sequence[Any],
    *,
    vary: Mapping[str, Sequence],
    max_completion_tokens: int,
    **request: Any,
) -> widgets.Demo:
    """A button that sends a chat request, under the most it can cost, and sliders for what may vary in it.

    Args:
        client: answers the request; replayed, it costs nothing and knows the recorded values only.
        model, messages: as in `client.chat.completions.create`.
        vary: parameter name -> values to choose from; the first is where its slider starts.
        max_completion_tokens: length of one answer at most (tokens); the price depends on it.
        request: other parameters, such as n, the number of answers.
    """
    from . import costs, tokens  # the tokenizer and the prices take a while to load

    controls = {name: widgets.stops(name, list(values), values[0], live=False) for name, values in vary.items()}
    button = ipywidgets.Button(description=f"Ask {model}", layout={"width": "220px"})
    price, shown = ipywidgets.HTML(), ipywidgets.HTML(layout={"max_width": "900px"})
    prompt_tokens = tokens.chat_tokens(messages, model)

    def parameters() -> dict[str, Any]:
        varied = {name: control.value for name, control in controls.items()}
        return {**request, "max_completion_tokens": max_completion_tokens, **varied}

    def quote(_change: object = None) -> None:
        asked = parameters()
        out = max_completion_tokens * asked.get("n", 1)
        usage = {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": out,
            "total_tokens": prompt_tokens + out,
        }
        listed = ", ".join(f"{name}={value!r}" for name, value in asked.items())
        price.value = (
            f"<p>The request: <code>{html.escape(listed)}</code>. With a key it costs at most "
            f"{costs.usd(costs.cost(model, usage))}: {prompt_tokens} tokens in and up to {out} out. "
            f"Replayed it costs nothing.</p>"
        )

    def ask(_button: object) -> None:
        button.disabled = True
        try:
            response = client.chat.completions.create(model=model, messages=messages, **parameters())
        except Exception as error:  # whatever went wrong belongs under the button, where the reader looks
            shown.value = widgets.problem(error)
        else:
            texts = (html.escape(choice.message.content or "") for choice in response.choices)
            spent = costs.usd(costs.cost(model, response.usage))
            shown.value = f"{widgets.items(texts)}<p><small>{response.model}; live it costs {spent}</small></p>"
        finally:
            button.disabled = False

    quote()
    for control in controls.values():
        control.observe(quote, "value")
    button.on_click(ask)
    description = f"A button that asks {model}, with its price above it, and sliders for {', '.join(controls)}."
    parts = [*controls.values(), price, button, shown]
    return widgets.Demo(
        ipywidgets.VBox(parts), description, {**controls, "ask": button, "answer": shown, "price": price}
    )
