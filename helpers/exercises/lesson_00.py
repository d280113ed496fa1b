"""Lesson 00: the checks of its exercises, and the answers of its predictions."""


def check_1(ex, load_key, made_up):
    """Load a key with care."""

    def refusal(environment):
        try:
            load_key(environment)
        except ValueError as error:
            return str(error)

    ex.that(
        load_key({"OPENAI_API_KEY": made_up}) is not None,
        "Your function returns None. print only shows a value; return gives it back.",
    )
    ex.needs(load_key({"OPENAI_API_KEY": made_up}))
    ex.that(
        load_key({"OPENAI_API_KEY": made_up}) == made_up,
        "A key that is fine comes back as it is.",
    )
    ex.that(
        load_key({"OPENAI_API_KEY": f" {made_up}\n"}) == made_up,
        "Take off the spaces around it: strip().",
    )
    ex.that(lambda: refusal({}) is not None, "A missing key should raise a ValueError.")
    ex.that(
        refusal({"OPENAI_API_KEY": "  "}) is not None,
        "An empty key, or one of spaces only, should raise it too.",
    )
    ex.that(
        lambda: "OPENAI_API_KEY" in (refusal({}) or ""),
        "Name the variable in the message, so that its reader knows what to set.",
    )


def check_2(ex, mask, made_up):
    """Show a key without giving it away."""
    other = "sk-" + "Zz9" * 12 + "wxyz"
    ex.that(
        mask(made_up) is not None,
        "Your function returns None. print only shows a value; return gives it back.",
    )
    ex.needs(mask(made_up))
    ex.that(made_up not in mask(made_up), "The whole key must not come back.")
    ex.that(
        mask(other)[:3] == "sk-" and mask(other)[-4:] == "wxyz",
        "Keep the first three and the last four characters.",
    )
    ex.that(len(mask(other)) == 8, "Exactly one character, …, replaces everything in the middle.")
    ex.that(
        mask("sk-abcdefgh") == "…",
        "Seven characters would be most of a short key: return only …",
    )
