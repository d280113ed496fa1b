"""The assistant of lesson 10: what /image sends, what it refuses, and when a picture leaves the memory."""

import base64
import copy
import importlib.util
import re

import PIL.Image
import pytest

from helpers.setup.files import ROOT

SCRIPT = ROOT / "notebooks" / "assistant" / "v5_images.py"


@pytest.fixture
def assistant():
    spec = importlib.util.spec_from_file_location("v5_images", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def picture(tmp_path):
    def make(name="one.png", kind="PNG"):
        PIL.Image.new("RGB", (8, 8), "red").save(tmp_path / name, kind)
        return tmp_path / name

    return make


def sent(part):
    head, _, data = part["image_url"]["url"].partition(",")
    return head, base64.b64decode(data)


def test_a_path_and_a_question_become_two_parts(assistant, picture):
    path = picture()
    text, part = assistant.content_of(f"/image {path.as_posix()} What colour is it?")
    assert text == {"type": "text", "text": "What colour is it?"}
    assert sent(part) == ("data:image/png;base64", path.read_bytes())
    assert part["image_url"]["detail"] == "high"


def test_a_path_with_spaces_stands_in_quotes(assistant, picture):
    path = picture("my photo.png")
    text, part = assistant.content_of(f'/image "{path}" And this?')
    assert (text["text"], sent(part)[1]) == ("And this?", path.read_bytes())


def test_without_a_question_there_is_a_plain_one(assistant, picture):
    assert assistant.content_of(f"/image {picture().as_posix()}")[0]["text"].endswith("?")


def test_the_type_is_that_of_the_content(assistant, picture):
    assert sent(assistant.picture(picture("called.png", "JPEG")))[0] == "data:image/jpeg;base64"


def test_a_picture_that_moves_is_refused(assistant, tmp_path):
    frames = [PIL.Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "still.gif")
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert sent(assistant.picture(tmp_path / "still.gif"))[0] == "data:image/gif;base64"
    with pytest.raises(ValueError, match="moves"):
        assistant.picture(tmp_path / "moving.gif")


def test_other_lines_are_plain_text(assistant):
    assert assistant.content_of("What is an /image?") == "What is an /image?"


@pytest.mark.parametrize("typed", ["/image", "/imagex.png"])
def test_a_line_that_names_no_picture_is_explained(assistant, typed):
    with pytest.raises(ValueError, match="Type /image, a path and a question"):
        assistant.content_of(typed)


def test_bad_files_are_refused(assistant, picture, tmp_path):
    with pytest.raises(ValueError, match="no file"):
        assistant.picture(tmp_path / "gone.png")
    for path in (SCRIPT, picture("map.bmp", "BMP"), tmp_path / "half.png"):
        if path.name == "half.png":
            path.write_bytes(picture().read_bytes()[:50])
        with pytest.raises(ValueError, match="isn't a PNG"):
            assistant.picture(path)


def test_a_file_that_is_too_large_is_refused(assistant, picture, monkeypatch):
    path = picture()
    monkeypatch.setattr(assistant, "LARGEST", path.stat().st_size - 1)
    with pytest.raises(ValueError, match="too large"):
        assistant.picture(path)


def test_a_picture_leaves_after_the_next_and_a_bad_one_sends_nothing(assistant, picture, monkeypatch, capsys):
    lines = iter(
        [
            f"/image {picture('one.png').as_posix()} First?",
            "Again?",
            "/image gone.png Lost?",
            f"/image {picture('two.png').as_posix()} Second?",
            "Last?",
            "quit",
        ]
    )
    seen = []

    def ask(client, conversation, tool_choice):
        seen.append(copy.deepcopy(conversation))
        return "Fine.", [], "stop", None

    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr(assistant, "ask", ask)
    monkeypatch.setattr(assistant.openai, "OpenAI", lambda **settings: None)
    assistant.main()
    pictures = [sum(isinstance(message["content"], list) for message in messages) for messages in seen]
    assert pictures == [1, 1, 2, 1]
    assert re.match(r"First\? \[.+\]$", seen[-1][1]["content"])
    assert "There is no file gone.png." in capsys.readouterr().out
