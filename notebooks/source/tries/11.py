# %% another colour, and upright
generate(BOAT.replace("red", "blue"))
assert generate(BOAT, size="1024x1536").usage.output_tokens == response_wide.usage.output_tokens

# %% sizes that are not allowed
for size in ("1000x1000", "512x512", "2048x512", "4000x2000", "large"):
    try:
        generate(BOAT, size=size)
    except openai.BadRequestError as error:
        assert error.param == "size"
        continue
    raise AssertionError(f"{size} was made")


# %% what else belonged to the older models
def as_before(**request):
    try:
        client.images.generate(**{"model": FORMER_IMAGE, "prompt": BOAT, "size": "1024x1024"} | request)
    except openai.APIStatusError as error:
        return error.status_code
    raise AssertionError(f"{request} was answered")


for extra in ({"style": "vivid"}, {"response_format": "url"}, {"quality": "hd"}, {"quality": "low", "style": "vivid"}):
    assert as_before(**extra) == 400
    assert as_before(model=IMAGE, **extra) == 400
assert as_before(model=IMAGE, quality="standard", n=1) == 400
for gone in ("dall-e-3", "dall-e-2"):
    assert as_before(model=gone, quality="standard", n=1) == 404
    assert as_before(model=gone) == 404

# %% other colours, and the other way round
CUT, BOOK = GALLERY["lighthouse_2.png"], GALLERY["lighthouse_3.png"]
generate(CUT.replace("dark blue", "dark red"))
generate(BOOK.replace("left", "?").replace("right", "left").replace("?", "right"))

# %% another name
for number in (3, 2, 1):
    assert len(generate(LOGO.replace("QUAY SEVEN", "PIER ONE"), n=number).data) == number

# %% too many at once
# raises: BadRequestError
generate(LOGO, n=11)

# %% another format
STICKER = "A sticker of a gull, seen from the side, with a thin white border. No shadow."
webp = generate(STICKER, model=IMAGE_CLEAR, background="transparent", output_format="webp")
assert save(webp.data[0].b64_json, "gull.webp").stat().st_size < gull.stat().st_size / 2

# %% a format that there is not
# raises: BadRequestError
generate(STICKER, model=IMAGE_CLEAR, background="transparent", output_format="bmp")


# %% something else in the sky
def edit(image=boat, prompt="A pale full moon in the sky on the right, in the style of the poster."):
    return client.images.edit(
        model=IMAGE, image=image, mask=MASK, prompt=prompt, size="1024x1024", quality="low"
    )


edit()

# %% a file that isn't a picture
# raises: BadRequestError
edit(Path("../data/course/lessons.json"))

# %% too many drafts
# raises: BadRequestError
list(generate(HOUSES, stream=True, partial_images=4))
