# %% exercise 1: only the first picture
# hint: one path for each picture
def save_all(response, stem):
    return [save(response.data[0].b64_json, f"{stem}_1.png")]


# %% exercise 1: counts from zero
# hint: an underscore and 1
def save_all(response, stem):
    return [save(one.b64_json, f"{stem}_{n}.png") for n, one in enumerate(response.data)]


# %% exercise 1: the same picture in every file
# hint: holds its own picture
def save_all(response, stem):
    first = response.data[0].b64_json
    return [save(first, f"{stem}_{n}.png") for n in range(1, len(response.data) + 1)]


# %% exercise 1: always png
# hint: response.output_format
def save_all(response, stem):
    return [save(one.b64_json, f"{stem}_{n}.png") for n, one in enumerate(response.data, start=1)]


# %% exercise 1: saves and returns nothing of use
# hint: one path for each picture
def save_all(response, stem):
    for n, one in enumerate(response.data, start=1):
        path = save(one.b64_json, f"{stem}_{n}.{response.output_format}")
    return [path]


# %% exercise 2: from the cheapest on
# hint: high is possible
def best_quality(width, height, number, budget):
    for quality in ("low", "medium", "high"):
        if number * price_of(width, height, quality)[1] <= budget:
            return quality


# %% exercise 2: the price of one
# hint: multiply by number
def best_quality(width, height, number, budget):
    for quality in ("high", "medium", "low"):
        if price_of(width, height, quality)[1] <= budget:
            return quality


# %% exercise 2: low whatever it costs
# hint: return None
def best_quality(width, height, number, budget):
    for quality in ("high", "medium"):
        if number * price_of(width, height, quality)[1] <= budget:
            return quality
    return "low"


# %% exercise 2: always a square
# hint: size counts
def best_quality(width, height, number, budget):
    for quality in ("high", "medium", "low"):
        if number * price_of(1024, 1024, quality)[1] <= budget:
            return quality


# %% exercise 2: less than the budget
# hint: exactly is allowed
def best_quality(width, height, number, budget):
    for quality in ("high", "medium", "low"):
        if number * price_of(width, height, quality)[1] < budget:
            return quality
