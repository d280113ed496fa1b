"""Pictures: what may be sent, how they are made smaller, and that the bundled ones are what their script draws."""

import base64
import io
import json

import PIL.Image
import PIL.ImageChops
import PIL.ImageStat
import pytest

from helpers import tokens
from helpers.recipes import pictures
from helpers.workshop.makers import handwriting, pictures_10

IMAGES = pictures_10.TARGET
NAMES = sorted(pictures_10.DRAWN)


@pytest.fixture
def picture(tmp_path):
    """Makes a file in the format that `kind` names, called `name`."""

    def make(kind="PNG", name="picture.png", size=(60, 40), **more):
        path = tmp_path / name
        PIL.Image.new("RGB", size, "#336699").save(path, kind, **more)
        return path

    return make


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_the_type_comes_from_the_content_and_not_from_the_name(picture, kind, mime):
    path = picture(kind, "called.png")
    head, _, data = pictures.data_url(path).partition(",")
    assert head == f"data:{mime};base64"
    assert base64.b64decode(data, validate=True) == path.read_bytes()


def test_a_phones_double_jpeg_is_sent_as_jpeg(picture, tmp_path):
    path, second = tmp_path / "phone.jpg", PIL.Image.new("RGB", (60, 40))
    PIL.Image.new("RGB", (60, 40)).save(path, "MPO", save_all=True, append_images=[second])
    assert PIL.Image.open(path).format == "MPO"
    assert pictures.data_url(path).startswith("data:image/jpeg;base64,")


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(pictures.PictureError, match="no file gone.png"):
        pictures.data_url(tmp_path / "gone.png")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(pictures.PictureError, match="no file"):
        pictures.data_url(tmp_path)


@pytest.mark.parametrize("content", [b"", b"Dear reader,", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = tmp_path / "letter.png"
    path.write_bytes(content)
    with pytest.raises(pictures.PictureError, match="letter.png isn't a PNG"):
        pictures.data_url(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_half_a_download_is_refused(tmp_path, kind):
    content = io.BytesIO()
    PIL.Image.effect_noise((120, 120), 60).convert("RGB").save(content, kind)
    path = tmp_path / "half.png"
    path.write_bytes(content.getvalue()[: len(content.getvalue()) // 2])
    with pytest.raises(pictures.PictureError, match="half.png is (broken|no picture)"):
        pictures.data_url(path)


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_a_type_that_the_api_does_not_read_is_refused(picture, kind):
    with pytest.raises(pictures.PictureError, match=f"type {kind}"):
        pictures.data_url(picture(kind))


def test_too_many_pixels_are_refused_before_they_fill_the_memory(picture, monkeypatch):
    monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", 1000)  # Pillow refuses twice as many
    with pytest.raises(pictures.PictureError, match="too many pixels"):
        pictures.data_url(picture())


def test_an_animation_is_refused(tmp_path):
    frames = [PIL.Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(pictures.PictureError, match="animated"):
        pictures.data_url(tmp_path / "moving.gif")


def test_size_is_looked_at_first_and_its_limit_is_inclusive(picture):
    path = picture()
    size = path.stat().st_size
    assert pictures.data_url(path, largest=size)
    with pytest.raises(pictures.PictureError, match=f"{size} bytes, more than {size - 1}"):
        pictures.data_url(path, largest=size - 1)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [((400, 200), 100, (100, 50)), ((200, 400), 100, (50, 100)), ((60, 40), 100, (60, 40)), ((300, 300), 1, (1, 1))],
)
def test_the_longest_side_is_made_to_fit_and_nothing_is_enlarged(picture, tmp_path, size, longest, expected):
    target = tmp_path / "small.png"
    assert pictures.resize(picture(size=size), target, longest) == expected
    assert PIL.Image.open(target).size == expected


def test_resizing_turns_a_photo_upright_and_forgets_where_it_was_taken(tmp_path):
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # held sideways
    exif.get_ifd(0x8825)[1] = "N"  # GPS: north
    PIL.Image.new("RGB", (80, 40)).save(tmp_path / "photo.jpg", exif=exif)
    assert pictures.resize(tmp_path / "photo.jpg", tmp_path / "small.jpg", 1000) == (40, 80)
    assert dict(PIL.Image.open(tmp_path / "small.jpg").getexif()) == {}


def test_transparency_is_kept(tmp_path):
    PIL.Image.new("RGBA", (80, 40), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    pictures.resize(tmp_path / "clear.png", tmp_path / "small.png", 20)
    assert PIL.Image.open(tmp_path / "small.png").getpixel((3, 3))[3] == 0


def test_zero_pixels_are_refused(picture, tmp_path):
    with pytest.raises(ValueError, match="at least 1 pixel"):
        pictures.resize(picture(), tmp_path / "small.png", 0)


def test_a_picture_is_shown_with_its_sentence(picture, monkeypatch):
    shown = []
    monkeypatch.setattr(pictures, "display", lambda data, metadata=None, raw=False: shown.append((data, metadata)))
    path = picture()
    pictures.show(path, "Blue < red.", width=30)
    (image, looks), (caption, _) = shown
    assert image == {"image/png": path.read_bytes(), "text/plain": "Blue < red."}
    assert looks == {"image/png": {"alt": "Blue < red.", "width": 30}}
    assert "Blue &lt; red." in caption["text/html"]


# --- the bundled pictures ------------------------------------------------


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    pictures_10.make(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_picture_is_what_the_script_draws(drawn, name):
    # Not byte by byte: libraries for fonts and PNG differ a little from system to system.
    ours, fresh = (PIL.Image.open(folder / f"{name}.png").convert("RGB") for folder in (IMAGES, drawn))
    assert ours.size == fresh.size
    assert max(PIL.ImageStat.Stat(PIL.ImageChops.difference(ours, fresh)).mean) < 10


def test_two_pictures_are_told_apart():
    two = [PIL.Image.open(IMAGES / f"{name}.png").convert("RGB") for name in ("museum_chart", "harbour_scene")]
    size = (900, 600)
    assert max(PIL.ImageStat.Stat(PIL.ImageChops.difference(*(one.resize(size) for one in two))).mean) > 40


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_pictures_are_small_and_may_be_sent(name):
    path = IMAGES / f"{name}.png"
    assert path.stat().st_size < 120_000
    assert pictures.data_url(path).startswith("data:image/png;base64,")


def test_the_truth_is_what_was_drawn():
    truth = json.loads((IMAGES / "truth.json").read_text(encoding="utf-8"))
    assert truth == pictures_10.TRUTH
    assert all(truth[name]["alt"].endswith(".") for name in pictures_10.DRAWN)


def test_the_bars_of_the_chart_are_as_high_as_the_truth_says():
    # Read off the pixels: the axis from 0 to 450 is spanned by its lowest and highest grid line.
    image = PIL.Image.open(IMAGES / "museum_chart.png").convert("RGB")
    pixels = image.load()
    blue = [(x, y) for x in range(image.width) for y in range(image.height) if _is_blue(pixels[x, y])]
    tops = {}
    for x, y in blue:
        tops[x] = min(y, tops.get(x, y))
    groups, last = [], None
    for x in sorted(tops):
        groups += [[]] if last is None or x > last + 4 else []
        groups[-1].append(tops[x])
        last = x
    heights = [max(y for _, y in blue) - sorted(group)[len(group) // 2] for group in groups]
    values = list(pictures_10.TRUTH["museum_chart"]["visitors"].values())
    unit = heights[7] / values[7]
    assert [round(height / unit, -1) for height in heights] == values


def _is_blue(pixel):
    return pixel[2] - pixel[0] > 90


def test_there_is_a_stroke_for_every_letter_of_the_note():
    assert set("".join(pictures_10.NOTE)) - {" "} <= set(handwriting.LETTERS)


def test_the_notice_costs_a_tenth_and_less_when_it_is_small():
    large, small = (PIL.Image.open(IMAGES / f"{name}.png").size for name in ("harbour_notice", "harbour_notice_small"))
    assert tokens.image_tokens(*large) == 941  # 28 x 28 patches, times 1.2
    assert tokens.image_tokens(*small) == 59  # 7 x 7
