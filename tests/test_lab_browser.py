"""A changed prompt in a real browser: the page shows an answer and who gave it, or a box, and never a traceback."""

import contextlib
import json
from pathlib import Path

import pytest
from standin_stub import CHAT, Stub

from helpers.workshop.browser.driver import run_all, until, variables

SHOTS = Path(__file__).resolve().parent / "screenshots"
RECORDED, OWN = "What is the capital of France?", "What is the capital of Atlantis?"

pytestmark = pytest.mark.browser


def shorten(lab, name, until_code, old="", new=""):
    """Keeps a lesson up to the cell that holds `until_code`, with a text changed there."""
    path = next(lab.folder.glob(f"{name}_*.ipynb"))
    book = json.loads(path.read_text(encoding="utf-8"))
    last = next(number for number, cell in enumerate(book["cells"]) if until_code in "".join(cell["source"]))
    assert old in "".join(book["cells"][last]["source"])
    book["cells"][last]["source"] = "".join(book["cells"][last]["source"]).replace(old, new)
    book["cells"][last]["metadata"].pop("jupyter", None)
    del book["cells"][last + 1 :]
    short = path.with_stem(f"{path.stem}_short")
    short.write_text(json.dumps(book), encoding="utf-8", newline="\n")
    return short.name


def shoot(lab, stem):
    SHOTS.mkdir(exist_ok=True)
    lab.page.screenshot(path=SHOTS / f"{stem}.png")


def own_prompt(lab):
    return shorten(lab, "01", "client.chat.completions.create(", RECORDED, OWN)


def test_beside_a_stand_in_a_changed_prompt_is_answered_and_the_line_below_says_by_whom(lab):
    with contextlib.closing(Stub()) as stub, variables(lab, COURSE_STANDIN_URL=stub.url):
        panel = run_all(lab, own_prompt(lab))
    outputs = panel.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    assert until(lambda: outputs.count() == 2, 10), outputs.all_inner_texts()
    outputs.last.scroll_into_view_if_needed()
    shoot(lab, "lab-answered")
    answer, line = (text.strip() for text in outputs.all_inner_texts())
    assert answer == f"You said: {OWN}"
    assert line.startswith(f"Answered by {CHAT} ") and ", not by gpt-5.2." in line


def test_alone_a_changed_prompt_shows_the_box_and_no_traceback(lab):
    with pytest.raises(AssertionError, match="APIStatusError"):  # the cell has failed, as Run All must know
        run_all(lab, own_prompt(lab))
    cell = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").last
    box = cell.locator("[role=status]")
    box.wait_for(timeout=10_000)
    box.scroll_into_view_if_needed()
    shoot(lab, "lab-box")
    differs, _, copied = box.inner_text().partition("Recorded, to copy:")
    assert f'"{OWN}"' in differs and OWN not in copied and copied.count("What is the capital of ") == 3
    assert "ollama pull" in box.inner_text()
    shown = cell.locator(".jp-OutputArea").inner_text()
    assert "Traceback" not in shown and "site-packages" not in shown and "InternalServerError" not in shown


def test_alone_a_free_message_in_the_chat_box_shows_a_sentence_and_the_box_goes_on(lab):
    panel = run_all(lab, shorten(lab, "04", "ChatBox(ask"))
    area = panel.locator(".jp-CodeCell").last.locator(".jp-OutputArea")
    field, send = area.locator("input[type=text]").first, area.get_by_role("button", name="Send")

    def say(text):
        field.fill(text)
        field.press("Tab")
        send.click()

    say("Why do walnuts float?")
    assert until(lambda: "No answer is recorded for this message here" in area.inner_text(), 15), area.inner_text()
    area.scroll_into_view_if_needed()
    shoot(lab, "lab-chat-box")
    assert "taken back" in area.inner_text() and "Traceback" not in area.inner_text()
    say("Hello!")
    assert until(lambda: "Assistant:" in area.inner_text(), 15), area.inner_text()
    assert "No answer is recorded" not in area.inner_text()
