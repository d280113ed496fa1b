# %% exercise 1: only lower case, and of everything
# hint: spaces around
def forgiving_key(request):
    return json.dumps(request, sort_keys=True).lower()


# %% exercise 1: forgives the instructions too
# hint: role user
def forgiving_key(request):
    new = [{**m, "content": m["content"].strip().rstrip("?.").lower()} for m in request["messages"]]
    return json.dumps({**request, "messages": new}, sort_keys=True)


# %% exercise 1: only the question
# hint: another model
def forgiving_key(request):
    return request["messages"][-1]["content"].strip().rstrip("?.").lower()


# %% exercise 1: changes the request
# hint: was changed
def forgiving_key(request):
    for message in request["messages"]:
        if message["role"] == "user":
            message["content"] = message["content"].strip().rstrip("?.").lower()
    return json.dumps(request, sort_keys=True)


# %% exercise 1: in the order as it comes
# hint: sort_keys
def forgiving_key(request):
    new = []
    for message in request["messages"]:
        if message["role"] == "user":
            message = {**message, "content": message["content"].strip().rstrip("?.").lower()}
        new.append(message)
    return json.dumps({**request, "messages": new})


# %% exercise 2: adds up texts
# hint: as numbers
def may_spend(rows, user, day, limit, price):
    return sum(row["usd"] for row in rows if row["user"] == user and row["day"] == day) + price <= limit


# %% exercise 2: all days
# hint: this day only
def may_spend(rows, user, day, limit, price):
    return sum(float(row["usd"]) for row in rows if row["user"] == user) + price <= limit


# %% exercise 2: forgets the next call
# hint: price of the next call
def may_spend(rows, user, day, limit, price):
    return sum(float(row["usd"]) for row in rows if row["user"] == user and row["day"] == day) <= limit


# %% exercise 2: must stay below
# hint: stays within 0.5
def may_spend(rows, user, day, limit, price):
    spent = sum(float(row["usd"]) for row in rows if row["user"] == user and row["day"] == day)
    return spent + price < limit


# %% exercise 2: the first user of the log
# hint: user who asks
def may_spend(rows, user, day, limit, price):
    return sum(float(row["usd"]) for row in rows if row["user"] == "u1" and row["day"] == day) + price <= limit
