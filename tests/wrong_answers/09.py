# %% exercise 1: any text is a mooring
# hint: only three values
class Boat(BaseModel):
    name: str
    length_m: float


class Booking(BaseModel):
    boat: Boat
    arrival: date
    nights: int | None
    mooring: str


# %% exercise 1: nights are always there
# hint: may be missing
class Boat(BaseModel):
    name: str
    length_m: float


class Booking(BaseModel):
    boat: Boat
    arrival: date
    nights: int
    mooring: Literal["buoy", "pontoon", "quay"]


# %% exercise 1: the day is a text
# hint: arrival is a date
class Boat(BaseModel):
    name: str
    length_m: float


class Booking(BaseModel):
    boat: Boat
    arrival: str
    nights: int | None
    mooring: Literal["buoy", "pontoon", "quay"]


# %% exercise 1: a whole number of metres
# hint: 9.5 m long
class Boat(BaseModel):
    name: str
    length_m: int


class Booking(BaseModel):
    boat: Boat
    arrival: date
    nights: int | None
    mooring: Literal["buoy", "pontoon", "quay"]


# %% exercise 1: another name for a field
# hint: has the fields
class Boat(BaseModel):
    name: str
    length_m: float


class Booking(BaseModel):
    boat: Boat
    day: date
    nights: int | None
    mooring: Literal["buoy", "pontoon", "quay"]


# %% exercise 2: two empty fields count as right
# hint: nothing was said and nothing was missed
def score(truths, answers, tidy):
    def clean(text):
        return text and tidy(text)

    right = sum(clean(t) == clean(a) for t, a in zip(truths, answers, strict=True))
    said = right + sum(a is not None and clean(t) != clean(a) for t, a in zip(truths, answers, strict=True))
    there = right + sum(t is not None and clean(t) != clean(a) for t, a in zip(truths, answers, strict=True))
    return right / said if said else None, right / there if there else None


# %% exercise 2: accuracy, twice
# hint: Precision divides by all answers
def score(truths, answers, tidy):
    right = sum(bool(t and a) and tidy(t) == tidy(a) for t, a in zip(truths, answers, strict=True))
    return right / len(truths), right / len(truths)


# %% exercise 2: recall and precision swapped
# hint: the other way round
def score(truths, answers, tidy):
    right = sum(bool(t and a) and tidy(t) == tidy(a) for t, a in zip(truths, answers, strict=True))
    said = sum(a is not None for a in answers)
    there = sum(t is not None for t in truths)
    return right / there if there else None, right / said if said else None


# %% exercise 2: tidies only the answers
# hint: Apply tidy to both sides
def score(truths, answers, tidy):
    right = sum(bool(t and a) and t == tidy(a) for t, a in zip(truths, answers, strict=True))
    said = sum(a is not None for a in answers)
    there = sum(t is not None for t in truths)
    return right / said if said else None, right / there if there else None


# %% exercise 2: tidies None
# hint: skip it first
def score(truths, answers, tidy):
    right = sum(tidy(t) == tidy(a) for t, a in zip(truths, answers, strict=True))
    said = sum(a is not None for a in answers)
    there = sum(t is not None for t in truths)
    return right / said if said else None, right / there if there else None


# %% exercise 2: divides by nothing
# hint: nothing to divide by
def score(truths, answers, tidy):
    right = sum(bool(t and a) and tidy(t) == tidy(a) for t, a in zip(truths, answers, strict=True))
    return right / sum(a is not None for a in answers), right / sum(t is not None for t in truths)


# %% exercise 3: parses whatever comes
# hint: Look there before you parse
def outcome(response):
    return "data", Order.model_validate_json(response.choices[0].message.content)


# %% exercise 3: forgets the limit
# hint: finish_reason tells
def outcome(response):
    message = response.choices[0].message
    if message.refusal:
        return "refused", message.refusal
    return "data", Order.model_validate_json(message.content)


# %% exercise 3: looks for what only parse returns
# hint: message.content
def outcome(response):
    message = response.choices[0].message
    if message.parsed:
        return "data", message.parsed
    return "refused", message.refusal


# %% exercise 3: a dictionary in place of an order
# hint: The second value is an Order
def outcome(response):
    choice = response.choices[0]
    if choice.finish_reason == "length":
        return "cut off", None
    if choice.message.refusal:
        return "refused", choice.message.refusal
    return "data", json.loads(choice.message.content)
