# %% exercise 1: the comma stays
# hint: Take the commas out
def values(text):
    return {float(one) for one in re.findall(r"\d+(?:[.,]\d+)*", text)}


# %% exercise 1: texts in place of numbers
# hint: Numbers, not texts
def values(text):
    return set(re.findall(r"\d+(?:\.\d+)?", text))


# %% exercise 1: every comma is taken out
# hint: does not separate thousands
def values(text):
    return {float(one) for one in re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))}


# %% exercise 1: a list
# hint: Return a set
def values(text):
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)]


# %% exercise 1: only one comma
# hint: several commas
def values(text):
    found = re.findall(r"\d{1,3},\d{3}(?:\.\d+)?|\d+(?:\.\d+)?", text)
    return {float(one.replace(",", "")) for one in found}


# %% exercise 1: words with digits, split at spaces
# hint: does not separate thousands
def values(text):
    found = set()
    for word in text.split():
        number = word.strip(".").replace(",", "")
        if number[:1].isdigit():
            found.add(float(number))
    return found


# %% exercise 2: a part of a word
# hint: not as a whole word
def missing_terms(text, translation, forms):
    text, translation = text.lower(), translation.lower()
    return [
        term
        for term, allowed in forms.items()
        if term.lower() in text and not any(form.lower() in translation for form in allowed)
    ]


# %% exercise 2: every form is wanted
# hint: One form is enough
def missing_terms(text, translation, forms):
    return [
        term
        for term, allowed in forms.items()
        if re.search(rf"\b{term}\b", text, re.IGNORECASE)
        and not all(form.lower() in translation.lower() for form in allowed)
    ]


# %% exercise 2: case counts
# hint: Case makes no difference
def missing_terms(text, translation, forms):
    return [
        term
        for term, allowed in forms.items()
        if re.search(rf"\b{term}\b", text) and not any(form in translation for form in allowed)
    ]


# %% exercise 2: a form has to be a whole word
# hint: part of a longer word
def missing_terms(text, translation, forms):
    def there(word, where):
        return re.search(rf"\b{re.escape(word)}\b", where, re.IGNORECASE)

    return [
        term
        for term, allowed in forms.items()
        if there(term, text) and not any(there(form, translation) for form in allowed)
    ]


# %% exercise 2: the text is not looked at
# hint: Return a list of terms
def missing_terms(text, translation, forms):
    return [
        term
        for term, allowed in forms.items()
        if not any(form.lower() in translation.lower() for form in allowed)
    ]


# %% exercise 3: stops at the first fault
# hint: Collect all faults
def check_title(answer, text):
    if len(answer.title) > 50:
        return ["The title is too long."]
    if answer.title.endswith((".", "!")):
        return ["The title ends with a full stop or an exclamation mark."]
    return new_facts(answer.title, text)


# %% exercise 3: a sign anywhere
# hint: Only the end
def check_title(answer, text):
    faults = new_facts(answer.title, text)
    if len(answer.title) > 50:
        faults.append("The title is too long.")
    if "." in answer.title or "!" in answer.title:
        faults.append("No full stop and no exclamation mark, please.")
    return faults


# %% exercise 3: true or false
# hint: return an empty list
def check_title(answer, text):
    return len(answer.title) <= 50 and not answer.title.endswith((".", "!"))


# %% exercise 3: facts are forgotten
# hint: a sentence for each fact
def check_title(answer, text):
    faults = []
    if len(answer.title) > 50:
        faults.append("The title is too long.")
    if answer.title.endswith((".", "!")):
        faults.append("The title ends with a full stop or an exclamation mark.")
    return faults


# %% exercise 3: fifty characters are too many
# hint: 50 characters are allowed
def check_title(answer, text):
    faults = new_facts(answer.title, text)
    if len(answer.title) >= 50:
        faults.append("The title is too long.")
    if answer.title.endswith((".", "!")):
        faults.append("The title ends with a full stop or an exclamation mark.")
    return faults
