# %% exercise 1: the mean of the places
# hint: 1 / place, not the places
def mean_reciprocal_rank(places):
    return sum(places) / len(places)


# %% exercise 1: the reciprocal of the mean
# hint: Take the reciprocals first
def mean_reciprocal_rank(places):
    return len(places) / sum(places)


# %% exercise 1: questions without a place are left out
# hint: its question still counts as one
def mean_reciprocal_rank(places):
    found = [place for place in places if place]
    return sum(1 / place for place in found) / len(found)


# %% exercise 1: None is not expected
# hint: None counts 0
def mean_reciprocal_rank(places):
    return sum(1 / place for place in places) / len(places)


# %% exercise 2: nothing is remembered
# hint: asked about twice
def guard(person):
    def allow(name, arguments):
        if name == "run_python":
            return person(name, arguments)
        return name in ("browse", "query")

    return allow


# %% exercise 2: only a yes is remembered
# hint: A no has to be remembered too
def guard(person):
    allowed = set()

    def allow(name, arguments):
        if name != "run_python":
            return name in ("browse", "query")
        if arguments in allowed:
            return True
        if person(name, arguments):
            allowed.add(arguments)
            return True
        return False

    return allow


# %% exercise 2: the person is asked about everything
# hint: ask nobody
def guard(person):
    answers = {}

    def allow(name, arguments):
        if arguments not in answers:
            answers[arguments] = person(name, arguments)
        return answers[arguments]

    return allow


# %% exercise 2: what is unknown is allowed
# hint: unknown tool is refused
def guard(person):
    answers = {}

    def allow(name, arguments):
        if name != "run_python":
            return True
        if arguments not in answers:
            answers[arguments] = person(name, arguments)
        return answers[arguments]

    return allow


# %% exercise 2: the memory is shared by all guards
# hint: make the dictionary inside guard
ANSWERS = {}


def guard(person):
    def allow(name, arguments):
        if name != "run_python":
            return name in ("browse", "query")
        if arguments not in ANSWERS:
            ANSWERS[arguments] = person(name, arguments)
        return ANSWERS[arguments]

    return allow
