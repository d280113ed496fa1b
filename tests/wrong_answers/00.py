# %% exercise 1: takes the value as it is
# hint: strip()
def load_key(environment):
    return environment["OPENAI_API_KEY"]


# %% exercise 1: prints instead of returning
# hint: Your function returns None
def load_key(environment):
    print(len(environment.get("OPENAI_API_KEY", "").strip()))


# %% exercise 1: the error of the dictionary
# hint: a missing key should raise a ValueError
def load_key(environment):
    key = environment["OPENAI_API_KEY"].strip()
    if not key:
        raise ValueError("OPENAI_API_KEY is empty.")
    return key


# %% exercise 1: returns nothing where it should raise
# hint: ValueError
def load_key(environment):
    return environment.get("OPENAI_API_KEY", "").strip()


# %% exercise 1: a message that does not help
# hint: Name the variable
def load_key(environment):
    key = environment.get("OPENAI_API_KEY", "").strip()
    if not key:
        raise ValueError("no key")
    return key


# %% exercise 2: prints instead of returning
# hint: Your function returns None
def mask(key):
    print(f"{key[:3]}…{key[-4:]}")


# %% exercise 2: gives everything away
# hint: whole key
def mask(key):
    return key


# %% exercise 2: one star a character
# hint: Exactly one character
def mask(key):
    return key[:3] + "*" * (len(key) - 7) + key[-4:]


# %% exercise 2: forgets short keys
# hint: short key
def mask(key):
    return f"{key[:3]}…{key[-4:]}"
