"""The control panel of lesson 02: what the parameters of a request do.

`lab` moves the lab model, which answers at once; `live` sends a real request, after saying what it costs.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from .. import plots, widgets
from ..tables import Table
from .lab import model as lab_model

if TYPE_CHECKING:
    from openai import OpenAI

# What stands in the list -> the prompt, and what the model has already written after it.
PROMPTS = {
    "The weather today is": ("The weather today is", ""),
    "The capital of France is": ("The capital of France is", ""),
    "Once upon a time there was a": ("Once upon a time there was a", ""),
    "In the morning the": ("In the morning the", ""),
    "The old song goes: …": ("The old song goes:", " haul away, haul away, haul away,"),
    "The sea is big, …": ("The sea is big,", " the sea is blue, the sea is deep, the sea is"),
}
BIASES = [-100, -5, -2, -1, 0, 1, 2, 5, 10, 100]
_WORDS = [" grey", " robot", " sea", " home", " Paris", "."]
_ROWS = 8
_REST = "all other words"
_ENDS_AND_DRAWS = {"prompt", "max_tokens", "stop", "n", "seed"}  # alone, these say nothing of the bars


def lab(prompt: str = "The weather today is", only: Sequence[str] = (), **start: Any) -> widgets.Demo:
    """Sliders for the parameters; beside them bars of the next word; below them texts drawn with them.

    Args:
        prompt: what to begin with: one of PROMPTS, or any text.
        only: the controls to show, such as ["temperature", "top_p"]; the others keep their values. Without it, all.
            The bars are left out where no parameter among the controls can move them.
        start: other values to begin with, such as temperature=0.2.
    """
    model = lab_model.load()
    bars = plots.ChangeBars(_ROWS + 1)
    with_bars = not only or not _ENDS_AND_DRAWS.issuperset(only)

    def draw(
        prompt: str, own: str, word: str, bias: int, max_tokens: int, stop: str, n: int, seed: int, **shape: Any
    ) -> tuple[bytes, str]:
        given, so_far = _split(own.strip() or prompt)
        chances: dict[str, Any] = {**shape, "logit_bias": dict.fromkeys(model.encode(word), bias)}
        ends: dict[str, Any] = {"max_tokens": max_tokens, "stop": stop or None, "n": n, "seed": seed}
        rows = _rows(model.next_tokens(given, so_far, top=None, **chances), word if not only or "word" in only else "")
        bars.update(f"Next word after “{_end(given + so_far)}”", *zip(*rows, strict=True))
        texts = _texts(given, so_far, model.complete(given, so_far=so_far, quiet=True, **chances, **ends))
        limits = f'<p role="status">{html.escape(model.limits(given))}</p>' * bool(model.limits(given))
        return bars.png(), limits + _likeliest(rows) + texts if with_bars else limits + texts

    controls = _controls()
    for name, value in {"prompt" if prompt in PROMPTS else "own": prompt, **start}.items():
        controls[name].value = value
    # Beside the controls where there is room for a small picture, else below them.
    picture = ipywidgets.Image(format="png", layout={"flex": "1 1 320px", "min_width": "0", "max_width": "466px"})
    caption = ipywidgets.HTML()
    widgets.empty_when_chosen(controls["prompt"], controls["own"])
    widgets.follow(draw, controls, picture, caption)
    rows = {"display": "flex", "flex_flow": "row wrap", "align_items": "flex-start"}
    chosen = [name for part in only for name in (["prompt", "own"] if part == "prompt" else [part])]
    shown = {name: controls[name] for name in chosen or controls}
    beside = [picture] if with_bars else []
    top = ipywidgets.Box([ipywidgets.VBox(list(shown.values())), *beside], layout=rows)
    description = (
        f"The parameter panel with controls for {', '.join(control.description for control in shown.values())}; "
        f"{'bars of the next word before and after, and ' if with_bars else ''}texts drawn by the lab model."
    )
    return widgets.Demo(ipywidgets.VBox([top, caption]), description, shown)


def lab_table(name: str, values: Sequence[float], prompt: str = "The weather today is", **fixed: Any) -> Table:
    """The next-word probabilities of the lab model, in per cent, at several values of one parameter.

    Args:
        name: temperature, top_p, frequency_penalty or presence_penalty.
        values: one column each.
        prompt: one of PROMPTS, or any text.
        fixed: other parameters.
    """
    given, so_far = _split(prompt)
    columns = []
    for value in values:
        candidates = lab_model.load().next_tokens(given, so_far, top=None, **fixed, **{name: value})
        columns.append(_rows(candidates))
    rows = []
    for place, (label, _, _) in enumerate(columns[0]):
        rows.append([label, *(f"{100 * column[place][2]:.1f}" for column in columns)])
    caption = f"Probability (%) of the next word after “{given}{so_far}” in the lab model"
    return Table(["next word", *(f"{name} {value}" for value in values)], rows, caption)


def _controls() -> dict[str, widgets.Control]:
    """The controls by the name under which `draw` takes their values, in the order of the panel."""
    slider, listed = widgets.number, widgets.choice
    words = [(word.strip(), word) for word in _WORDS]
    stops = [("(none)", ""), (".", "."), (",", ","), ("the", " the")]
    follow = "Bars and texts follow as it moves."
    return {
        "prompt": listed("prompt", list(PROMPTS), help="What the lab model goes on from."),
        "own": widgets.line("or your own", "any words", help="Your text goes before the list."),
        "temperature": slider("temperature", 1.0, 0.0, 2.0, 0.05, help=follow),
        "top_p": slider("top_p", 1.0, 0.0, 1.0, 0.05, help=follow),
        "frequency_penalty": slider("frequency_penalty", 0.0, -2.0, 2.0, 0.1, help=follow),
        "presence_penalty": slider("presence_penalty", 0.0, -2.0, 2.0, 0.1, help=follow),
        "word": listed("logit_bias for", words, help="The word that the bias below is added to."),
        "bias": widgets.stops("logit_bias", BIASES, 0, help=follow),
        "max_tokens": slider("max_tokens", 24, 1, 60, 1, help="The texts end here at the latest."),
        "stop": listed("stop", stops, help="The texts end before it."),
        "n": slider("n", 3, 1, 5, 1, help="How many texts are drawn."),
        "seed": slider("seed", 7, 0, 99, 1, help="The same seed and parameters give the same texts."),
    }


def _split(prompt: str) -> tuple[str, str]:
    """A prompt, and what counts as written by the model after it."""
    return PROMPTS.get(prompt, (prompt, ""))


def _end(text: str) -> str:
    """A text, or its last five words where it is too long for a title."""
    return text if len(text) <= 36 else f"… {' '.join(text.split()[-5:])}"


def _rows(candidates: Sequence[lab_model.Candidate], word: str = "") -> list[tuple[str, float, float]]:
    """(label, before, after) of the likeliest words, of `word` in any case, and of all the rest."""
    top = list(candidates[:_ROWS])
    if word and word not in [candidate.token for candidate in top]:
        top[-1] = next(candidate for candidate in candidates if candidate.token == word)
    shown = {candidate.token for candidate in top}
    rest = [candidate for candidate in candidates if candidate.token not in shown]
    rows = [(candidate.token.strip(), candidate.before, candidate.after) for candidate in top]
    before, after = sum(other.before for other in rest), sum(other.after for other in rest)
    return [*rows, (_REST, before, after)]


def _likeliest(rows: Sequence[tuple[str, float, float]]) -> str:
    """The picture in a sentence."""
    best = sorted((row for row in rows[:-1] if row[2] > 0), key=lambda row: -row[2])[:3]
    said = [
        f"<b>{html.escape(word)}</b> {plots.percent(after)}% (was {plots.percent(before)}%)"
        for word, before, after in best
    ]
    return f"<p>Likeliest now: {', '.join(said)}; {_REST} {plots.percent(rows[-1][2])}%.</p>"


def _texts(prompt: str, so_far: str, choices: Sequence[lab_model.Choice]) -> str:
    """The drawn texts as a list: what was given, in bold what was drawn, and why it ended."""
    given = f"{html.escape(prompt)}<i>{html.escape(so_far)}</i>"
    texts = (
        f"{given}<b>{html.escape(choice.text)}</b> "
        f"<small>(tokens: {len(choice.tokens)}, finish_reason: {choice.finish_reason})</small>"
        for choice in choices
    )
    by = "Texts by the lab model, which has read one short story and nothing else:"
    return f"<p>{by}</p>{widgets.items(texts)}"


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
    from .. import costs, tokens  # the tokenizer and the prices take a while to load

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
