# %% other questions about the chart
def asked(words, path=CHART, model=FLAGSHIP):
    return ask(words, path, model=model)


for words in (
    "Which month had the fewest visitors?",
    "Which month had the most visitors?",
    "What does this chart show?",
):
    for model in (FLAGSHIP, SMALL):
        asked(words, model=model)
asked(question, model=SMALL)

# %% something that isn't a picture, where the address is
for address in ("museum_chart.png", "http://192.168.1.20/photo.png", "http://localhost/photo.png", ""):
    try:
        content = [text, picture_part(address)]
        client.chat.completions.create(model=FLAGSHIP, messages=[{"role": "user", "content": content}])
    except openai.BadRequestError:
        continue
    raise AssertionError(f"{address} was answered")

# %% other questions about the scene
ALT = (
    "Write the alternative text of this picture for somebody who cannot see it: one sentence, "
    "at most {} words, the most important thing first. Do not guess at what you cannot see."
)
for words in (
    "Describe this picture for a bird watcher. One sentence.",
    "What is the woman on the bench doing?",
    "What is the dog doing?",
    "How many birds are there?",
    "What colour is the sea?",
    "Which colour is the sea?",
    ALT.format(10),
):
    asked(words, SCENE)

# %% what the notice says, and the small model
for words in (
    "When is the north quay closed, and where do the boats go?",
    "When is the north quay closed?",
    "Translate this notice into German.",
):
    for model in (FLAGSHIP, SMALL):
        asked(words, NOTICE, model)
asked(COPY, NOTICE, SMALL)
asked("Is this a notice or an invoice? One word.", TINY)


# %% a field more, and fewer products
def shelf(kind=Shelf, products="products"):
    words = f"List the {products}: name and price on the tag, pieces you count."
    parts = [{"type": "text", "text": words}, picture_part(pictures.data_url(SHELF))]
    return client.chat.completions.parse(
        model=FLAGSHIP, messages=[{"role": "user", "content": parts}], response_format=kind
    )


def a_field_more(name):
    class Product(BaseModel):
        name: str
        pieces: int
        price: float

    Product.__annotations__[name] = str
    wider = type("Product", (BaseModel,), {"__annotations__": Product.__annotations__})
    return type("Shelf", (BaseModel,), {"__annotations__": {"products": list[wider]}})


for name in ("colour", "color"):
    first = shelf(a_field_more(name)).choices[0].message.parsed.products[0]
    assert getattr(first, name) == "blue"
cheap = shelf(products="products that cost less than 5 euros").choices[0].message.parsed
assert [product.name for product in cheap.products] == ["Candle", "Soap"]

# %% the note without marks
asked("Copy this handwritten note line by line. Answer with the text alone.", NOTE)
asked("Whom should I ring, and at what time?", NOTE)


# %% other details
def detailed(words, path, detail, model=SMALL):
    picture = picture_part(pictures.data_url(path))
    picture["image_url"]["detail"] = detail
    parts = [{"type": "text", "text": words}, picture]
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": parts}], reasoning_effort="none"
    )


for detail in ("auto", "original"):
    busiest(detail)
for words in ("Which month had the fewest visitors? One word.", "What does this chart show?"):
    for detail in ("low", "high"):
        detailed(words, CHART, detail)

# %% a detail that does not exist
# raises: BadRequestError
busiest("medium")

# %% what any picture shows
for path in (CHART, SCENE, NOTICE, TINY, SHELF, NOTE):
    asked("What is in this picture?", path)

# %% other lines for the assistant
for path in (CHART, SCENE, NOTICE, TINY, SHELF, NOTE):
    for words in ("What is this?", "What is it?", ""):  # without words it asks what is in the picture
        assert "recorded" not in scripts.rehearse("v5_images.py", f"/image {path.name} {words}", folder=PICTURES)
for line in (
    "/image museum_chart.png Which month had the fewest visitors?",
    "/image harbour_scene.png How many birds are there?",
    "/image shop_shelf.png What do two lanterns cost?",
    "/image shop_shelf.png Which of the goods is the cheapest?",
    "Hello!",
):
    assert "recorded" not in scripts.rehearse("v5_images.py", line, folder=PICTURES)

# %% the same questions to Responses
for words in ("Which month had the fewest visitors?", "What does this chart show?"):
    content = [{"type": "input_text", "text": words}, {"type": "input_image", "image_url": url, "detail": "auto"}]
    client.responses.create(model=FLAGSHIP, input=[{"role": "user", "content": content}], store=False)
