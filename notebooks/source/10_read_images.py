# %% [markdown]
# # Read images
#
# By the end your programs describe, read and compare pictures, and you know what a picture costs before you send it.

# %% [markdown]
# ## What you will learn
#
# - How a picture travels in a message, from a file or from the web.
# - What models do well with pictures: charts, scenes, printed text, products, handwriting. And where they slip.
# - How to check what was read, instead of trusting it.
# - How many tokens a picture takes, what `detail` does, and when a smaller picture is enough.
# - How to find a wrong, broken or oversized file before money is spent.
#
# You need [lesson 01](01_make_your_first_call.ipynb) and the price of tokens from [lesson 03](03_count_tokens_and_cost.ipynb).
# [Lesson 09](09_get_answers_as_data.ipynb) helps in one place.

# %%
from helpers import lesson
from helpers.models import CLASSIC, FLAGSHIP, SMALL

lesson.start("10")

# %% [markdown]
# ## Look at the first picture
#
# The pictures of this lesson were drawn for it, and a file beside them says what was drawn. So you can check every answer against the truth, which is rarely possible with pictures from the web.

# %% tags=["furniture"]
import json
from pathlib import Path

from helpers.recipes import pictures

PICTURES = Path("../data/lessons/10")
truth = json.loads((PICTURES / "truth.json").read_text(encoding="utf-8"))

CHART = PICTURES / "museum_chart.png"
pictures.show(CHART, truth["museum_chart"]["alt"])

# %% [markdown]
# ## Send a picture
#
# So far the `content` of a message has been a text. It may also be a list of **parts**, some of them text, some pictures. A picture from your disk goes into the request itself, as a **data URL**: the
# type of the file, then its bytes, written as letters and digits. That way of writing bytes is called Base64.

# %%
import base64

data = base64.b64encode(CHART.read_bytes()).decode("ascii")
url = f"data:image/png;base64,{data}"

print(url[:60], "…")
print(f"{CHART.stat().st_size:,} bytes became {len(url):,} characters")

# %% [markdown]
# That is a third longer, but only in transit: you pay for the picture, not for these characters. (`standard_b64encode`, which you may meet elsewhere, does the same.) The type after `data:` must be that of the *file*. A JPEG that is called `chart.png` is still a JPEG, so read the type from the
# content, as the helper further below does.
#
# The chart has no numbers on its bars. Guess: how many of the twelve values will a model read correctly from their height?

# %%
from openai import OpenAI

client = OpenAI()
question = (
    "Read the number of visitors of each month from this chart, to the nearest ten. "
    "Answer with one line for each month, like `Jan: 50`, and nothing else."
)

# %% tags=["guess"]
messages = [
    {
        "role": "user",
        "content": [
            {"type": "text", "text": question},
            {"type": "image_url", "image_url": {"url": url}},
        ],
    }
]
response = client.chat.completions.create(model=FLAGSHIP, messages=messages)
print(response.choices[0].message.content)

# %% [markdown]
# This looks convincing. Would you have put it into a report? Compare first:

# %% tags=["guess", "furniture"]
import re

from helpers.tables import Table

lines = re.findall(r"(\w+): (\d+)", response.choices[0].message.content)
read = {month: int(number) for month, number in lines}
drawn = truth["museum_chart"]["visitors"]

rows = [
    [month, drawn[month], read.get(month)] for month in drawn if read.get(month) != drawn[month]
]
Table(["Month", "Drawn", "Read"], rows, f"Differences among {len(drawn)} values")

# %% [markdown]
# A wrong value looks exactly like a right one. A model reads trends, peaks and comparisons well from a chart; it estimates single heights, as you would. If you have the numbers behind a chart, send those. If
# you don't, check a sample by hand, and say in your report where the numbers come from.
#
# (The answers of this lesson were written by hand, with the kinds of mistakes that models make. They show how to check, and measure nothing. The flagship here is gpt-5.2, the model that this course grew up with; the table of tokens further below has newer ones.)
#
# **Try it:** ask the chart something else. Give `question` another text, `"Which month had the fewest visitors?"` or `"What does this chart show?"`, and run the two cells again. Or send your first question to the small
# model, with `model=SMALL`.

# %% [markdown]
# ## Give an address instead
#
# For a picture on the web, put its address where the data URL was. OpenAI's servers then fetch it. Tutorials like to show this with `https://example.com/image.jpg`. Try it:

# %%
import openai


def picture_part(url):
    return {"type": "image_url", "image_url": {"url": url}}


text = {"type": "text", "text": "What is in this picture?"}
content = [text, picture_part("https://example.com/image.jpg")]
try:
    client.chat.completions.create(
        model=FLAGSHIP, messages=[{"role": "user", "content": content}]
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code)

# %% [markdown]
# There is no picture at that address, so the answer is a 400, and no retry will help. With a key, the address of a picture that anybody can open works. OpenAI's servers can't reach pages behind a login, files in your own network, and
# sites that keep robots out. Look at `code` in your program; the words of the message may change.
#
# | Way | Good for | Keep in mind |
# |---|---|---|
# | Data URL | files on your disk, private pictures | the whole file travels with every request |
# | Address | public pictures | somebody else can change or remove it |
# | `file_id` of an upload, Responses API only | one picture, many requests | delete it afterwards |
#
# **Try it:** put something else in place of the address: the name of a file, `"museum_chart.png"`, or an address in your own network, `"http://192.168.1.20/photo.png"`. Does `code` tell the two apart?

# %% [markdown]
# ## Describe a scene for people who cannot see it
#
# The helper `pictures.data_url` does what you did by hand, and checks the file. With it, asking about pictures becomes one function.


# %%
def ask(question, *paths, model=FLAGSHIP, **options):
    parts = [picture_part(pictures.data_url(path)) for path in paths]
    content = [{"type": "text", "text": question}, *parts]
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": content}], **options
    )


SCENE = PICTURES / "harbour_scene.png"
pictures.show(SCENE, truth["harbour_scene"]["alt"])

# %% [markdown]
# The sentence below the picture is its **alternative text**. Screen readers read it aloud, and this one leaves out nearly everything. Ask for a better one: say who the text is for, and how long it may be:

# %%
alt = ask(
    "Write the alternative text of this picture for somebody who cannot see it: one sentence, "
    "at most 25 words, the most important thing first. Do not guess at what you cannot see.",
    SCENE,
)
sentence = alt.choices[0].message.content
print(sentence)
print(len(sentence.split()), "words")

# %%
for thing in truth["harbour_scene"]["things"]:
    print(f"{thing:13} {'mentioned' if thing in sentence.lower() else 'left out'}")

# %% [markdown]
# A short text has to leave something out, and the model chose for you. What matters depends on the page: to a bird watcher, the gulls. So say in the request where the picture will be used. And because the people who need this text cannot
# check it, somebody who can see the picture should read it once. (The test above looks for parts of words: it also finds *sun* in *sunset*.)
#
# **Try it:** replace the whole question by `"Describe this picture for a bird watcher. One sentence."` Or ask for something that is not there: `"What is the woman on the bench doing?"` Or keep the question, and say `at most 10 words`.

# %% [markdown]
# ### Ask about your own picture
#
# Put the path of a picture between the quotation marks and run the cell. A file beside this notebook needs only its name; on Windows, write `r"C:\Users\…\photo.jpg"`, with an `r` in front. In Colab, upload the picture with the folder symbol on the left and copy its path. Nobody has
# recorded an answer about your picture, so you need a key or a free model that can see ([lesson 00](00_get_ready.ipynb)).

# %%
MY_PICTURE = ""
MY_QUESTION = "What is in this picture?"

if MY_PICTURE:
    pictures.show(MY_PICTURE, f"My own picture: {Path(MY_PICTURE).name}")
    print(ask(MY_QUESTION, MY_PICTURE).choices[0].message.content)
else:
    print("No picture yet. Put its path into MY_PICTURE and run this cell again.")

# %% [markdown]
# ## Read printed text
#
# Getting the text out of a picture is called OCR, optical character recognition. Read the notice yourself first. It contains one trap.

# %% tags=["furniture"]
NOTICE = PICTURES / "harbour_notice.png"
pictures.show(NOTICE, truth["harbour_notice"]["alt"], width=560)

# %%
COPY = (
    "Copy the text of this picture exactly, line by line, with every mistake it has. "
    "Leave out empty lines. Answer with the text alone."
)
copied = ask(COPY, NOTICE).choices[0].message.content
print(copied)

# %% [markdown]
# Did you find what is different? `difflib` finds it in a moment:

# %% tags=["furniture"]
import difflib


def differences(drawn, read):
    drawn, read = drawn.split(), read.split()
    steps = difflib.SequenceMatcher(None, drawn, read, autojunk=False).get_opcodes()
    return [
        [" ".join(drawn[a:b]), " ".join(read[c:d])]
        for step, a, b, c, d in steps
        if step != "equal"
    ]


Table(
    ["On the paper", "Read"],
    differences(truth["harbour_notice"]["text"], copied),
    "Different words",
)

# %% [markdown]
# The mistake on the paper is gone, although the request asked to keep it. That can happen because a model writes what is *likely*, and a correct word is likelier than a misspelt one. In a notice this is harmless. In a contract number, a dose or a name it is
# not: there, nothing in the sentence helps to guess right, and nothing shows that it was a guess.
#
# **Try it:** in place of `COPY`, ask for what you really need: `"When is the north quay closed, and where do the boats go?"`, or `"Translate this notice into German."` Or let the small model copy it: `ask(COPY, NOTICE, model=SMALL)`.

# %% [markdown]
# ## List the products on a shelf
#
# For a program, an answer as data is best. `parse` takes a class and returns its object, as in [lesson 09](09_get_answers_as_data.ipynb).

# %% tags=["furniture"]
SHELF = PICTURES / "shop_shelf.png"
pictures.show(SHELF, truth["shop_shelf"]["alt"])

# %%
from pydantic import BaseModel


class Product(BaseModel):
    name: str
    pieces: int
    price: float


class Shelf(BaseModel):
    products: list[Product]


# %%
content = [
    {"type": "text", "text": "List the products: name and price on the tag, pieces you count."},
    picture_part(pictures.data_url(SHELF)),
]
listed = client.chat.completions.parse(
    model=FLAGSHIP, messages=[{"role": "user", "content": content}], response_format=Shelf
)
found = {product.name: product for product in listed.choices[0].message.parsed.products}


# %% tags=["furniture"]
def line(product):
    return f"{product.pieces} at €{product.price:.2f}" if product else None


rows = []
for fields in truth["shop_shelf"]["products"]:
    drawn_line, read_line = line(Product.model_construct(**fields)), line(found.get(fields["name"]))
    verdict = "same" if drawn_line == read_line else "look"
    rows.append([fields["name"], drawn_line, read_line, verdict])

heads = ["Product", "Drawn", "Read", "Check"]
Table(heads, rows, "The shelf as drawn and as read")

# %% [markdown]
# Names and prices are printed. Counting is another matter: OpenAI's [guide](https://developers.openai.com/api/docs/guides/images-vision) names it among the limitations, because a count may be approximate. A schema can't help. It makes sure that you get a number,
# not that the number is right.
#
# **Try it:** ask for one thing more, with a line `colour: str` at the end of the class `Product`, and print `found`. Or ask for fewer, with `products that cost less than 5 euros` instead of `products` in the question.

# %% [markdown]
# ## Read handwriting
#
# OCR programs give a confidence value with each word. You can ask a chat model for something similar: a mark on every word that it is unsure of.

# %% tags=["furniture"]
NOTE = PICTURES / "shopping_note.png"
pictures.show(NOTE, truth["shopping_note"]["alt"], width=320)

# %%
note = ask(
    "Copy this handwritten note line by line. Put [?] behind each word that you are not sure of. "
    "Answer with the text alone.",
    NOTE,
)
print(note.choices[0].message.content)

# %% tags=["furniture"]
unmarked = note.choices[0].message.content.replace("[?]", "")
rows = differences(truth["shopping_note"]["text"], unmarked)
Table(["On the paper", "Read"], rows, "Different words, marks left aside")

# %% [markdown]
# A `[?]` shows where to look first, no more: a marked word can be right, and an unmarked one wrong. Mira will be glad that you checked the time.

# %% [markdown]
# ## Compare several pictures
#
# The model doesn't see file names, and "the second one" is easily mixed up. So put a text before each, in the same list. Which things on the note can you buy from the shelf, and for how much?

# %%
task = (
    "What on my note can I buy here, and what does it cost? One line for each thing, with the sum. "
    "Then say what is missing. Last line, like `Total: €1.00`."
)
content = [
    {"type": "text", "text": "My shopping note:"},
    picture_part(pictures.data_url(NOTE)),
    {"type": "text", "text": "The shelf of the shop:"},
    picture_part(pictures.data_url(SHELF)),
    {"type": "text", "text": task},
]

# %%
both = client.chat.completions.create(
    model=FLAGSHIP, messages=[{"role": "user", "content": content}]
)
print(both.choices[0].message.content)

# %% [markdown]
# The total can be checked without any model:

# %%
prices = {
    product["name"].lower(): product["price"] for product in truth["shop_shelf"]["products"]
}
wanted = {"mug": 4, "candle": 2, "soap": 1, "green tea": 1}

total = sum(number * prices[name] for name, number in wanted.items())
print(f"by hand: €{total:.2f}")
amounts = re.findall(r"€[\d.]+\d", both.choices[0].message.content)
print("model:  ", amounts[-1] if amounts else "no amount")

# %% [markdown]
# Up to 1,500 pictures fit into one request, together at most 512 MB (November 2026). Long before that, the bill grows and the model mixes pictures up. For many pictures, send many requests.

# %% [markdown]
# ## Know what a picture costs
#
# A picture becomes input tokens. They cost the same as tokens of text, and count toward your limit of tokens per minute. The flagship cuts the picture into squares of 32 by 32 pixels, called **patches**, and takes 1.2 tokens for each:

# %%
import math

import PIL.Image


def patches(width, height):
    return math.ceil(width / 32) * math.ceil(height / 32)


with PIL.Image.open(CHART) as picture:
    width, height = picture.size
print(f"{width} x {height} pixels, {patches(width, height)} patches")
print(math.ceil(1.2 * patches(width, height)), "tokens")

# %% [markdown]
# `response`, from the first request, still has its `usage`. Subtract what the text took:

# %%
from helpers import costs, tokens

billed = response.usage.prompt_tokens
print(billed - tokens.chat_tokens(messages), "tokens for the picture")
print(tokens.image_tokens(width, height, FLAGSHIP), "by the rule of helpers.tokens")

# %% [markdown]
# (Recorded answers are counted by this same rule, so here the two agree by design. The bill of the real API may differ by a token.)
#
# Large pictures are made smaller first, until their longest side has 2,048 pixels. So guess:

# %%
sizes = {"1024 x 1024": (1024, 1024), "2048 x 2048": (2048, 2048), "4000 x 3000": (4000, 3000)}
each = {name: tokens.image_tokens(*size, FLAGSHIP) for name, size in sizes.items()}

# %% tags=["furniture"]
from helpers.exercises import compare, predict

predict(1, "Which picture takes the most tokens of the flagship?", list(each))

# %% tags=["furniture"]
compare(1)

# %% [markdown]
# ### Choose the detail
#
# With `detail`, beside `url`, you say how closely the model should look: `low`, `high`, `auto` (used when you say nothing) and, on newer models, `original`. OpenAI's guide recommends `original`, where a model has it, for small print, small objects, handwriting and coordinates. What the four mean differs from model to model. Here the small model
# answers the same question twice:


# %%
def busiest(detail):
    picture = picture_part(pictures.data_url(CHART))
    picture["image_url"]["detail"] = detail
    text = {"type": "text", "text": "Which month had the most visitors? One word."}
    return client.chat.completions.create(
        model=SMALL,
        messages=[{"role": "user", "content": [text, picture]}],
        reasoning_effort="none",
    )


for detail in ("low", "high"):
    answer = busiest(detail)
    print(
        f"{detail:5} {answer.choices[0].message.content}, {answer.usage.prompt_tokens} tokens"
    )

# %% [markdown]
# `low` scales the picture down to 512 pixels, which is plenty for a question like this. (OpenAI has not published the rule for the small model. The course uses the rule of generation 5.6; a live bill may differ.)
#
# **Try it:** put `"auto"` and `"original"` into the loop too. Then try `"medium"`, which isn't one of the four.
#
# And on other models? The table has every model of the course whose rule is published, with a picture of 2048 x 2048:

# %% tags=["furniture"]
from helpers.models import TABLE, is_gone


def has_published_rule(name):
    rule = TABLE["models"][name].get("vision") or {}
    return rule.get("source") == "vision_guide" and "rule_source" not in rule


details = ("low", "high", "auto")
published = [name for name in TABLE["models"] if has_published_rule(name) and not is_gone(name)]
rows = [
    [name, *(tokens.image_tokens(2048, 2048, name, detail) for detail in details)]
    for name in published
]
Table(["Model", "low", "high", "auto"], rows, "Tokens of a picture of 2048 x 2048 pixels")

# %%
for name, low, high, _ in rows:
    if low > high:
        print(f"{name}: low costs {low - high:,} tokens MORE than high")
print("No difference:", ", ".join(name for name, low, high, _ in rows if low == high))

# %% [markdown]
# So `low` isn't a safe way to save. On the flagship it changes nothing, and on some models it costs more than `high`. Most older models count in tiles of 512 pixels; there, a picture at `low` has one price whatever its size. Compute before you choose.

# %% [markdown]
# ### Move the size
#
# Three questions before you move the controls:
#
# - Start from 1,024 x 1,024 on the flagship and double both sides. How many times as much does it cost? And if you double them again?
# - Change only the detail on the flagship, then on the small model. Where does it matter?
# - Make a picture of 32 x 4,096. What happens to a very long strip?

# %% tags=["furniture"]
from helpers import plots


def name_price(model, number):
    each = number * costs.price(model)["input"] / 1_000_000
    return f"{number:,} tokens, {costs.usd(each)} a picture, {costs.usd(1000 * each)} for 1,000"


def draw(width, height, model, detail):
    title = f"A picture of {width:,} x {height:,} pixels on {model}"
    figure, plot = plots.axes(title, "detail", "input tokens", height=3.2)
    numbers = {d: tokens.image_tokens(width, height, model, d) for d in details}
    plots.bars(plot, list(numbers), {"tokens": list(numbers.values())})
    plot.bar_label(plot.containers[0], [f"{number:,}" for number in numbers.values()])
    plot.patches[details.index(detail)].set(facecolor=plots.COLOURS[1], hatch="///")
    plot.set_ylim(0, 1.15 * max(6000, *numbers.values()))
    return figure, f"<p>Hatched, {detail}: {name_price(model, numbers[detail])}</p>"


# %% tags=["furniture"]
from helpers import widgets


def side(label):
    return widgets.number(label, 1024, 32, 4096, 32, help="A side of the picture, in pixels")


widgets.live_figure(
    draw,
    "Sliders for the size of a picture and its detail, a menu of models; below, tokens and price.",
    width=side("width (pixels)"),
    height=side("height (pixels)"),
    model=widgets.choice(
        "model", [FLAGSHIP, SMALL, CLASSIC], help="The model that looks at it"
    ),
    detail=widgets.stops("detail", details, "auto", help="How closely it looks"),
)

# %% [markdown]
# The same for some sizes on the flagship, without the controls:

# %% tags=["furniture"]
sizes = [(512, 512), (800, 600), (1024, 1024), (2048, 2048), (4000, 3000)]
rows = []
for size in sizes:
    number = tokens.image_tokens(*size, FLAGSHIP)
    each = number * costs.price(FLAGSHIP)["input"] / 1_000_000
    rows.append([f"{size[0]} x {size[1]}", number, costs.usd(each), costs.usd(1000 * each)])

Table(["Pixels", "Tokens", "One picture", "1,000 pictures"], rows, f"Pictures on {FLAGSHIP}")

# %% [markdown]
# Doubling both sides makes four times the tokens, until the limit is reached. Beyond it, more pixels only take longer to upload. The strip shows the limit too: it is scaled down to 2,048 pixels, and its other side shrinks with it.
#
# On the flagship the three bars are always equal. On the small model, `low` stays small, and `auto` keeps every pixel, up to a limit. After scaling, no picture may have more than 30,000 patches (November 2026): the API rejects it instead of making it smaller. A photo of 48 megapixels is above that, and the helper says so:

# %%
try:
    tokens.image_tokens(8000, 6000, SMALL, "auto")
except ValueError as error:
    print(error)

# %% [markdown]
# ## Make it smaller before you send it
#
# Where `detail` doesn't save tokens, a smaller picture does. `pictures.resize` writes one, and leaves out what a camera has stored beside the pixels, such as the place where the photo was taken.

# %%
import tempfile

with tempfile.TemporaryDirectory() as folder:
    for longest in (896, 448, 224):
        size = pictures.resize(NOTICE, Path(folder, "small.png"), longest)
        print(f"{size[0]} x {size[1]}: {tokens.image_tokens(*size, FLAGSHIP)} tokens")

# %% [markdown]
# How small is too small? Ask for the text again, in the smallest size. (That file comes with the course, made in the same way, so that the recorded answer belongs to exactly this picture.)

# %% tags=["furniture"]
TINY = PICTURES / "harbour_notice_small.png"
pictures.show(TINY, truth["harbour_notice_small"]["alt"], width=224)

# %%
copied_small = ask(COPY, TINY).choices[0].message.content
Table(
    ["On the paper", "Read"],
    differences(truth["harbour_notice"]["text"], copied_small),
    "Different words, read from the small picture",
)

# %% [markdown]
# The text reads as smoothly as before. Nothing in it says *I could not see this*; berths and amounts are simply wrong. So find the right size with the check, not by eye: shrink, read, compare with a few pictures whose truth
# you know, and stop one step before the mistakes begin. For a question such as *is this a notice or an invoice?* the small one may be enough.

# %% [markdown]
# ## Stop mistakes before money is spent
#
# A letter that is called `scan.png`, half a download, a photo of 80 MB: each would travel to OpenAI first, and come back as an error after a long upload. `pictures.data_url` looks first. Models read PNG, JPEG, WEBP and GIFs that do not move; the helper opens the file, reads it to its end, and takes the type from the content:


# %%
def bad_files(folder):
    """Four files that must not be sent."""
    letter, half, bitmap = (Path(folder, name) for name in ("scan.png", "half.png", "scan.bmp"))
    letter.write_text("Dear reader,\n", encoding="utf-8", newline="\n")
    half.write_bytes(CHART.read_bytes()[:5000])
    PIL.Image.new("RGB", (64, 64)).save(bitmap)
    return [Path(folder, "gone.png"), letter, half, bitmap]


with tempfile.TemporaryDirectory() as folder:
    for path in bad_files(folder):
        try:
            pictures.data_url(path)
        except pictures.PictureError as error:
            print(error)

# %% [markdown]
# And a limit of your own for the size, here a low one:

# %%
try:
    pictures.data_url(SCENE, largest=10_000)
except pictures.PictureError as error:
    print(error)

# %% [markdown]
# A wrong name does no harm, because the type is taken from the content. Here is a JPEG that is called PNG:

# %%
with tempfile.TemporaryDirectory() as folder:
    misnamed = Path(folder, "chart.png")
    with PIL.Image.open(CHART) as picture:
        picture.convert("RGB").save(misnamed, "JPEG")
    print(pictures.data_url(misnamed)[:22])

# %% [markdown]
# A program that trusts the name would have announced a PNG and sent a JPEG.
#
# None of the bad files was sent. The API's limits are far away for most files (512 MB for a request, 30,000 patches for a picture), so it is up to you to set the limit that protects your time and your users' time.

# %% [markdown]
# ## Let the assistant see
#
# The fifth version of the assistant looks at pictures: `/image`, a path and a question. What changed since the fourth:

# %%
from helpers.recipes import scripts

print(scripts.changes("v4_tools.py", "v5_images.py"))

# %% [markdown]
# Three decisions are in it:
#
# - **A file is checked before anything is sent**, and the message says what is wrong with it.
# - **A picture leaves the memory** after the next one has been talked about. The whole conversation travels with every message, so a picture that stays is paid for again and again.
# - **The detail is `high`**, not `auto`, which keeps all pixels on this model, as `original` does. That limits the price, and no photo is refused: above 30,000 patches of 32 x 32 pixels, about 30 megapixels, the API returns an error. For small print, send `original`, or cut out the part that matters. A photo of 12 megapixels:

# %%
for detail in details:
    print(f"{detail:4} {tokens.image_tokens(4000, 3000, SMALL, detail):6,} tokens")

# %% [markdown]
# (By the rule of generation 5.6, as above.) Now talk to the assistant. The first line names a file that isn't a picture:

# %%
lines = [
    "/image truth.json What is this?",
    "/image shop_shelf.png What do all six mugs cost?",
    "And which of the goods is the cheapest?",
]
with lesson.watch() as seen:
    print(scripts.talk("v5_images.py", *lines, folder=PICTURES))
print(len(seen), "requests")

# %% [markdown]
# (To try it in a terminal without a key, run `python3 start.py serve --lesson 10` in the course's folder, and go on as it says.) The first line cost nothing. The second needed two requests, because the assistant calculates with its tool, and the picture went along each time. The third took it along once more.
#
# **Try it:** in place of the three lines, write one of your own: `"/image museum_chart.png Which month had the fewest visitors?"`, `"/image shop_shelf.png What do two lanterns cost?"`, or any picture of this lesson with
# `What is this?`

# %% [markdown]
# ## On your own
#
# ### Exercise 1: label the pictures
#
# Write `labelled(question, pictures)`. It returns the `content` of a message. `pictures` is a dictionary of names and URLs. First, for each picture in order, a text part with its name and a colon (`Before:`), then the picture
# with the detail `high`. At the end the question, as a text part. Nothing is sent.


# %% tags=["exercise-1"]
def labelled(question, pictures):
    return ...


# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Start with an empty list. In a loop over `pictures.items()`, append two parts: `{"type": "text", …}` and `{"type": "image_url", "image_url": {…}}`. After the loop, append the question.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def labelled(question, pictures):
#     parts = []
#     for name, url in pictures.items():
#         parts.append({"type": "text", "text": f"{name}:"})
#         parts.append({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
#     return [*parts, {"type": "text", "text": question}]
# ```
#
# </details>

# %% [markdown]
# ### Exercise 2: grade a reading
#
# Write `grade(read, drawn)` for two dictionaries such as the months of the chart. It returns three lists of names: those with a **wrong** value, those that are **missing** in `read`, and those that `read` has **invented**, because they were
# never drawn. Keep the names in the order of the dictionary that they come from.


# %% tags=["exercise-2"]
def grade(read, drawn):
    return ...


# %% tags=["check-2", "furniture"]
check(2)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Three list comprehensions. `name in read` asks whether a name was read; `read.get(name)` cannot tell a missing value from a value of `None`, and `if read.get(name)` takes a 0 for missing.
#
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def grade(read, drawn):
#     wrong = [name for name in drawn if name in read and read[name] != drawn[name]]
#     missing = [name for name in drawn if name not in read]
#     invented = [name for name in read if name not in drawn]
#     return wrong, missing, invented
# ```
#
# Try it: `grade(read, drawn)` with the values of the chart.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true
# ## The same with the Responses API
#
# The parts have other names, and a picture is flat: its URL is directly under `image_url`, and `detail` is beside it.

# %%
content = [
    {"type": "input_text", "text": "Which two months had the most visitors?"},
    {"type": "input_image", "image_url": url, "detail": "auto"},
]
twin = client.responses.create(
    model=FLAGSHIP, input=[{"role": "user", "content": content}], store=False
)
print(twin.output_text)
print(twin.usage.input_tokens, "tokens in")

# %% [markdown]
# | What | Chat Completions | Responses |
# |---|---|---|
# | Text | `{"type": "text", "text": …}` | `{"type": "input_text", "text": …}` |
# | Picture | `{"type": "image_url", "image_url": {"url": …}}` | `{"type": "input_image", "image_url": …}` |
# | Uploaded file | not for pictures | `{"type": "input_image", "file_id": …}` |
# | Detail | inside `image_url` | beside `image_url` |
#
# Everything else is the same: types, limits, tokens, and the need to check.

# %% [markdown]
# ## From the production desk
#
# - **Keep a small set of pictures whose truth you know**, and run it whenever you change the model, the size or the question. It is what this lesson did again and again.
# - **Text in a picture can be an instruction.** A sign that says *ignore your rules* is read like any other text. What helps against it is in [lesson 08](08_let_the_model_call_tools.ipynb): few tools, and a person who confirms.
# - **Photos know more than they show.** The place where they were taken, faces, a letter on the table. Resize before you send, and send only the part that the question needs; cropping also saves tokens.
# - **Not for everything.** Exact positions, long counts, small or turned print, medical pictures: OpenAI lists all of these as limitations. Use a program made for the task, or ask a person.

# %% [markdown]
# ## Recap
#
# - A picture is a part of a message, as a data URL or an address; its type comes from the file's content.
# - Models read scenes, trends and clear print well. They guess single heights, long counts and unlikely words without saying so; a check finds the mistakes.
# - Tokens follow from the pixels, by a rule you can compute. Shrink a picture to the size at which the check still passes.
#
# Next you will go the other way, and make pictures from words.

# %%
lesson.receipt()
