# %% [markdown]
# # Make images
#
# By the end you can make pictures from words, change a part of one, and save them as files, at a price that you know beforehand.

# %% [markdown]
# ## What you will learn
#
# - How a picture comes back, and how to turn it into a file.
# - What size and quality do to the price, computed before anything is made.
# - How to write a prompt that leaves less to chance.
# - Transparent backgrounds, several pictures at once, edits with a mask, and previews while a picture is being made.
# - Why code from older tutorials fails today, and what to write instead.
#
# You need [lesson 01](01_make_your_first_call.ipynb) and the price of tokens from [lesson 03](03_count_tokens_and_cost.ipynb).

# %%
from helpers import costs, lesson, tokens
from helpers.models import FORMER_IMAGE, IMAGE, IMAGE_CLEAR, IMAGE_NEWEST
from helpers.recipes import pictures

lesson.start("11")

# %% [markdown]
# Without a key, no model works in this lesson. Every picture that comes back was **drawn for this course** by a small program, and carries a label that says so. They show how the API works, and nothing about how well a model draws.
# With a key, a model makes them; the sentences below the pictures still describe the drawn ones.
#
# **With a new key, look at one setting first.** OpenAI may ask your organization to verify itself before it can use GPT Image models; its guide names gpt-image-2 among them (November 2026). Until then a call fails with a 403, `openai.PermissionDeniedError`, and a message like *Your organization must be verified to use the model*.
# You verify it under [Settings, Organization](https://platform.openai.com/settings/organization/general).
#
# ## Know the price first
#
# Pictures are paid in tokens too; the size and the quality decide how many. A square of 1024 by 1024 pixels costs:

# %%
QUALITIES = ["low", "medium", "high"]


def price_of(width, height, quality, model=IMAGE):
    """Output tokens of one picture, and their price in USD."""
    number = tokens.generated_image_tokens(width, height, quality, model)
    return number, number * costs.price(model)["output"] / 1_000_000


# %% tags=["furniture"]
from helpers.tables import Table

rows = []
for quality in QUALITIES:
    number, each = price_of(1024, 1024, quality)
    rows.append([quality, number, costs.usd(each), costs.usd(1000 * each)])

heads = ["Quality", "Output tokens", "One picture", "1,000 pictures"]
source = f"Prices: {costs.prices_date(IMAGE)}."
Table(heads, rows, f"1024 x 1024 pixels with {IMAGE}", source)

# %% [markdown]
# The quality alone decides between less than a cent and a fifth of a dollar. This lesson stays at `low`, and you should too while you try out prompts. Give the quality in every request: if you leave it out, the model chooses for you, and
# you pay for its choice.
#
# (The tokens come from a formula that users have worked out. It matches every number that OpenAI has published for this model, up to November 2026. The `usage` of an answer is what counts.)

# %% [markdown]
# ## Make a picture
#
# Pictures have an endpoint of their own, `images.generate`. It takes a prompt and no messages.

# %%
from openai import OpenAI

client = OpenAI()
BOAT = (
    "A red sailing boat on calm water, in the style of a flat travel poster with few colours."
)


def generate(prompt, size="1024x1024", model=IMAGE, **options):
    return client.images.generate(
        model=model, prompt=prompt, size=size, quality="low", **options
    )


# %%
response = generate(BOAT)

# %% [markdown]
# Before you look at the picture, look at what arrived with it:

# %%
print(response.size, response.quality, response.output_format, response.background)
print(response.usage.input_tokens, "tokens in,", response.usage.output_tokens, "tokens out")
print(costs.usd(costs.cost(IMAGE, response.usage)))

# %% [markdown]
# And the picture itself? It is text:

# %%
text = response.data[0].b64_json
print(text[:60], "…", f"{len(text):,} characters")

# %% [markdown]
# This is **Base64**, a way to write bytes as letters and digits, so that they fit into JSON. `base64.b64decode` turns it back into bytes, and bytes are what a file holds.

# %%
import base64
from pathlib import Path

OUT = lesson.out()


def save(b64_json, name):
    """Write a picture into the folder out; a file of that name is replaced."""
    part = OUT / f"{name}.part"
    part.write_bytes(base64.b64decode(b64_json))
    return part.replace(OUT / name)


boat = save(response.data[0].b64_json, "boat.png")

# %% tags=["furniture"]
pictures.show(
    boat, "A flat poster of a red sailing boat on calm water, with hills and a pale sun."
)

# %% [markdown]
# Why the detour via `.part`? If the disk is full or you stop the kernel, half a file is left, and half a PNG looks like a PNG until somebody opens it. So the bytes go into a file with another name, and only the finished one
# takes the place of an earlier one.
#
# The folder `out` beside this notebook is not part of the course's repository. Delete it whenever you like.
#
# **Try it:** in a new cell, `blue = save(generate(BOAT.replace("red", "blue")).data[0].b64_json, "blue.png")`, then `pictures.show(blue, "A blue boat")`. Then a size that is not allowed: `generate(BOAT, size="1000x1000")`.

# %% [markdown]
# ## See why older code fails
#
# Many tutorials make pictures like this, including the one that this course grew out of:

# %%
import openai

try:
    client.images.generate(
        model=FORMER_IMAGE, prompt=BOAT, size="1024x1024", quality="standard", n=1
    )
except openai.APIStatusError as error:
    print(error.status_code, error.body["message"])

# %% [markdown]
# `standard` and `hd` were the qualities of DALL·E. The SDK's types still list `standard`, so your editor says nothing; the server does. (The words of the message are those that were seen with an earlier model of this family.) Write `low`, `medium` or `high`.
#
# (With a key, you get a 404 here from 2026-12-01 on, because the model itself is gone. To see the 400, write `model=IMAGE` in this cell, for the changes below too.)
#
# **Try it:** in place of `quality="standard"`, write `style="vivid"` or `response_format="url"`, which you find in as many tutorials. Or keep the quality, and set `model="dall-e-3"`.
#
# And the model? It is often called the latest DALL·E, but it never was one: DALL·E 2 and 3 are another family, which ended on 2026-05-12. `FORMER_IMAGE` has an end date too:

# %%
from helpers import models

print(FORMER_IMAGE, "· end date:", models.shutdown(FORMER_IMAGE))
replacement = models.info(FORMER_IMAGE)["replacement"]
print("OpenAI names instead:", replacement["model"], "or", replacement["or"])

# %% [markdown]
# Say you replace the model and fix the quality. Then you meet the third mistake: the old code goes on with the picture's address.

# %%
print(response.data[0].url)

# %% [markdown]
# There is none. DALL·E could put the picture on a server for you to fetch; GPT Image models send it in the answer, always. So `requests.get(response.data[0].url)` fails with `MissingSchema`, if it gets that far: `requests` is a package of
# its own, and installing `openai` does not install it. Nothing has to be downloaded, as you saw. All repairs at a glance:
#
# | Older code | Today | Why |
# |---|---|---|
# | `quality="standard"`, `"hd"` | `quality="low"`, `"medium"`, `"high"` | 400; the old names belonged to DALL·E |
# | `data[0].url`, then `requests.get` | `base64.b64decode(data[0].b64_json)` | `url` is `None` |
# | `response_format`, `style` | leave them out; describe the style in the prompt | 400 |

# %% [markdown]
# ## Choose a size
#
# `size` takes any width and height in pixels, with a few limits (November 2026): both are multiples of 16, the long side is at most three times the short one, and nothing is larger than 3840 x 2160. OpenAI calls sizes above 2560 x 1440 experimental. Users also found a smallest
# number of pixels, 655,360. You can check all that yourself:


# %%
def size_problem(width, height):
    if width % 16 or height % 16:
        return "Both sides must be multiples of 16."
    if max(width, height) > 3 * min(width, height):
        return "The long side is more than three times the short one."
    if max(width, height) > 3840 or not 655_360 <= width * height <= 8_294_400:
        return "Too few or too many pixels."
    return None


for size in [(1024, 1024), (1000, 1000), (2048, 512), (512, 512)]:
    print(size, size_problem(*size) or "fine")

# %% [markdown]
# Now guess. A picture of 1536 x 1024 has 1.5 times the pixels of a square of 1024 x 1024. What about its price?

# %%
square, wide = (
    tokens.generated_image_tokens(*size, "low") for size in [(1024, 1024), (1536, 1024)]
)
answers = ["1.5 times as much", "the same", "less"]

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(
    1,
    "At low quality, what does a picture of 1536 x 1024 cost, compared with 1024 x 1024?",
    answers,
)

# %%
response_wide = generate(BOAT, size="1536x1024")
boat_wide = save(response_wide.data[0].b64_json, "boat_wide.png")
print(response_wide.usage.output_tokens, "tokens out")
pictures.show(
    boat_wide, "The same motif in a wide picture: the boat in the middle, more water around it."
)

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# <details><summary>What happened</summary>
#
# The formula counts the cells of a grid. At one quality, the long side always has the same number of them, whatever its pixels, so a wide picture has fewer rows. The pixels come in on top, and weigh less. So never guess from the pixels: compute.
#
# </details>
#
# **Try it:** turn the picture upright, with `size="1024x1536"`. Which of the two prices does it have? Then make it a narrow strip, `size="2048x512"`. (The sentence below a picture is written in the cell. It does not know what you changed.)
#
# ### Move size and quality
#
# Three questions before you move the controls:
#
# - At 1024 x 1024, how many times the price is each step up in quality?
# - Double both sides to 2048. Four times the pixels: four times the price?
# - Which size is the cheapest that you can reach without breaking a limit?

# %% tags=["furniture"]
from helpers import plots


def draw(width, height, quality, number):
    each = {name: price_of(width, height, name)[1] for name in QUALITIES}
    title = f"{width} x {height} pixels"
    figure, plot = plots.axes(title, "quality", "USD a picture", height=3.2)
    plots.bars(plot, QUALITIES, {"price": list(each.values())})
    plot.set_ylim(0, 1.1 * max(0.25, *each.values()))
    count, price = price_of(width, height, quality)
    said = f"{quality}: {count:,} tokens, {costs.usd(price)} a picture"
    said = f"{said}, {costs.usd(number * price)} for {number}"
    return figure, f"<p>{said}. {size_problem(width, height) or ''}</p>"


# %% tags=["furniture"]
from helpers import widgets

widgets.live_figure(
    draw,
    "Sliders for width, height, quality and number of pictures; below, what they cost.",
    width=widgets.number("width (pixels)", 1024, 512, 3840, 64, help="From left to right"),
    height=widgets.number("height (pixels)", 1024, 512, 3840, 64, help="From top to bottom"),
    quality=widgets.stops("quality", QUALITIES, "low", help="How much detail"),
    number=widgets.number("pictures", 1, 1, 100, 1, help="How many are made"),
)

# %% [markdown]
# The same for the usual sizes, without the controls:

# %% tags=["furniture"]
rows = []
for size in [(1024, 1024), (1536, 1024), (1024, 1536), (2048, 2048), (3840, 2160)]:
    prices = [costs.usd(price_of(*size, quality)[1]) for quality in QUALITIES]
    rows.append([f"{size[0]} x {size[1]}", *prices])

Table(["Pixels", *QUALITIES], rows, f"USD for one picture with {IMAGE}")

# %% [markdown]
# Medium costs about nine times as much as low, and high four times as much as medium. Four times the pixels cost only about twice as much, and the widest size of the table, one of the experimental ones, costs less than the large square. No price tells you whether more pixels or a higher quality make
# the sharper picture: try both with your own prompt. The cheapest size that the controls reach is a strip three times as long as it is high, with the short side as small as it goes.
#
# What gets really expensive is a loop. Multiply by the number of pictures before you start one.

# %% [markdown]
# ## Write a better prompt
#
# A prompt of two words leaves everything to the model. Here are three prompts for one motif; each says more than the one before. The last one also says what must *not* be there, and what the picture is for.

# %%
GALLERY = {
    "lighthouse_1.png": "A lighthouse.",
    "lighthouse_2.png": "A lighthouse on a rock. Style: linocut in two colours, dark blue "
    "on cream paper, with bold lines.",
    "lighthouse_3.png": "A small lighthouse at night, in the lower left third, its beam to the "
    "right. Calm, dark blue. It is for a book cover: keep the upper half empty for the title. "
    "No text, no people.",
}


# %%
import PIL.Image


def in_a_row(paths, name):
    """One picture with the others side by side, 360 pixels each."""
    row = PIL.Image.new("RGB", (370 * len(paths) - 10, 360), "white")
    for number, path in enumerate(paths):
        with PIL.Image.open(path) as picture:
            row.paste(picture.convert("RGB").resize((360, 360)), (370 * number, 0))
    row.save(OUT / name)
    return OUT / name


# %%
paths = [save(generate(prompt).data[0].b64_json, name) for name, prompt in GALLERY.items()]
pictures.show(
    in_a_row(paths, "gallery.png"),
    "Three lighthouses: a plain one by day, a linocut in two colours, and a small one at night with an empty sky.",
    width=800,
)

# %% [markdown]
# What helps:
#
# | Say | For example |
# |---|---|
# | what, how many, doing what | *one gull on a post, looking left* |
# | the kind of picture | *linocut*, *flat vector*, *photo with a long lens*, *technical drawing* |
# | place and light | *in the lower left third*, *from above*, *low evening sun* |
# | colours | *dark blue on cream, nothing else* |
# | words in the picture, in quotation marks | *the sign reads "OPEN"* |
# | what it is for, and what must stay out | *book cover, upper half empty, no text* |
#
# Change one thing at a time, at `low`. Raise the quality when the prompt is right. And keep the prompt with the file: there is no seed, so nobody can make the same picture twice, but with its prompt you can make a similar one.
#
# **Try it:** in the second prompt, write `dark red` for `dark blue`. In the third, swap *left* and *right*. Which words of the prompts do you find in the pictures?

# %% [markdown]
# ## Make several at once
#
# `n` asks for up to ten pictures of one prompt, in one request. For something where you want to choose, such as a logo, three are a good start.

# %%
LOGO = 'A logo for a café at a harbour: a coffee cup. It reads "QUAY SEVEN". Flat, few colours.'
logos = generate(LOGO, n=3)
paths = [save(logo.b64_json, f"cafe_{n}.png") for n, logo in enumerate(logos.data, 1)]
pictures.show(
    in_a_row(paths, "cafes.png"),
    "Three logos with a coffee cup and the words QUAY SEVEN: in a circle, in a frame on dark blue, and in green.",
    width=800,
)

# %%
print(len(logos.data), "pictures,", logos.usage.output_tokens, "tokens out")
print(costs.usd(costs.cost(IMAGE, logos.usage)))

# %% [markdown]
# You pay for each picture. (This recorded answer counts the prompt once.) And check every letter of a word in a picture: a model can misspell.
#
# **Try it:** give the café another name, `"PIER ONE"`, and ask for one, two or three pictures of it. Then for eleven.

# %% [markdown]
# ## Make the background transparent
#
# A sticker or an icon needs no background. `background="transparent"` asks for that. JPEG cannot hold transparency, so the format must be `png` or `webp`.
#
# Which model can do it has changed more than once. For the model used so far it came as a preview in August 2026. The SDK's documentation still says so in November. A relay service reports that it was switched off on 2026-09-30: since then its requests got a 400, *Transparent background is not supported for this model.* The models of
# generation 2.5 have it without such a remark, at the same prices, so take one of those:

# %%
sticker = generate(
    "A sticker of a gull, seen from the side, with a thin white border. No shadow.",
    model=IMAGE_CLEAR,
    background="transparent",
    output_format="png",
)
gull = save(sticker.data[0].b64_json, "gull.png")

# %%
with PIL.Image.open(gull) as picture:
    corner, centre = picture.getpixel((0, 0)), picture.getpixel((512, 512))
    print(picture.mode, "corner:", corner, "centre:", centre)
    ground = PIL.Image.new("RGBA", picture.size, "#2a6f97")
    ground.alpha_composite(picture)
    ground.save(OUT / "gull_on_blue.png")

# %% [markdown]
# The `A` in `RGBA` is **alpha**, the fourth number of each pixel: 0 is transparent, 255 is not. On a white page you could not see the difference, so look at the gull on another colour:

# %% tags=["furniture"]
pictures.show(
    OUT / "gull_on_blue.png", "A gull with a white border on a plain blue ground.", width=320
)

# %% [markdown]
# Check for transparency in your program, by the alpha of a corner. If you ask for transparency in the prompt alone, you may get a painted checkerboard.
#
# **Try it:** take `output_format="webp"`, save it as `"gull.webp"`, and compare `gull.stat().st_size` with what it was. Is it still transparent? Then ask for `"bmp"`.

# %% [markdown]
# ## Change a part of a picture
#
# `images.edit` takes a picture and a prompt. With a **mask** you also say where: a PNG of the same size, transparent where something may change, and smaller than 4 MB. Here that is the empty sky on the right:

# %%
import PIL.ImageDraw

BOX = (590, 90, 950, 500)  # left, top, right, bottom

mask = PIL.Image.new("RGBA", (1024, 1024), "black")
PIL.ImageDraw.Draw(mask).rectangle(BOX, fill=(0, 0, 0, 0))
mask.save(OUT / "mask.png")

# %% [markdown]
# With a key, you could send `out/mask.png`. But a recorded answer belongs to the very bytes that were sent, and another version of Pillow packs the same pixels into other bytes. So the course comes with
# the file, and you check that it is your mask:

# %%
MASK = Path("../data/lessons/11/sky_mask.png")
with PIL.Image.open(MASK) as brought:
    print("the same pixels:", brought.convert("RGBA").tobytes() == mask.tobytes())

# %%
edited = client.images.edit(
    model=IMAGE,
    image=boat,
    mask=MASK,
    prompt="A striped hot-air balloon in the sky on the right, in the style of the poster.",
    size="1024x1024",
    quality="low",
)
balloon = save(edited.data[0].b64_json, "boat_balloon.png")

# %% tags=["furniture"]
pictures.show(
    balloon,
    "The poster with the red sailing boat, and now a striped balloon in the sky on the right.",
)

# %%
details = edited.usage.input_tokens_details
print(
    details.image_tokens, "tokens for the pictures sent,", details.text_tokens, "for the prompt"
)
print(edited.usage.output_tokens, "tokens out")
print(costs.usd(costs.cost(IMAGE, edited.usage)))

# %% [markdown]
# An edit is paid twice: for the pictures that you send, and for the one that comes back. (The input tokens of this recorded answer are an estimate.)
#
# **Try it:** ask for something else in the sky, `prompt="A pale full moon in the sky on the right, in the style of the poster."` Or send a file that isn't a picture, `image=Path("../data/course/lessons.json")`.
#
# Did everything else stay as it was? Do not believe your eyes:

# %%
import PIL.ImageChops

with PIL.Image.open(boat) as first, PIL.Image.open(balloon) as second:
    before, after = first.convert("RGB"), second.convert("RGB")
print("mask:   ", BOX)
print("changed:", PIL.ImageChops.difference(before, after).getbbox())

# %% [markdown]
# Here only pixels inside the mask changed, because the drawing was made like that. A model treats the mask as a *wish*: it makes the whole picture anew, and little things move outside the mask as well. When the rest must stay to the last pixel, as in a photo of a
# product, put the original back on top:

# %%
keep = mask.getchannel("A")  # 255 where the original stays
PIL.Image.composite(before, after, keep).save(OUT / "boat_exact.png")

with PIL.Image.open(OUT / "boat_exact.png") as exact:
    changed = PIL.ImageChops.difference(before, exact).convert("L")
outside = PIL.ImageChops.multiply(changed, keep)
print("changed outside the mask:", outside.getbbox())

# %% [markdown]
# `None`: there is no box around changes, because there are none. The price is a visible edge, if the model's new sky does not quite meet the old one.
#
# Without a mask, `images.edit` also takes a list of pictures, for example a product and a room. Then words alone say what goes where.

# %% [markdown]
# ## Show a picture while it is being made
#
# A picture can take from a few seconds to two minutes. With `stream=True` and `partial_images` (0 to 3) you get drafts on the way, as events. (`lesson.recorded_time(0.05)` plays the recorded stream faster than it was; live it changes nothing.)

# %%
HOUSES = "A row of five old houses at a harbour in the evening, lit windows, moon. Flat style."

paths = []
with lesson.recorded_time(0.05):
    for event in generate(HOUSES, stream=True, partial_images=2):
        final = event.type == "image_generation.completed"
        name = "houses.png" if final else f"houses_{event.partial_image_index}.png"
        paths.append(save(event.b64_json, name))
        print(f"{event.type:32} {name}")

# %% tags=["furniture"]
pictures.show(
    in_a_row(paths, "houses_steps.png"),
    "The same row of houses in steps, from a few coarse squares to the finished picture.",
    width=800,
)

# %%
print("finished picture alone:", tokens.generated_image_tokens(1024, 1024, "low"), "tokens")
print("this request:          ", event.usage.output_tokens, "tokens")

# %% [markdown]
# Each draft costs 100 tokens more. At `low` that is half a picture's price each time; at `high` you would hardly notice. If the model is quick, fewer drafts come than you asked for, so rely on `image_generation.completed` only: it
# carries the finished picture and the `usage`. In an edit the events are called `image_edit.…`.

# %% [markdown]
# ## Know the other ways
#
# - **Newer models.** The newest model of the course's table, of generation 2.6, was released on 2026-11-04. It takes the same requests. The qualities `xhigh` and `max` came with 2.5; new in 2.6 are `complexity`, edits by markup, and GIF and SVG as output. Its tokens at low and medium are not public; one service measured three to four times those of generation 2.5. So the course does not compute them:

# %%
print(IMAGE_NEWEST, models.info(IMAGE_NEWEST)["qualities"])
try:
    tokens.generated_image_tokens(1024, 1024, "low", IMAGE_NEWEST)
except LookupError as error:
    print(error)

# %% [markdown]
# - **The Responses API** has a tool called `image_generation`: a text model decides in the middle of a conversation to make or change a picture, and the picture comes among the items of `output`. For one picture from one prompt, the endpoint of this lesson is simpler and easier to price.
# - **Videos.** The API for them, with the Sora models, ended on 2026-09-24. Older guides still show it.

# %% [markdown]
# ## On your own
#
# ### Exercise 1: save them all
#
# Write `save_all(response, stem)`. It saves every picture of a response with `save` and returns the paths in order. The names are the stem with `_1`, `_2` and so on, and the ending is the format of the response (`png`, `webp` or `jpeg`): with the stem `logo`, `logo_1.png`. Nothing is sent.


# %% tags=["exercise-1"]
def save_all(response, stem):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `enumerate(response.data, start=1)` gives each picture with its number. An f-string puts the name together: `f"{stem}_{n}.{response.output_format}"`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def save_all(response, stem):
#     ending = response.output_format
#     numbered = enumerate(response.data, start=1)
#     return [save(image.b64_json, f"{stem}_{n}.{ending}") for n, image in numbered]
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: the best that you can afford
#
# Write `best_quality(width, height, number, budget)`. It returns the highest of `"high"`, `"medium"` and `"low"` at which `number` pictures cost no more than `budget` (USD) together, and `None` when even `low` is too expensive. `price_of(width, height, quality)` from
# above returns the tokens and the price of one.


# %% tags=["exercise-2"]
def best_quality(width, height, number, budget):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through the qualities from the best to the worst, and return the first whose price times `number` fits. After the loop, return `None`.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def best_quality(width, height, number, budget):
#     for quality in ("high", "medium", "low"):
#         _, price = price_of(width, height, quality)
#         if number * price <= budget:
#             return quality
#     return None
# ```
#
# </details>

# %% [markdown]
# ## From the production desk
#
# - **Keep what made the picture**: model, size, quality, prompt and `usage`, in a file beside it or in your database. Without them nobody can explain a bill or make a similar picture.
# - **Choose the format for its use.** `output_format="webp"` or `"jpeg"` with `output_compression` (0 to 100) makes smaller files for web pages, at the same number of tokens. Keep PNG for what you will edit again.
# - **Set a timeout of minutes, and few retries.** Large pictures take long, and a request that you gave up on may still be billed. When nobody waits, the Batch API ([lesson 07](07_prepare_for_production.ipynb)) makes pictures at half the price.
# - **Expect a no.** A prompt or a picture that breaks the rules comes back as a 400 and not as a picture. Do not retry it; tell the person which text to change.

# %% [markdown]
# ## Recap
#
# - A picture comes back as Base64 in `data[0].b64_json`; decode it and write the bytes to a file. There is no `url`.
# - Size and quality make the price, and a formula tells it beforehand. Try at `low`, finish higher.
# - An edit takes a mask whose transparent part may change; check what changed, and put the rest back where it matters.
#
# Next you will let the computer speak.

# %%
lesson.receipt()
