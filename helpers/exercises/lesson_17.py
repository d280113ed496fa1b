"""Lesson 17: the checks of its exercises, and the answers of its predictions."""

import math

from ..setup.errors import CourseError


def check_1(ex, values):
    """Figures by their value."""
    ex.needs(values("7"))
    ex.that(isinstance(values("7"), set), "Return a set, such as {7.0}.")
    ex.that(values("No figures.") == set(), "A text without figures gives an empty set.")
    hint = "Numbers, not texts: float makes one of the other."
    ex.that(all(isinstance(one, float) for one in values("7 of 9")), hint)
    hint = "6.90 and 6.9 have the same value."
    ex.that(lambda: values("6.90 euros") == values("6.9 euros") == {6.9}, hint)
    hint = "Take the commas out of 12,900 before you call float."
    ex.that(lambda: values("12,900 people") == {12900.0}, hint)
    ex.that(lambda: values("1,204,500.25") == {1204500.25}, "There may be several commas.")
    hint = "In 'plots 3,4 and 5' the comma does not separate thousands: three digits must follow."
    ex.that(lambda: values("plots 3,4 and 5") == {3.0, 4.0, 5.0}, hint)
    hint = "A full stop at the end of a sentence is not part of the number."
    ex.that(lambda: values("It was 1911. Then 6.") == {1911.0, 6.0}, hint)


def check_2(ex, missing_terms, FORMS):
    """A glossary that knows endings."""
    ex.needs(missing_terms("A port.", "Nic.", FORMS))
    hint = "Return a list of terms: here port is in the text, and no form is in the translation."
    ex.that(missing_terms("A port.", "Nic.", FORMS) == ["port"], hint)
    hint = "One form is enough: porcie will do where the text has port."
    ex.that(lambda: missing_terms("In the port.", "W porcie.", FORMS) == [], hint)
    hint = "'report' contains port, but not as a whole word: \\b in a pattern is the edge of one."
    ex.that(lambda: missing_terms("Our report.", "Nasz raport.", {"port": ["xyz"]}) == [], hint)
    hint = "Case makes no difference, neither in the text nor in the translation."
    ex.that(lambda: missing_terms("The PORT.", "PORCIE", FORMS) == [], hint)
    ex.that(lambda: missing_terms("The Port.", "Nic.", FORMS) == ["port"], hint)
    hint = "A form may be part of a longer word: RadPass is in RadPass-Nummer."
    ex.that(lambda: missing_terms("Ride Pass no.", "RadPassnummer", FORMS) == [], hint)
    hint = "A term that is not in the text can't be missing."
    ex.that(lambda: missing_terms("A boat.", "Łódź.", FORMS) == [], hint)
    hint = "Several terms may be missing; each is judged by itself."
    both = missing_terms("The log of the port.", "Nic.", FORMS)
    ex.that(lambda: sorted(both) == ["log", "port"], hint)


def check_3(ex, check_title, Title, make, TITLE_RULES, MINUTES):
    """The check of a fifth app."""

    def faults_of(title, text="The 43 members met in March."):
        return check_title(Title(title=title), text)

    ex.needs(faults_of("A meeting"))
    ex.that(faults_of("A meeting") == [], "A good title has no faults: return an empty list.")
    ex.that(lambda: len(faults_of("x" * 51)) == 1, "51 characters are too many: one fault.")
    ex.that(faults_of("x" * 50) == [], "50 characters are allowed.")
    hint = "A full stop or an exclamation mark at the end is one fault."
    ex.that(lambda: len(faults_of("A meeting.")) == len(faults_of("A meeting!")) == 1, hint)
    ex.that(faults_of("A meeting, at last! And more") == [], "Only the end of it matters.")
    hint = "new_facts(answer.title, text) gives a sentence for each fact that is new."
    ex.that(lambda: len(faults_of("44 members on 5 May")) == 3, hint)
    ex.that(faults_of("43 members in March") == [], "Facts of the text may be used.")
    hint = "Collect all faults before you return: this title has two."
    ex.that(lambda: len(faults_of("44 members met!")) == 2, hint)
    sentences = all(isinstance(fault, str) for fault in faults_of("44 members met!"))
    ex.that(sentences, "Each fault is a sentence: the model has to read it.")
    print(make(Title, TITLE_RULES, MINUTES, lambda it: check_title(it, MINUTES)).answer.title)


def guess_1(OFFERS, per_dollar):
    if per_dollar is None:
        raise CourseError("The price of this model is not known, so there is nothing to compare.")
    nearest = min(OFFERS, key=lambda offer: abs(math.log(per_dollar / offer)))
    return f"about {nearest:,}", f"Computed from these six: {per_dollar:,.0f}."
