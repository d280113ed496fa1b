"""The drawn pictures that lesson 11 replays: what the script draws, small, and fit for what the lesson does."""

import PIL.Image
import PIL.ImageChops
import PIL.ImageStat
import pytest

from helpers.workshop.makers import pictures_11

NAMES = ["boat", "boat_wide", "boat_balloon", "boat_moon", "gull", "cafe_1", "cafe_2", "cafe_3"]
NAMES += ["lighthouse_1", "lighthouse_2", "lighthouse_3", "houses_partial_1", "houses_partial_2", "houses"]
SMALL = ["boat_blue.png", "boat_tall.png", "gull.webp"]
SMALL += ["pier_1.png", "pier_2.png", "pier_3.png", "lighthouse_red.png", "lighthouse_right.png"]


@pytest.fixture(scope="module")
def fresh():
    return dict(pictures_11.drawn())


@pytest.fixture(scope="module")
def suggested():
    return dict(pictures_11.suggested())


def kept(name):
    with PIL.Image.open(pictures_11.TARGET / (name if "." in name else f"{name}.png")) as picture:
        return picture.copy()


def far(one, other):
    difference = PIL.ImageChops.difference(on_grey(one), on_grey(other))
    return max(PIL.ImageStat.Stat(difference).mean)


def on_grey(picture):
    """What is seen of a picture; the colour of a transparent pixel is not."""
    picture = picture.convert("RGBA")
    return PIL.Image.alpha_composite(PIL.Image.new("RGBA", picture.size, "grey"), picture)


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_picture_is_what_the_script_draws(fresh, name):
    # Not byte by byte: libraries for fonts and PNG differ a little from system to system.
    assert kept(name).size == fresh[name].size == ((1536 if name == "boat_wide" else 1024), 1024)
    assert far(kept(name), fresh[name]) < 2


@pytest.mark.parametrize("name", SMALL)
def test_a_suggested_picture_is_what_the_script_draws_in_few_bytes(suggested, name):
    assert kept(name).size == suggested[name].size == (1024, 1536 if name == "boat_tall.png" else 1024)
    assert far(kept(name), suggested[name]) < 2
    assert (pictures_11.TARGET / name).stat().st_size < 30_000


def test_every_picture_is_tested_and_small(fresh, suggested):
    assert sorted(fresh) == sorted(NAMES) and sorted(suggested) == sorted(SMALL)
    assert max((pictures_11.TARGET / f"{name}.png").stat().st_size for name in NAMES) < 120_000
    assert {path.name for path in pictures_11.TARGET.iterdir()} == {*SMALL, *(f"{name}.png" for name in NAMES)}


def test_a_difference_is_seen():
    assert far(kept("boat"), kept("houses")) > 40
    assert far(kept("boat"), kept("boat_balloon")) > 2


@pytest.mark.parametrize("edited", ["boat_balloon", "boat_moon"])
def test_the_edit_changes_the_sky_inside_the_mask_and_nothing_else(edited):
    left, top, right, bottom = PIL.ImageChops.difference(kept("boat"), kept(edited)).getbbox()
    assert left >= 590 and top >= 90 and right <= 951 and bottom <= 501
    assert right - left > 200 and bottom - top > 200


def test_the_mask_is_transparent_exactly_where_the_lesson_says():
    with PIL.Image.open(pictures_11.MASK_FILE) as picture:
        alpha = picture.getchannel("A")
        assert (picture.mode, picture.size) == ("RGBA", (1024, 1024))
    open_to_change = alpha.point(lambda value: 255 - value)
    assert open_to_change.getbbox() == (590, 90, 951, 501)  # Pillow's rectangles hold their last pixel
    assert alpha.histogram()[0] == 361 * 411 and alpha.histogram()[255] == 1024 * 1024 - 361 * 411


def test_the_sticker_alone_is_transparent():
    clear = kept("gull").getchannel("A")
    assert all(clear.getpixel(corner) == 0 for corner in [(0, 0), (1023, 0), (0, 1023), (1023, 1023)])
    assert clear.getpixel((512, 512)) == 255
    assert all(kept(name).mode == "RGB" for name in NAMES if name != "gull")


def test_partial_pictures_come_closer_to_the_finished_one():
    first, second = (far(kept(f"houses_partial_{n}"), kept("houses")) for n in (1, 2))
    assert first > second > 1
