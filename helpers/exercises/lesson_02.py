"""Lesson 02: the checks of its exercises, and the answers of its predictions."""

import numpy as np

from .. import models
from ..models import FLAGSHIP


def check_1(ex, settings):
    """Choose the settings."""
    ex.needs(settings)
    missing = [task for task in ("extract", "names", "verdict") if not isinstance(settings.get(task), dict)]
    ex.that(not missing, f'{" and ".join(missing)}: give a dictionary of parameters, as {{"name": value}}.')
    words = [
        f"{task}: {name}"
        for task, chosen in settings.items()
        for name in chosen
        if name in ("temperature", "top_p", "n") and isinstance(chosen[name], str)
    ]
    ex.that(not words, f"{', '.join(words)} is a number. Write it without quotation marks.")
    known = {row[0] for row in models.parameter_table(FLAGSHIP).rows}
    table = "The first table under Deeper lists what it accepts."
    for task, chosen in settings.items():
        effort = chosen.get("reasoning_effort")
        for name, value in chosen.items():
            ex.that(name in known, f"{task}: {name} is not in the table of parameters (the first one under Deeper).")
            instead = "Its error names the parameter to use." if name == "max_tokens" else table
            taken = models.accepts(FLAGSHIP, name, effort) or value == models.neutral(FLAGSHIP, name)
            ex.that(
                taken,
                f"{task}: the flagship rejects {name}={value!r} here. {instead}",
            )
        both = chosen.get("temperature", 1) != 1 and chosen.get("top_p", 1) != 1
        ex.that(not both, f"{task}: change temperature or top_p, not both.")
    extract, names, verdict = settings["extract"], settings["names"], settings["verdict"]
    ex.that(
        extract.get("temperature", 1) <= 0.3 or extract.get("top_p", 1) <= 0.3,
        "extract: a copy should not vary. Choose a low temperature.",
    )
    ex.that(names.get("n") == 5, "names: one parameter asks for five answers in one request.")
    ex.that(
        0.7 <= names.get("temperature", 1) <= 1.5 and names.get("top_p", 1) >= 0.7,
        "names: five ideas should differ and still be words. About 1 is a good place to start.",
    )
    limit = verdict.get("max_completion_tokens", 0)
    ex.that(1 <= limit <= 20, "verdict: set the limit, max_completion_tokens, to at most 20.")
    ex.that(
        verdict.get("reasoning_effort", "none") == "none",
        "verdict: reasoning tokens would use up the 20.",
    )


def check_2(ex, fixed, reply, first_line):
    """Fix a rejected request."""
    ex.needs(fixed)
    ex.that(
        "max_tokens" not in fixed and fixed.get("max_completion_tokens") == 60,
        "The limit of 60 stays, under the name that the error message gives: max_completion_tokens.",
    )
    ex.that(
        "stop" not in fixed,
        "No setting makes this model accept stop. Leave it out; Python can cut the text.",
    )
    ex.that(fixed.get("temperature") == 0.7, "Keep the temperature of 0.7.")
    ex.that(
        fixed.get("reasoning_effort") == "none",
        "temperature is rejected while the model reasons. Switch that off with reasoning_effort.",
    )
    wanted = {"model", "messages", "temperature", "max_completion_tokens", "reasoning_effort"}
    ex.that(set(fixed) == wanted, "Besides these five, fixed needs no other parameter.")
    ex.needs(reply, first_line)
    text = reply.choices[0].message.content
    ex.that("\n" not in first_line.strip(), "Cut first_line at the first line break, \\n.")
    ex.that(
        first_line.strip() == text.strip().split("\n")[0].strip(),
        "first_line is the whole first line of the answer.",
    )


def guess_1():
    likeliest = np.cumsum([22, 17, 17, 11, 11])  # percent
    number = int((likeliest < 60).sum()) + 1
    words = {3: "three", 4: "four", 5: "five"}
    return words[number], "Three hold 56%, too little; the fourth crosses the line and is kept."


def guess_2(small_limit):
    first = small_limit.choices[0]
    whole = "a short answer" if first.finish_reason == "stop" else "half an answer"
    return whole if first.message.content else "an empty answer"
