"""Lesson 13: the checks of its exercises, and the answers of its predictions."""

import re


def check_1(ex, subtitles):
    """Write subtitles."""
    two = [(0.0, 2.5, "Good evening."), (3661.25, 3725.5, "Good night.")]
    ex.needs(subtitles(two))
    ex.that(isinstance(subtitles(two), str), "Return one text: join the blocks.")
    lines = subtitles(two).strip().splitlines()
    ex.that(lines[0].strip() == "1", "The first line is the number of the first block, 1.")
    ex.that("." not in lines[1], "SRT has a comma before the milliseconds; VTT has the point.")
    form = r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}"
    hint = "A line of times looks like 00:00:00,000 --> 00:00:02,500, with leading zeros."
    ex.that(re.fullmatch(form, lines[1].strip()), hint)
    ex.that(lines[1].endswith("00:00:02,500"), "The first block ends at 2.5 seconds.")
    ex.that(lines[2] == "Good evening.", "The text comes after the times.")
    ex.that(len(lines) == 7 and lines[3] == "", "Put one empty line between two blocks.")
    hint = "3661.25 seconds are 1 hour, 1 minute and 1.25 seconds."
    ex.that(lines[5] == "01:01:01,250 --> 01:02:05,500", hint)
    late = subtitles([(59.9996, 119.9999, "Late.")])
    hint = "59.9996 seconds round to one minute. Round once, to whole milliseconds, then divide."
    ex.that("00:01:00,000 --> 00:02:00,000" in late, hint)


def check_2(ex, lost):
    """Count what matters."""
    said = "She'll reach Berth 15. The Marine Ruth is late; the monkeys are at Port Ellery."
    ex.needs(lost(said, ["late"]))
    ex.that(isinstance(lost(said, ["late"]), list), "Return a list, empty when nothing is lost.")
    ex.that(
        lost(said, ["Maren Ruth"]) == ["Maren Ruth"],
        "Maren Ruth was heard as Marine Ruth: it is lost.",
    )
    ex.that(lost(said, ["late"]) == [], "late is there: it is not lost.")
    hint = "Make both sides alike with tidy: berth fifteen is there, as Berth 15."
    ex.that(lost(said, ["berth fifteen", "port ellery"]) == [], hint)
    ex.that(lost(said, ["key"]) == ["key"], "Compare whole words: the key inside monkeys doesn't count.")
    hint = "A phrase has to be there in one piece and in its order; Ellery Port is not."
    ex.that(lost(said, ["Ellery Port", "reach late"]) == ["Ellery Port", "reach late"], hint)
    order = ["Siobhan", "late", "Maren"]
    ex.that(
        lost(said, order) == ["Siobhan", "Maren"],
        "Keep the order and the spelling of the list.",
    )


def guess_1(words_alone):
    way = "the answer is a str" if isinstance(words_alone, str) else "answer.text"
    return way, "The SDK hands the body of the answer over as it is, with no usage beside it."
