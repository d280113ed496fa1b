# %% exercise 1: every row with itself
# hint: isn't its own twin
def twins(rows, least):
    near = rows @ rows.T
    return [(i, j) for i in range(len(rows)) for j in range(len(rows)) if near[i, j] >= least]


# %% exercise 1: in the order of the rows
# hint: Sort the pairs
def twins(rows, least):
    near = rows @ rows.T
    return [(i, j) for i in range(len(rows)) for j in range(i + 1, len(rows)) if near[i, j] >= least]


# %% exercise 1: only neighbours are compared
# hint: three pairs
def twins(rows, least):
    return [(i, i + 1) for i in range(len(rows) - 1) if rows[i] @ rows[i + 1] >= least]


# %% exercise 1: more than, not at least
# hint: just that similarity counts
def twins(rows, least):
    near = rows @ rows.T
    pairs = [(i, j) for i in range(len(rows)) for j in range(i + 1, len(rows)) if near[i, j] > least + 1e-6]
    return sorted(pairs, key=lambda pair: -near[pair])


# %% exercise 2: what was liked comes first
# hint: Leave out what was liked
def more_like(liked, rows, k):
    return np.argsort(-(rows @ rows[liked].mean(axis=0)))[:k]


# %% exercise 2: cut first, leave out later
# hint: Return k places
def more_like(liked, rows, k):
    order = np.argsort(-(rows @ rows[liked].mean(axis=0)))[:k]
    return [place for place in order if place not in liked]


# %% exercise 2: the farthest
# hint: the nearest first
def more_like(liked, rows, k):
    order = np.argsort(rows @ rows[liked].mean(axis=0))
    return [place for place in order if place not in liked][:k]


# %% exercise 2: only the first that was liked
# hint: points to 65°
def more_like(liked, rows, k):
    order = np.argsort(-(rows @ rows[liked[0]]))
    return [place for place in order if place not in liked][:k]


# %% exercise 3: one list behind the other
# hint: comes once
def fuse(first, second, k):
    return [*first, *second][:k]


# %% exercise 3: only what stands in both
# hint: the other one decides
def fuse(first, second, k):
    return [entry for entry in first if entry in second][:k]


# %% exercise 3: the best place of either
# hint: the highest sum
def fuse(first, second, k):
    best = {}
    for ranking in (first, second):
        for place, entry in enumerate(ranking, 1):
            best[entry] = min(place, best.get(entry, place))
    return sorted(best, key=best.get)[:k]


# %% exercise 3: places are added, not their reciprocals
# hint: 7 is in both lists
def fuse(first, second, k):
    sums = Counter()
    for ranking in (first, second):
        for place, entry in enumerate(ranking, 1):
            sums[entry] += 60 + place
    return sorted(sums, key=sums.get)[:k]
