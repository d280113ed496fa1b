"""Lesson 05: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, worth_retrying, errors, catch, ask, once):
    """Decide what is worth another try."""
    trouble = {name: catch(lambda: ask(once), name) for name in ("401", "403", "404", "503", "drop")}
    ex.that(worth_retrying(trouble["503"]) is not None, "Return True or False in every case.")
    ex.needs(worth_retrying(trouble["503"]))
    for name in ("server trouble", "too fast"):
        ex.that(lambda name=name: worth_retrying(errors[name]), f'errors["{name}"] goes away if you wait: return True.')
    ex.that(lambda: worth_retrying(trouble["503"]), "An overloaded server (503) goes away if you wait: return True.")
    for error in (trouble["drop"], errors["no answer in time"]):
        ex.that(
            lambda error=error: worth_retrying(error), f"{type(error).__name__} has no status_code; go by its class."
        )
    for error in (errors["a wrong parameter"], trouble["401"], trouble["403"], trouble["404"]):
        ex.that(
            lambda error=error: not worth_retrying(error), f"{type(error).__name__} fails every time: return False."
        )
    ex.that(
        lambda: not worth_retrying(errors["out of money"]), 'errors["out of money"] is about money. Look at its type.'
    )


def check_2(ex, chat, night):
    """How patient a program should be."""
    for settings in (chat, night):
        ex.needs(*settings.values())
        ex.that(set(settings) == {"max_retries", "timeout"}, "Both dictionaries have max_retries and timeout.")
    ex.that(chat["max_retries"] >= 1, "chat: one failure must not be the end, so allow another attempt.")
    worst = (chat["max_retries"] + 1) * chat["timeout"]
    ex.that(worst <= 60, f"chat: all attempts together take {worst:g} seconds at worst. A minute is the limit.")
    ex.that(chat["timeout"] >= 5, "chat: a good answer takes a few seconds. Leave it time.")
    ex.that(night["timeout"] == 600, "night: each attempt may take ten minutes, in seconds.")
    ex.that(night["max_retries"] >= 4, "night: at least five attempts. max_retries counts those after the first one.")


def check_3(ex, patient, errors, trial):
    """A patient loop."""
    busy, broke, bug = errors["too fast"], errors["out of money"], ZeroDivisionError("a bug in the call")
    ex.that(trial()[0] is not None, "Return what call() returns.")
    ex.needs(trial()[0])
    ex.that(trial()[0] == "answer", "Return what call() returns.")
    ex.that(
        trial(busy, busy)[:2] == ("answer", 3),
        "After two failures the third attempt is answered; return that.",
    )
    ex.that(
        trial(busy, busy)[2] == [0, 1],
        "Call pause(attempt) before each further attempt, counted from 0.",
    )
    ex.that(trial(*[busy] * 9)[1] == 4, "With attempts=4, call() runs four times at most.")
    ex.that(trial(*[busy] * 9)[0] is busy, "The error of the last attempt must come out.")
    ex.that(
        trial(*[busy] * 9)[2] == [0, 1, 2],
        "After the last attempt there is nothing to wait for.",
    )
    ex.that(
        trial(broke)[:2] == (broke, 1),
        "Waiting doesn't add credit: let that error out after one attempt.",
    )
    ex.that(trial(bug)[:2] == (bug, 1), "A bug is not worth retrying. Let it out after one attempt.")


def guess_1(log, plain):
    return str(len(log)), f"max_retries is {plain.max_retries}, and these come on top of the first attempt."


def guess_2(stacked):
    return str(len(stacked)), "Each of the three attempts is three requests of the SDK."


def guess_3(crowds):
    return str(
        crowds["none"].answered
    ), "They all come back at the same moment, and each time 20 of them are answered: 8 times 20."
