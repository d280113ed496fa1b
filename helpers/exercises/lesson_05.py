"""Lesson 05: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, worth_retrying, museum):
    """Tell what is worth another try."""
    ex.that(worth_retrying(museum["500"]) is not None, "Return True or False in every case.")
    ex.needs(worth_retrying(museum["500"]))
    for name in ("500", "503", "429", "429-tokens", "429-ramp"):
        ex.that(
            lambda name=name: worth_retrying(museum[name]),
            f"The exhibit {name} passes by waiting: return True.",
        )
    for name in ("drop", "slow"):
        ex.that(
            lambda name=name: worth_retrying(museum[name]),
            f"The exhibit {name} has no status_code; go by its class.",
        )
    for name in ("400", "401", "403", "404"):
        ex.that(
            lambda name=name: not worth_retrying(museum[name]),
            f"The exhibit {name} fails every time: return False.",
        )
    ex.that(
        lambda: not worth_retrying(museum["429-quota"]),
        "429-quota is about money. Look at its type.",
    )


def check_2(ex, museum, trial):
    """A patient loop."""
    busy, broke, bug = museum["429"], museum["429-quota"], ZeroDivisionError("a bug in the call")
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
        "No wait brings money: let that error out after one attempt.",
    )
    ex.that(trial(bug)[:2] == (bug, 1), "A bug is not worth retrying. Let it out after one attempt.")


def guess_1(log, client):
    return str(len(log)), f"max_retries is {client.max_retries}, and these come on top of the first attempt."


def guess_2(log):
    return str(len(log)), "Each of the three attempts is three requests of the SDK."


def guess_3(crowds):
    return str(crowds["none"].answered), "They always come together, and each time the same 20 places are there."
