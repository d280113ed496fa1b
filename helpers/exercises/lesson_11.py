"""Lesson 11: the checks of its exercises, and the answers of its predictions."""

import base64
from pathlib import Path
from types import SimpleNamespace


def check_1(ex, save_all, logos):
    """Save them all."""
    fake = SimpleNamespace(b64_json=base64.b64encode(b"not a real picture").decode("ascii"))
    webp = SimpleNamespace(data=[fake, fake], output_format="webp")
    saved = save_all(logos, "logo")
    ex.needs(saved)
    ex.that(lambda: len(saved) == len(logos.data), "Return a list with one path for each picture.")
    names = [Path(path).name for path in saved]
    ex.that(
        lambda: names[0].startswith("logo_1"),
        "The first name is the stem, an underscore and 1.",
    )
    ex.that(
        names == [f"logo_{n}.png" for n in range(1, len(names) + 1)],
        "Count up, and end in .png.",
    )
    same = [
        Path(path).read_bytes() == base64.b64decode(one.b64_json) for path, one in zip(saved, logos.data, strict=True)
    ]
    ex.that(all(same), "Each file holds its own picture: use the b64_json of each item of data.")
    others = [Path(path).name for path in save_all(webp, "other")]
    ex.that(
        others == ["other_1.webp", "other_2.webp"],
        "Take the ending from response.output_format.",
    )


def check_2(ex, best_quality, price_of):
    """The best that you can afford."""
    ex.needs(best_quality(1024, 1024, 1, 1.00))
    ex.that(
        best_quality(1024, 1024, 1, 1.00) == "high",
        "For one picture and a dollar, high is possible: try it first.",
    )
    ex.that(
        best_quality(1024, 1024, 1, 0.10) == "medium",
        "For ten cents, one square at medium is possible, and high is not.",
    )
    ex.that(
        best_quality(1024, 1024, 10, 0.10) == "low",
        "The budget is for all pictures together: multiply by number.",
    )
    ex.that(best_quality(1024, 1024, 100, 0.10) is None, "When even low is too expensive, return None.")
    ex.that(
        best_quality(3840, 2160, 1, 0.25) == "medium",
        "The size counts: pass width and height on.",
    )
    just = price_of(1536, 1024, "medium")[1]
    ex.that(
        best_quality(1536, 1024, 1, just) == "medium",
        "A price that meets the budget exactly is allowed.",
    )


def guess_1(answers, square, wide):
    why = f"The square takes {square} tokens, the wide one {wide}."
    return answers[2] if wide < square else answers[0], why
